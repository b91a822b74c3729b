// What is unstable on a node of the walk.
import { Net, Run } from "./state";

// A frame: what is unstable on a node, layer by layer. 16 bytes of head, then 16 bytes a layer.
//   head:  lowest layer c, length of its list, the list (pointers to lines)
//   layer: number of rows, the rows, bytes a row, the neurons
// A row above the lowest layer: a, b, c, error, then one coefficient for each unstable neuron of layers c .. l - 1
// (its columns). In a sparse network (Net.sparse) the rows of a layer are u32 pointers to rows of their own lengths:
// a, b, c, error, the number of entries (i32, in 8 bytes), then for each entry its value (f64) and column (u32, in 8 bytes).
const FIRST: usize = 4;
const LIST: usize = 8;
const LAYER: usize = 16;
export const ROWS: usize = 4;
export const STRIDE: usize = 8;
export const IDS: usize = 12;
export const ROW_HEAD: usize = 32;
/** Behind a dense row's coefficients: a, b, c, rho. Where it was folded last, the row is within rho of a x + b y + c. */
export const BOUND_BYTES: usize = 32;

@inline
export function lowestLayer(frame: usize): i32 {
  return load<i32>(frame);
}
@inline
export function firstLength(frame: usize): i32 {
  return load<i32>(frame, FIRST);
}
@inline
export function firstList(frame: usize): usize {
  return <usize>load<u32>(frame, LIST);
}
@inline
export function layerOf(frame: usize, l: i32): usize {
  return frame + LAYER + (<usize>l << 4);
}
@inline
export function rowsOf(frame: usize, l: i32): usize {
  return <usize>load<u32>(layerOf(frame, l), ROWS);
}
@inline
export function strideOf(frame: usize, l: i32): usize {
  return <usize>load<u32>(layerOf(frame, l), STRIDE);
}
@inline
export function frameBytes(): usize {
  return LAYER + (<usize>(Net.layers + Net.outputs) << 4);
}
export function setLowest(frame: usize, layer: i32, n: i32, list: usize): void {
  store<i32>(frame, layer);
  store<i32>(frame, n, FIRST);
  store<u32>(frame, <u32>list, LIST);
}
export function setLayer(frame: usize, l: i32, n: i32, rows: usize, stride: usize, ids: usize): void {
  const at = layerOf(frame, l);
  store<i32>(at, n);
  store<u32>(at, <u32>rows, ROWS);
  store<u32>(at, <u32>stride, STRIDE);
  store<u32>(at, <u32>ids, IDS);
}

/** Counts a cell of each hidden layer below `newLowest` that this polygon has come through since `lowest`. */
export function countCells(lowest: i32, newLowest: i32, depth: i32): void {
  if (depth < Run.claimDepth && !Run.first) return;
  for (let l = lowest; l < newLowest && l < Net.layers - 1; l++) {
    const at = Run.cells + (<usize>l << 3);
    store<i64>(at, load<i64>(at) + 1);
  }
}
