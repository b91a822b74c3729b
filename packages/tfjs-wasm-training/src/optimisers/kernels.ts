import type { Tensor, Variable } from "@tensorflow/tfjs";
import { operation } from "../ops/register";
import { makeOwner } from "./moments";

const size = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

const adamOperation = operation({
  name: "TrainingAdam",
  forward({ heap, call }, { value, gradient, first, second }, attrs) {
    const { rate, beta1, beta2, epsilon, correction1, correction2 } = attrs as Record<string, number>;
    const out = heap.output(value!.shape);
    call.adamStep(
      heap.address(value!),
      heap.address(gradient!),
      heap.address(first!),
      heap.address(second!),
      heap.address(out),
      size(value!.shape),
      rate,
      beta1,
      beta2,
      1 - beta1,
      1 - beta2,
      epsilon,
      correction1,
      correction2,
    );
    return out;
  },
});

const momentumOperation = operation({
  name: "TrainingMomentum",
  forward({ heap, call }, { value, gradient, velocity }, attrs) {
    const { rate, mass, nesterov } = attrs as Record<string, number>;
    const out = heap.output(value!.shape);
    call.momentumStep(
      heap.address(value!),
      heap.address(gradient!),
      heap.address(velocity!),
      heap.address(out),
      size(value!.shape),
      rate,
      mass,
      nesterov,
    );
    return out;
  },
});

/** What an Adam step needs beside its tensors; the corrections are 1 - beta^steps. */
export interface AdamStep {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly correction1: number;
  readonly correction2: number;
}

/** One Adam step as one kernel: the variable's new value; both moments change in place. */
export function adamStep(
  value: Tensor,
  gradient: Tensor,
  first: Variable,
  second: Variable,
  step: AdamStep,
): Tensor {
  makeOwner(first);
  makeOwner(second);
  return adamOperation<Tensor>({ value, gradient, first, second }, step);
}

/** One step with momentum as one kernel: the variable's new value; the velocity changes in place. */
export function momentumStep(
  value: Tensor,
  gradient: Tensor,
  velocity: Variable,
  rate: number,
  mass: number,
  nesterov: boolean,
): Tensor {
  makeOwner(velocity);
  return momentumOperation<Tensor>({ value, gradient, velocity }, { rate, mass, nesterov: nesterov ? 1 : 0 });
}
