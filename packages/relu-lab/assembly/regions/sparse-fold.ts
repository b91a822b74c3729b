// The fold of a network whose rows are mostly zeros (convolutions, pools): each row costs its non-zeros only.
import { boundingBox, lineState, range, Row, rowState } from "./bounds";
import {
  firstLength,
  firstList,
  frameBytes,
  IDS,
  layerOf,
  lowestLayer,
  ROW_HEAD,
  ROWS,
  setLayer,
  setLowest,
} from "./frame";
import { LINE_BYTES, LINE_ERROR, LINE_ID, LINE_INVERSE } from "./polygon";
import { allocate, ETA, gamma, Net, Run, Stack, U } from "./state";

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
const DROPPED: i32 = -1;
const ABSORBED_BYTES: usize = 32;
const COLUMN_BYTES: usize = 40;

let stamp: u32 = 0;
let touched: i32 = 0;
let absorbed: i32 = 0;
let scratch: usize = 0;

/** Bytes that a fold of this frame takes, as a rule: rows may gain entries, but those of a small polygon lose more. */
export function sparseFoldBytes(frame: usize): usize {
  let bytes: usize = 4096;
  for (let l = lowestLayer(frame) + 1; l < Net.layers + Net.outputs; l++) {
    const rows = <usize>load<u32>(layerOf(frame, l), ROWS);
    const count = load<i32>(layerOf(frame, l));
    for (let j = 0; j < count; j++) {
      const row = <usize>load<u32>(rows + (<usize>j << 2));
      bytes += 64 + <usize>load<i32>(row, ENTRY_COUNT) * (2 * ENTRY_BYTES);
    }
  }
  return bytes;
}

/** Notes column k, as `relax` of the dense fold does. */
function relaxColumn(k: i32, slope: f64, gammaK: f64): void {
  let s = (Row.high - slope * Row.low) / (Row.high - Row.low);
  s = Math.min(1, Math.max(slope, s));
  const e = 0.5 * Math.max((s - slope) * -Row.low, (1 - s) * Row.high) * (1 + 8 * U) + ETA;
  const size = s * (Math.abs(Row.a) * Net.X + Math.abs(Row.b) * Net.Y + Math.abs(Row.c)) + e;
  const at = SparseScratch.columns + <usize>k * COLUMN_BYTES;
  store<f64>(at, s * Row.a);
  store<f64>(at, s * Row.b, 8);
  store<f64>(at, s * Row.c + e, 16);
  store<f64>(at, (e + s * Row.rho + gammaK * size) * (1 + 8 * U), 24);
  store<f64>(at, Math.max(Row.high, -slope * Row.low), 32);
}

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
let a: f64 = 0;
let b: f64 = 0;
let c: f64 = 0;
let inherited: f64 = 0;
let signs: i32 = 0;
let absorbs: bool = false;

/** Sums up a row: entries that stay, and the rows of those that are absorbed. One step for each of them. */
function gather(row: usize): void {
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
function stateBySigns(): i32 {
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
function boundGathered(gammaK: f64): void {
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
function writeRow(to: usize, error: f64): usize {
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

/** Notes that a column is absorbed; its row lies at `row`. */
function noteAbsorbed(column: i32, row: usize, slope: f64, isRelu: bool, error: f64, size: f64): void {
  const note = SparseScratch.absorbed + <usize>absorbed * ABSORBED_BYTES;
  store<u32>(note, <u32>row);
  // Entries stay entries; a ReLU without any is not negative as a whole.
  const own = load<i32>(row, SIGNS);
  store<i32>(note, isRelu && load<i32>(row, ENTRY_COUNT) === 0 ? own | NOT_NEGATIVE : own, 4);
  store<f64>(note, slope, 8);
  store<f64>(note, error, 16);
  store<f64>(note, size, 24);
  store<i32>(SparseScratch.places + (<usize>column << 2), -2 - absorbed);
  absorbed++;
}

/** The fourth number of each absorbed row: what a row that absorbs it inherits, given that it takes `steps` steps. */
function chargeErrors(steps: i32): void {
  const factor = Net.certified ? 2 * gamma(<f64>(steps + 16)) : 0;
  let note = SparseScratch.absorbed;
  for (let i = 0; i < absorbed; i++, note += ABSORBED_BYTES) {
    store<f64>(<usize>load<u32>(note), load<f64>(note, 16) + factor * load<f64>(note, 24), 24);
  }
}

/** At most so many rows does a row of this layer absorb. */
function stepsOf(rows: usize, count: i32): i32 {
  let most = 0;
  for (let j = 0; j < count; j++) {
    most = max(most, load<i32>(<usize>load<u32>(rows + (<usize>j << 2)), ENTRY_COUNT));
  }
  return min(most, absorbed);
}

/** As `fold`, for sparse rows. */
export function sparseFold(old: usize, polygon: usize, list: usize, n: i32, depth: i32): usize {
  Run.folds++;
  const layers = Net.layers;
  const total = layers + Net.outputs;
  const lowest = lowestLayer(old);
  let oldRows = firstLength(old);
  for (let l = lowest + 1; l < total; l++) oldRows += load<i32>(layerOf(old, l));
  // Columns are summed up one after the other here, not in two lanes.
  const gammaK = Net.certified ? gamma(<f64>(oldRows + 24)) : 0;
  const inflate = 1 + 2 * gamma(<f64>(oldRows + 16));

  const frame = allocate(frameBytes());
  let ids = allocate(<usize>oldRows << 2);
  let pointers = allocate(<usize>oldRows << 2);
  boundingBox(polygon);
  const corners = load<f64>(polygon, 8); // their largest radius

  let kept = 0; // columns that stay
  absorbed = 0;
  scratch = SparseScratch.rows;
  let newLowest = -1;
  let newList: usize = 0;
  let newLength = 0;
  let column = 0; // of the old rows

  // The lowest layer: its lines are what they were.
  {
    const lines = firstList(old);
    const count = firstLength(old);
    let i = 0;
    for (; column < count; column++) {
      const line = <usize>load<u32>(lines + (<usize>column << 2));
      const neuron = load<i32>(line, LINE_ID);
      const slope = load<f64>(Net.slopes + (<usize>neuron << 3));
      if (i < n && <usize>load<u32>(list + (<usize>i << 2)) === line) {
        Row.a = load<f64>(line);
        Row.b = load<f64>(line, 8);
        Row.c = load<f64>(line, 16);
        Row.rho = load<f64>(line, LINE_ERROR);
        range(Row.a, Row.b, Row.c, Row.rho + (Math.abs(Row.a) + Math.abs(Row.b)) * corners, polygon);
        relaxColumn(kept, slope, gammaK);
        store<i32>(SparseScratch.places + (<usize>column << 2), kept);
        kept++;
        i++;
        continue;
      }
      const on = load<u8>(Net.states + neuron) !== 0;
      if (!on && slope === 0) {
        store<i32>(SparseScratch.places + (<usize>column << 2), DROPPED);
        continue;
      }
      if (scratch + ENTRIES > SparseScratch.rowsEnd) unreachable();
      memory.copy(scratch, line, 24);
      store<i32>(scratch, 0, ENTRY_COUNT);
      store<i32>(scratch, 0, SIGNS);
      const size =
        Math.abs(load<f64>(line)) * Net.X + Math.abs(load<f64>(line, 8)) * Net.Y + Math.abs(load<f64>(line, 16));
      noteAbsorbed(column, scratch, on ? 1 : slope, slope === 0, load<f64>(line, LINE_ERROR), size);
      scratch += ENTRIES;
    }
    if (n > 0) {
      newLowest = lowest;
      newList = list;
      newLength = n;
    }
  }

  for (let l = lowest + 1; l < total; l++) {
    const isOutput = l === layers;
    const needOn = l + 1 < total;
    const from = layerOf(old, l);
    const count = load<i32>(from);
    const oldPointers = <usize>load<u32>(from, ROWS);
    const oldIds = <usize>load<u32>(from, IDS);
    const exactLines = kept === 0 && !isOutput;
    const newIds = ids;
    const newPointers = pointers;
    let unstable = 0;
    const steps = stepsOf(oldPointers, count);
    chargeErrors(steps);
    const rounding = gamma(<f64>(steps + 12));
    for (let j = 0; j < count; j++, column++) {
      const row = <usize>load<u32>(oldPointers + (<usize>j << 2));
      gather(row);
      const to = Stack.top;
      if (to + max(LINE_BYTES, ENTRIES + (<usize>touched + 1) * ENTRY_BYTES) > Stack.end) unreachable();
      boundGathered(gammaK);
      let error = load<f64>(row, 24);
      // A row that absorbs nothing is what it was.
      if (absorbs) error = (error + inherited) * inflate + rounding * Row.size + ETA;
      const neuron = load<i32>(oldIds + (<usize>j << 2));
      const slope = isOutput ? 0 : load<f64>(Net.slopes + (<usize>neuron << 3));
      let state = 2;
      if (!isOutput) {
        if (slope === 1) state = 1;
        else state = stateBySigns();
        if (state !== 2) Row.rho += error;
        else if (exactLines) {
          store<f64>(to, a);
          store<f64>(to, b, 8);
          store<f64>(to, c, 16);
          store<f64>(to, error, 24);
          state = lineState(to, a, b, c, error, corners, polygon, neuron);
          Row.rho = error;
        } else {
          Row.rho += error;
          state = rowState(gammaK, corners, polygon);
        }
      }
      if (state === 2) {
        store<i32>(newIds + (<usize>unstable << 2), neuron);
        store<u32>(newPointers + (<usize>unstable << 2), <u32>to);
        if (exactLines) {
          store<f64>(to, 1 / (a * a + b * b), LINE_INVERSE);
          store<i32>(to, neuron, LINE_ID);
          Stack.top = to + LINE_BYTES;
        } else Stack.top = (writeRow(to, error) + 15) & ~15;
        if (!isOutput && needOn) {
          relaxColumn(kept, slope, gammaK);
          store<i32>(SparseScratch.places + (<usize>column << 2), kept);
        }
        if (!isOutput) kept++;
        unstable++;
        continue;
      }
      store<u8>(Net.states + neuron, <u8>state);
      if (!needOn) continue;
      if (state === 0 && slope === 0) {
        store<i32>(SparseScratch.places + (<usize>column << 2), DROPPED);
        continue;
      }
      if (scratch + ENTRIES + <usize>touched * ENTRY_BYTES > SparseScratch.rowsEnd) unreachable();
      const end = writeRow(scratch, 0);
      noteAbsorbed(column, scratch, state === 1 ? 1 : slope, slope === 0, error, Row.size);
      scratch = end;
    }
    setLayer(frame, l, unstable, newPointers, 0, newIds);
    ids += <usize>unstable << 2;
    pointers += <usize>unstable << 2;
    if (newLowest < 0 && unstable > 0 && !isOutput) {
      newLowest = l;
      newLength = unstable;
      newList = newPointers;
    }
  }
  if (newLowest < 0) newLowest = layers;
  if (newLowest > lowest && (depth >= Run.claimDepth || Run.first)) {
    for (let l = lowest; l < newLowest && l < layers - 1; l++) {
      const at = Run.cells + (<usize>l << 3);
      store<i64>(at, load<i64>(at) + 1);
    }
  }
  setLowest(frame, newLowest, newLength, newList);
  return frame;
}
