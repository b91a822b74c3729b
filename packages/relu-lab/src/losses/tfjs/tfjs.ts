import type { TensorFlow } from "../../runtime";

export type Tfjs = typeof import("@tensorflow/tfjs");
export type Tensor = import("@tensorflow/tfjs").Tensor;

/** TensorFlow.js with its types. */
export const typed = (tf: TensorFlow) => tf as unknown as Tfjs;

/** The same numbers as a constant: gradients end here. */
export function constant(tf: Tfjs, tensor: Tensor): Tensor {
  return tf.tensor(tensor.dataSync(), tensor.shape);
}
