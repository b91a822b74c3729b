import { add, matMul, relu as reluOp, type Tensor, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs";
import { trainingActive } from "../status";
import { multiply } from "../kernels/product";
import { operation } from "./register";

/** What follows an affine map. */
export type Activation = "linear" | "relu";

/** dy where the activation let through, the weights' gradient and the bias's, in one go. */
const backward = operation({
  name: "TrainingDenseBackward",
  forward(kernels, { dy, y, x }, { relu }) {
    const { heap, call } = kernels;
    const [m, n] = dy!.shape;
    const dz = heap.output([m, n]);
    const dBias = heap.output([n]);
    call.activationGradient(
      heap.address(dy!),
      heap.address(y!),
      relu ? 1 : 0,
      heap.address(dz),
      heap.address(dBias),
      m,
      n,
    );
    return [dz, multiply(kernels, x!, dz, true, false)!, dBias];
  },
});

const forward = operation({
  name: "TrainingDense",
  forward: (kernels, { x, weights, bias }, { relu }) =>
    multiply(kernels, x!, weights!, false, false, { bias, relu: Boolean(relu) })!,
  saves: { inputs: ["x", "weights"], outputs: [true] },
  gradient(dy, [x, weights, y], { relu }) {
    const [dz, dWeights, dBias] = backward<Tensor[]>({ dy: dy as Tensor, y, x }, { relu });
    return { x: () => matMul(dz, weights, false, true), weights: () => dWeights, bias: () => dBias };
  },
});

/**
 * activation(x weights + bias), with its gradient.
 *
 * On the wasm backend with the own kernels on: one kernel forwards and one or two back. Elsewhere the same from stock
 * operations.
 *
 * @param x [batch, inputs]
 * @param weights [inputs, outputs]
 * @param bias [outputs]
 * @param activation "relu" or "linear"
 * @returns [batch, outputs]
 * @throws Error when the shapes do not fit
 */
export function dense(x: Tensor2D, weights: Tensor2D, bias: Tensor1D, activation: Activation): Tensor2D {
  const fits = x.shape.length === 2 && weights.shape.length === 2 && bias.shape.length === 1;
  if (!fits || x.shape[1] !== weights.shape[0] || weights.shape[1] !== bias.shape[0]) {
    throw new Error(
      `dense: x [${x.shape}], weights [${weights.shape}] and bias [${bias.shape}] do not fit: ` +
        "they must be [batch, inputs], [inputs, outputs], [outputs]",
    );
  }
  const float = [x, weights, bias].every((t) => t.dtype === "float32");
  if (trainingActive() && float && x.size > 0 && weights.size > 0) {
    return forward<Tensor2D>({ x, weights, bias }, { relu: activation === "relu" });
  }
  const z = add(matMul(x, weights), bias);
  return (activation === "relu" ? reluOp(z) : z) as Tensor2D;
}
