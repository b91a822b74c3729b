// Folds everything that is stable on a polygon out of the rows, and bounds what is left.
import { range, Row } from "./bounds";
import { foldLines, linesLeft } from "./fold-lines";
import { foldRows } from "./fold-rows";
import {
  BOUND_BYTES,
  countCells,
  firstLength,
  firstList,
  frameBytes,
  layerOf,
  lowestLayer,
  ROW_HEAD,
  setLayer,
  setLowest,
} from "./frame";
import { LINE_ERROR, LINE_ID } from "./polygon";
import { chargeErrors, Fold, keepColumn, markSteps, noteAbsorbed, Scratch } from "./scratch";
import { sparseFold, sparseFoldBytes } from "./sparse-fold";
import { allocate, gamma, Net, Stack } from "./state";

/** Bytes that a fold of this frame takes at most. */
export function foldBytes(frame: usize): usize {
  if (Net.sparse) return sparseFoldBytes(frame);
  let columns = <usize>firstLength(frame);
  let bytes: usize = 0;
  for (let l = lowestLayer(frame) + 1; l < Net.layers + Net.outputs; l++) {
    const count = <usize>load<i32>(layerOf(frame, l));
    bytes += count * (ROW_HEAD + BOUND_BYTES + 24 + (columns << 3));
    columns += count;
  }
  return bytes + (columns << 2) + 4096;
}

/** The lowest layer: its lines are what they were; the `n` of `list` stay. */
function foldLowest(old: usize, polygon: usize, list: usize, n: i32): void {
  const lines = firstList(old);
  const count = firstLength(old);
  let i = 0;
  for (let k = 0; k < count; k++, Fold.offset += 8) {
    const line = <usize>load<u32>(lines + (<usize>k << 2));
    const neuron = load<i32>(line, LINE_ID);
    const slope = load<f64>(Net.slopes + (<usize>neuron << 3));
    const stays = i < n && <usize>load<u32>(list + (<usize>i << 2)) === line;
    const on = load<u8>(Net.states + neuron) !== 0;
    if (!stays && !on && slope === 0) continue;
    const a = load<f64>(line);
    const b = load<f64>(line, 8);
    const c = load<f64>(line, 16);
    const error = load<f64>(line, LINE_ERROR);
    if (stays) {
      Row.a = a;
      Row.b = b;
      Row.c = c;
      Row.rho = error;
      range(a, b, c, error + (Math.abs(a) + Math.abs(b)) * Fold.corners, polygon);
      keepColumn(Fold.offset, slope);
      i++;
      continue;
    }
    store<f64>(Fold.rows, a);
    store<f64>(Fold.rows, b, 8);
    store<f64>(Fold.rows, c, 16);
    const size = Math.abs(a) * Net.X + Math.abs(b) * Net.Y + Math.abs(c);
    noteAbsorbed(Fold.offset, 0, on ? 1 : slope, error, size);
    Fold.rows += ROW_HEAD;
  }
}

/**
 * The frame of a polygon on which only the `n` lines of `list` are still unstable in the lowest layer of `old`.
 * In the new frame the lowest layer has at least one line that truly crosses the polygon, or is `Net.layers`.
 */
export function fold(old: usize, polygon: usize, list: usize, n: i32, depth: i32): usize {
  if (Net.sparse) return sparseFold(old, polygon, list, n, depth);
  const layers = Net.layers;
  const total = layers + Net.outputs;
  const lowest = lowestLayer(old);
  let oldRows = firstLength(old);
  for (let l = lowest + 1; l < total; l++) oldRows += load<i32>(layerOf(old, l));
  Fold.gammaK = Net.certified ? gamma(<f64>(oldRows / 2 + 24)) : 0;
  Fold.inflate = 1 + 2 * gamma(<f64>(oldRows + 16));
  Fold.corners = load<f64>(polygon, 8);
  Fold.kept = 0;
  Fold.absorbed = 0;
  Fold.rows = Scratch.rows;
  Fold.offset = <u32>ROW_HEAD;

  const frame = allocate(frameBytes());
  let ids = allocate(<usize>oldRows << 2);
  let newLowest = n > 0 ? lowest : -1;
  let newList = list;
  let newLength = n;
  let charged = 0; // absorbed columns whose errors count the steps known so far
  let steps = 0;
  foldLowest(old, polygon, list, n);
  for (let l = lowest + 1; l < total; l++) {
    const isOutput = l === layers;
    const needOn = l + 1 < total;
    if (Fold.absorbed > charged) {
      charged = Fold.absorbed;
      steps = markSteps();
      chargeErrors(steps);
    }
    Fold.rounding = gamma(<f64>(steps + 12));
    if (Fold.kept === 0 && !isOutput) {
      const crossing = foldLines(layerOf(old, l), polygon, needOn);
      setLayer(frame, l, 0, 0, 0, 0);
      if (crossing === 0) continue;
      newLowest = l;
      newLength = crossing;
      newList = linesLeft;
      continue;
    }
    const stride = ROW_HEAD + BOUND_BYTES + (<usize>((Fold.kept + 1) & ~1) << 3);
    const rows = Stack.top;
    const stay = foldRows(layerOf(old, l), polygon, ids, stride, isOutput, needOn);
    setLayer(frame, l, stay, rows, stride, ids);
    ids += <usize>stay << 2;
  }
  if (newLowest < 0) newLowest = layers;
  countCells(lowest, newLowest, depth);
  setLowest(frame, newLowest, newLength, newList);
  return frame;
}
