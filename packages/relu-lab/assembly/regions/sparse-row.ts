// A row of a network whose rows are mostly zeros, and what it becomes when it absorbs others: its non-zeros only.
import { Row } from "./bounds";
import { ROW_HEAD } from "./frame";
import { ETA, Net } from "./state";

/** Number of entries of a sparse row, its signs, and where the entries begin. */
export const ENTRY_COUNT: usize = ROW_HEAD;
export const SIGNS: usize = ROW_HEAD + 4;
/** What a row has absorbed (its constant included) is a sum of terms >= 0, or of terms <= 0; both when there are none. */
export const NOT_NEGATIVE: i32 = 1;
export const NOT_POSITIVE: i32 = 2;
export const ENTRIES: usize = ROW_HEAD + 8;
export const ENTRY_BYTES: usize = 16;
export const ENTRY_COLUMN: usize = 8;

/** Working space of one fold; nothing in it outlives the fold. */
export class SparseScratch {
  /** i32 an old column: the new column, DROPPED, or -2 - (number of the absorbed row). */
  static places: usize = 0;
  /** 32 bytes an absorbed column: its row (u32), the signs that a row inherits which absorbs it with a weight > 0 (i32), slope, error, size. */
  static absorbed: usize = 0;
  /** Rows of the neurons that are absorbed, up to the end. */
  static rows: usize = 0;
  static rowsEnd: usize = 0;
  /** 40 bytes an unstable column: a, b, c, radius, largest value of its activation. */
  static columns: usize = 0;
  /** f64 a new column: the coefficient of the row at hand, where `stamps` (u32) holds the row's number. */
  static sums: usize = 0;
  static stamps: usize = 0;
  /** u32: the new columns that the row at hand has. */
  static touched: usize = 0;

  /** Bytes that all of it but `rows` takes for a network with so many columns. */
  static bytes(columns: usize): usize {
    return (columns + 2) * (4 + 32 + 40 + 8 + 4 + 4) + 128;
  }
  static place(at: usize, columns: usize): void {
    const n = columns + 2;
    SparseScratch.absorbed = at;
    SparseScratch.columns = at + n * 32;
    SparseScratch.sums = SparseScratch.columns + n * 40;
    SparseScratch.places = SparseScratch.sums + n * 8;
    SparseScratch.stamps = SparseScratch.places + n * 4;
    SparseScratch.touched = SparseScratch.stamps + n * 4;
    memory.fill(SparseScratch.stamps, 0, n * 4);
    stamp = 0;
  }
}
export const DROPPED: i32 = -1;
export const ABSORBED_BYTES: usize = 32;
export const COLUMN_BYTES: usize = 40;

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
export function gather(row: usize): void {
  a = load<f64>(row);
  b = load<f64>(row, 8);
  c = load<f64>(row, 16);
  inherited = 0;
  signs = load<i32>(row, SIGNS);
  absorbs = false;
  stamp++;
  touched = 0;
  const end = row + ENTRIES + <usize>load<i32>(row, ENTRY_COUNT) * ENTRY_BYTES;
  for (let at = row + ENTRIES; at < end; at += ENTRY_BYTES) {
    const place = load<i32>(SparseScratch.places + (<usize>load<u32>(at, ENTRY_COLUMN) << 2));
    if (place === DROPPED) continue;
    if (place >= 0) {
      addTo(place, load<f64>(at));
      continue;
    }
    const note = SparseScratch.absorbed + <usize>(-2 - place) * ABSORBED_BYTES;
    const from = <usize>load<u32>(note);
    const w = load<f64>(at) * load<f64>(note, 8);
    absorbs = true;
    const sign = load<i32>(note, 4);
    signs &= w > 0 ? sign : (sign >> 1) | ((sign & 1) << 1);
    a += w * load<f64>(from);
    b += w * load<f64>(from, 8);
    c += w * load<f64>(from, 16);
    inherited += Math.abs(w) * load<f64>(from, 24);
    const last = from + ENTRIES + <usize>load<i32>(from, ENTRY_COUNT) * ENTRY_BYTES;
    for (let e = from + ENTRIES; e < last; e += ENTRY_BYTES) {
      addTo(load<u32>(e, ENTRY_COLUMN), w * load<f64>(e));
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
    const at = SparseScratch.columns + k * COLUMN_BYTES;
    sumA += d * load<f64>(at);
    sumB += d * load<f64>(at, 8);
    sumC += d * load<f64>(at, 16);
    radius += Math.abs(d) * load<f64>(at, 24);
    size += Math.abs(d) * load<f64>(at, 32);
  }
  Row.a = a + sumA;
  Row.b = b + sumB;
  Row.c = c + sumC;
  Row.size = own + size;
  Row.rho = radius * (1 + 2 * gammaK) + gammaK * own + ETA;
}

/** Writes the gathered row; returns the byte behind it. */
export function writeRow(to: usize, error: f64): usize {
  store<f64>(to, a);
  store<f64>(to, b, 8);
  store<f64>(to, c, 16);
  store<f64>(to, error, 24);
  let at = to + ENTRIES;
  for (let i = 0; i < touched; i++) {
    const k = load<u32>(SparseScratch.touched + (<usize>i << 2));
    const d = load<f64>(SparseScratch.sums + (<usize>k << 3));
    if (d === 0) continue;
    store<f64>(at, d);
    store<u32>(at, k, ENTRY_COLUMN);
    at += ENTRY_BYTES;
  }
  store<i32>(to, <i32>((at - to - ENTRIES) / ENTRY_BYTES), ENTRY_COUNT);
  store<i32>(to, signs, SIGNS);
  return at;
}
