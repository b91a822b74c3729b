import { activate, smoothActivations, type SmoothActivation } from "./activations";

/** In which arithmetic a network is evaluated: every operation rounded to binary64 or to binary32. */
export type Precision = "float64" | "float32";

/** constant + sum of weight * node: what a neuron reads, and what an output is. Nodes are inputs, then neurons. */
export interface AffineForm {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
  readonly constant: number;
}

/** One unit: activation(form). */
export interface SmoothNeuron {
  readonly activation: SmoothActivation;
  readonly form: AffineForm;
}

/**
 * A feedforward network of smooth units, each of which may read any earlier unit, so that its neurons can be counted
 * one by one. Node i is input i for i < inputs, and neuron i - inputs after that.
 *
 * @example
 * const gate = productGate(0.01);
 * gate.neurons;               // 4
 * gate.forward([0.5, -0.3]);  // close to -0.15
 */
export class SmoothNetwork {
  /** The longest path to each neuron: 1 for a neuron that reads inputs only. */
  readonly layerOf: readonly number[];

  /**
   * @param inputs number of inputs
   * @param units the neurons, each reading earlier nodes only
   * @param outputs the affine read-outs
   * @throws RangeError when a form reads a node that does not come before it, or a number is not finite
   */
  constructor(
    readonly inputs: number,
    readonly units: readonly SmoothNeuron[],
    readonly outputs: readonly AffineForm[],
  ) {
    const layerOf: number[] = [];
    const check = (form: AffineForm, before: number, place: string): number => {
      let layer = 0;
      for (const [i, node] of form.nodes.entries()) {
        if (!Number.isInteger(node) || node < 0 || node >= before)
          throw new RangeError(
            `${place} reads node ${node}, but only nodes 0 to ${before - 1} come before it`,
          );
        if (!Number.isFinite(form.weights[i]))
          throw new RangeError(
            `${place}: the weight of node ${node} is ${form.weights[i]}; it must be finite`,
          );
        if (node >= inputs) layer = Math.max(layer, layerOf[node - inputs]);
      }
      if (!Number.isFinite(form.constant))
        throw new RangeError(`${place}: the constant is ${form.constant}; it must be finite`);
      return layer + 1;
    };
    for (const [i, unit] of units.entries()) {
      if (!smoothActivations.includes(unit.activation))
        throw new RangeError(
          `neuron ${i}: activation "${unit.activation}" is not one of ${smoothActivations.join(", ")}`,
        );
      layerOf.push(check(unit.form, inputs + i, `neuron ${i}`));
    }
    for (const [i, form] of outputs.entries()) check(form, inputs + units.length, `output ${i}`);
    this.layerOf = layerOf;
  }

  /** Number of units with a non-linearity. */
  get neurons(): number {
    return this.units.length;
  }

  /** Number of layers of neurons on the longest path. */
  get depth(): number {
    return this.layerOf.reduce((most, layer) => Math.max(most, layer), 0);
  }

  /** Numbers of neurons layer by layer. */
  get widths(): number[] {
    const widths = new Array<number>(this.depth).fill(0);
    for (const layer of this.layerOf) widths[layer - 1]++;
    return widths;
  }

  /** Whether every neuron reads only the layer just before it, and every output only the last: no skip connection. */
  get layered(): boolean {
    const reads = (form: AffineForm, layer: number) =>
      form.nodes.every((node) => (node < this.inputs ? 0 : this.layerOf[node - this.inputs]) === layer);
    return (
      this.units.every((unit, i) => reads(unit.form, this.layerOf[i] - 1)) &&
      this.outputs.every((form) => reads(form, this.depth))
    );
  }

  /** The largest absolute weight or constant: how hard the network has to work. */
  get largestWeight(): number {
    let largest = 0;
    for (const form of [...this.units.map((unit) => unit.form), ...this.outputs]) {
      for (const weight of form.weights) largest = Math.max(largest, Math.abs(weight));
      largest = Math.max(largest, Math.abs(form.constant));
    }
    return largest;
  }

  /**
   * The outputs at one point.
   *
   * @param x the point, `inputs` numbers
   * @param precision "float32" rounds weights, inputs and every operation to binary32
   * @returns one number an output
   * @throws RangeError when the point has the wrong length
   */
  forward(x: ArrayLike<number>, precision: Precision = "float64"): Float64Array {
    if (x.length !== this.inputs) {
      throw new RangeError(
        `forward: the point has ${x.length} coordinates, the network takes ${this.inputs}`,
      );
    }
    const round = precision === "float32" ? Math.fround : (value: number) => value;
    const values = new Float64Array(this.inputs + this.units.length);
    for (let i = 0; i < this.inputs; i++) values[i] = round(x[i]);
    const evaluate = ({ nodes, weights, constant }: AffineForm): number => {
      let sum = round(constant);
      for (let i = 0; i < nodes.length; i++) sum = round(sum + round(round(weights[i]) * values[nodes[i]]));
      return sum;
    };
    for (const [i, unit] of this.units.entries()) {
      values[this.inputs + i] = round(activate(unit.activation, evaluate(unit.form)));
    }
    return Float64Array.from(this.outputs, evaluate);
  }

  /** The first output at one point of one input: the network as a function of one variable. */
  at(x: number, precision: Precision = "float64"): number {
    return this.forward([x], precision)[0];
  }
}
