// Folds one layer whose rows have no unstable column left: they become lines.
import { Bounded, range } from "./bounds";
import { Absorbed, Layer, Line, lineAt, Polygon, Row } from "./layout";
import { filter } from "./lines";
import { Fold, keepColumn, noteAbsorbed, Scratch } from "./scratch";
import { allocate, ETA, Net } from "./state";

/** The list of the lines that cross the polygon, after `foldLines`. */
export let linesLeft: usize = 0;

/** Writes the line of a row: what its terms add up to, and the error of that. */
@inline
function writeLine(to: Line, row: Row, head: v128, tail: v128, absorbed: i32, neuron: i32): void {
  const sizes = f64x2.mul(f64x2.abs(head), f64x2.replace_lane(f64x2.splat(Net.X), 1, Net.Y));
  let error = row.error;
  if (absorbed > 0) {
    const size =
      f64x2.extract_lane(sizes, 0) + f64x2.extract_lane(sizes, 1) + Math.abs(f64x2.extract_lane(tail, 0));
    error = (error + f64x2.extract_lane(tail, 1)) * Fold.inflate + Fold.rounding * size + ETA;
  }
  v128.store(changetype<usize>(to), head);
  v128.store(changetype<usize>(to), f64x2.replace_lane(tail, 1, error), offsetof<Line>("c"));
  to.id = neuron;
}

/** Two lines at a time, so that each absorbed row is loaded once for both. Terms are added up by fours (markSteps). */
function writeLines(lines: usize, from: Layer): void {
  const count = from.count;
  const stride = from.stride;
  const ids = from.ids;
  let row = from.rows;
  const absorbed = Fold.absorbed;
  const end = Scratch.absorbed + <usize>absorbed * offsetof<Absorbed>();
  const fours = Scratch.absorbed + <usize>(absorbed & ~3) * offsetof<Absorbed>();
  let to = lines;
  for (let j = 0; j < count; j += 2, row += 2 * stride, to += 2 * offsetof<Line>()) {
    const other = j + 1 < count ? row + stride : row;
    let head0 = v128.load(row);
    let tail0 = f64x2.replace_lane(v128.load(row, offsetof<Row>("c")), 1, 0);
    let head1 = v128.load(other);
    let tail1 = f64x2.replace_lane(v128.load(other, offsetof<Row>("c")), 1, 0);
    let at = Scratch.absorbed;
    while (at < end) {
      const next = at + (at < fours ? 4 * offsetof<Absorbed>() : offsetof<Absorbed>());
      let h0 = f64x2.splat(0);
      let t0 = h0;
      let h1 = h0;
      let t1 = h0;
      for (; at < next; at += offsetof<Absorbed>()) {
        const note = changetype<Absorbed>(at);
        const slope = note.slope;
        const column = <usize>note.offset;
        const absorbedRow = changetype<usize>(note.row);
        const ab = v128.load(absorbedRow);
        const ce = v128.load(absorbedRow, offsetof<Row>("c"));
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
    const id = ids + (<usize>j << 2);
    writeLine(changetype<Line>(to), changetype<Row>(row), head0, tail0, absorbed, load<i32>(id));
    if (other === row) continue;
    const second = changetype<Line>(to + offsetof<Line>());
    writeLine(second, changetype<Row>(other), head1, tail1, absorbed, load<i32>(id, 4));
  }
}

/** After the lines' states are known: keeps the columns of those that cross, and absorbs the others. */
function passOn(lines: usize, count: i32, list: usize, crossing: i32, polygon: Polygon): void {
  const end = list + (<usize>crossing << 2);
  for (let j = 0; j < count; j++) {
    const line = changetype<Line>(lines + <usize>j * offsetof<Line>());
    const neuron = line.id;
    const slope = load<f64>(Net.slopes + (<usize>neuron << 3));
    const offset = Fold.offset + (<u32>j << 3);
    const a = line.a;
    const b = line.b;
    const c = line.c;
    const error = line.error;
    if (list < end && lineAt(list, 0) === line) {
      list += 4;
      Bounded.a = a;
      Bounded.b = b;
      Bounded.c = c;
      Bounded.rho = error;
      range(a, b, c, error + (Math.abs(a) + Math.abs(b)) * Fold.corners, polygon);
      keepColumn(offset, slope);
      continue;
    }
    const on = load<u8>(Net.states + neuron) !== 0;
    if (!on && slope === 0) continue;
    v128.store(Fold.rows, v128.load(changetype<usize>(line)));
    v128.store(Fold.rows, v128.load(changetype<usize>(line), offsetof<Line>("c")), offsetof<Row>("c"));
    const size = Math.abs(a) * Net.X + Math.abs(b) * Net.Y + Math.abs(c);
    noteAbsorbed(offset, 0, on ? 1 : slope, error, size);
    Fold.rows += offsetof<Row>();
  }
}

/** Folds the layer at `from` of the old frame into lines; returns how many cross the polygon: the list `linesLeft`. */
export function foldLines(from: Layer, polygon: Polygon, needOn: bool): i32 {
  const count = from.count;
  const lines = allocate(<usize>count * offsetof<Line>());
  const list = allocate(<usize>count << 2);
  writeLines(lines, from);
  let n = 0;
  for (let j = 0, line = lines; j < count; j++, line += offsetof<Line>()) {
    const neuron = changetype<Line>(line).id;
    if (load<f64>(Net.slopes + (<usize>neuron << 3)) === 1) store<u8>(Net.states + neuron, 1);
    else {
      store<u32>(list + (<usize>n << 2), <u32>line);
      n++;
    }
  }
  const crossing = filter(list, n, polygon, list);
  for (let k = 0; k < crossing; k++) {
    const line = lineAt(list, k);
    line.inverse = 1 / (line.a * line.a + line.b * line.b);
  }
  if (needOn) passOn(lines, count, list, crossing, polygon);
  else Fold.kept += crossing;
  Fold.offset += <u32>count << 3;
  linesLeft = list;
  return crossing;
}
