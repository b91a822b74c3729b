import {
  engine,
  Optimizer,
  scalar,
  tidy,
  variable,
  zerosLike,
  type NamedTensorMap,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs";

type Gradients = NamedTensorMap | { name: string; tensor: Tensor }[];
interface NamedTensor {
  name: string;
  tensor: Tensor;
}

/**
 * What the fused optimisers share: a few moments beside each variable, and one kernel a variable and step.
 * The variable gets a new tensor each time: the backend keeps packed copies of weights by their tensor's number, and
 * would go on answering with old ones after a change in place.
 */
export abstract class FusedOptimiser extends Optimizer {
  private readonly moments = new Map<string, Variable[]>();
  protected steps = 0;

  /** @param momentsPerVariable how many tensors of the variable's shape are kept beside it */
  constructor(private readonly momentsPerVariable: number) {
    super();
  }

  /** The variable's new value; the moments are changed in place or assigned to. */
  protected abstract step(value: Variable, gradient: Tensor, moments: Variable[]): Tensor;

  /** Called by `minimize`: one step with the gradients by variable name. */
  override applyGradients(gradients: Gradients): void {
    const named = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    this.steps++;
    for (const { name, tensor } of named) {
      if (!tensor) continue;
      const value = (engine().registeredVariables as Record<string, Variable>)[name];
      tidy(() => value.assign(this.step(value, tensor, this.momentsOf(name, value))));
    }
    this.incrementIterations();
  }

  private momentsOf(name: string, value: Tensor): Variable[] {
    let moments = this.moments.get(name);
    if (!moments) {
      moments = Array.from({ length: this.momentsPerVariable }, () => variable(zerosLike(value), false));
      this.moments.set(name, moments);
    }
    return moments;
  }

  /** Everything that the next step depends on: the number of steps and the moments, as tfjs's own optimisers give it. */
  override async getWeights(): Promise<NamedTensor[]> {
    const weights: NamedTensor[] = [{ name: "iter", tensor: scalar(this.steps, "int32") }];
    for (const [name, moments] of this.moments) {
      for (const [i, tensor] of moments.entries()) weights.push({ name: `${name}/moment${i}`, tensor });
    }
    return weights;
  }

  /** Takes back what {@link getWeights} gave. */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    this.disposeMoments();
    for (const { name, tensor } of weights) {
      if (name === "iter") {
        this.steps = tensor.dataSync()[0];
        this.iterations_ = this.steps;
        continue;
      }
      const cut = name.lastIndexOf("/");
      const key = name.slice(0, cut);
      const moments = this.moments.get(key) ?? [];
      moments[Number(name.slice(cut + "/moment".length))] = variable(tensor.clone(), false);
      this.moments.set(key, moments);
    }
  }

  private disposeMoments(): void {
    for (const moments of this.moments.values()) for (const moment of moments) moment.dispose();
    this.moments.clear();
  }

  override dispose(): void {
    this.disposeMoments();
    super.dispose();
  }
}
