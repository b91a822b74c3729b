// The fold of a network whose rows are mostly zeros (convolutions, pools): each row costs its non-zeros only.
import { Bounded, boundingBox, lineState, range, relax, rowState } from "./bounds";
import { countCells, newFrame, setLayer, setLowest } from "./frame";
import {
  Entry,
  Frame,
  layerOf,
  Line,
  lineAt,
  NOT_NEGATIVE,
  Polygon,
  SparseRow,
  sparseRowAt,
} from "./layout";
import {
  a,
  absorbedAt,
  absorbs,
  b,
  boundGathered,
  c,
  columnAt,
  DROPPED,
  gather,
  inherited,
  SparseScratch,
  stateBySigns,
  touched,
  writeRow,
} from "./sparse-row";
import { allocate, ETA, gamma, Net, Stack } from "./state";

/** Bytes that a fold of this frame takes, as a rule: rows may gain entries, but those of a small polygon lose more. */
export function sparseFoldBytes(frame: Frame): usize {
  let bytes: usize = 4096;
  for (let l = frame.lowest + 1; l < Net.layers + Net.outputs; l++) {
    const layer = layerOf(frame, l);
    for (let j = 0; j < layer.count; j++) {
      bytes += 64 + <usize>sparseRowAt(layer.rows, j).count * (2 * offsetof<Entry>());
    }
  }
  return bytes;
}

/** How many columns are absorbed, and where the next one's row goes. */
let absorbed: i32 = 0;
let scratch: usize = 0;

/** Notes column k. */
function relaxColumn(k: i32, slope: f64, gammaK: f64): void {
  relax(changetype<usize>(columnAt(k)), 8, slope, gammaK);
}

/** Notes that a column is absorbed; its row lies at `row`. */
function noteAbsorbed(column: i32, row: SparseRow, slope: f64, isRelu: bool, error: f64, size: f64): void {
  const note = absorbedAt(absorbed);
  note.row = row;
  // Entries stay entries; a ReLU without any is not negative as a whole.
  note.signs = isRelu && row.count === 0 ? row.signs | NOT_NEGATIVE : row.signs;
  note.slope = slope;
  note.error = error;
  note.size = size;
  store<i32>(SparseScratch.places + (<usize>column << 2), -2 - absorbed);
  absorbed++;
}

/** The fourth number of each absorbed row: what a row that absorbs it inherits, given that it takes `steps` steps. */
function chargeErrors(steps: i32): void {
  const factor = Net.certified ? 2 * gamma(<f64>(steps + 16)) : 0;
  for (let i = 0; i < absorbed; i++) {
    const note = absorbedAt(i);
    note.row.error = note.error + factor * note.size;
  }
}

/** At most so many rows does a row of this layer absorb. */
function stepsOf(rows: usize, count: i32): i32 {
  let most = 0;
  for (let j = 0; j < count; j++) {
    most = max(most, sparseRowAt(rows, j).count);
  }
  return min(most, absorbed);
}

/** As `fold`, for sparse rows. */
export function sparseFold(old: Frame, polygon: Polygon, list: usize, n: i32, depth: i32): Frame {
  const layers = Net.layers;
  const total = layers + Net.outputs;
  const lowest = old.lowest;
  let oldRows = old.length;
  for (let l = lowest + 1; l < total; l++) oldRows += layerOf(old, l).count;
  // Columns are summed up one after the other here, not in two lanes.
  const gammaK = Net.certified ? gamma(<f64>(oldRows + 24)) : 0;
  const inflate = 1 + 2 * gamma(<f64>(oldRows + 16));

  const frame = newFrame();
  let ids = allocate(<usize>oldRows << 2);
  let pointers = allocate(<usize>oldRows << 2);
  boundingBox(polygon);
  const corners = polygon.radius;

  let kept = 0; // columns that stay
  absorbed = 0;
  scratch = SparseScratch.rows;
  let newLowest = -1;
  let newList: usize = 0;
  let newLength = 0;
  let column = 0; // of the old rows

  // The lowest layer: its lines are what they were.
  {
    const lines = old.list;
    const count = old.length;
    let i = 0;
    for (; column < count; column++) {
      const line = lineAt(lines, column);
      const neuron = line.id;
      const slope = load<f64>(Net.slopes + (<usize>neuron << 3));
      if (i < n && lineAt(list, i) === line) {
        Bounded.a = line.a;
        Bounded.b = line.b;
        Bounded.c = line.c;
        Bounded.rho = line.error;
        range(Bounded.a, Bounded.b, Bounded.c, Bounded.rho + (Math.abs(Bounded.a) + Math.abs(Bounded.b)) * corners, polygon);
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
      if (scratch + offsetof<SparseRow>() > SparseScratch.rowsEnd) unreachable();
      const row = changetype<SparseRow>(scratch);
      row.a = line.a;
      row.b = line.b;
      row.c = line.c;
      row.count = 0;
      row.signs = 0;
      const size = Math.abs(line.a) * Net.X + Math.abs(line.b) * Net.Y + Math.abs(line.c);
      noteAbsorbed(column, row, on ? 1 : slope, slope === 0, line.error, size);
      scratch += offsetof<SparseRow>();
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
    const count = from.count;
    const oldPointers = from.rows;
    const oldIds = from.ids;
    const exactLines = kept === 0 && !isOutput;
    const newIds = ids;
    const newPointers = pointers;
    let unstable = 0;
    const steps = stepsOf(oldPointers, count);
    chargeErrors(steps);
    const rounding = gamma(<f64>(steps + 12));
    for (let j = 0; j < count; j++, column++) {
      const row = sparseRowAt(oldPointers, j);
      gather(row);
      const to = Stack.top;
      if (to + max(offsetof<Line>(), offsetof<SparseRow>() + (<usize>touched + 1) * offsetof<Entry>()) > Stack.end) unreachable();
      boundGathered(gammaK);
      let error = row.error;
      // A row that absorbs nothing is what it was.
      if (absorbs) error = (error + inherited) * inflate + rounding * Bounded.size + ETA;
      const neuron = load<i32>(oldIds + (<usize>j << 2));
      const slope = isOutput ? 0 : load<f64>(Net.slopes + (<usize>neuron << 3));
      let state = 2;
      if (!isOutput) {
        if (slope === 1) state = 1;
        else state = stateBySigns();
        if (state !== 2) Bounded.rho += error;
        else if (exactLines) {
          const line = changetype<Line>(to);
          line.a = a;
          line.b = b;
          line.c = c;
          line.error = error;
          state = lineState(line, a, b, c, error, corners, polygon, neuron);
          Bounded.rho = error;
        } else {
          Bounded.rho += error;
          state = rowState(gammaK, corners, polygon);
        }
      }
      if (state === 2) {
        store<i32>(newIds + (<usize>unstable << 2), neuron);
        store<u32>(newPointers + (<usize>unstable << 2), <u32>to);
        if (exactLines) {
          const line = changetype<Line>(to);
          line.inverse = 1 / (a * a + b * b);
          line.id = neuron;
          Stack.top = to + offsetof<Line>();
        } else Stack.top = (writeRow(changetype<SparseRow>(to), error) + 15) & ~15;
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
      if (scratch + offsetof<SparseRow>() + <usize>touched * offsetof<Entry>() > SparseScratch.rowsEnd) unreachable();
      const absorbedRow = changetype<SparseRow>(scratch);
      const end = writeRow(absorbedRow, 0);
      noteAbsorbed(column, absorbedRow, state === 1 ? 1 : slope, slope === 0, error, Bounded.size);
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
