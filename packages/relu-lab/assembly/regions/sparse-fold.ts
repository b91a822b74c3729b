// The fold of a network whose rows are mostly zeros (convolutions, pools): each row costs its non-zeros only.
import { boundingBox, lineState, range, relax, Row, rowState } from "./bounds";
import {
  countCells,
  firstLength,
  firstList,
  frameBytes,
  IDS,
  layerOf,
  lowestLayer,
  ROWS,
  setLayer,
  setLowest,
} from "./frame";
import { LINE_BYTES, LINE_ERROR, LINE_ID, LINE_INVERSE } from "./polygon";
import {
  a,
  ABSORBED_BYTES,
  absorbs,
  b,
  boundGathered,
  c,
  COLUMN_BYTES,
  DROPPED,
  ENTRIES,
  ENTRY_BYTES,
  ENTRY_COUNT,
  gather,
  inherited,
  NOT_NEGATIVE,
  SIGNS,
  SparseScratch,
  stateBySigns,
  touched,
  writeRow,
} from "./sparse-row";
import { allocate, ETA, gamma, Net, Stack } from "./state";

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

/** How many columns are absorbed, and where the next one's row goes. */
let absorbed: i32 = 0;
let scratch: usize = 0;

/** Notes column k. */
function relaxColumn(k: i32, slope: f64, gammaK: f64): void {
  relax(SparseScratch.columns + <usize>k * COLUMN_BYTES, 8, slope, gammaK);
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
  countCells(lowest, newLowest, depth);
  setLowest(frame, newLowest, newLength, newList);
  return frame;
}
