import {
  AdamOptimizer,
  engine,
  MomentumOptimizer,
  scalar,
  tidy,
  zerosLike,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs";
import { trainingActive } from "../status";
import { adamStep, momentumStep } from "./kernels";

type Gradients = NamedTensorMap | { name: string; tensor: Tensor }[];

interface Moment {
  originalName: string;
  variable: Variable;
}

/** What the stock optimisers of 4.22.0 keep; their own getWeights and setWeights go on working. */
interface Adam {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  accBeta1: Variable;
  accBeta2: Variable;
  accumulatedFirstMoment: Moment[];
  accumulatedSecondMoment: Moment[];
  incrementIterations(): void;
}
interface Momentum {
  /** Minus the rate. */
  c: Scalar;
  m: Scalar;
  useNesterov: boolean;
  accumulations: Moment[];
  incrementIterations(): void;
}

const stockAdam = AdamOptimizer.prototype.applyGradients;
const stockMomentum = MomentumOptimizer.prototype.applyGradients;

const named = (gradients: Gradients) =>
  Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));

const variable = (name: string) => (engine().registeredVariables as Record<string, Variable>)[name];

const covered = (gradients: Gradients) =>
  trainingActive() &&
  named(gradients).every(({ name, tensor }) =>
    [variable(name), tensor].every((t) => !t || (t.dtype === "float32" && t.size > 0)),
  );

function momentAt(moments: Moment[], i: number, value: Variable, originalName: string): Variable {
  moments[i] ??= { originalName, variable: tidy(() => zerosLike(value).variable(false)) };
  return moments[i].variable;
}

function adam(this: Adam, gradients: Gradients): void {
  if (!covered(gradients)) return stockAdam.call(this as never, gradients as never);
  const { learningRate: rate, beta1, beta2, epsilon } = this;
  const [power1, power2] = [this.accBeta1.dataSync()[0], this.accBeta2.dataSync()[0]];
  const step = { rate, beta1, beta2, epsilon, correction1: 1 - power1, correction2: 1 - power2 };
  tidy(() => {
    for (const [i, { name, tensor }] of named(gradients).entries()) {
      const value = variable(name);
      const first = momentAt(this.accumulatedFirstMoment, i, value, `${name}/m`);
      const second = momentAt(this.accumulatedSecondMoment, i, value, `${name}/v`);
      if (tensor) value.assign(adamStep(value, tensor, first, second, step));
    }
    // The product of two 32-bit numbers in doubles, rounded once, is the 32-bit product.
    this.accBeta1.assign(scalar(power1 * Math.fround(beta1)));
    this.accBeta2.assign(scalar(power2 * Math.fround(beta2)));
  });
  this.incrementIterations();
}

function momentum(this: Momentum, gradients: Gradients): void {
  if (!covered(gradients)) return stockMomentum.call(this as never, gradients as never);
  const [rate, mass] = [-this.c.dataSync()[0], this.m.dataSync()[0]];
  tidy(() => {
    for (const [i, { name, tensor }] of named(gradients).entries()) {
      const value = variable(name);
      const velocity = momentAt(this.accumulations, i, value, `${name}/momentum`);
      if (tensor) value.assign(momentumStep(value, tensor, velocity, rate, mass, this.useNesterov));
    }
  });
  this.incrementIterations();
}

/**
 * Lets tf.train.adam and tf.train.momentum take their steps as one kernel a variable instead of twelve and five, on the
 * same moments under the same names. On other backends, and for what the kernels do not cover, they run as they were.
 */
export function patchStockOptimisers(): void {
  AdamOptimizer.prototype.applyGradients = adam as unknown as typeof stockAdam;
  MomentumOptimizer.prototype.applyGradients = momentum as unknown as typeof stockMomentum;
}

/** Puts the stock steps back. */
export function restoreStockOptimisers(): void {
  AdamOptimizer.prototype.applyGradients = stockAdam;
  MomentumOptimizer.prototype.applyGradients = stockMomentum;
}
