// The sign of a row without columns at a vertex: the one primitive that every decision about the cells rests on.
import { N, ROW, Row, VERTEX, Vertex, coefficient, dot } from "./layout";
import { refine } from "./refine";
import { SECTIONS, certified, fallbacks, kinds, planeNeurons, sections } from "./state";

/** Decides in exact integers: the sign of a neuron at a vertex whose hyperplanes `planesAt` lists. */
@external("env", "exactSign")
declare function exactSign(neuron: i32, count: i32, id: u32): i32;

/** The hyperplanes of a question to the host, i32 each: neurons, or -1 - k for face k of the domain. */
export const asked: usize = memory.data(<i32>((64 + N + 4) << 2), 16);

// @ts-ignore: decorator
@inline
export function valueAt(row: usize, vertex: usize): f64 {
  return dot(row + ROW, vertex + VERTEX);
}

/** How far the value of a row at a vertex may be from the true pre-activation where the vertex truly is. */
// @ts-ignore: decorator
@inline
export function doubt(row: usize, vertex: usize): f64 {
  const r = changetype<Row>(row);
  return (r.tolerance + r.steepness * changetype<Vertex>(vertex).radius) * (1 + 1e-14);
}

function isZero(row: usize): bool {
  if (changetype<Row>(row).error != 0) return false;
  for (let k = 0; k < N; k++) if (coefficient(row, k) != 0) return false;
  return true;
}

/** Lists the hyperplanes through all points with these facets in the present section. */
export function ask(facets: u64): i32 {
  let count = 0;
  for (let i = 0; i < sections; i++, count++) {
    store<i32>(asked + (<usize>count << 2), load<i32>(planeNeurons + (<usize>(SECTIONS + i) << 2)));
  }
  while (facets) {
    store<i32>(asked + (<usize>count << 2), load<i32>(planeNeurons + (<usize>ctz(facets) << 2)));
    facets &= facets - 1;
    count++;
  }
  return count;
}

/** -1, 0 or 1. */
export function signAt(row: usize, neuron: i32, vertex: usize): i32 {
  const value = valueAt(row, vertex);
  if (!certified || abs(value) > doubt(row, vertex)) return value > 0 ? 1 : value < 0 ? -1 : 0;
  return doubtful(row, neuron, vertex);
}

function doubtful(row: usize, neuron: i32, vertex: usize): i32 {
  if (isZero(row)) return 0;
  const count = ask(changetype<Vertex>(vertex).facets);
  const kind = load<i32>(kinds + (<usize>neuron << 2));
  for (let i = 0; i < count; i++) {
    const plane = load<i32>(asked + (<usize>i << 2));
    if (plane >= 0 && load<i32>(kinds + (<usize>plane << 2)) == kind) return 0;
  }
  if (!changetype<Vertex>(vertex).refined) {
    refine(vertex);
    const value = valueAt(row, vertex);
    if (abs(value) > doubt(row, vertex)) return value > 0 ? 1 : -1;
  }
  fallbacks++;
  return exactSign(neuron, count, changetype<Vertex>(vertex).id);
}

/** Whether two neurons vanish in the same point of the line on which these facets and the present section meet. */
export function meets(facets: u64, first: i32, second: i32): bool {
  const a = load<i32>(kinds + (<usize>first << 2));
  if (a == load<i32>(kinds + (<usize>second << 2))) return true;
  const count = ask(facets);
  store<i32>(asked + (<usize>count << 2), first);
  fallbacks++;
  return exactSign(second, count + 1, 0xffffffff) == 0;
}
