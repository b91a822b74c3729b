// Folds one layer whose rows have no unstable column left: they become lines.
import { range, Row } from "./bounds";
import { IDS, ROW_HEAD, ROWS, STRIDE } from "./frame";
import { filter } from "./lines";
import { LINE_BYTES, LINE_ERROR, LINE_ID, LINE_INVERSE } from "./polygon";
import { ABSORBED_BYTES, ABSORBED_ROW, ABSORBED_SLOPE, Fold, keepColumn, noteAbsorbed, Scratch } from "./scratch";
import { allocate, ETA, Net } from "./state";

/** The list of the lines that cross the polygon, after `foldLines`. */
export let linesLeft: usize = 0;

/** Writes the line of a row: what its terms add up to, and the error of that. */
@inline
function writeLine(to: usize, row: usize, head: v128, tail: v128, absorbed: i32, neuron: i32): void {
  const sizes = f64x2.mul(f64x2.abs(head), f64x2.replace_lane(f64x2.splat(Net.X), 1, Net.Y));
  let error = load<f64>(row, 24);
  if (absorbed > 0) {
    const size =
      f64x2.extract_lane(sizes, 0) + f64x2.extract_lane(sizes, 1) + Math.abs(f64x2.extract_lane(tail, 0));
    error = (error + f64x2.extract_lane(tail, 1)) * Fold.inflate + Fold.rounding * size + ETA;
  }
  v128.store(to, head);
  v128.store(to, f64x2.replace_lane(tail, 1, error), 16);
  store<i32>(to, neuron, LINE_ID);
}

/** Two lines at a time, so that each absorbed row is loaded once for both. Terms are added up by fours (markSteps). */
function writeLines(lines: usize, from: usize): void {
  const count = load<i32>(from);
  const stride = <usize>load<u32>(from, STRIDE);
  const ids = <usize>load<u32>(from, IDS);
  let row = <usize>load<u32>(from, ROWS);
  const absorbed = Fold.absorbed;
  const end = Scratch.absorbed + <usize>absorbed * ABSORBED_BYTES;
  const fours = Scratch.absorbed + <usize>(absorbed & ~3) * ABSORBED_BYTES;
  let to = lines;
  for (let j = 0; j < count; j += 2, row += 2 * stride, to += 2 * LINE_BYTES) {
    const other = j + 1 < count ? row + stride : row;
    let head0 = v128.load(row);
    let tail0 = f64x2.replace_lane(v128.load(row, 16), 1, 0);
    let head1 = v128.load(other);
    let tail1 = f64x2.replace_lane(v128.load(other, 16), 1, 0);
    let at = Scratch.absorbed;
    while (at < end) {
      const next = at + (at < fours ? 4 * ABSORBED_BYTES : ABSORBED_BYTES);
      let h0 = f64x2.splat(0);
      let t0 = h0;
      let h1 = h0;
      let t1 = h0;
      for (; at < next; at += ABSORBED_BYTES) {
        const slope = load<f64>(at, ABSORBED_SLOPE);
        const column = <usize>load<u32>(at);
        const absorbedRow = <usize>load<u32>(at, ABSORBED_ROW);
        const ab = v128.load(absorbedRow);
        const ce = v128.load(absorbedRow, 16);
        const w0 = load<f64>(row + column) * slope;
        const w1 = load<f64>(other + column) * slope;
        const v0 = f64x2.splat(w0);
        const v1 = f64x2.splat(w1);
        h0 = f64x2.add(h0, f64x2.mul(v0, ab));
        t0 = f64x2.add(t0, f64x2.mul(f64x2.replace_lane(v0, 1, Math.abs(w0)), ce));
        h1 = f64x2.add(h1, f64x2.mul(v1, ab));
        t1 = f64x2.add(t1, f64x2.mul(f64x2.replace_lane(v1, 1, Math.abs(w1)), ce));
      }
      head0 = f64x2.add(head0, h0);
      tail0 = f64x2.add(tail0, t0);
      head1 = f64x2.add(head1, h1);
      tail1 = f64x2.add(tail1, t1);
    }
    writeLine(to, row, head0, tail0, absorbed, load<i32>(ids + (<usize>j << 2)));
    if (other !== row)
      writeLine(to + LINE_BYTES, other, head1, tail1, absorbed, load<i32>(ids + (<usize>j << 2), 4));
  }
}

/** After the lines' states are known: keeps the columns of those that cross, and absorbs the others. */
function passOn(lines: usize, count: i32, list: usize, crossing: i32, polygon: usize): void {
  const end = list + (<usize>crossing << 2);
  for (let j = 0, line = lines; j < count; j++, line += LINE_BYTES) {
    const neuron = load<i32>(line, LINE_ID);
    const slope = load<f64>(Net.slopes + (<usize>neuron << 3));
    const offset = Fold.offset + (<u32>j << 3);
    const a = load<f64>(line);
    const b = load<f64>(line, 8);
    const c = load<f64>(line, 16);
    const error = load<f64>(line, LINE_ERROR);
    if (list < end && load<u32>(list) === <u32>line) {
      list += 4;
      Row.a = a;
      Row.b = b;
      Row.c = c;
      Row.rho = error;
      range(a, b, c, error + (Math.abs(a) + Math.abs(b)) * Fold.corners, polygon);
      keepColumn(offset, slope);
      continue;
    }
    const on = load<u8>(Net.states + neuron) !== 0;
    if (!on && slope === 0) continue;
    v128.store(Fold.rows, v128.load(line));
    v128.store(Fold.rows, v128.load(line, 16), 16);
    const size = Math.abs(a) * Net.X + Math.abs(b) * Net.Y + Math.abs(c);
    noteAbsorbed(offset, 0, on ? 1 : slope, error, size);
    Fold.rows += ROW_HEAD;
  }
}

/** Folds the layer at `from` of the old frame into lines; returns how many cross the polygon: the list `linesLeft`. */
export function foldLines(from: usize, polygon: usize, needOn: bool): i32 {
  const count = load<i32>(from);
  const lines = allocate(<usize>count * LINE_BYTES);
  const list = allocate(<usize>count << 2);
  writeLines(lines, from);
  let n = 0;
  for (let j = 0, line = lines; j < count; j++, line += LINE_BYTES) {
    const neuron = load<i32>(line, LINE_ID);
    if (load<f64>(Net.slopes + (<usize>neuron << 3)) === 1) store<u8>(Net.states + neuron, 1);
    else {
      store<u32>(list + (<usize>n << 2), <u32>line);
      n++;
    }
  }
  const crossing = filter(list, n, polygon, list);
  for (let k = 0; k < crossing; k++) {
    const line = <usize>load<u32>(list + (<usize>k << 2));
    const a = load<f64>(line);
    const b = load<f64>(line, 8);
    store<f64>(line, 1 / (a * a + b * b), LINE_INVERSE);
  }
  if (needOn) passOn(lines, count, list, crossing, polygon);
  else Fold.kept += crossing;
  Fold.offset += <u32>count << 3;
  linesLeft = list;
  return crossing;
}
