import { ReluNetwork, type Activation } from "../network";
import type { ParameterOptions, Tape } from "./tape";
import type { Value } from "./value";

/** A dense layer whose weights are values on a tape. */
export interface LayerValues {
  /** [outputs, inputs] */
  readonly W: Value;
  /** [outputs, 1] */
  readonly b: Value;
  readonly activation: Activation;
  /** W X + b, without the activation. */
  preactivation(X: Value): Value;
}

/** A network run at some samples. */
export interface Applied {
  /** What comes out of each layer, [outputs, samples]. */
  readonly layers: readonly Value[];
  /** What comes out of the last one. */
  readonly output: Value;
}

/** A network whose weights are parameters of a tape. */
export interface Model {
  readonly layers: readonly LayerValues[];
  /** Runs it at samples [inputs, samples]; as often as wanted, with the same weights. */
  apply(X: Value): Applied;
  /**
   * A trial's parameters that hold this network's weights.
   *
   * @param network of the model's shape
   * @param parameters where they are written; new and otherwise 0 when not given
   * @throws RangeError when the shapes differ
   */
  parameters(network: ReluNetwork, parameters?: Float64Array): Float64Array;
  /** The network that a trial's parameters stand for. */
  network(parameters: Float64Array): ReluNetwork;
}

/** What a model of dense layers is like. */
export interface DenseOptions {
  /** The activation of each layer; ReLU but for the last when not given. */
  readonly activations?: readonly Activation[];
  /** How the layers' parameters are trained: the same for all, or by layer (0 is the first). */
  readonly parameters?: ParameterOptions | ((layer: number, part: "W" | "b") => ParameterOptions);
}

/**
 * A network of dense layers with weights of its own; its parameters are W row by row, then b, layer by layer, as in
 * {@link ReluNetwork}.
 *
 * Chains of 1-w-1 blocks are such networks: give "linear" or "relu" for their bottlenecks. The compiler fuses them.
 *
 * @param tape where the parameters are recorded
 * @param sizes numbers of neurons: input, each layer, output
 * @param options activations, and how the parameters are trained
 * @returns the network on the tape
 * @throws RangeError when sizes and activations do not fit
 * @example
 * const net = ensemble.dense(tape, [1, 8, 1, 8, 1], { activations: ["relu", "linear", "relu", "linear"] });
 */
export function dense(tape: Tape, sizes: readonly number[], options: DenseOptions = {}): Model {
  const last = sizes.length - 2;
  const activations =
    options.activations ?? sizes.slice(1).map((_, l): Activation => (l < last ? "relu" : "linear"));
  if (last < 0 || activations.length !== last + 1) {
    throw new RangeError(`dense: sizes [${sizes}] and ${activations.length} activations: one for each layer`);
  }
  const of = options.parameters ?? {};
  const first = tape.parameterCount;
  const layers = activations.map((activation, l): LayerValues => {
    const how = (part: "W" | "b") => (typeof of === "function" ? of(l, part) : of);
    const W = tape.parameter(sizes[l + 1], sizes[l], how("W"));
    const b = tape.parameter(sizes[l + 1], 1, how("b"));
    return { W, b, activation, preactivation: (X) => tape.dense(X, W, b) };
  });
  const count = tape.parameterCount - first;
  return {
    layers,
    apply(X) {
      let here = X;
      const outputs = layers.map(({ W, b, activation }) => (here = tape.dense(here, W, b, activation)));
      return { layers: outputs, output: here };
    },
    parameters(network, parameters = new Float64Array(tape.parameterCount)) {
      if (
        network.sizes.join() !== sizes.join() ||
        network.layers.some((l, i) => l.activation !== activations[i])
      )
        throw new RangeError(
          `the network ${network.sizes.join("-")} (${network.layers.map((l) => l.activation)}) is not of the model's ` +
            `shape ${sizes.join("-")} (${activations})`,
        );
      let at = first;
      for (const { weights, biases } of network.layers) {
        parameters.set(weights, at);
        parameters.set(biases, at + weights.length);
        at += weights.length + biases.length;
      }
      return parameters;
    },
    network(parameters) {
      if (parameters.length < first + count)
        throw new RangeError(`${parameters.length} parameters: the model's end at ${first + count}`);
      let at = first;
      const take = (length: number) => parameters.slice(at, (at += length));
      return ReluNetwork.of(
        activations.map((activation, l) => ({
          W: take(sizes[l] * sizes[l + 1]),
          b: take(sizes[l + 1]),
          activation,
        })),
      );
    },
  };
}

/**
 * A chain of blocks u -> v relu(w u + b) + d from one number to one number.
 *
 * @param tape where the parameters are recorded
 * @param blocks how many
 * @param width neurons of each
 * @param options `outerRelu`: whether a ReLU follows each block, as in the naive sawtooth; `readout`: whether a 1 x 1 layer
 * follows the last one, as there; `parameters` as in {@link dense}, counted by layers, two a block
 * @returns the model; the outputs u_1, u_2, ... of the blocks are `blockOutputs(model.apply(x))`
 * @example
 * const net = ensemble.chain(tape, 6, 2, { outerRelu: true, readout: true }); // the shape of a naive sawtooth
 */
export function chain(
  tape: Tape,
  blocks: number,
  width: number,
  options: { readonly outerRelu?: boolean; readonly readout?: boolean } & Pick<
    DenseOptions,
    "parameters"
  > = {},
): Model {
  const { outerRelu = false, readout = false, parameters } = options;
  const sizes = [1];
  const activations: Activation[] = [];
  for (let block = 0; block < blocks; block++) {
    sizes.push(width, 1);
    activations.push("relu", outerRelu ? "relu" : "linear");
  }
  if (readout) {
    sizes.push(1);
    activations.push("linear");
  }
  return dense(tape, sizes, { activations, parameters });
}

/**
 * u_1, u_2, ... of blocks of two layers each.
 *
 * @param applied what {@link chain} gave at some inputs
 * @returns the output of each block
 */
export function blockOutputs({ layers }: Applied): Value[] {
  return layers.filter((_, l) => l % 2 === 1);
}
