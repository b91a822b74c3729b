import { tidy, type Tensor, type Variable } from "@tensorflow/tfjs";
import { trainingActive } from "../status";
import { FusedOptimiser } from "./fused-optimiser";
import { momentumStep } from "./kernels";

/** Gradient descent with momentum as one kernel a variable; made by {@link momentum}. */
export class FusedMomentum extends FusedOptimiser {
  static readonly className = "FusedMomentum";

  constructor(
    private readonly rate: number,
    private readonly mass: number,
    private readonly nesterov: boolean,
  ) {
    super(1);
  }

  protected step(value: Variable, gradient: Tensor, [velocity]: Variable[]): Tensor {
    const { rate, mass, nesterov } = this;
    if (trainingActive() && value.dtype === "float32" && value.size > 0) {
      return momentumStep(value, gradient, velocity, rate, mass, nesterov);
    }
    velocity.assign(tidy(() => velocity.mul(mass).add(gradient)));
    return value.sub((nesterov ? velocity.mul(mass).add(gradient) : velocity).mul(rate));
  }

  override getConfig(): Record<string, number | boolean> {
    return { learningRate: this.rate, momentum: this.mass, useNesterov: this.nesterov };
  }

  static override fromConfig<T>(
    cls: new (rate: number, mass: number, nesterov: boolean) => T,
    config: Record<string, number | boolean>,
  ): T {
    return new cls(Number(config.learningRate), Number(config.momentum), Boolean(config.useNesterov));
  }
}

/**
 * Gradient descent with momentum, to be used as tf.train.momentum is: velocity = momentum velocity + gradient,
 * value -= rate velocity.
 *
 * @param learningRate the step size
 * @param mass the momentum; 0 is plain gradient descent
 * @param nesterov whether to look ahead
 * @returns an optimiser
 */
export function momentum(learningRate: number, mass = 0.9, nesterov = false): FusedMomentum {
  return new FusedMomentum(learningRate, mass, nesterov);
}
