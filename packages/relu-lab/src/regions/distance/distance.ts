import type { DenseLayer, ReluNetwork } from "../../network";
import { isSwitched } from "../../network/relu-network";
import { DOUBTFUL, ExactNeurons } from "../maps/exact-neuron";
import { gain } from "../maps/gain";
import { lengthOf } from "./length";
import { LinearRegionSearch, type Coordinates } from "./linear-region";
import { orthogonalCoordinates } from "./orthogonal-coordinates";
import { rescaled } from "./rescaled";

/** What {@link distance} is told. */
export interface DistanceOptions {
  /**
   * How many activation regions around a point are looked at (default 1,000) where the nearest boundary may be
   * invisible in the output. The number of regions within a ball grows exponentially with the dimension: beyond
   * the limit `linearDistances` is the bound that the regions so far prove. 0 looks at none.
   */
  readonly maximumRegions?: number;
}

/** Distances of points to the nearest boundary, in input units. */
export interface DistanceResult {
  /**
   * Euclidean distance from each point to the boundary of its activation region, in the whole input space; exact up
   * to rounding. Infinity where no neuron depends on the input.
   */
  readonly distances: Float64Array;
  /** The neuron that is zero there, counted through the ReLU layers from the first; -1 where there is none. */
  readonly neurons: Int32Array;
  /**
   * Euclidean distance from each point to the boundary of its linear region: the radius of the largest ball around it
   * on which the output is one affine map. Exact up to rounding where `linearExact` is 1, else a lower bound.
   */
  readonly linearDistances: Float64Array;
  /** 1 where `linearDistances` is the distance and not only a bound. */
  readonly linearExact: Uint8Array;
}

function flatten(network: ReluNetwork, points: Float64Array | readonly ArrayLike<number>[]): Float64Array {
  const n = network.inputs;
  if (points instanceof Float64Array) {
    if (points.length % n === 0) return points;
    throw new RangeError(`distance: ${points.length} numbers do not make points of ${n} coordinates`);
  }
  const flat = new Float64Array(points.length * n);
  for (const [i, point] of points.entries()) {
    if (point.length !== n) {
      throw new RangeError(`distance: point ${i} has ${point.length} coordinates, the network takes ${n}`);
    }
    flat.set(Float64Array.from(point), i * n);
  }
  return flat;
}

/**
 * The distance from each point to the boundary of its activation region: min over neurons |z(x)| / |grad z(x)|.
 *
 * The region is an intersection of half spaces, one for each neuron's affine extension, so the smallest of the
 * distances to them is the distance to the complement: exact, not only a local estimate. A neuron whose gradient
 * vanishes makes no boundary there and is passed over.
 *
 * The linear region is a union of such regions. Where the output changes at the nearest boundary, its distance is the
 * same; else the regions around the point are visited by distance until one has another map.
 *
 * @param given dense layers with ReLU or linear activations
 * @param points flat, `inputs` numbers a point, or an array of points; in input units
 * @param options how many regions may be looked at
 * @returns distances, the nearest neurons, and the distances to the boundary of the linear region
 * @throws RangeError when a point has the wrong length or a coordinate that is not finite, or the limit is no number
 * @see Hanin, Rolnick, Complexity of linear regions in deep networks, 2019
 * @example
 * distance(network, [[0.25, 0.25]]).distances[0];
 */
export function distance(
  given: ReluNetwork,
  points: Float64Array | readonly ArrayLike<number>[],
  options: DistanceOptions = {},
): DistanceResult {
  const flat = flatten(given, points);
  const bad = flat.findIndex((v) => !Number.isFinite(v));
  const n0 = given.inputs;
  if (bad >= 0) {
    throw new RangeError(
      `distance: point ${Math.floor(bad / n0)} has the coordinate ${flat[bad]}: coordinates must be finite`,
    );
  }
  const { maximumRegions = 1000 } = options;
  if (!(maximumRegions >= 0))
    throw new RangeError(`distance: maximumRegions is ${maximumRegions}: give 0 or more`);
  const network = rescaled(given);
  const count = flat.length / n0;
  const result = {
    distances: new Float64Array(count).fill(Infinity),
    neurons: new Int32Array(count).fill(-1),
    linearDistances: new Float64Array(count),
    linearExact: new Uint8Array(count),
  };
  const first = network.layers[0];
  // Lengths of gradients do not change when the first layer's rows are written in an orthonormal basis of their span.
  const basis =
    first.outputs < n0
      ? orthogonalCoordinates(first.weights, first.outputs, n0)
      : { coordinates: first.weights, dimension: n0 };
  let search: LinearRegionSearch | undefined;
  const exact = new LazyRows(network);
  for (let p = 0; p < count; p++) {
    const x = flat.subarray(p * n0, (p + 1) * n0);
    const visible = nearest(network, x, basis, exact, result, p);
    result.linearDistances[p] = result.distances[p];
    result.linearExact[p] = visible || result.distances[p] === Infinity ? 1 : 0;
    if (result.linearExact[p] || maximumRegions === 0) continue;
    search ??= new LinearRegionSearch(network, basis, maximumRegions);
    const { distance: far, exact: known } = search.from(x);
    // Nearer it cannot be: the two were rounded differently.
    result.linearDistances[p] = Math.max(far, result.distances[p]);
    result.linearExact[p] = known ? 1 : 0;
  }
  return result;
}

/** Made when it is first asked: the weights in integers cost more than many points in doubles. */
class LazyRows {
  private rows: ExactNeurons | undefined;

  constructor(private readonly network: ReluNetwork) {}

  get(): ExactNeurons {
    return (this.rows ??= new ExactNeurons(this.network));
  }
}

/** Neurons this near to zero at the nearest boundary, by the sizes that were summed up, may switch with it. */
const CLOSE = 1e-9;

/** Notes the nearest boundary; whether the output certainly changes there, and nothing but its neuron switches. */
function nearest(
  network: ReluNetwork,
  x: Float64Array,
  basis: Coordinates,
  exact: LazyRows,
  result: { distances: Float64Array; neurons: Int32Array },
  p: number,
): boolean {
  const d = basis.dimension;
  let values = x;
  let gradients: Float64Array | null = null;
  let on: number[] = [];
  const patterns: Uint8Array[] = [];
  const rows: { layer: DenseLayer; values: Float64Array; gradients: Float64Array; sizes: Float64Array }[] =
    [];
  let reach = new Float64Array(0); // sizes of what each gradient was summed up from
  let neuron = 0;
  let [bestLayer, bestRow] = [-1, -1];
  for (const [l, layer] of network.layers.entries()) {
    const { inputs, outputs, weights, biases } = layer;
    const z = new Float64Array(outputs);
    const g: Float64Array = gradients === null ? basis.coordinates.slice() : new Float64Array(outputs * d);
    const next: number[] = [];
    const active = new Uint8Array(outputs);
    const own = new Float64Array(outputs);
    const sizes = new Float64Array(outputs);
    const reached = new Float64Array(outputs);
    for (let j = 0; j < outputs; j++) {
      let sum = biases[j];
      let size = Math.abs(sum);
      for (let k = 0; k < inputs; k++) {
        const term = weights[j * inputs + k] * values[k];
        sum += term;
        size += Math.abs(term);
      }
      own[j] = sum;
      sizes[j] = size;
      if (gradients !== null) {
        for (const k of on) {
          const w = weights[j * inputs + k];
          if (w === 0) continue;
          for (let i = 0; i < d; i++) g[j * d + i] += w * gradients[k * d + i];
          reached[j] += Math.abs(w) * reach[k];
        }
      }
      const relu = isSwitched(layer, j);
      let length = lengthOf(g, j * d, d);
      if (gradients === null) reached[j] = length;
      if (relu) {
        let far = Math.abs(sum) / length;
        if (length <= DOUBTFUL * reached[j] && length > 0) {
          const known = exact.get().at(x, patterns, l, j);
          far = known.distance;
          if (known.constant) {
            length = 0;
            g.fill(0, j * d, (j + 1) * d);
          }
          if (known.sign === 0 || known.sign !== Math.sign(sum)) own[j] = sum = known.sign * Number.MIN_VALUE;
        }
        if (length > 0 && far < result.distances[p]) {
          result.distances[p] = far;
          result.neurons[p] = neuron + j;
          [bestLayer, bestRow] = [l, j];
        }
      }
      z[j] = relu && !(sum > 0) ? 0 : sum;
      if (!relu || sum > 0) {
        next.push(j);
        active[j] = 1;
      }
    }
    if (layer.activation === "relu") neuron += outputs;
    patterns.push(active);
    rows.push({ layer, values: own, gradients: g, sizes });
    [values, gradients, on, reach] = [z, g, next, reached];
  }
  const isOn = (l: number, j: number): boolean => patterns[l][j] === 1;
  if (bestLayer < 0 || gain(network.layers, isOn, bestLayer, bestRow) !== "yes") return false;
  const best = rows[bestLayer].gradients.subarray(bestRow * d, (bestRow + 1) * d);
  const square = best.reduce((sum, v) => sum + v * v, 0);
  const far = rows[bestLayer].values[bestRow] / square;
  return rows.every(
    ({ layer, values: own, gradients: g, sizes }, l) =>
      layer.activation === "linear" ||
      own.every((value, j) => {
        if (!isSwitched(layer, j)) return true;
        if (l === bestLayer && j === bestRow) return true;
        let there = value;
        let size = sizes[j];
        for (let i = 0; i < d; i++) {
          there -= g[j * d + i] * far * best[i];
          size += Math.abs(g[j * d + i] * far * best[i]);
        }
        return Math.abs(there) > CLOSE * size;
      }),
  );
}
