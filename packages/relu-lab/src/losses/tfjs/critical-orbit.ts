import type { TensorFlow } from "../../runtime";
import { smallestHinge, type CriticalOrbitOptions } from "../options";
import { typed, type Tensor } from "./tfjs";
import type { LayerTensors, TensorLike } from "./types";

/**
 * One map of a chain u -> v_1 relu(w_1 u + b_1) + v_2 relu(w_2 u + b_2) + d: a tent whose critical point is the second
 * hinge, c = -b_2 / w_2.
 */
export interface TentTensors {
  /** kernel [1, 2], bias [2]. */
  readonly inner: LayerTensors;
  /** kernel [2, 1], bias [1]. */
  readonly outer: LayerTensors;
}

/**
 * Hinges on the critical orbit of a chain of tents on [0, 1]: 0 certifies 2^n laps.
 *
 * Each lap of the first k maps runs from an end value e in E_k up to the peak v_k; it folds in two under the next map when
 * that map's critical point lies between, e < c_(k+1) < v_k. So R = sum_k (m - (v_k - c_(k+1)))_+ +
 * max_(e in E_k) (m - (c_(k+1) - e))_+, with v_0 = 1, E_0 = {0}, E_(k+1) = g_(k+1)(E_k and v_k), plus hinges on the slopes
 * left and right of each critical point and on the second hinge's weight (specification, 8.4).
 *
 * It keeps the capacity, not the fit. Long products make it stiff.
 *
 * @param tf the TensorFlow.js that the tensors belong to
 * @param chain the maps, the first applied first
 * @param options margins, outer ReLU
 * @returns a scalar, differentiable at the weights
 * @throws RangeError when the chain is empty or a map is not 1 -> 2 -> 1
 * @example
 * const loss = () => tf.add(fit(), tf.mul(0.1, losses.criticalOrbitLoss(tf, chain)));
 */
export function criticalOrbitLoss<T = TensorLike>(
  tf: TensorFlow,
  chain: readonly TentTensors[],
  { margin = 0.05, slope = 0.1, outerRelu = true }: CriticalOrbitOptions = {},
): T {
  const t = typed(tf);
  if (chain.length === 0) throw new RangeError("criticalOrbitLoss: the chain has no maps");
  for (const [k, { inner, outer }] of chain.entries()) {
    const [a, b] = [inner.kernel.shape, outer.kernel.shape];
    if (a.join() !== "1,2" || b.join() !== "2,1") {
      throw new RangeError(
        `criticalOrbitLoss: map ${k + 1} has kernels [${a}] and [${b}], not [1,2] and [2,1]`,
      );
    }
  }
  return t.tidy(() => {
    const second = t.tensor2d([[0], [1]]);
    const hinge = (least: number, value: Tensor) => t.relu(t.sub(least, value));
    const terms: Tensor[] = [];
    let peak: Tensor = t.tensor2d([[1]]);
    let ends: Tensor[] = [t.tensor2d([[0]])];
    for (const { inner, outer } of chain) {
      const [w, v] = [inner.kernel as Tensor, outer.kernel as Tensor];
      const b = t.reshape(inner.bias as Tensor, [1, 2]);
      const map = (u: Tensor) => {
        const z = t.add(t.matMul(t.relu(t.add(t.matMul(u, w), b)), v), outer.bias as Tensor);
        return outerRelu ? t.relu(z) : z;
      };
      const weight = t.matMul(w, second);
      const critical = t.neg(t.div(t.matMul(b, second), t.maximum(weight, smallestHinge)));
      terms.push(hinge(margin, t.sub(peak, critical)));
      terms.push(ends.map((e) => hinge(margin, t.sub(critical, e))).reduce((p, q) => t.maximum(p, q)));
      // Slopes: the first unit alone to the left of the critical point, both to the right.
      const right = t.matMul(w, v);
      const left = t.sub(right, t.matMul(t.mul(w, t.tensor2d([[0, 1]])), v));
      terms.push(hinge(slope, left), hinge(slope, t.neg(right)), hinge(slope, weight));
      ends = [...ends, peak].map(map);
      peak = map(critical);
    }
    return t.sum(terms.reduce((p, q) => t.add(p, q)));
  }) as unknown as T;
}
