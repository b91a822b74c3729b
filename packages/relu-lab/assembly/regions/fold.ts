// Folds everything that is stable on a polygon out of the rows, and bounds what is left.
import { Bounded, range } from "./bounds";
import { foldLines, linesLeft } from "./fold-lines";
import { foldRows } from "./fold-rows";
import { countCells, newFrame, rowBytes, setLayer, setLowest } from "./frame";
import { Bound, Frame, layerOf, lineAt, Polygon, Row } from "./layout";
import { chargeErrors, Fold, keepColumn, markSteps, noteAbsorbed, Scratch } from "./scratch";
import { sparseFold, sparseFoldBytes } from "./sparse-fold";
import { allocate, gamma, Net, Stack } from "./state";

/** Bytes that a fold of this frame takes at most. */
export function foldBytes(frame: Frame): usize {
  if (Net.sparse) return sparseFoldBytes(frame);
  let columns = <usize>frame.length;
  let bytes: usize = 0;
  for (let l = frame.lowest + 1; l < Net.layers + Net.outputs; l++) {
    const count = <usize>layerOf(frame, l).count;
    bytes += count * (offsetof<Row>() + offsetof<Bound>() + 24 + (columns << 3));
    columns += count;
  }
  return bytes + (columns << 2) + 4096;
}

/** The lowest layer: its lines are what they were; the `n` of `list` stay. */
function foldLowest(old: Frame, polygon: Polygon, list: usize, n: i32): void {
  const lines = old.list;
  const count = old.length;
  let i = 0;
  for (let k = 0; k < count; k++, Fold.offset += 8) {
    const line = lineAt(lines, k);
    const neuron = line.id;
    const slope = load<f64>(Net.slopes + (<usize>neuron << 3));
    const stays = i < n && lineAt(list, i) === line;
    const on = load<u8>(Net.states + neuron) !== 0;
    if (!stays && !on && slope === 0) continue;
    const a = line.a;
    const b = line.b;
    const c = line.c;
    const error = line.error;
    if (stays) {
      Bounded.a = a;
      Bounded.b = b;
      Bounded.c = c;
      Bounded.rho = error;
      range(a, b, c, error + (Math.abs(a) + Math.abs(b)) * Fold.corners, polygon);
      keepColumn(Fold.offset, slope);
      i++;
      continue;
    }
    const row = changetype<Row>(Fold.rows);
    row.a = a;
    row.b = b;
    row.c = c;
    const size = Math.abs(a) * Net.X + Math.abs(b) * Net.Y + Math.abs(c);
    noteAbsorbed(Fold.offset, 0, on ? 1 : slope, error, size);
    Fold.rows += offsetof<Row>();
  }
}

/**
 * The frame of a polygon on which only the `n` lines of `list` are still unstable in the lowest layer of `old`.
 * In the new frame the lowest layer has at least one line that truly crosses the polygon, or is `Net.layers`.
 */
export function fold(old: Frame, polygon: Polygon, list: usize, n: i32, depth: i32): Frame {
  if (Net.sparse) return sparseFold(old, polygon, list, n, depth);
  const layers = Net.layers;
  const total = layers + Net.outputs;
  const lowest = old.lowest;
  let oldRows = old.length;
  for (let l = lowest + 1; l < total; l++) oldRows += layerOf(old, l).count;
  Fold.gammaK = Net.certified ? gamma(<f64>(oldRows / 2 + 24)) : 0;
  Fold.inflate = 1 + 2 * gamma(<f64>(oldRows + 16));
  Fold.corners = polygon.radius;
  Fold.kept = 0;
  Fold.absorbed = 0;
  Fold.rows = Scratch.rows;
  Fold.offset = <u32>offsetof<Row>();

  const frame = newFrame();
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
    const stride = rowBytes(Fold.kept);
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
