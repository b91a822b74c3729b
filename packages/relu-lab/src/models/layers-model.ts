import type { LayersModelLike } from "../formats";
import type { ReluNetwork } from "../network";
import type { TensorFlow } from "../runtime";
import { transposed } from "../network/transposed";

export { networkFromLayersModel, type FromLayersModelOptions, type LayersModelLike } from "../formats";

/**
 * A tfjs model that computes the same function, as far as float32 can.
 *
 * @param tf the TensorFlow.js to make it in, such as `runtime.tensorflow()`
 * @param network the network; its doubles are rounded to float32
 * @returns a LayersModel of dense layers; the caller disposes of it
 * @throws RangeError when a weight is too large for float32
 * @example
 * const model = toLayersModel<import("@tensorflow/tfjs").LayersModel>(runtime.tensorflow(), net);
 */
export function toLayersModel<T = LayersModelLike>(tf: TensorFlow, network: ReluNetwork): T {
  const model = tf.sequential();
  for (const [l, { inputs, outputs, activation }] of network.layers.entries()) {
    model.add(tf.layers.dense({ units: outputs, activation, ...(l === 0 ? { inputShape: [inputs] } : {}) }));
  }
  for (const [l, { inputs, outputs, weights, biases }] of network.layers.entries()) {
    const kernel = Float32Array.from(transposed(weights, outputs, inputs));
    const bias = Float32Array.from(biases);
    if (![...kernel, ...bias].every(Number.isFinite)) {
      model.dispose();
      throw new RangeError(`layer ${l + 1} has a weight or bias beyond float32, which ends at 3.4e38`);
    }
    const tensors = [tf.tensor2d(kernel, [inputs, outputs]), tf.tensor1d(bias)];
    model.layers[l].setWeights(tensors);
    for (const tensor of tensors) tensor.dispose();
  }
  return model as T;
}
