import { ReluNetwork } from "../network";
import type { Generator } from "../random";
import { sawtoothValue } from "../sawtooth";

/** How gradients change the weights: plain gradient descent, or Adam with its usual constants. */
export interface RelearningOptimiser {
  readonly type: "sgd" | "adam";
  /** The learning rate. */
  readonly rate: number;
}

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/** A layer with its gradients and Adam's moments; weights row-major, then biases, in one array. */
interface TrainedLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly relu: boolean;
  readonly values: Float64Array;
  readonly gradients: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** What the layer gives for the sample at hand, and the loss's gradient by it. */
  readonly out: Float64Array;
  readonly outGradient: Float64Array;
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
  private readonly layers: TrainedLayer[];
  private readonly input = new Float64Array(1);
  private steps = 0;

  /**
   * @param network its start; it is not changed
   * @param options maps of the sawtooth to be learned, samples a step, optimiser, and how many layers are trained
   * from the first (all when not given)
   */
  constructor(
    network: ReluNetwork,
    private readonly options: {
      readonly n: number;
      readonly batchSize: number;
      readonly optimiser: RelearningOptimiser;
      readonly trainedLayers?: number;
    },
  ) {
    if (network.inputs !== 1 || network.outputs !== 1) {
      throw new RangeError(
        `SawtoothTraining: the network has ${network.inputs} inputs and ${network.outputs} outputs, not one and one`,
      );
    }
    this.layers = network.layers.map(({ inputs, outputs, weights, biases, activation }) => ({
      ...{ inputs, outputs, relu: activation === "relu" },
      values: Float64Array.of(...weights, ...biases),
      gradients: new Float64Array(weights.length + outputs),
      first: new Float64Array(weights.length + outputs),
      second: new Float64Array(weights.length + outputs),
      out: new Float64Array(outputs),
      outGradient: new Float64Array(outputs),
    }));
  }

  /** The network as it is now. */
  network(): ReluNetwork {
    return ReluNetwork.of(
      this.layers.map(({ inputs, outputs, values, relu }) => ({
        W: values.slice(0, inputs * outputs),
        b: values.slice(inputs * outputs),
        activation: relu ? "relu" : "linear",
      })),
    );
  }

  /** Whether all weights are still finite. */
  get finite(): boolean {
    return this.layers.every(({ values }) => values.every(Number.isFinite));
  }

  private forward(x: number): number {
    this.input[0] = x;
    let from = this.input;
    for (const { inputs, outputs, relu, values, out } of this.layers) {
      const biases = inputs * outputs;
      for (let i = 0, w = 0; i < outputs; i++) {
        let z = values[biases + i];
        for (let j = 0; j < inputs; j++) z += values[w++] * from[j];
        out[i] = relu && !(z > 0) ? 0 : z;
      }
      from = out;
    }
    return from[0];
  }

  /** Adds the gradient of `scale * output` at the sample that went forward last. */
  private backward(scale: number): void {
    const { layers } = this;
    layers[layers.length - 1].outGradient[0] = scale;
    for (let l = layers.length - 1; l >= 0; l--) {
      const { inputs, outputs, relu, values, gradients, out, outGradient } = layers[l];
      const from = l > 0 ? layers[l - 1].out : this.input;
      const down = l > 0 ? layers[l - 1].outGradient.fill(0) : undefined;
      const biases = inputs * outputs;
      for (let i = 0, w = 0; i < outputs; i++, w += inputs) {
        if (relu && !(out[i] > 0)) continue; // the neuron is off
        const g = outGradient[i];
        gradients[biases + i] += g;
        for (let j = 0; j < inputs; j++) {
          gradients[w + j] += g * from[j];
          if (down) down[j] += g * values[w + j];
        }
      }
    }
  }

  /** The loss of a batch and, in the order of the network's parameters, its gradient. */
  gradient(batch: ArrayLike<number>): { loss: number; gradient: Float64Array } {
    for (const { gradients } of this.layers) gradients.fill(0);
    let loss = 0;
    for (let k = 0; k < batch.length; k++) {
      const difference = this.forward(batch[k]) - sawtoothValue(this.options.n, batch[k]);
      loss += difference * difference;
      this.backward((2 * difference) / batch.length);
    }
    return {
      loss: loss / batch.length,
      gradient: Float64Array.of(...this.layers.flatMap(({ gradients }) => [...gradients])),
    };
  }

  /** One step on a fresh batch. */
  step(random: Generator): void {
    const { n, batchSize, optimiser, trainedLayers = this.layers.length } = this.options;
    for (const { gradients } of this.layers) gradients.fill(0);
    for (let k = 0; k < batchSize; k++) {
      const x = random.uniform();
      this.backward((2 * (this.forward(x) - sawtoothValue(n, x))) / batchSize);
    }
    this.steps++;
    const correction1 = 1 - beta1 ** this.steps;
    const correction2 = 1 - beta2 ** this.steps;
    for (let l = 0; l < trainedLayers; l++) {
      const { values, gradients, first, second } = this.layers[l];
      for (let p = 0; p < values.length; p++) {
        const g = gradients[p];
        if (optimiser.type === "sgd") {
          values[p] -= optimiser.rate * g;
          continue;
        }
        first[p] = beta1 * first[p] + (1 - beta1) * g;
        second[p] = beta2 * second[p] + (1 - beta2) * g * g;
        values[p] -=
          (optimiser.rate * first[p]) / correction1 / (Math.sqrt(second[p] / correction2) + epsilon);
      }
    }
  }
}
