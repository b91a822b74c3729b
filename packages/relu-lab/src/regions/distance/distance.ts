import type { ReluNetwork } from "../../network";
import { orthogonalCoordinates } from "./orthogonal-coordinates";

/** Distances of points to the nearest boundary, in input units. */
export interface DistanceResult {
  /**
   * Euclidean distance from each point to the boundary of its activation region, in the whole input space; exact up
   * to rounding. Infinity where no neuron depends on the input. For the linear region it is a lower bound.
   */
  readonly distances: Float64Array;
  /** The neuron that is zero there, counted through the ReLU layers from the first; -1 where there is none. */
  readonly neurons: Int32Array;
  /** 1 where the output map provably changes at that boundary: then it is the linear region's distance exactly. */
  readonly linearExact: Uint8Array;
}

const unit = 2 ** -53;

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
 * @param network dense layers with ReLU or linear activations
 * @param points flat, `inputs` numbers a point, or an array of points
 * @returns distances, the nearest neurons, and whether they hold for the linear region too
 * @throws RangeError when a point has the wrong length or a coordinate that is not finite
 * @see Hanin, Rolnick, Complexity of linear regions in deep networks, 2019
 * @example
 * distance(network, [[0.25, 0.25]]).distances[0];
 */
export function distance(
  network: ReluNetwork,
  points: Float64Array | readonly ArrayLike<number>[],
): DistanceResult {
  const flat = flatten(network, points);
  const bad = flat.findIndex((v) => !Number.isFinite(v));
  const n0 = network.inputs;
  if (bad >= 0) {
    throw new RangeError(
      `distance: point ${Math.floor(bad / n0)} has the coordinate ${flat[bad]}: coordinates must be finite`,
    );
  }
  const count = flat.length / n0;
  const result = {
    distances: new Float64Array(count).fill(Infinity),
    neurons: new Int32Array(count).fill(-1),
    linearExact: new Uint8Array(count),
  };
  const first = network.layers[0];
  // Lengths of gradients do not change when the first layer's rows are written in an orthonormal basis of their span.
  const basis =
    first.outputs < n0
      ? orthogonalCoordinates(first.weights, first.outputs, n0)
      : { coordinates: first.weights, dimension: n0 };
  for (let p = 0; p < count; p++) nearest(network, flat.subarray(p * n0, (p + 1) * n0), basis, result, p);
  return result;
}

function nearest(
  network: ReluNetwork,
  x: Float64Array,
  basis: { coordinates: Float64Array; dimension: number },
  result: { distances: Float64Array; neurons: Int32Array; linearExact: Uint8Array },
  p: number,
): void {
  const d = basis.dimension;
  let values = x;
  let gradients: Float64Array | null = null;
  let on: number[] = [];
  const patterns: number[][] = [];
  let neuron = 0;
  let [bestLayer, bestRow] = [-1, -1];
  for (const [l, layer] of network.layers.entries()) {
    const { inputs, outputs, weights, biases } = layer;
    const z = new Float64Array(outputs);
    const g: Float64Array = gradients === null ? basis.coordinates.slice() : new Float64Array(outputs * d);
    const next: number[] = [];
    for (let j = 0; j < outputs; j++) {
      let sum = biases[j];
      for (let k = 0; k < inputs; k++) sum += weights[j * inputs + k] * values[k];
      if (gradients !== null) {
        for (const k of on) {
          const w = weights[j * inputs + k];
          if (w !== 0) for (let i = 0; i < d; i++) g[j * d + i] += w * gradients[k * d + i];
        }
      }
      const relu = layer.activation === "relu";
      if (relu) {
        const length = Math.hypot(...g.subarray(j * d, (j + 1) * d));
        const far = Math.abs(sum) / length;
        if (length > 0 && far < result.distances[p]) {
          result.distances[p] = far;
          result.neurons[p] = neuron + j;
          [bestLayer, bestRow] = [l, j];
        }
      }
      z[j] = relu && !(sum > 0) ? 0 : sum;
      if (!relu || sum > 0) next.push(j);
    }
    if (layer.activation === "relu") neuron += outputs;
    patterns.push(next);
    [values, gradients, on] = [z, g, next];
  }
  if (bestLayer >= 0) result.linearExact[p] = reachesOutput(network, patterns, bestLayer, bestRow) ? 1 : 0;
}

/** Does the output's slope certainly change when neuron j of layer l, and no other, switches? */
function reachesOutput(network: ReluNetwork, patterns: number[][], l: number, j: number): boolean {
  let slope = new Float64Array(network.layers[l].outputs);
  slope[j] = 1;
  let magnitude = slope.slice();
  let on = [j];
  let operations = 0;
  for (let m = l + 1; m < network.layers.length; m++) {
    const { inputs, outputs, weights } = network.layers[m];
    const next = new Float64Array(outputs);
    const size = new Float64Array(outputs);
    for (const i of patterns[m]) {
      for (const k of on) {
        next[i] += weights[i * inputs + k] * slope[k];
        size[i] += Math.abs(weights[i * inputs + k]) * magnitude[k];
      }
    }
    operations += on.length + 2;
    [slope, magnitude, on] = [next, size, patterns[m]];
  }
  // Standard rounding bound of nested sums of products: operations * unit times the sum of absolute products.
  return slope.some((v, o) => Math.abs(v) > 1.01 * operations * unit * magnitude[o] + 1e-290);
}
