// Folding: what has been decided on a cell leaves the network. The rows of neurons that are on are added into the rows of
// the layers above, columns of neurons that are off are dropped; every folded row is bounded over the cell, and whatever
// turns out to be stable is folded away as well. As in three dimensions (../space/fold.ts), with N coordinates.
import { alloc } from "./arena";
import {
  COLUMNS, FLOOR, LAYER, N, PADDED, ROW, Row, U, VERTEX, Vertex, coordinate, dot, gamma, layerOf, lowestOf, neuronOf, rowOf,
  vertexAt,
} from "./layout";
import { active, certified, height, heightError, layers, linear, sizes } from "./state";

/** An unstable neuron's ReLU over the cell: N coefficients, plus or minus a radius; and a bound of its terms' sizes. */
const RADIUS: usize = <usize>PADDED << 3;
const MAGNITUDE: usize = RADIUS + 8;
const RELAXATION: usize = MAGNITUDE + 8;

const OFF: i32 = 0;
const ON: i32 = 1;
const UNSTABLE: i32 = 2;

/** The cell that is folded on: its vertices, the largest radius, its centre and half its sides. */
let list: usize = 0;
let count: i32 = 0;
let inner: f64 = 0;
const middles: usize = memory.data(<i32>((N + 1) << 3), 16);
const halves: usize = memory.data(<i32>((N + 1) << 3), 16);

let least: f64 = 0;
let greatest: f64 = 0;
/** A bound of the sizes of the terms of the row just folded. */
let magnitude: f64 = 0;

function bind(at: usize, n: i32): void {
  list = at;
  count = n;
  inner = 0;
  if (certified) for (let v = 0; v < n; v++) inner = max(inner, changetype<Vertex>(vertexAt(at, v)).radius);
  for (let k = 0; k < N; k++) {
    let low = coordinate(vertexAt(at, 0), k);
    let high = low;
    for (let v = 1; v < n; v++) {
      const x = coordinate(vertexAt(at, v), k);
      low = min(low, x);
      high = max(high, x);
    }
    const middle = 0.5 * (low + high);
    store<f64>(middles + (<usize>k << 3), middle);
    store<f64>(halves + (<usize>k << 3), max(high - middle, middle - low) * (1 + 4 * U));
  }
}

/** The least and the greatest of the values of N coefficients at the cell's vertices. */
function rangeOf(coefficients: usize): void {
  least = Infinity;
  greatest = -Infinity;
  for (let v = 0; v < count; v++) {
    const value = dot(coefficients, vertexAt(list, v) + VERTEX);
    least = min(least, value);
    greatest = max(greatest, value);
  }
}

// @ts-ignore: decorator
@inline
function magnitudeOf(coefficients: usize): f64 {
  let sum = f64x2.splat(0);
  for (let k: usize = 0; k < <usize>PADDED << 3; k += 16) {
    sum = f64x2.add(sum, f64x2.mul(f64x2.abs(v128.load(coefficients + k)), v128.load(sizes + k)));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

// @ts-ignore: decorator
@inline
function steepnessOf(coefficients: usize): f64 {
  let sum: f64 = 0;
  for (let k = 0; k < N; k++) sum += abs(load<f64>(coefficients + (<usize>k << 3)));
  return sum * (1 + <f64>(N + 1) * U);
}

/** The error of a row that has just absorbed `row.tolerance` others (see foldRow), once its magnitude is known. */
function settleError(row: usize): void {
  const r = changetype<Row>(row);
  const absorbed = <i32>r.tolerance;
  if (absorbed > 0) r.error = r.error * (1 + 1e-12) + gamma(absorbed + N + 4) * magnitude + FLOOR;
}

/** Fills in what follows from the numbers of a row without columns. */
export function finishRow(row: usize): void {
  const r = changetype<Row>(row);
  magnitude = magnitudeOf(row + ROW) * (1 + 1e-14);
  settleError(row);
  r.tolerance = (r.error + gamma(N + 4) * magnitude + FLOOR) * (1 + 1e-14);
  r.steepness = steepnessOf(row + ROW);
}

/** Relaxes relu(z) for z within the affine function plus or minus `slack` that lies in [lo, hi]; lo < 0 < hi. */
function relax(to: usize, coefficients: usize, slack: f64, lo: f64, hi: f64): void {
  const s = hi / (hi - lo);
  const e = 0.5 * max(-s * lo, (1 - s) * hi) * (1 + 8 * U);
  // The constant e is e times the height, which is 1 on the domain (nearly).
  for (let at: usize = 0; at < <usize>PADDED << 3; at += 8) {
    store<f64>(to + at, s * load<f64>(coefficients + at) + e * load<f64>(height + at));
  }
  const size = (magnitudeOf(to) + s * magnitudeOf(coefficients) + e * magnitudeOf(height)) * (1 + 1e-14);
  const radius = (e + e * heightError + s * slack) * (1 + 1e-12) + <f64>(N + 8) * U * size + FLOOR;
  store<f64>(to + RADIUS, radius);
  store<f64>(to + MAGNITUDE, (size + radius) * (1 + 1e-12));
}

/**
 * Whether a row without columns is surely on or off. One of the last layer is not asked at the vertices: its signs there
 * are found when it enters the table.
 */
function decide(row: usize, last: bool): i32 {
  const r = changetype<Row>(row);
  const tolerance = certified ? (r.tolerance + r.steepness * inner) * (1 + 1e-14) : 0;
  const middle = dot(row + ROW, middles);
  const reach = reachOf(row + ROW) + tolerance * (1 + 1e-14);
  if (middle > reach) return ON;
  if (middle < -reach) return OFF;
  if (last) return UNSTABLE;
  rangeOf(row + ROW);
  return least > tolerance ? ON : greatest < -tolerance ? OFF : UNSTABLE;
}

/** How far N coefficients can be, within the cell's bounding box, from their value in the middle; rounded up. */
// @ts-ignore: decorator
@inline
function reachOf(coefficients: usize): f64 {
  let sum = f64x2.splat(0);
  for (let k: usize = 0; k < <usize>PADDED << 3; k += 16) {
    sum = f64x2.add(sum, f64x2.mul(f64x2.abs(v128.load(coefficients + k)), v128.load(halves + k)));
  }
  return (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)) * (1 + <f64>(N + 8) * U);
}

function relaxRow(to: usize, row: usize): void {
  rangeOf(row + ROW);
  const r = changetype<Row>(row);
  const margin = (r.tolerance + r.steepness * inner) * (1 + 1e-14);
  relax(to, row + ROW, r.tolerance, min(least - margin, 0), max(greatest + margin, FLOOR));
}

/**
 * The network of `frame` folded on the cell of n vertices at `cell`. In the lowest layer the states of all neurons stand
 * in `active`. The lowest rows of the result may take both signs on the cell: those in doubt stay.
 */
export function fold(cell: usize, n: i32, frame: usize): usize {
  const lowest = lowestOf(frame);
  const result = alloc(16 + <usize>layers * LAYER);
  bind(cell, n);
  let columns = 0;
  for (let l = max(lowest, 0); l < layers; l++) columns += layerOf(frame, l).count;
  // Columns of the old frame that stay, as byte offsets; and those that are on, with their new rows.
  const stay = alloc(<usize>columns << 2);
  const stateOn = alloc(<usize>columns << 2);
  const rowOn = alloc(<usize>columns << 2);
  const lengthOn = alloc(<usize>columns << 2);
  const errorOn = alloc(<usize>columns << 3);
  const relaxations = alloc(<usize>columns * RELAXATION);
  let staying = 0;
  let on = 0;
  const carried = 2 * gamma(columns + N + 12);
  let column = 0;
  let bottom = -1;
  for (let l = 0; l <= lowest; l++) layerOf(result, l).count = 0;
  if (lowest >= 0) {
    const layer = layerOf(frame, lowest);
    for (let i = 0; i < layer.count; i++, column++) {
      if (!load<u8>(active + neuronOf(layer, i))) continue;
      const row = rowOf(layer, i);
      store<i32>(stateOn + (<usize>on << 2), column << 3);
      store<usize>(rowOn + (<usize>on << 2), row);
      store<i32>(lengthOn + (<usize>on << 2), 0);
      store<f64>(
        errorOn + (<usize>on << 3), changetype<Row>(row).error + carried * magnitudeOf(row + ROW) * (1 + 1e-14),
      );
      on++;
    }
  }
  for (let l = lowest + 1; l < layers; l++) {
    const layer = layerOf(frame, l);
    const kept = layerOf(result, l);
    const many = layer.count;
    const length = staying;
    const onBelow = on;
    const stride = <i32>COLUMNS + (length << 3);
    const last = l == layers - 1;
    kept.stride = stride;
    kept.neurons = alloc(<usize>many << 2);
    kept.rows = alloc(<usize>many * <usize>stride);
    // A row that is on moves here: the layers above absorb it.
    const aside: usize = last ? 0 : alloc(<usize>many * <usize>stride);
    let moved = 0;
    let next = 0;
    for (let i = 0; i < many; i++, column++) {
      const neuron = neuronOf(layer, i);
      const row = kept.rows + <usize>next * <usize>stride;
      foldRow(row, rowOf(layer, i), length, stay, onBelow, stateOn, rowOn, lengthOn, errorOn);
      const relaxation = relaxations + <usize>staying * RELAXATION;
      let state: i32;
      if (length == 0) {
        finishRow(row);
        state = linear(neuron) ? ON : decide(row, last);
        if (state == UNSTABLE && !last) relaxRow(relaxation, row);
      } else {
        state = bound(row, length, relaxations, last ? 0 : relaxation);
        if (linear(neuron)) state = ON;
      }
      if (state == UNSTABLE) {
        store<i32>(kept.neurons + (<usize>next << 2), neuron);
        next++;
        if (!last) {
          store<i32>(stay + (<usize>staying << 2), column << 3);
          staying++;
        }
      } else {
        store<u8>(active + neuron, state == ON ? 1 : 0);
        if (state == ON && !last) {
          const copy = aside + <usize>moved * <usize>stride;
          moved++;
          memory.copy(copy, row, <usize>stride);
          store<i32>(stateOn + (<usize>on << 2), column << 3);
          store<usize>(rowOn + (<usize>on << 2), copy);
          store<i32>(lengthOn + (<usize>on << 2), length);
          store<f64>(errorOn + (<usize>on << 3), changetype<Row>(row).error + carried * magnitude);
          on++;
        }
      }
    }
    kept.count = next;
    if (next > 0 && bottom < 0) bottom = l;
  }
  store<i32>(result, bottom < 0 ? layers : bottom);
  return result;
}

/** row = source, its columns that are on replaced by their rows, those that are off dropped. */
function foldRow(
  row: usize, source: usize, length: i32, stay: usize, on: i32, stateOn: usize, rowOn: usize, lengthOn: usize,
  errorOn: usize,
): void {
  const from = source + COLUMNS;
  const to = row + COLUMNS;
  for (let k = 0; k < length; k++) {
    store<f64>(to + (<usize>k << 3), load<f64>(from + <usize>load<i32>(stay + (<usize>k << 2))));
  }
  memory.copy(row + ROW, source + ROW, <usize>PADDED << 3);
  let error = changetype<Row>(source).error;
  let absorbed = 0;
  for (let k = 0; k < on; k++) {
    const w = load<f64>(from + <usize>load<i32>(stateOn + (<usize>k << 2)));
    if (w == 0) continue;
    const add = load<usize>(rowOn + (<usize>k << 2));
    // The coefficients and the columns of a row lie one after the other.
    const size = <usize>(PADDED + load<i32>(lengthOn + (<usize>k << 2))) << 3;
    const here = row + ROW;
    const there = add + ROW;
    let i: usize = 0;
    const ww = f64x2.splat(w);
    for (; i + 16 <= size; i += 16) {
      v128.store(here + i, f64x2.add(v128.load(here + i), f64x2.mul(ww, v128.load(there + i))));
    }
    if (i < size) store<f64>(here + i, load<f64>(here + i) + w * load<f64>(there + i));
    error += abs(w) * load<f64>(errorOn + (<usize>k << 3));
    absorbed++;
  }
  changetype<Row>(row).error = error;
  changetype<Row>(row).tolerance = <f64>absorbed;
}

const affine: usize = memory.data(<i32>((N + 1) << 3), 16);

/** Whether a row with columns is surely on or surely off; if neither, relaxes its ReLU into `next` (unless 0). */
function bound(row: usize, length: i32, relaxations: usize, next: usize): i32 {
  memory.copy(affine, row + ROW, <usize>PADDED << 3);
  let spread: f64 = 0;
  let size: f64 = 0;
  for (let q = 0; q < length; q++) {
    const w = load<f64>(row + COLUMNS + (<usize>q << 3));
    const relaxation = relaxations + <usize>q * RELAXATION;
    const ww = f64x2.splat(w);
    for (let k: usize = 0; k < <usize>PADDED << 3; k += 16) {
      v128.store(affine + k, f64x2.add(v128.load(affine + k), f64x2.mul(ww, v128.load(relaxation + k))));
    }
    spread += abs(w) * load<f64>(relaxation + RADIUS);
    size += abs(w) * load<f64>(relaxation + MAGNITUDE);
  }
  magnitude = (magnitudeOf(row + ROW) + size) * (1 + 1e-12);
  settleError(row);
  const slack = (spread + changetype<Row>(row).error) * (1 + 1e-12) + gamma(length + N + 12) * magnitude + FLOOR;
  const around = slack + steepnessOf(affine) * inner * (1 + 1e-14);
  const middle = dot(affine, middles);
  const reach = reachOf(affine) + around * (1 + 1e-14);
  if (middle > reach) return ON;
  if (middle < -reach) return OFF;
  rangeOf(affine);
  const lo = least - around;
  const hi = greatest + around;
  if (hi <= 0) return OFF;
  if (lo >= 0) return ON;
  if (next) relax(next, affine, slack, lo, hi);
  return UNSTABLE;
}
