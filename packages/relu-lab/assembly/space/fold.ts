// Folding: what has been decided on a cell leaves the network. The rows of neurons that are on are added into the rows
// of the layers above, columns of neurons that are off are dropped; every folded row is bounded over the cell, and
// whatever turns out to be stable is folded away as well.
import { alloc } from "./arena";
import { greatest, least, rangeOf } from "./classify";
import { FLOOR, Frame, Layer, Polyhedron, Row, U, gamma, layerOf, neuronOf, pitch, rowOf, xs } from "./layout";
import { signAt } from "./sign";
import { active, certified, layers, linear, maxX, maxY, maxZ } from "./state";

/**
 * An unstable neuron's ReLU over the cell: a x + b y + c z + d plus or minus `radius`. `magnitude` bounds its terms:
 * |a| X + |b| Y + |c| Z + |d| + radius.
 */
@unmanaged
class Relaxation {
  a: f64;
  b: f64;
  c: f64;
  d: f64;
  radius: f64;
  magnitude: f64;
}

const OFF: i32 = 0;
const ON: i32 = 1;
const UNSTABLE: i32 = 2;

// The cell's bounding box, as centre and half its sides.
let midX: f64 = 0;
let midY: f64 = 0;
let midZ: f64 = 0;
let halfX: f64 = 0;
let halfY: f64 = 0;
let halfZ: f64 = 0;

/** M(row) of the row just folded: |a| X + |b| Y + |c| Z + |d| + sum |coefficient_q| magnitude_q. */
let magnitude: f64 = 0;

let epochs: u32 = 0;

export function resetEpochs(): void {
  epochs = 0;
}

// @ts-ignore: decorator
@inline
function magnitudeOf(a: f64, b: f64, c: f64, d: f64): f64 {
  return abs(a) * maxX + abs(b) * maxY + abs(c) * maxZ + abs(d);
}

/** The least and the greatest of n doubles at `at` (padded to even), as centre in lane 0 and half the width in lane 1. */
function spanOf(at: usize, bytes: usize): v128 {
  let low = v128.load(at);
  let high = low;
  for (let i: usize = 16; i < bytes; i += 16) {
    const v = v128.load(at + i);
    low = f64x2.pmin(low, v);
    high = f64x2.pmax(high, v);
  }
  const l = min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1));
  const h = max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1));
  const middle = 0.5 * (l + h);
  return f64x2.replace_lane(f64x2.splat(middle), 1, max(h - middle, middle - l) * (1 + 4 * U));
}

function bindBox(p: Polyhedron): void {
  const step = pitch(p);
  const x = spanOf(xs(p), step);
  const y = spanOf(xs(p) + step, step);
  const z = spanOf(xs(p) + 2 * step, step);
  midX = f64x2.extract_lane(x, 0);
  midY = f64x2.extract_lane(y, 0);
  midZ = f64x2.extract_lane(z, 0);
  halfX = f64x2.extract_lane(x, 1);
  halfY = f64x2.extract_lane(y, 1);
  halfZ = f64x2.extract_lane(z, 1);
}

/** The error of a row that has just absorbed `row.tolerance` others (see foldRow), once M(row) is known. */
// @ts-ignore: decorator
@inline
function settleError(row: Row): void {
  const absorbed = <i32>row.tolerance;
  if (absorbed > 0) row.error = row.error * (1 + 1e-12) + gamma(absorbed + 8) * magnitude + FLOOR;
}

/** Fills in what follows from the numbers of a row without columns. */
export function finishRow(row: Row): void {
  magnitude = magnitudeOf(row.a, row.b, row.c, row.d);
  settleError(row);
  row.tolerance = row.error + gamma(8) * magnitude + FLOOR;
  row.steepness = (abs(row.a) + abs(row.b) + abs(row.c)) * (1 + 4 * U);
  const square = row.a * row.a + row.b * row.b + row.c * row.c;
  row.inverseSquare = square > 0 ? 1 / square : 0;
}

/**
 * Relaxes relu(z) for z within `row` plus or minus `slack`, where row is affine (a, b, c, d) and z lies in [lo, hi]:
 * with any s in [0, 1], s z <= relu(z) <= s z + max(-s lo, (1 - s) hi).
 */
function relax(to: Relaxation, a: f64, b: f64, c: f64, d: f64, slack: f64, lo: f64, hi: f64): void {
  const s = hi / (hi - lo);
  const e = 0.5 * max(-s * lo, (1 - s) * hi) * (1 + 8 * U);
  to.a = s * a;
  to.b = s * b;
  to.c = s * c;
  to.d = s * d + e;
  const magnitude = magnitudeOf(to.a, to.b, to.c, to.d) + e;
  const radius = (e + s * slack) * (1 + 1e-12) + 8 * U * magnitude + FLOOR;
  to.radius = radius;
  to.magnitude = (magnitude + radius) * (1 + 1e-12);
}

/** Exactly: whether a row without columns is on, off or takes both signs on p. */
function decide(row: Row, neuron: i32, p: Polyhedron, epoch: u32): i32 {
  const tolerance = certified ? row.tolerance + row.steepness * p.radius : 0;
  rangeOf(row, xs(p), pitch(p), pitch(p));
  if (least > tolerance) return ON;
  if (greatest < -tolerance) return OFF;
  if (least < -tolerance && greatest > tolerance) return UNSTABLE;
  let signs = 0;
  for (let v = 0; v < p.vertices && signs != 3; v++) {
    const sign = signAt(row, neuron, p, v, epoch);
    signs |= sign > 0 ? 2 : sign < 0 ? 1 : 0;
  }
  return signs == 3 ? UNSTABLE : signs == 2 ? ON : OFF;
}

/**
 * The network of `frame` folded on cell p, where `list` holds the m rows of the lowest layer that still take both signs
 * (the others' states stand in `active`). Rows of the lowest layer of the result take both signs on p, exactly.
 */
export function fold(p: Polyhedron, frame: Frame, list: usize, m: i32): Frame {
  const lowest = frame.lowest;
  const result = changetype<Frame>(alloc(16 + <usize>layers * offsetof<Layer>()));
  bindBox(p);
  let columns = 0;
  for (let l = max(lowest, 0); l < layers; l++) columns += layerOf(frame, l).count;
  // Columns of the old frame that stay, as byte offsets; and those that are on, with their new rows.
  const stay = alloc(<usize>columns << 2);
  const stateOn = alloc(<usize>columns << 2);
  const rowOn = alloc(<usize>columns * sizeof<usize>());
  const lengthOn = alloc(<usize>columns << 2);
  const errorOn = alloc(<usize>columns << 3);
  const relaxations = alloc(<usize>columns * offsetof<Relaxation>());
  let staying = 0;
  let on = 0;
  const carried = 2 * gamma(columns + 16);
  const inner = certified ? p.radius : 0;
  let column = 0;

  for (let l = 0; l < lowest; l++) layerOf(result, l).count = 0;
  if (lowest >= 0) {
    const layer = layerOf(frame, lowest);
    const kept = layerOf(result, lowest);
    kept.count = m;
    kept.stride = <i32>offsetof<Row>();
    kept.neurons = alloc(<usize>m << 2);
    kept.rows = alloc(<usize>m * offsetof<Row>());
    let next = 0;
    for (let i = 0; i < layer.count; i++, column++) {
      const row = rowOf(layer, i);
      const neuron = neuronOf(layer, i);
      if (next < m && <i32>load<u16>(list + (<usize>next << 1)) == i) {
        memory.copy(changetype<usize>(rowOf(kept, next)), changetype<usize>(row), offsetof<Row>());
        store<i32>(kept.neurons + (<usize>next << 2), neuron);
        rangeOf(row, xs(p), pitch(p), pitch(p));
        const slack = row.tolerance;
        const margin = row.tolerance + row.steepness * inner;
        relax(
          changetype<Relaxation>(relaxations + <usize>staying * offsetof<Relaxation>()),
          row.a, row.b, row.c, row.d, slack, min(least - margin, 0), max(greatest + margin, FLOOR),
        );
        store<i32>(stay + (<usize>staying << 2), column << 3);
        staying++;
        next++;
      } else if (load<u8>(active + neuron)) {
        store<i32>(stateOn + (<usize>on << 2), column << 3);
        store<usize>(rowOn + <usize>on * sizeof<usize>(), changetype<usize>(row));
        store<i32>(lengthOn + (<usize>on << 2), 0);
        store<f64>(errorOn + (<usize>on << 3), row.error + carried * magnitudeOf(row.a, row.b, row.c, row.d));
        on++;
      }
    }
  }
  let bottom = lowest >= 0 && m > 0 ? lowest : -1;
  let epoch = frame.epoch;
  if (bottom < 0) epoch = ++epochs;

  for (let l = max(lowest + 1, 0); l < layers; l++) {
    const layer = layerOf(frame, l);
    const kept = layerOf(result, l);
    const n = layer.count;
    const length = (staying + 1) & ~1;
    const stride = <i32>offsetof<Row>() + (length << 3);
    const below = staying;
    const onBelow = on;
    kept.stride = stride;
    kept.neurons = alloc(<usize>n << 2);
    kept.rows = alloc(<usize>n * <usize>stride);
    // A row that is on moves here: the layers above absorb it.
    const last = l == layers - 1;
    const aside: usize = last ? 0 : alloc(<usize>n * <usize>stride);
    let count = 0;
    let moved = 0;
    for (let i = 0; i < n; i++, column++) {
      const source = rowOf(layer, i);
      const neuron = neuronOf(layer, i);
      const row = rowOf(kept, count);
      foldRow(row, source, below, stay, onBelow, stateOn, rowOn, lengthOn, errorOn);
      let state: i32;
      let slack: f64 = 0;
      if (below == 0) {
        finishRow(row);
        state = linear(neuron) ? ON : decide(row, neuron, p, epoch);
        if (state == UNSTABLE && !last) {
          slack = row.tolerance;
          const margin = row.tolerance + row.steepness * inner;
          relax(
            changetype<Relaxation>(relaxations + <usize>staying * offsetof<Relaxation>()),
            row.a, row.b, row.c, row.d, slack, min(least - margin, 0), max(greatest + margin, FLOOR),
          );
        }
      } else {
        const next = relaxations + <usize>staying * offsetof<Relaxation>();
        state = bound(row, p, below, relaxations, last ? 0 : next);
        if (linear(neuron)) state = ON;
      }
      if (state == UNSTABLE) {
        store<i32>(kept.neurons + (<usize>count << 2), neuron);
        count++;
        if (!last) {
          store<i32>(stay + (<usize>staying << 2), column << 3);
          staying++;
        }
      } else {
        store<u8>(active + neuron, state == ON);
        if (state == ON && !last) {
          const copy = aside + <usize>moved * <usize>stride;
          moved++;
          memory.copy(copy, changetype<usize>(row), <usize>stride);
          store<i32>(stateOn + (<usize>on << 2), column << 3);
          store<usize>(rowOn + <usize>on * sizeof<usize>(), copy);
          store<i32>(lengthOn + (<usize>on << 2), length << 3);
          store<f64>(errorOn + (<usize>on << 3), row.error + carried * magnitude);
          on++;
        }
      }
    }
    kept.count = count;
    if (count > 0 && bottom < 0) bottom = l;
  }
  result.lowest = bottom < 0 ? layers : bottom;
  result.epoch = epoch;
  return result;
}

/** row = source, its columns that are on replaced by their rows, those that are off dropped. */
function foldRow(
  row: Row, source: Row, below: i32, stay: usize, on: i32, stateOn: usize, rowOn: usize, lengthOn: usize, errorOn: usize,
): void {
  const from = changetype<usize>(source) + offsetof<Row>();
  const to = changetype<usize>(row) + offsetof<Row>();
  for (let k = 0; k < below; k++) {
    store<f64>(to + (<usize>k << 3), load<f64>(from + <usize>load<i32>(stay + (<usize>k << 2))));
  }
  if (below & 1) store<f64>(to + (<usize>below << 3), 0);
  let ab = v128.load(changetype<usize>(source));
  let cd = v128.load(changetype<usize>(source) + 16);
  let error = source.error;
  let absorbed = 0;
  for (let k = 0; k < on; k++) {
    const w = load<f64>(from + <usize>load<i32>(stateOn + (<usize>k << 2)));
    if (w == 0) continue;
    const add = load<usize>(rowOn + <usize>k * sizeof<usize>());
    const ww = f64x2.splat(w);
    ab = f64x2.add(ab, f64x2.mul(ww, v128.load(add)));
    cd = f64x2.add(cd, f64x2.mul(ww, v128.load(add + 16)));
    error += abs(w) * load<f64>(errorOn + (<usize>k << 3));
    absorbed++;
    const length = <usize>load<i32>(lengthOn + (<usize>k << 2));
    const columns = add + offsetof<Row>();
    for (let i: usize = 0; i < length; i += 16) {
      v128.store(to + i, f64x2.add(v128.load(to + i), f64x2.mul(ww, v128.load(columns + i))));
    }
  }
  v128.store(changetype<usize>(row), ab);
  v128.store(changetype<usize>(row) + 16, cd);
  row.error = error;
  row.tolerance = <f64>absorbed;
}

/** Whether a row with columns is surely on or surely off on p; if neither, relaxes its ReLU into `next` (unless 0). */
function bound(row: Row, p: Polyhedron, below: i32, relaxations: usize, next: usize): i32 {
  let ab = v128.load(changetype<usize>(row));
  let cd = v128.load(changetype<usize>(row) + 16);
  let spread = f64x2.splat(0); // radius, magnitude
  const columns = changetype<usize>(row) + offsetof<Row>();
  const end = columns + (<usize>below << 3);
  let relaxation = relaxations;
  for (let at = columns; at < end; at += 8, relaxation += offsetof<Relaxation>()) {
    const w = v128.load_splat<f64>(at);
    ab = f64x2.add(ab, f64x2.mul(w, v128.load(relaxation)));
    cd = f64x2.add(cd, f64x2.mul(w, v128.load(relaxation + 16)));
    spread = f64x2.add(spread, f64x2.mul(f64x2.abs(w), v128.load(relaxation + 32)));
  }
  magnitude = (magnitudeOf(row.a, row.b, row.c, row.d) + f64x2.extract_lane(spread, 1)) * (1 + 1e-12);
  settleError(row);
  const a = f64x2.extract_lane(ab, 0);
  const b = f64x2.extract_lane(ab, 1);
  const c = f64x2.extract_lane(cd, 0);
  const d = f64x2.extract_lane(cd, 1);
  const slack =
    (f64x2.extract_lane(spread, 0) + row.error) * (1 + 1e-12) + gamma(below + 16) * magnitude + FLOOR;
  const around = slack + (certified ? (abs(a) + abs(b) + abs(c)) * (1 + 4 * U) * p.radius : 0);
  const middle = a * midX + b * midY + c * midZ + d;
  const reach = (abs(a) * halfX + abs(b) * halfY + abs(c) * halfZ) * (1 + 8 * U) + around;
  if (middle > reach) return ON;
  if (middle < -reach) return OFF;
  affine.a = a;
  affine.b = b;
  affine.c = c;
  affine.d = d;
  rangeOf(affine, xs(p), pitch(p), pitch(p));
  const lo = least - around;
  const hi = greatest + around;
  if (hi <= 0) return OFF;
  if (lo >= 0) return ON;
  if (next) relax(changetype<Relaxation>(next), a, b, c, d, slack, lo, hi);
  return UNSTABLE;
}

const affine = changetype<Row>(memory.data(offsetof<Row>(), 16));
