import type { ReluNetwork } from "../../network";

/** How the output is compared with the target: half the squared distance, or softmax followed by cross-entropy. */
export type Cost = "half squares" | "cross-entropy";

/** One layer of a forward pass. */
export interface LayerPass {
  /** Pre-activations W a + b. */
  readonly z: Float64Array;
  /** What goes on to the next layer: max(0, z), or z itself in an affine layer. */
  readonly a: Float64Array;
}

/** The derivatives of the cost by one layer's numbers. */
export interface LayerGradient {
  /** By the pre-activations z: the error that is passed back. */
  readonly delta: Float64Array;
  /** By W, row-major, [outputs][inputs]. */
  readonly weights: Float64Array;
  /** By b. */
  readonly biases: Float64Array;
}

/** A forward and a backward pass. */
export interface Backpropagation {
  readonly cost: number;
  readonly layers: readonly LayerPass[];
  readonly gradients: readonly LayerGradient[];
}

/**
 * The forward pass with everything on its way.
 *
 * @param network L layers
 * @param x input of length `network.inputs`
 * @returns z and a of each layer; the last a is the output
 * @throws RangeError when the input has another length
 * @example
 * forwardPass(net, [1, 2]).map(({ z }) => [...z]);
 */
export function forwardPass(network: ReluNetwork, x: ArrayLike<number>): LayerPass[] {
  if (x.length !== network.inputs) {
    throw new RangeError(
      `forwardPass: the input has ${x.length} numbers, the network takes ${network.inputs}`,
    );
  }
  let before: Float64Array = Float64Array.from(x);
  return network.layers.map(({ inputs, outputs, weights, biases, activation }) => {
    const z = Float64Array.from(biases);
    for (let i = 0; i < outputs; i++) {
      for (let j = 0; j < inputs; j++) z[i] += weights[i * inputs + j] * before[j];
    }
    before = activation === "relu" ? z.map((value) => Math.max(0, value)) : z;
    return { z, a: before };
  });
}

/**
 * Softmax: positive numbers that add up to 1, in the ratios exp(y_i).
 *
 * @param y logits
 * @returns probabilities, as many
 */
export function softmax(y: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(y);
  const largest = Math.max(...values); // subtracted so that exp does not overflow; the ratios stay
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/**
 * The cost of an output.
 *
 * @param y output of the network
 * @param target what it should be; for cross-entropy the probabilities of the classes, adding up to 1
 * @param cost which one
 * @returns a number that is not negative
 * @throws RangeError when the lengths differ or the cost is unknown
 */
export function costOf(y: ArrayLike<number>, target: ArrayLike<number>, cost: Cost): number {
  if (y.length !== target.length) {
    throw new RangeError(`costOf: the output has ${y.length} numbers, the target ${target.length}`);
  }
  if (cost === "half squares") {
    return Array.from(y).reduce((sum, value, i) => sum + (value - target[i]) ** 2 / 2, 0);
  }
  if (cost !== "cross-entropy") throw new RangeError(`costOf: "${String(cost)}" is not a cost`);
  const largest = Math.max(...Array.from(y));
  const logSum = largest + Math.log(Array.from(y).reduce((sum, value) => sum + Math.exp(value - largest), 0));
  return Array.from(y).reduce((sum, value, i) => sum + target[i] * (logSum - value), 0);
}

/**
 * Backpropagation (Rumelhart, Hinton and Williams 1986): all partial derivatives of the cost by one pass back.
 *
 * delta of the output is dC/dy, which is y - target for half squares and softmax(y) - target for cross-entropy;
 * delta of layer l is W(l+1)^T delta(l+1), kept where z(l) > 0; dC/dW(l) = delta(l) a(l-1)^T and dC/db(l) = delta(l).
 *
 * @param network its last layer affine
 * @param x input
 * @param target as for {@link costOf}
 * @param cost half squares when not given
 * @returns the cost, the forward pass and the derivatives, layer by layer
 * @throws RangeError when lengths do not fit or the last layer is not affine
 * @example
 * const { cost, gradients } = backpropagate(net, [1, 2], [1]);
 */
export function backpropagate(
  network: ReluNetwork,
  x: ArrayLike<number>,
  target: ArrayLike<number>,
  cost: Cost = "half squares",
): Backpropagation {
  const last = network.layers.length - 1;
  if (network.layers[last].activation !== "linear") {
    throw new RangeError("backpropagate: the last layer must be affine, but it has a ReLU");
  }
  const layers = forwardPass(network, x);
  const y = layers[last].a;
  const value = costOf(y, target, cost);
  const answer = cost === "half squares" ? y : softmax(y);
  const gradients = new Array<LayerGradient>(last + 1);
  let delta: Float64Array = answer.map((each, i) => each - target[i]);
  for (let l = last; l >= 0; l--) {
    const { inputs, outputs, weights } = network.layers[l];
    const before = l > 0 ? layers[l - 1].a : Float64Array.from(x);
    const byWeights = new Float64Array(outputs * inputs);
    const back = new Float64Array(inputs);
    for (let i = 0; i < outputs; i++) {
      for (let j = 0; j < inputs; j++) {
        byWeights[i * inputs + j] = delta[i] * before[j];
        back[j] += weights[i * inputs + j] * delta[i];
      }
    }
    gradients[l] = { delta, weights: byWeights, biases: delta.slice() };
    if (l > 0) {
      const { z } = layers[l - 1];
      const bends = network.layers[l - 1].activation === "relu";
      delta = back.map((each, j) => (bends && !(z[j] > 0) ? 0 : each));
    }
  }
  return { cost: value, layers, gradients };
}
