import { tidy, type Tensor, type Variable } from "@tensorflow/tfjs";
import { trainingActive } from "../status";
import { FusedOptimiser } from "./fused-optimiser";
import { adamStep } from "./kernels";

/** Adam (Kingma and Ba 2015, algorithm 1) as one kernel a variable; made by {@link adam}. */
export class FusedAdam extends FusedOptimiser {
  static readonly className = "FusedAdam";

  constructor(
    private readonly rate: number,
    private readonly beta1: number,
    private readonly beta2: number,
    private readonly epsilon: number,
  ) {
    super(2);
  }

  protected step(value: Variable, gradient: Tensor, [first, second]: Variable[]): Tensor {
    const { rate, beta1, beta2, epsilon, steps } = this;
    if (trainingActive() && value.dtype === "float32" && value.size > 0) {
      const [correction1, correction2] = [1 - beta1 ** steps, 1 - beta2 ** steps];
      const step = { rate, beta1, beta2, epsilon, correction1, correction2 };
      return adamStep(value, gradient, first, second, step);
    }
    first.assign(tidy(() => first.mul(beta1).add(gradient.mul(1 - beta1))));
    second.assign(tidy(() => second.mul(beta2).add(gradient.square().mul(1 - beta2))));
    const root = second.div(1 - beta2 ** steps).sqrt();
    return value.sub(first.mul(rate / (1 - beta1 ** steps)).div(root.add(epsilon)));
  }

  override getConfig(): Record<string, number> {
    return { learningRate: this.rate, beta1: this.beta1, beta2: this.beta2, epsilon: this.epsilon };
  }

  static override fromConfig<T>(cls: new (...args: number[]) => T, config: Record<string, number>): T {
    return new cls(config.learningRate, config.beta1, config.beta2, config.epsilon);
  }
}

/**
 * Adam, to be used as tf.train.adam is.
 *
 * @param learningRate the step size
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @returns an optimiser
 */
export function adam(learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8): FusedAdam {
  return new FusedAdam(learningRate, beta1, beta2, epsilon);
}
