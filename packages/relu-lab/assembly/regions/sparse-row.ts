// A row of a network whose rows are mostly zeros, and what it becomes when it absorbs others: its non-zeros only.
import { Bounded } from "./bounds";
import {
  Column,
  entriesEnd,
  entriesOf,
  Entry,
  NOT_NEGATIVE,
  NOT_POSITIVE,
  SparseAbsorbed,
  SparseRow,
} from "./layout";
import { ETA, Net } from "./state";

/** Working space of one fold; nothing in it outlives the fold. */
export class SparseScratch {
  /** i32 an old column: the new column, DROPPED, or -2 - (number of the absorbed row). */
  static places: usize = 0;
  /** A {@link SparseAbsorbed} a column that is absorbed. */
  static absorbed: usize = 0;
  /** Rows of the neurons that are absorbed, up to the end. */
  static rows: usize = 0;
  static rowsEnd: usize = 0;
  /** A {@link Column} an unstable column. */
  static columns: usize = 0;
  /** f64 a new column: the coefficient of the row at hand, where `stamps` (u32) holds the row's number. */
  static sums: usize = 0;
  static stamps: usize = 0;
  /** u32: the new columns that the row at hand has. */
  static touched: usize = 0;

  /** Bytes that all of it but `rows` takes for a network with so many columns. */
  static bytes(columns: usize): usize {
    return (columns + 2) * (offsetof<SparseAbsorbed>() + offsetof<Column>() + 8 + 4 + 4 + 4) + 128;
  }
  static place(at: usize, columns: usize): void {
    const n = columns + 2;
    SparseScratch.absorbed = at;
    SparseScratch.columns = at + n * offsetof<SparseAbsorbed>();
    SparseScratch.sums = SparseScratch.columns + n * offsetof<Column>();
    SparseScratch.places = SparseScratch.sums + n * 8;
    SparseScratch.stamps = SparseScratch.places + n * 4;
    SparseScratch.touched = SparseScratch.stamps + n * 4;
    memory.fill(SparseScratch.stamps, 0, n * 4);
    stamp = 0;
  }
}
export const DROPPED: i32 = -1;

@inline
export function absorbedAt(k: i32): SparseAbsorbed {
  return changetype<SparseAbsorbed>(SparseScratch.absorbed + <usize>k * offsetof<SparseAbsorbed>());
}

@inline
export function columnAt(k: i32): Column {
  return changetype<Column>(SparseScratch.columns + <usize>k * offsetof<Column>());
}

/** The number of the row at hand, by which its columns are stamped. */
let stamp: u32 = 0;
/** How many columns the row at hand has. */
export let touched: i32 = 0;

@inline
function addTo(k: i32, value: f64): void {
  const at = SparseScratch.sums + (<usize>k << 3);
  const mark = SparseScratch.stamps + (<usize>k << 2);
  if (load<u32>(mark) === stamp) {
    store<f64>(at, load<f64>(at) + value);
    return;
  }
  store<u32>(mark, stamp);
  store<f64>(at, value);
  store<u32>(SparseScratch.touched + (<usize>touched << 2), k);
  touched++;
}

// The row at hand, with what it absorbs: a, b, c and the errors it inherits.
export let a: f64 = 0;
export let b: f64 = 0;
export let c: f64 = 0;
export let inherited: f64 = 0;
let signs: i32 = 0;
export let absorbs: bool = false;

/** Sums up a row: entries that stay, and the rows of those that are absorbed. One step for each of them. */
export function gather(row: SparseRow): void {
  a = row.a;
  b = row.b;
  c = row.c;
  inherited = 0;
  signs = row.signs;
  absorbs = false;
  stamp++;
  touched = 0;
  const end = entriesEnd(row);
  for (let at = entriesOf(row); at < end; at += offsetof<Entry>()) {
    const entry = changetype<Entry>(at);
    const place = load<i32>(SparseScratch.places + (<usize>entry.column << 2));
    if (place === DROPPED) continue;
    if (place >= 0) {
      addTo(place, entry.value);
      continue;
    }
    const note = absorbedAt(-2 - place);
    const from = note.row;
    const w = entry.value * note.slope;
    absorbs = true;
    const sign = note.signs;
    signs &= w > 0 ? sign : (sign >> 1) | ((sign & 1) << 1);
    a += w * from.a;
    b += w * from.b;
    c += w * from.c;
    inherited += Math.abs(w) * from.error;
    const last = entriesEnd(from);
    for (let e = entriesOf(from); e < last; e += offsetof<Entry>()) {
      addTo(changetype<Entry>(e).column, w * changetype<Entry>(e).value);
    }
  }
}

/**
 * State of the gathered row when the signs of its terms tell: activations are not negative. 2 when they do not.
 * So a contest of a max-pool is decided once one side is off, without asking where the other one's own boundary runs.
 */
export function stateBySigns(): i32 {
  let known = signs;
  for (let i = 0; i < touched && known !== 0; i++) {
    const k = <usize>load<u32>(SparseScratch.touched + (<usize>i << 2));
    const d = load<f64>(SparseScratch.sums + (k << 3));
    if (d !== 0) known &= d > 0 ? NOT_NEGATIVE : NOT_POSITIVE;
  }
  if (known === 0) return 2;
  return known === NOT_NEGATIVE ? 1 : 0;
}

/** Bounds the gathered row over the polygon, all but its own error. */
export function boundGathered(gammaK: f64): void {
  const own = Math.abs(a) * Net.X + Math.abs(b) * Net.Y + Math.abs(c);
  let sumA: f64 = 0;
  let sumB: f64 = 0;
  let sumC: f64 = 0;
  let radius: f64 = 0;
  let size: f64 = 0;
  for (let i = 0; i < touched; i++) {
    const k = <usize>load<u32>(SparseScratch.touched + (<usize>i << 2));
    const d = load<f64>(SparseScratch.sums + (k << 3));
    const column = columnAt(<i32>k);
    sumA += d * column.a;
    sumB += d * column.b;
    sumC += d * column.c;
    radius += Math.abs(d) * column.radius;
    size += Math.abs(d) * column.largest;
  }
  Bounded.a = a + sumA;
  Bounded.b = b + sumB;
  Bounded.c = c + sumC;
  Bounded.size = own + size;
  Bounded.rho = radius * (1 + 2 * gammaK) + gammaK * own + ETA;
}

/** Writes the gathered row; returns the byte behind it. */
export function writeRow(to: SparseRow, error: f64): usize {
  to.a = a;
  to.b = b;
  to.c = c;
  to.error = error;
  const entries = entriesOf(to);
  let at = entries;
  for (let i = 0; i < touched; i++) {
    const k = load<u32>(SparseScratch.touched + (<usize>i << 2));
    const d = load<f64>(SparseScratch.sums + (<usize>k << 3));
    if (d === 0) continue;
    const entry = changetype<Entry>(at);
    entry.value = d;
    entry.column = k;
    at += offsetof<Entry>();
  }
  to.count = <i32>((at - entries) / offsetof<Entry>());
  to.signs = signs;
  return at;
}
