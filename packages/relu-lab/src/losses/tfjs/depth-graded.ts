import type { TensorFlow } from "../../runtime";
import { typed, type Tensor } from "./tfjs";
import type { TensorLike } from "./types";

/**
 * The weights 4^-l of depth-graded supervision, l = 1..levels: they cancel the squared growth 2^(2l) of the levels' slopes, so
 * that coarse levels come first.
 *
 * @param levels how many
 * @returns [1/4, 1/16, ...]
 * @throws RangeError when levels is not a positive integer
 * @example
 * depthGradedWeights(3); // [1/4, 1/16, 1/64]
 */
export function depthGradedWeights(levels: number): number[] {
  if (!Number.isInteger(levels) || levels < 1) {
    throw new RangeError(`depthGradedWeights: levels is ${levels}, but it must be a positive integer`);
  }
  return Array.from({ length: levels }, (_, l) => 4 ** -(l + 1));
}

/**
 * Depth-graded supervision: sum over levels of weight_l mean (output_l - target_l)^2. With the weights 4^-l a chain learns
 * all levels of a sawtooth from a random start, where the final loss alone fails.
 *
 * @param tf the TensorFlow.js that the tensors belong to
 * @param outputs what each level gives, the coarsest first
 * @param targets what it should give, of the same shapes
 * @param weights one a level; 4^-l when not given
 * @returns a scalar
 * @throws RangeError when the numbers of outputs, targets and weights differ
 * @example
 * const loss = () => losses.depthGradedLoss(tf, levels, targets);
 */
export function depthGradedLoss<T = TensorLike>(
  tf: TensorFlow,
  outputs: readonly TensorLike[],
  targets: readonly TensorLike[],
  weights: readonly number[] = depthGradedWeights(outputs.length),
): T {
  const t = typed(tf);
  if (outputs.length !== targets.length || outputs.length !== weights.length) {
    throw new RangeError(
      `depthGradedLoss: ${outputs.length} outputs, ${targets.length} targets, ${weights.length} weights: as many of each`,
    );
  }
  return t.tidy(() =>
    outputs
      .map((u, l) => t.mul(t.mean(t.square(t.sub(u as Tensor, targets[l] as Tensor))), weights[l]))
      .reduce((a, b) => t.add(a, b)),
  ) as unknown as T;
}
