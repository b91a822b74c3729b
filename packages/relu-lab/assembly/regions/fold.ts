// Folds everything that is stable on a polygon out of the rows, and bounds what is left.
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
  STRIDE,
} from "./frame";
import { sparseFold, sparseFoldBytes } from "./sparse-fold";
import { LINE_BYTES, LINE_ERROR, LINE_ID, LINE_INVERSE } from "./polygon";
import { allocate, ETA, gamma, Net, Run, Stack, U } from "./state";

/** Bytes that a fold of this frame takes at most. */
export function foldBytes(frame: usize): usize {
  if (Net.sparse) return sparseFoldBytes(frame);
  let columns = <usize>firstLength(frame);
  let bytes: usize = 0;
  for (let l = lowestLayer(frame) + 1; l < Net.layers + Net.outputs; l++) {
    const count = <usize>load<i32>(layerOf(frame, l));
    bytes += count * (ROW_HEAD + 24 + (columns << 3));
    columns += count;
  }
  return bytes + (columns << 2) + 4096;
}

/** Working space of one fold; nothing in it outlives the fold. */
export class Scratch {
  /** i32 offsets in an old row of the columns that stay. */
  static kept: usize = 0;
  /** 40 bytes a column that is absorbed: offset in an old row, its row, bytes of its coefficients; slope, error, size. */
  static absorbed: usize = 0;
  /** Rows of the neurons that are absorbed. */
  static rows: usize = 0;
  /** 80 bytes a pair of unstable columns: A a, b, c, radius, largest value, two lanes each. */
  static columns: usize = 0;
}
const ABSORBED_BYTES: usize = 40;

/** Notes column k: where the neuron's activation lies, given that its z lies within rho of the row and in [low, high]. */
function relax(k: i32, slope: f64, gammaK: f64): void {
  let s = (Row.high - slope * Row.low) / (Row.high - Row.low);
  s = Math.min(1, Math.max(slope, s));
  const e =
    0.5 * Math.max((s - slope) * -Row.low, (1 - s) * Row.high) * (1 + 8 * U) + ETA;
  const a = s * Row.a;
  const b = s * Row.b;
  const c = s * Row.c + e;
  const size = s * (Math.abs(Row.a) * Net.X + Math.abs(Row.b) * Net.Y + Math.abs(Row.c)) + e;
  const r = (e + s * Row.rho + gammaK * size) * (1 + 8 * U);
  const h = Math.max(Row.high, -slope * Row.low);
  const at = Scratch.columns + <usize>(k >> 1) * 80 + (<usize>(k & 1) << 3);
  store<f64>(at, a);
  store<f64>(at, b, 16);
  store<f64>(at, c, 32);
  store<f64>(at, r, 48);
  store<f64>(at, h, 64);
  if (!(k & 1)) {
    store<f64>(at, 0, 8);
    store<f64>(at, 0, 24);
    store<f64>(at, 0, 40);
    store<f64>(at, 0, 56);
    store<f64>(at, 0, 72);
  }
}

/**
 * Adds the absorbed columns' rows to the row at `to`, four at a time. Each term passes
 * through one multiplication, two additions within its four, and one addition a step (stepsOf).
 */
function absorb(to: usize, old: usize, count: i32): void {
  let head = v128.load(to);
  let tail = v128.load(to, 16);
  let at = Scratch.absorbed;
  const end = at + <usize>count * ABSORBED_BYTES;
  const lastFour = end - 3 * ABSORBED_BYTES;
  while (at < end) {
    const length = <usize>load<u32>(at, 8);
    if (at < lastFour && <usize>load<u32>(at + 3 * ABSORBED_BYTES, 8) === length) {
      const w0 = load<f64>(old + <usize>load<u32>(at)) * load<f64>(at, 16);
      const w1 =
        load<f64>(old + <usize>load<u32>(at, ABSORBED_BYTES)) * load<f64>(at, ABSORBED_BYTES + 16);
      const w2 =
        load<f64>(old + <usize>load<u32>(at, 2 * ABSORBED_BYTES)) * load<f64>(at, 2 * ABSORBED_BYTES + 16);
      const w3 =
        load<f64>(old + <usize>load<u32>(at, 3 * ABSORBED_BYTES)) * load<f64>(at, 3 * ABSORBED_BYTES + 16);
      const r0 = <usize>load<u32>(at, 4);
      const r1 = <usize>load<u32>(at, ABSORBED_BYTES + 4);
      const r2 = <usize>load<u32>(at, 2 * ABSORBED_BYTES + 4);
      const r3 = <usize>load<u32>(at, 3 * ABSORBED_BYTES + 4);
      const v0 = f64x2.splat(w0);
      const v1 = f64x2.splat(w1);
      const v2 = f64x2.splat(w2);
      const v3 = f64x2.splat(w3);
      head = f64x2.add(
        head,
        f64x2.add(
          f64x2.add(f64x2.mul(v0, v128.load(r0)), f64x2.mul(v1, v128.load(r1))),
          f64x2.add(f64x2.mul(v2, v128.load(r2)), f64x2.mul(v3, v128.load(r3))),
        ),
      );
      tail = f64x2.add(
        tail,
        f64x2.add(
          f64x2.add(
            f64x2.mul(f64x2.replace_lane(v0, 1, Math.abs(w0)), v128.load(r0, 16)),
            f64x2.mul(f64x2.replace_lane(v1, 1, Math.abs(w1)), v128.load(r1, 16)),
          ),
          f64x2.add(
            f64x2.mul(f64x2.replace_lane(v2, 1, Math.abs(w2)), v128.load(r2, 16)),
            f64x2.mul(f64x2.replace_lane(v3, 1, Math.abs(w3)), v128.load(r3, 16)),
          ),
        ),
      );
      for (let k: usize = ROW_HEAD; k < ROW_HEAD + length; k += 16) {
        v128.store(
          to + k,
          f64x2.add(
            v128.load(to + k),
            f64x2.add(
              f64x2.add(f64x2.mul(v0, v128.load(r0 + k)), f64x2.mul(v1, v128.load(r1 + k))),
              f64x2.add(f64x2.mul(v2, v128.load(r2 + k)), f64x2.mul(v3, v128.load(r3 + k))),
            ),
          ),
        );
      }
      at += 4 * ABSORBED_BYTES;
    } else {
      const w = load<f64>(old + <usize>load<u32>(at)) * load<f64>(at, 16);
      const row = <usize>load<u32>(at, 4);
      const ww = f64x2.splat(w);
      head = f64x2.add(head, f64x2.mul(ww, v128.load(row)));
      tail = f64x2.add(tail, f64x2.mul(f64x2.replace_lane(ww, 1, Math.abs(w)), v128.load(row, 16)));
      for (let k: usize = ROW_HEAD; k < ROW_HEAD + length; k += 16) {
        v128.store(to + k, f64x2.add(v128.load(to + k), f64x2.mul(ww, v128.load(row + k))));
      }
      at += ABSORBED_BYTES;
    }
  }
  v128.store(to, head);
  v128.store(to, tail, 16);
}

/** The fourth number of each absorbed row: what a row that absorbs it inherits, given that it takes `steps` steps. */
function chargeErrors(count: i32, steps: i32): void {
  const factor = Net.certified ? 2 * gamma(<f64>(steps + 16)) : 0;
  let at = Scratch.absorbed;
  for (let i = 0; i < count; i++, at += ABSORBED_BYTES) {
    store<f64>(<usize>load<u32>(at, 4), load<f64>(at, 24) + factor * load<f64>(at, 32), 24);
  }
}

/** At most so many steps does it take to absorb: four of one length at a time. */
function stepsOf(count: i32): i32 {
  let steps = 0;
  let at = Scratch.absorbed;
  const end = at + <usize>count * ABSORBED_BYTES;
  while (at < end) {
    const four =
      at + 3 * ABSORBED_BYTES < end && load<u32>(at + 3 * ABSORBED_BYTES, 8) === load<u32>(at, 8);
    at += four ? 4 * ABSORBED_BYTES : ABSORBED_BYTES;
    steps++;
  }
  return steps;
}

/** Bounds a row over the polygon by an affine function and a radius; also its magnitude, for rounding errors. */
function bound(row: usize, columns: i32, gammaK: f64): void {
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let r = a;
  let m = a;
  let at = Scratch.columns;
  const end = row + ROW_HEAD + (<usize>columns << 3);
  for (let p = row + ROW_HEAD; p < end; p += 16, at += 80) {
    const d = v128.load(p);
    const size = f64x2.abs(d);
    a = f64x2.add(a, f64x2.mul(d, v128.load(at)));
    b = f64x2.add(b, f64x2.mul(d, v128.load(at, 16)));
    c = f64x2.add(c, f64x2.mul(d, v128.load(at, 32)));
    r = f64x2.add(r, f64x2.mul(size, v128.load(at, 48)));
    m = f64x2.add(m, f64x2.mul(size, v128.load(at, 64)));
  }
  const a0 = load<f64>(row);
  const b0 = load<f64>(row, 8);
  const c0 = load<f64>(row, 16);
  const own = Math.abs(a0) * Net.X + Math.abs(b0) * Net.Y + Math.abs(c0);
  Row.a = a0 + (f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1));
  Row.b = b0 + (f64x2.extract_lane(b, 0) + f64x2.extract_lane(b, 1));
  Row.c = c0 + (f64x2.extract_lane(c, 0) + f64x2.extract_lane(c, 1));
  Row.size = own + (f64x2.extract_lane(m, 0) + f64x2.extract_lane(m, 1));
  Row.rho =
    (f64x2.extract_lane(r, 0) + f64x2.extract_lane(r, 1)) * (1 + 2 * gammaK) +
    gammaK * own +
    ETA;
}

// What foldLines leaves behind beside its result.
let linesKept: i32 = 0;
let linesAbsorbed: i32 = 0;
let linesScratch: usize = 0;

/**
 * Folds one layer whose rows have no unstable column left: they become lines. Two rows at a time, so that each
 * absorbed row is loaded once for both. Returns how many are unstable; their lines lie from the stack's top on.
 */
function foldLines(
  from: usize,
  absorbed: i32,
  rounding: f64,
  inflate: f64,
  gammaK: f64,
  corners: f64,
  polygon: usize,
  newIds: usize,
  offset: u32,
  needOn: bool,
): i32 {
  const count = load<i32>(from);
  const stride = <usize>load<u32>(from, STRIDE);
  let row = <usize>load<u32>(from, ROWS);
  const ids = <usize>load<u32>(from, IDS);
  const end = Scratch.absorbed + <usize>absorbed * ABSORBED_BYTES;
  const lastFour = end - 3 * ABSORBED_BYTES;
  let unstable = 0;
  for (let j = 0; j < count; j += 2, row += 2 * stride) {
    const other = j + 1 < count ? row + stride : row;
    let head0 = v128.load(row);
    let tail0 = f64x2.replace_lane(v128.load(row, 16), 1, 0);
    let head1 = v128.load(other);
    let tail1 = f64x2.replace_lane(v128.load(other, 16), 1, 0);
    let at = Scratch.absorbed;
    while (at < end) {
      if (at < lastFour) {
        let h0 = f64x2.splat(0);
        let t0 = h0;
        let h1 = h0;
        let t1 = h0;
        // Four terms are added up before they join the row: fewer roundings in sequence (stepsOf).
        for (let k = 0; k < 4; k++, at += ABSORBED_BYTES) {
          const slope = load<f64>(at, 16);
          const column = <usize>load<u32>(at);
          const absorbedRow = <usize>load<u32>(at, 4);
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
      } else {
        const slope = load<f64>(at, 16);
        const column = <usize>load<u32>(at);
        const absorbedRow = <usize>load<u32>(at, 4);
        const ab = v128.load(absorbedRow);
        const ce = v128.load(absorbedRow, 16);
        const w0 = load<f64>(row + column) * slope;
        const w1 = load<f64>(other + column) * slope;
        const v0 = f64x2.splat(w0);
        const v1 = f64x2.splat(w1);
        head0 = f64x2.add(head0, f64x2.mul(v0, ab));
        tail0 = f64x2.add(tail0, f64x2.mul(f64x2.replace_lane(v0, 1, Math.abs(w0)), ce));
        head1 = f64x2.add(head1, f64x2.mul(v1, ab));
        tail1 = f64x2.add(tail1, f64x2.mul(f64x2.replace_lane(v1, 1, Math.abs(w1)), ce));
        at += ABSORBED_BYTES;
      }
    }
    for (let k = 0; k < 2 && j + k < count; k++) {
      const head = k === 0 ? head0 : head1;
      const tail = k === 0 ? tail0 : tail1;
      const a = f64x2.extract_lane(head, 0);
      const b = f64x2.extract_lane(head, 1);
      const c = f64x2.extract_lane(tail, 0);
      const size = Math.abs(a) * Net.X + Math.abs(b) * Net.Y + Math.abs(c);
      let error = load<f64>(k === 0 ? row : other, 24);
      if (absorbed > 0) error = (error + f64x2.extract_lane(tail, 1)) * inflate + rounding * size + ETA;
      const to = Stack.top;
      if (to + LINE_BYTES > Stack.end) unreachable();
      v128.store(to, head);
      v128.store(to, f64x2.replace_lane(tail, 1, error), 16);
      const neuron = load<i32>(ids + (<usize>(j + k) << 2));
      const slope = load<f64>(Net.slopes + (<usize>neuron << 3));
      const state = slope === 1 ? 1 : lineState(to, a, b, c, error, corners, polygon, neuron);
      if (state === 2) {
        store<i32>(newIds + (<usize>unstable << 2), neuron);
        store<f64>(to, 1 / (a * a + b * b), LINE_INVERSE);
        store<i32>(to, neuron, LINE_ID);
        if (needOn) {
          Row.a = a;
          Row.b = b;
          Row.c = c;
          Row.rho = error;
          relax(linesKept, slope, gammaK);
          store<u32>(Scratch.kept + (<usize>linesKept << 2), offset + (<u32>(j + k) << 3));
        }
        linesKept++;
        unstable++;
        Stack.top = to + LINE_BYTES;
        continue;
      }
      store<u8>(Net.states + neuron, <u8>state);
      if (!needOn || (state === 0 && slope === 0)) continue;
      v128.store(linesScratch, head);
      v128.store(linesScratch, tail, 16);
      const note = Scratch.absorbed + <usize>linesAbsorbed * ABSORBED_BYTES;
      store<u32>(note, offset + (<u32>(j + k) << 3));
      store<u32>(note, <u32>linesScratch, 4);
      store<u32>(note, 0, 8);
      store<f64>(note, state === 1 ? 1 : slope, 16);
      store<f64>(note, error, 24);
      store<f64>(note, size, 32);
      linesAbsorbed++;
      linesScratch += ROW_HEAD;
    }
  }
  return unstable;
}

/**
 * The frame of a polygon on which only the `n` lines of `list` are still unstable in the lowest layer of `old`.
 * In the new frame the lowest layer has at least one line that truly crosses the polygon, or is `Net.layers`.
 */
export function fold(old: usize, polygon: usize, list: usize, n: i32, depth: i32): usize {
  if (Net.sparse) return sparseFold(old, polygon, list, n, depth);
  Run.folds++;
  const layers = Net.layers;
  const total = layers + Net.outputs;
  const lowest = lowestLayer(old);
  let oldRows = firstLength(old);
  for (let l = lowest + 1; l < total; l++) oldRows += load<i32>(layerOf(old, l));
  const gammaK = Net.certified ? gamma(<f64>(oldRows / 2 + 24)) : 0;
  const inflate = 1 + 2 * gamma(<f64>(oldRows + 16));

  const frame = allocate(frameBytes());
  let ids = allocate(<usize>oldRows << 2);
  boundingBox(polygon);
  const corners = load<f64>(polygon, 8); // their largest radius

  let kept = 0; // columns that stay
  let absorbed = 0; // columns that are absorbed
  let charged = 0; // of them, those whose errors count the steps known so far
  let steps = 0;
  let scratch = Scratch.rows;
  let newLowest = -1;
  let newList: usize = 0;
  let newLength = 0;

  // The lowest layer: its lines are what they were.
  let offset: u32 = <u32>ROW_HEAD;
  {
    const lines = firstList(old);
    const count = firstLength(old);
    let i = 0;
    for (let k = 0; k < count; k++, offset += 8) {
      const line = <usize>load<u32>(lines + (<usize>k << 2));
      const neuron = load<i32>(line, LINE_ID);
      const slope = load<f64>(Net.slopes + (<usize>neuron << 3));
      if (i < n && <usize>load<u32>(list + (<usize>i << 2)) === line) {
        Row.a = load<f64>(line);
        Row.b = load<f64>(line, 8);
        Row.c = load<f64>(line, 16);
        Row.rho = load<f64>(line, LINE_ERROR);
        range(Row.a, Row.b, Row.c, Row.rho + (Math.abs(Row.a) + Math.abs(Row.b)) * corners, polygon);
        relax(kept, slope, gammaK);
        store<u32>(Scratch.kept + (<usize>kept << 2), offset);
        kept++;
        i++;
        continue;
      }
      const on = load<u8>(Net.states + neuron) !== 0;
      if (!on && slope === 0) continue;
      const a = load<f64>(line);
      const b = load<f64>(line, 8);
      const c = load<f64>(line, 16);
      const m = Math.abs(a) * Net.X + Math.abs(b) * Net.Y + Math.abs(c);
      store<f64>(scratch, a);
      store<f64>(scratch, b, 8);
      store<f64>(scratch, c, 16);
      const to = Scratch.absorbed + <usize>absorbed * ABSORBED_BYTES;
      store<u32>(to, offset);
      store<u32>(to, <u32>scratch, 4);
      store<u32>(to, 0, 8);
      store<f64>(to, on ? 1 : slope, 16);
      store<f64>(to, load<f64>(line, LINE_ERROR), 24);
      store<f64>(to, m, 32);
      absorbed++;
      scratch += ROW_HEAD;
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
    const oldStride = <usize>load<u32>(from, STRIDE);
    let row = <usize>load<u32>(from, ROWS);
    const oldIds = <usize>load<u32>(from, IDS);
    const exactLines = kept === 0 && !isOutput;
    const stride = exactLines ? LINE_BYTES : ROW_HEAD + (<usize>((kept + 1) & ~1) << 3);
    const rows = Stack.top;
    const newIds = ids;
    const keptBefore = kept;
    const absorbedBefore = absorbed;
    let unstable = 0;
    if (absorbed > charged) {
      charged = absorbed;
      steps = stepsOf(absorbed);
      chargeErrors(absorbed, steps);
    }
    const rounding = gamma(<f64>(steps + 12));
    if (exactLines) {
      linesKept = kept;
      linesAbsorbed = absorbed;
      linesScratch = scratch;
      unstable = foldLines(
        from, absorbed, rounding, inflate, gammaK, corners, polygon, newIds, offset, needOn,
      );
      kept = linesKept;
      absorbed = linesAbsorbed;
      scratch = linesScratch;
      offset += <u32>count << 3;
    } else for (let j = 0; j < count; j++, row += oldStride, offset += 8) {
      const to = Stack.top;
      if (to + stride > Stack.end) unreachable();
      v128.store(to, v128.load(row));
      v128.store(to, v128.load(row, 16), 16);
      const oldError = load<f64>(row, 24);
      store<f64>(to, 0, 24);
      let p = to + ROW_HEAD;
      for (let k = 0; k < keptBefore; k++, p += 8) {
        store<f64>(p, load<f64>(row + <usize>load<u32>(Scratch.kept + (<usize>k << 2))));
      }
      if (keptBefore & 1) store<f64>(p, 0);
      if (absorbedBefore > 0) absorb(to, row, absorbedBefore);
      bound(to, keptBefore, gammaK);
      let error = oldError;
      if (absorbedBefore > 0) {
        error = (oldError + load<f64>(to, 24)) * inflate + rounding * Row.size + ETA;
      }
      store<f64>(to, error, 24);
      const neuron = load<i32>(oldIds + (<usize>j << 2));
      if (isOutput) {
        store<i32>(newIds + (<usize>unstable << 2), neuron);
        unstable++;
        Stack.top = to + stride;
        continue;
      }
      const slope = load<f64>(Net.slopes + (<usize>neuron << 3));
      Row.rho += error;
      const state = slope === 1 ? 1 : rowState(gammaK, corners, polygon);
      if (state === 2) {
        store<i32>(newIds + (<usize>unstable << 2), neuron);
        if (needOn) {
          relax(kept, slope, gammaK);
          store<u32>(Scratch.kept + (<usize>kept << 2), offset);
        }
        kept++;
        unstable++;
        Stack.top = to + stride;
        continue;
      }
      store<u8>(Net.states + neuron, <u8>state);
      if (!needOn || (state === 0 && slope === 0)) continue;
      memory.copy(scratch, to, stride);
      const note = Scratch.absorbed + <usize>absorbed * ABSORBED_BYTES;
      store<u32>(note, offset);
      store<u32>(note, <u32>scratch, 4);
      store<u32>(note, <u32>(stride - ROW_HEAD), 8);
      store<f64>(note, state === 1 ? 1 : slope, 16);
      store<f64>(note, error, 24);
      store<f64>(note, Row.size, 32);
      absorbed++;
      scratch += stride;
    }
    setLayer(frame, l, unstable, rows, stride, newIds);
    ids += <usize>unstable << 2;
    if (newLowest < 0 && unstable > 0 && !isOutput) {
      newLowest = l;
      newLength = unstable;
      newList = allocate(<usize>unstable << 2);
      for (let k = 0; k < unstable; k++)
        store<u32>(newList + (<usize>k << 2), <u32>(rows + <usize>k * stride));
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
