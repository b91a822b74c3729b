// The sign of a row without columns at a vertex: the one primitive that every decision about the cells rests on.
import { Polyhedron, Row, labels, pitch, xs } from "./layout";
import { certified, fallbacks, kinds, planeAt } from "./state";

/** Decides in exact integers: the sign of a neuron where three planes meet. `epoch` names the cell below its layer. */
@external("env", "exactSign")
declare function exactSign(neuron: i32, first: i32, second: i32, third: i32, epoch: u32): i32;

// @ts-ignore: decorator
@inline
function valueAt(row: Row, x: f64, y: f64, z: f64): f64 {
  return row.a * x + row.b * y + row.c * z + row.d;
}

/** -1, 0 or 1 at vertex v of p. */
export function signAt(row: Row, neuron: i32, p: Polyhedron, v: i32, epoch: u32): i32 {
  const at = xs(p) + (<usize>v << 3);
  const step = pitch(p);
  return signThere(
    row,
    neuron,
    load<f64>(at),
    load<f64>(at + step),
    load<f64>(at + 2 * step),
    load<f64>(at + 3 * step),
    load<u64>(labels(p) + (<usize>v << 3)),
    epoch,
  );
}

/** -1, 0 or 1 at a point known up to a radius, where the three planes of a label meet. */
export function signThere(row: Row, neuron: i32, x: f64, y: f64, z: f64, radius: f64, label: u64, epoch: u32): i32 {
  const value = valueAt(row, x, y, z);
  if (!certified || abs(value) > row.tolerance + row.steepness * radius) return value > 0 ? 1 : value < 0 ? -1 : 0;
  if (row.a == 0 && row.b == 0 && row.c == 0 && row.d == 0 && row.error == 0) return 0;
  const f = planeAt(<i32>(label & 0xffff));
  const g = planeAt(<i32>((label >> 16) & 0xffff));
  const h = planeAt(<i32>((label >> 32) & 0xffff));
  const kind = load<i32>(kinds + (<usize>neuron << 2));
  if (kind == f.kind || kind == g.kind || kind == h.kind) return 0;
  fallbacks++;
  return exactSign(neuron, f.neuron, g.neuron, h.neuron, epoch);
}
