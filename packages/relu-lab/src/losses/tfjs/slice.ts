import type { TensorFlow } from "../../runtime";
import { typed, type Tensor } from "./tfjs";
import type { LayerTensors, TensorLike } from "./types";

/**
 * Hidden layers seen along a plane x = origin + u_1 d_1 + u_2 d_2: functions of the two numbers u, for the losses of the plane.
 * Call it inside the loss, so that gradients reach the weights.
 *
 * @param tf the TensorFlow.js that the tensors belong to
 * @param layers the hidden layers, from the input on
 * @param origin a point of input space
 * @param directions two of its vectors, such as b - a and c - a for the plane of three images
 * @returns layers on two inputs
 * @throws RangeError when there are no layers or the lengths do not fit
 * @example
 * const slice = () => losses.sliceLayers(tf, hidden, a, [b.map((v, i) => v - a[i]), c.map((v, i) => v - a[i])]);
 * const loss = () => tf.add(fit(), tf.mul(0.03, losses.kacRiceLoss(tf, slice(), { points, box })));
 */
export function sliceLayers(
  tf: TensorFlow,
  layers: readonly LayerTensors[],
  origin: readonly number[],
  directions: readonly [readonly number[], readonly number[]],
): LayerTensors[] {
  if (layers.length === 0) throw new RangeError("sliceLayers: there are no hidden layers");
  const [{ kernel, bias }, ...others] = layers;
  const [inputs, width] = kernel.shape;
  const lengths = [origin, ...directions].map((vector) => vector.length);
  if (lengths.some((length) => length !== inputs))
    throw new RangeError(`sliceLayers: vectors of ${lengths} numbers, but the network takes ${inputs}`);
  const t = typed(tf);
  const rows = t.tensor2d([...directions, origin].flat(), [3, inputs]);
  const products = t.matMul(rows, kernel as Tensor);
  const offset = t.add(t.reshape(t.slice(products, [2, 0], [1, width]), [width]), bias as Tensor);
  const slopes = t.slice(products, [0, 0], [2, width]);
  return [{ kernel: slopes as TensorLike, bias: offset as TensorLike }, ...others];
}
