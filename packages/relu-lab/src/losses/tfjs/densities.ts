import { affineForms } from "./affine-forms";
import { checkDomain, unitBox, volume } from "../box";
import { smallestDensity, smallestSquare, type DensityOptions } from "../options";
import { typed, type Tensor, type Tfjs } from "./tfjs";
import type { TensorFlow } from "../../runtime";
import type { LayerTensors, TensorLike } from "./types";

interface Neurons {
  /** K_h of each neuron's distance [points, neurons]. */
  readonly near: Tensor;
  /** Its unit normal, by input. */
  readonly normal: readonly Tensor[];
}

function neurons(tf: Tfjs, name: string, layers: readonly LayerTensors[], options: DensityOptions): Neurons {
  const { points, bandwidth = 0.15 } = options;
  if (layers.length === 0) throw new RangeError(`${name}: there are no hidden layers`);
  if (!(bandwidth > 0))
    throw new RangeError(`${name}: the bandwidth is ${bandwidth}, but it must be positive`);
  const inputs = layers[0].kernel.shape[0];
  checkDomain(name, inputs, points, options.box ?? unitBox(inputs));
  const near: Tensor[] = [];
  const normal: Tensor[][] = Array.from({ length: inputs }, () => []);
  for (const { forms, z } of affineForms(tf, layers, points)) {
    const slopes = forms.slice(0, inputs);
    const square = slopes.map((g) => tf.square(g)).reduce((sum, g) => tf.add(sum, g));
    const length = tf.sqrt(tf.add(square, smallestSquare));
    const exponent = tf.mul(tf.square(tf.div(z, length)), -0.5 / bandwidth ** 2);
    near.push(tf.mul(tf.exp(exponent), 1 / (Math.sqrt(2 * Math.PI) * bandwidth)));
    for (const [d, g] of slopes.entries()) normal[d].push(tf.div(g, length));
  }
  return { near: tf.concat(near, 1), normal: normal.map((parts) => tf.concat(parts, 1)) };
}

const minusLog = (tf: Tfjs, density: Tensor) => tf.neg(tf.log(tf.add(density, smallestDensity)));

/**
 * Minus the logarithm of the smoothed total boundary length (in n dimensions: the total area of the bent hyperplanes):
 * R_len = -log(|box| E sum_i K_h(z_i / |grad z_i|)), by the co-area formula.
 *
 * @param tf the TensorFlow.js that the tensors belong to
 * @param layers the hidden layers, from the input on; any depth
 * @param options sample points, bandwidth, box
 * @returns a scalar, differentiable at the weights; the pattern at each point counts as a constant
 * @throws RangeError when there are no layers, no points, or the box does not fit the input
 * @example
 * const loss = () => tf.add(fit(), tf.mul(0.03, losses.lengthLoss(tf, hidden, { points })));
 */
export function lengthLoss<T = TensorLike>(
  tf: TensorFlow,
  layers: readonly LayerTensors[],
  options: DensityOptions,
): T {
  const t = typed(tf);
  return t.tidy(() => {
    const { near } = neurons(t, "lengthLoss", layers, options);
    const box = options.box ?? unitBox(layers[0].kernel.shape[0]);
    return minusLog(t, t.mul(t.sum(near), volume(box) / options.points.length));
  }) as unknown as T;
}

/** All orders of 0..n-1, each with its sign: Leibniz's formula. */
function permutations(n: number): { order: number[]; sign: number }[] {
  if (n === 0) return [{ order: [], sign: 1 }];
  return permutations(n - 1).flatMap(({ order, sign }) =>
    Array.from({ length: n }, (_, at) => ({
      order: [...order.slice(0, at), n - 1, ...order.slice(at)],
      sign: (n - 1 - at) % 2 === 0 ? sign : -sign,
    })),
  );
}

/**
 * Minus the logarithm of the smoothed expected number of crossings (Kac 1943, Rice 1944): in two dimensions
 * R_KR = -log(|box| E sum_(i<j) K_h(d_i) K_h(d_j) |sin angle(grad z_i, grad z_j)|), in n dimensions the sum over n-tuples with
 * the absolute determinant of their unit normals. By Euler's formula crossings are what makes regions: it is a
 * differentiable surrogate of their number, and does not change when a neuron is scaled.
 *
 * @param tf the TensorFlow.js that the tensors belong to
 * @param layers the hidden layers, from the input on; any depth, one to three inputs
 * @param options sample points, bandwidth, box
 * @returns a scalar, differentiable at the weights; the pattern at each point counts as a constant
 * @throws RangeError when there are no layers, no points, more than three inputs, or the box does not fit the input
 * @example
 * const hidden = model.layers.slice(0, -1).map((l) => ({ kernel: l.weights[0].read(), bias: l.weights[1].read() }));
 * optimiser.minimize(() => tf.add(fit(), tf.mul(0.03, losses.kacRiceLoss(tf, hidden, { points }))));
 */
export function kacRiceLoss<T = TensorLike>(
  tf: TensorFlow,
  layers: readonly LayerTensors[],
  options: DensityOptions,
): T {
  const t = typed(tf);
  return t.tidy(() => {
    const { near, normal } = neurons(t, "kacRiceLoss", layers, options);
    const inputs = normal.length;
    if (inputs > 3) {
      throw new RangeError(`kacRiceLoss: ${inputs} inputs, but tuples of more than three are too many`);
    }
    const [count, width] = near.shape;
    // The neuron of place p varies along axis p + 1.
    const along = (tensor: Tensor, place: number) =>
      t.reshape(tensor, [count, ...Array.from({ length: inputs }, (_, p) => (p === place ? width : 1))]);
    const places = Array.from({ length: inputs }, (_, p) => p);
    const product = (factors: Tensor[]) => factors.reduce((a, b) => t.mul(a, b));
    const terms = permutations(inputs).map(({ order, sign }) =>
      t.mul(product(places.map((p) => along(normal[order[p]], p))), sign),
    );
    const determinant = t.abs(terms.reduce((a, b) => t.add(a, b)));
    const tuples = t.sum(t.mul(determinant, product(places.map((p) => along(near, p)))));
    // Ordered tuples: each set of neurons comes inputs! times, and one with a neuron twice has determinant 0.
    const box = options.box ?? unitBox(inputs);
    return minusLog(t, t.mul(tuples, volume(box) / (count * terms.length)));
  }) as unknown as T;
}
