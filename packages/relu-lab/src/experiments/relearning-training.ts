import { ReluNetwork, type Activation } from "../network";
import type { Generator } from "../random";
import { sawtoothValue } from "../sawtooth";

/** How gradients change the weights: plain gradient descent, or Adam with its usual constants. */
export interface RelearningOptimiser {
  readonly type: "sgd" | "adam";
  /** The learning rate. */
  readonly rate: number;
}

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/** What a {@link SawtoothTraining} learns and how. */
export interface SawtoothTrainingOptions {
  /** Mirror maps of the sawtooth to be learned. */
  readonly n: number;
  /** Samples a step, uniform in [0, 1]. */
  readonly batchSize: number;
  readonly optimiser: RelearningOptimiser;
}

/**
 * Trains one network of a few neurons from one number to one number, in doubles: the mean square over a batch of
 * uniform samples of [0, 1], back-propagation, one step at a time.
 *
 * @example
 * const training = new SawtoothTraining(network, { n: 6, batchSize: 10, optimiser: { type: "adam", rate: 1e-3 } });
 * for (let step = 0; step < 1000; step++) training.step(random);
 */
export class SawtoothTraining {
  private readonly activations: readonly Activation[];
  /** Sizes of input, layers and output; where a layer's weights begin (row-major, then biases), and its outputs. */
  private readonly sizes: Int32Array;
  private readonly weightsAt: Int32Array;
  private readonly outputsAt: Int32Array;
  private readonly linear: Uint8Array;
  private readonly values: Float64Array;
  private readonly gradients: Float64Array;
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private readonly outputs: Float64Array;
  private readonly outputGradients: Float64Array;
  private steps = 0;

  /**
   * @param network its start; it is not changed
   * @param options target, samples and optimiser
   * @throws RangeError when the network is not a function of one variable with one value
   */
  constructor(
    network: ReluNetwork,
    private readonly options: SawtoothTrainingOptions,
  ) {
    if (network.inputs !== 1 || network.outputs !== 1) {
      throw new RangeError(
        `SawtoothTraining: the network has ${network.inputs} inputs and ${network.outputs} outputs, not one and one`,
      );
    }
    const { layers } = network;
    this.activations = layers.map((layer) => layer.activation);
    this.sizes = Int32Array.from(network.sizes);
    this.linear = Uint8Array.from(this.activations, (activation) => (activation === "linear" ? 1 : 0));
    this.values = Float64Array.from(layers.flatMap(({ weights, biases }) => [...weights, ...biases]));
    const starts = (lengths: number[]) => {
      let sum = 0;
      return Int32Array.from([0, ...lengths], (length) => (sum += length));
    };
    this.weightsAt = starts(layers.map(({ weights, biases }) => weights.length + biases.length));
    this.outputsAt = starts([...network.sizes]);
    const [parameters, neurons] = [network.parameters, this.outputsAt[this.outputsAt.length - 1]];
    this.gradients = new Float64Array(parameters);
    this.first = new Float64Array(parameters);
    this.second = new Float64Array(parameters);
    this.outputs = new Float64Array(neurons);
    this.outputGradients = new Float64Array(neurons);
  }

  /** The network as it is now. */
  network(): ReluNetwork {
    return ReluNetwork.of(
      this.activations.map((activation, l) => {
        const biases = this.weightsAt[l] + this.sizes[l] * this.sizes[l + 1];
        const W = this.values.slice(this.weightsAt[l], biases);
        return { W, b: this.values.slice(biases, this.weightsAt[l + 1]), activation };
      }),
    );
  }

  /** Whether all weights are still finite. */
  get finite(): boolean {
    return this.values.every(Number.isFinite);
  }

  private forward(x: number): number {
    const { sizes, weightsAt, outputsAt, linear, values, outputs } = this;
    const layers = linear.length;
    outputs[0] = x;
    for (let l = 0; l < layers; l++) {
      const inputs = sizes[l];
      const count = sizes[l + 1];
      const from = outputsAt[l];
      const to = outputsAt[l + 1];
      const biases = weightsAt[l] + inputs * count;
      for (let i = 0, w = weightsAt[l]; i < count; i++) {
        let z = values[biases + i];
        for (let j = 0; j < inputs; j++) z += values[w++] * outputs[from + j];
        outputs[to + i] = z > 0 || linear[l] === 1 ? z : 0;
      }
    }
    return outputs[outputsAt[layers]];
  }

  /** Adds the gradient of `scale * output` at the sample that went forward last. */
  private backward(scale: number): void {
    const { sizes, weightsAt, outputsAt, linear, values, gradients, outputs, outputGradients } = this;
    const layers = linear.length;
    outputGradients[outputsAt[layers]] = scale;
    for (let l = layers - 1; l >= 0; l--) {
      const inputs = sizes[l];
      const count = sizes[l + 1];
      const from = outputsAt[l];
      const to = outputsAt[l + 1];
      const biases = weightsAt[l] + inputs * count;
      for (let j = 0; j < inputs; j++) outputGradients[from + j] = 0;
      for (let i = 0, w = weightsAt[l]; i < count; i++, w += inputs) {
        if (linear[l] === 0 && !(outputs[to + i] > 0)) continue; // the neuron is off
        const g = outputGradients[to + i];
        gradients[biases + i] += g;
        for (let j = 0; j < inputs; j++) {
          gradients[w + j] += g * outputs[from + j];
          outputGradients[from + j] += g * values[w + j];
        }
      }
    }
  }

  /** The loss of a batch and, in the order of the network's parameters, its gradient. */
  gradient(batch: ArrayLike<number>): { loss: number; gradient: Float64Array } {
    this.gradients.fill(0);
    let loss = 0;
    for (let k = 0; k < batch.length; k++) {
      const difference = this.forward(batch[k]) - sawtoothValue(this.options.n, batch[k]);
      loss += difference * difference;
      this.backward((2 * difference) / batch.length);
    }
    return { loss: loss / batch.length, gradient: this.gradients.slice() };
  }

  /** One step on a fresh batch. */
  step(random: Generator): void {
    const { values, gradients, first, second } = this;
    const { n, batchSize, optimiser } = this.options;
    gradients.fill(0);
    for (let k = 0; k < batchSize; k++) {
      const x = random.uniform();
      this.backward((2 * (this.forward(x) - sawtoothValue(n, x))) / batchSize);
    }
    this.steps++;
    const correction1 = 1 - beta1 ** this.steps;
    const correction2 = 1 - beta2 ** this.steps;
    for (let p = 0; p < values.length; p++) {
      const g = gradients[p];
      if (optimiser.type === "sgd") {
        values[p] -= optimiser.rate * g;
        continue;
      }
      first[p] = beta1 * first[p] + (1 - beta1) * g;
      second[p] = beta2 * second[p] + (1 - beta2) * g * g;
      values[p] -= (optimiser.rate * first[p]) / correction1 / (Math.sqrt(second[p] / correction2) + epsilon);
    }
  }
}
