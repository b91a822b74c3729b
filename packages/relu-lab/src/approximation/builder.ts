import type { SmoothActivation } from "./activations";
import { SmoothNetwork, type AffineForm, type SmoothNeuron } from "./smooth-network";

/** sum of factor * form, equal nodes gathered. */
export function combine(...terms: readonly (readonly [factor: number, form: AffineForm])[]): AffineForm {
  const weights = new Map<number, number>();
  let constant = 0;
  for (const [factor, form] of terms) {
    constant += factor * form.constant;
    for (const [i, node] of form.nodes.entries())
      weights.set(node, (weights.get(node) ?? 0) + factor * form.weights[i]);
  }
  return { nodes: [...weights.keys()], weights: [...weights.values()], constant };
}

/** The form that is the same number everywhere. */
export function constantForm(constant: number): AffineForm {
  return { nodes: [], weights: [], constant };
}

/** Grows a {@link SmoothNetwork} neuron by neuron; affine forms between neurons cost nothing. */
export class NetworkBuilder {
  private readonly units: SmoothNeuron[] = [];

  constructor(readonly inputs: number) {}

  /** Input i as a form. */
  input(i: number): AffineForm {
    return { nodes: [i], weights: [1], constant: 0 };
  }

  /** Adds one neuron and gives its value as a form. */
  neuron(activation: SmoothActivation, form: AffineForm): AffineForm {
    this.units.push({ activation, form });
    return { nodes: [this.inputs + this.units.length - 1], weights: [1], constant: 0 };
  }

  /** The finished network. */
  build(...outputs: AffineForm[]): SmoothNetwork {
    return new SmoothNetwork(this.inputs, this.units, outputs);
  }
}
