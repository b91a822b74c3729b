// A cell cut in two by a row: its halves share its vertices' records.
import { alloc } from "./arena";
import { crossings, signBit } from "./edge";
import { isSimple } from "./count";
import { D, MASKS, Vertex, vertexAt } from "./layout";
import { setPlane, table, tableNeurons, tableStride, words } from "./state";

export let plusList: usize = 0;
export let plusCount: i32 = 0;
export let minusList: usize = 0;
export let minusCount: i32 = 0;

/** A cell can have so many facets, those that it touches in less than a facet included. */
@external("env", "tooManyFacets")
declare function tooManyFacets(): void;

/** Cuts a cell of n vertices by row i of the table, which takes both signs on it. */
export function cut(list: usize, n: i32, i: i32): void {
  let used: u64 = 0;
  let pluses = 0;
  let minuses = 0;
  const plus = alloc(<usize>n << 2);
  const minus = alloc(<usize>n << 2);
  for (let v = 0; v < n; v++) {
    const vertex = vertexAt(list, v);
    used |= changetype<Vertex>(vertex).facets;
    const sign = signBit(vertex, i);
    if (sign > 0) store<usize>(plus + (<usize>(pluses++) << 2), vertex);
    else if (sign < 0) store<usize>(minus + (<usize>(minuses++) << 2), vertex);
  }
  if (!~used) {
    tooManyFacets();
    unreachable();
  }
  const own = <i32>ctz(~used);
  const bit = <u64>1 << own;
  const row = table + <usize>i * tableStride;
  setPlane(own, load<i32>(tableNeurons + (<usize>i << 2)), row);
  const zeros = n - pluses - minuses;
  const joint = alloc(<usize>(zeros + pluses * minuses) << 2);
  let shared = 0;
  if (zeros) {
    const size = MASKS + (<usize>words << 4);
    for (let v = 0; v < n; v++) {
      const vertex = vertexAt(list, v);
      if (signBit(vertex, i)) continue;
      const copy = alloc(size);
      memory.copy(copy, vertex, size);
      changetype<Vertex>(copy).facets |= bit;
      store<usize>(joint + (<usize>(shared++) << 2), copy);
    }
  }
  shared += crossings(
    row, i, D, isSimple(list, n, D), list, n, plus, pluses, minus, minuses, bit, joint + (<usize>zeros << 2),
  );
  const most = <usize>(n + shared) << 2;
  plusList = alloc(most);
  memory.copy(plusList, plus, <usize>pluses << 2);
  memory.copy(plusList + (<usize>pluses << 2), joint, <usize>shared << 2);
  plusCount = pluses + shared;
  minusList = alloc(most);
  memory.copy(minusList, minus, <usize>minuses << 2);
  memory.copy(minusList + (<usize>minuses << 2), joint, <usize>shared << 2);
  minusCount = minuses + shared;
}
