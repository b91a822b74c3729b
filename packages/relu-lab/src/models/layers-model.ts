import { ReluNetwork, type LayerSpec } from "../network";
import type { TensorFlow } from "../runtime";
import { transposed } from "./transposed";

/** What is needed of a tfjs LayersModel: its own types would burden every notebook cell. */
export interface LayersModelLike {
  readonly layers: readonly {
    readonly name: string;
    getClassName(): string;
    getConfig(): Record<string, unknown>;
    getWeights(): { readonly shape: readonly number[]; dataSync(): ArrayLike<number> }[];
  }[];
}

/** How a LayersModel becomes a network. */
export interface FromLayersModelOptions {
  /** "drop" leaves out a softmax at the very end: the network then gives the logits. Refused when not given. */
  readonly softmax?: "drop";
}

/** Layers that change nothing when a trained model is applied to a flat input. */
const transparent = new Set(["InputLayer", "Flatten", "Dropout"]);

/**
 * The network of a tfjs model of dense layers, in doubles.
 *
 * Its float32 weights are doubles too, so nothing is lost; sums are then taken in doubles.
 *
 * @param model a LayersModel of Dense layers with activation relu or linear; InputLayer, Flatten and Dropout are passed
 *   over, a ReLU or Activation layer goes to the Dense layer before it
 * @param options what to do with a softmax at the end
 * @returns the same function as a ReluNetwork
 * @throws TypeError that names the layer which cannot be expressed
 * @example
 * const net = networkFromLayersModel(model, { softmax: "drop" });
 */
export function networkFromLayersModel(
  model: LayersModelLike,
  options: FromLayersModelOptions = {},
): ReluNetwork {
  const specs: { W: Float64Array; b: Float64Array; activation: "relu" | "linear" }[] = [];
  for (const [index, layer] of model.layers.entries()) {
    const kind = layer.getClassName();
    const isLast = model.layers.slice(index + 1).every((later) => later.getClassName() === "Dropout");
    const refuse = (what: string): never => {
      throw new TypeError(`layer ${index} "${layer.name}" (${kind}) ${what}`);
    };
    if (transparent.has(kind)) continue;
    if (kind !== "Dense" && kind !== "ReLU" && kind !== "Activation") {
      refuse("cannot become part of a ReluNetwork: only Dense layers with relu or linear activation can");
    }
    const config = layer.getConfig();
    let activation = kind === "ReLU" ? "relu" : String(config.activation ?? "linear");
    if (activation === "softmax") {
      if (!isLast) refuse("has its softmax inside the network, which is then not piecewise linear");
      if (options.softmax !== "drop") {
        refuse(
          'ends in a softmax, which is not piecewise linear: ask for the logits with { softmax: "drop" }',
        );
      }
      activation = "linear";
    }
    if (activation !== "relu" && activation !== "linear") {
      refuse(`has the activation "${activation}": it must be relu or linear`);
    }
    if (kind === "ReLU" && Number(config.maxValue ?? config.max_value ?? Infinity) < Infinity) {
      refuse("is a ReLU with an upper limit");
    }
    if (kind !== "Dense") {
      const before = specs.at(-1);
      if (!before) refuse("stands before any Dense layer");
      else if (activation === "relu") before.activation = "relu";
      continue;
    }
    const [kernel, bias] = layer.getWeights();
    const [inputs, outputs] = kernel.shape;
    specs.push({
      W: transposed(kernel.dataSync(), inputs, outputs),
      b: bias ? Float64Array.from(bias.dataSync()) : new Float64Array(outputs),
      activation: activation as "relu" | "linear",
    });
  }
  if (specs.length === 0) throw new TypeError("the model has no Dense layer");
  return ReluNetwork.of(specs satisfies LayerSpec[]);
}

/**
 * A tfjs model that computes the same function, as far as float32 can.
 *
 * @param tf the TensorFlow.js to make it in, such as `runtime.tensorflow()`
 * @param network the network; its doubles are rounded to float32
 * @returns a LayersModel of dense layers; the caller disposes of it
 * @throws RangeError when a weight is too large for float32
 * @example
 * const model = toLayersModel<import("@tensorflow/tfjs").LayersModel>(runtime.tensorflow(), net);
 */
export function toLayersModel<T = LayersModelLike>(tf: TensorFlow, network: ReluNetwork): T {
  const model = tf.sequential();
  for (const [l, { inputs, outputs, activation }] of network.layers.entries()) {
    model.add(tf.layers.dense({ units: outputs, activation, ...(l === 0 ? { inputShape: [inputs] } : {}) }));
  }
  for (const [l, { inputs, outputs, weights, biases }] of network.layers.entries()) {
    const kernel = Float32Array.from(transposed(weights, outputs, inputs));
    const bias = Float32Array.from(biases);
    if (![...kernel, ...bias].every(Number.isFinite)) {
      model.dispose();
      throw new RangeError(`layer ${l + 1} has a weight or bias beyond float32, which ends at 3.4e38`);
    }
    const tensors = [tf.tensor2d(kernel, [inputs, outputs]), tf.tensor1d(bias)];
    model.layers[l].setWeights(tensors);
    for (const tensor of tensors) tensor.dispose();
  }
  return model as T;
}
