import { quotient, toInteger, commonScale } from "../arithmetic/integers";
import { underflow, unit } from "../arithmetic/rounding";
import { startsOf } from "../plan/places";
import { isLinear, type PlanLayer } from "../plan/plan";
import { type Corner, type Domain, type Face } from "./domain";
import { Echelon, valueOf, type IntegerRow } from "./elimination";
import { ExactRows } from "./exact";

/** The whole input space as cones, and the network on it. */
export interface Whole {
  /** The layers with as many inputs as the first ReLU layer has rank; the others change nothing. */
  readonly hidden: readonly PlanLayer[];
  readonly cones: readonly Domain[];
}

/** Neurons of the first layer with a ReLU, as exact rows. */
function firstRows(hidden: readonly PlanLayer[]): {
  ids: number[];
  rows: IntegerRow[];
  scale: number;
  relu: boolean[];
} {
  const layer = hidden.findIndex(({ slope }) => slope !== 1);
  const starts = startsOf(hidden);
  // Below are linear layers only: no state matters.
  const exact = new ExactRows(hidden, () => new Uint8Array(starts[hidden.length]));
  const ids = Array.from({ length: hidden[layer].outputs }, (_, i) => starts[layer] + i);
  return {
    ids,
    rows: ids.map((id) => exact.of(id)),
    scale: exact.scales[layer],
    relu: ids.map((_, i) => !isLinear(hidden[layer], i)),
  };
}

/** A layer that reads only some of its inputs. */
function withInputs(layer: PlanLayer, inputs: readonly number[]): PlanLayer {
  const { weights, outputs, biases, slope, identities } = layer;
  const own = new Float64Array(outputs * inputs.length);
  for (let i = 0; i < outputs; i++) {
    inputs.forEach((input, k) => (own[i * inputs.length + k] = weights[i * layer.inputs + input]));
  }
  return {
    inputs: inputs.length,
    outputs,
    weights: own,
    biases,
    slope,
    ...(identities ? { identities } : {}),
  };
}

/** Rows in the order in which each is farthest from the span of those before it, in doubles: a good basis comes first. */
function farthestFirst(gradients: readonly (readonly number[])[]): number[] {
  const left = gradients.map((row, index) => ({ index, row: unitVector(row) }));
  const order: number[] = [];
  const size = (row: readonly number[]): number => row.reduce((sum, x) => sum + x * x, 0);
  while (left.length > 0) {
    let best = 0;
    left.forEach(({ row }, i) => {
      if (size(row) > size(left[best].row)) best = i;
    });
    const [{ index, row }] = left.splice(best, 1);
    order.push(index);
    const square = size(row);
    if (!(square > 1e-20)) continue;
    for (const other of left) {
      const along = other.row.reduce((sum, x, k) => sum + x * row[k], 0) / square;
      other.row = other.row.map((x, k) => x - along * row[k]);
    }
  }
  return order;
}

function unitVector(row: readonly number[]): number[] {
  const largest = Math.max(...row.map(Math.abs));
  if (largest === 0) return row.slice();
  const length = Math.hypot(...row.map((x) => x / largest));
  return row.map((x) => x / largest / length);
}

/**
 * The whole input space of a network: d independent neurons of its first ReLU layer divide it into 2^d cones, simplices
 * in homogeneous coordinates. Every cut is the boundary of a neuron, so that the counts of the cones add up. A first
 * layer of rank r < d is constant along d - r directions, and is read in r coordinates.
 *
 * @param check refuses more dimensions than can be walked
 * @throws RangeError when neurons without a ReLU beside the first ReLUs make the rank greater than theirs
 */
export function wholeSpace(given: readonly PlanLayer[], check: (dimensions: number) => void): Whole {
  const all = firstRows(given);
  const inputs = given[0].inputs;
  const columns = new Echelon();
  for (const row of all.rows) columns.take(row, inputs);
  const kept = [...columns.columns].sort((p, q) => p - q);
  const hidden = [withInputs(given[0], kept), ...given.slice(1)];
  const d = kept.length;
  check(d);
  if (d === 0) return { hidden, cones: [] };
  const { ids, rows, scale, relu } = firstRows(hidden);
  const doubles = rows.map((row) => row.map((value) => quotient(value, 1n << BigInt(scale))));
  const basis: number[] = [];
  const echelon = new Echelon();
  for (const i of farthestFirst(doubles.map((row) => row.slice(0, d)))) {
    if (relu[i] && echelon.take(rows[i], d)) basis.push(i);
  }
  if (basis.length < d) {
    throw new RangeError(
      `the first ReLUs of the network depend on ${basis.length} directions, the neurons beside them on ${d}: count in a box`,
    );
  }
  const own = basis.map((i) => rows[i]);
  const infinity = new Array<bigint>(d + 1).fill(0n);
  infinity[d] = 1n;
  const planes = [...own, infinity];
  const meeting = (without: number): bigint[] => {
    const others = new Echelon();
    planes.forEach((plane, k) => void (k !== without && others.take(plane)));
    const point = others.point();
    return valueOf(planes[without], point) < 0n ? point.map((value) => -value) : point;
  };
  // Corner k lies on all planes but the k-th, on its positive side.
  const points = planes.map((_, k) => meeting(k));
  const faces = basis.map((i) => ({ id: ids[i], row: doubles[i], exact: rows[i] }));
  const cones = Array.from({ length: 2 ** d }, (_, signs) => coneOf(signs, points, faces, infinity, scale));
  return { hidden, cones };
}

/** The cone on which neuron k of the basis has sign (signs >> k) & 1 ? -1 : 1; exact rows are 2^scale times the true ones. */
function coneOf(
  signs: number,
  points: readonly IntegerRow[],
  basis: readonly Omit<Face, "error">[],
  infinity: IntegerRow,
  scale: number,
): Domain {
  const d = basis.length;
  const rays = points.map((point, k) => ((signs >> k) & 1 && k < d ? point.map((value) => -value) : point));
  // About 1 on each ray of length 1, and on the apex at distance 1 or less: a sum of the planes' rows with these shares.
  const apex = rays[d].map((value) => quotient(value, rays[d][d]));
  const shares = basis.map(({ exact }, k) => {
    const largest = rays[k].reduce((most, value) => (abs(value) > most ? abs(value) : most), 0n);
    return 1 / quotient(valueOf(exact, rays[k]), largest << BigInt(scale));
  });
  shares.push(Math.max(...apex.map(Math.abs)));
  const bits = commonScale(shares);
  const exactHeight = new Array<bigint>(d + 1).fill(0n);
  shares.forEach((share, k) => {
    const times = toInteger(share, bits);
    const exact = k < d ? basis[k].exact : infinity.map((value) => value << BigInt(scale));
    exact.forEach((value, j) => (exactHeight[j] += times * value));
  });
  const one = 1n << BigInt(bits + scale);
  const height = exactHeight.map((value) => quotient(value, one));
  const corners = rays.map((ray, k): Corner => {
    const size = valueOf(exactHeight, ray);
    const point = ray.map((value) => quotient(value * one, size));
    const radius = 2 * unit * Math.max(...point.map(Math.abs)) + underflow;
    return { point, radius, faces: Array.from({ length: d + 1 }, (_, j) => j).filter((j) => j !== k) };
  });
  const sizes = height.map((_, k) => Math.max(...corners.map(({ point }) => Math.abs(point[k]))));
  const last = new Array<number>(d + 1).fill(0);
  last[d] = 1;
  const rounding = (row: readonly number[]): number =>
    2 * unit * row.reduce((sum, value, k) => sum + Math.abs(value) * sizes[k], 0) + underflow;
  const faces = basis.map((face): Face => ({ ...face, error: rounding(face.row) }));
  return {
    corners,
    faces: [...faces, { id: -1 - d, row: last, error: 0, exact: infinity }],
    height,
    heightError: rounding(height),
    exactHeight,
  };
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);
