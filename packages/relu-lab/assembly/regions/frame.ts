// What is unstable on a node of the walk, layer by layer: making frames, and what is read of them most.
import { Bound, Frame, Layer, layerOf, Row } from "./layout";
import { allocate, Net, Run } from "./state";

/** Bytes of a frame with all its layers. */
@inline
function frameBytes(): usize {
  return offsetof<Frame>() + <usize>(Net.layers + Net.outputs) * offsetof<Layer>();
}

/** Room for a frame on the stack. */
@inline
export function newFrame(): Frame {
  return changetype<Frame>(allocate(frameBytes()));
}

/** Bytes of a dense row with so many columns, two of which are loaded at once, and its bound. */
@inline
export function rowBytes(columns: i32): usize {
  return offsetof<Row>() + offsetof<Bound>() + (<usize>((columns + 1) & ~1) << 3);
}

/** Where a dense row's coefficients begin. */
@inline
export function coefficientsOf(row: Row): usize {
  return changetype<usize>(row) + offsetof<Row>();
}

/** The bound behind a dense row of `stride` bytes. */
@inline
export function boundOf(row: Row, stride: usize): Bound {
  return changetype<Bound>(changetype<usize>(row) + stride - offsetof<Bound>());
}

export function setLowest(frame: Frame, layer: i32, n: i32, list: usize): void {
  frame.lowest = layer;
  frame.length = n;
  frame.list = list;
}

export function setLayer(frame: Frame, l: i32, n: i32, rows: usize, stride: usize, ids: usize): void {
  const layer = layerOf(frame, l);
  layer.count = n;
  layer.rows = rows;
  layer.stride = stride;
  layer.ids = ids;
}

/** Counts a cell of each hidden layer below `newLowest` that this polygon has come through since `lowest`. */
export function countCells(lowest: i32, newLowest: i32, depth: i32): void {
  if (depth < Run.claimDepth && !Run.first) return;
  for (let l = lowest; l < newLowest && l < Net.layers - 1; l++) {
    const at = Run.cells + (<usize>l << 3);
    store<i64>(at, load<i64>(at) + 1);
  }
}
