import type { ReluNetwork } from "../network";
import { compileKeras } from "./keras/compile";
import {
  ends,
  first,
  inputShape,
  weightsInOrder,
  type KerasLayer,
  type KerasModel,
  type Reference,
} from "./keras/model";

/** What is needed of a tfjs LayersModel, loaded or read from a file: its own types would burden every notebook cell. */
export interface LayersModelLike {
  readonly layers: readonly {
    readonly name: string;
    /** The kind of layer, such as "Dense". */
    getClassName(): string;
    /** Its settings under tfjs's names, such as `units`. */
    getConfig(): Record<string, unknown>;
    /** Absent where a model has no graph: then each layer reads the one before it. */
    readonly inboundNodes?: readonly { readonly inboundLayers: readonly any[] }[]; // eslint-disable-line @typescript-eslint/no-explicit-any
    readonly outputShape?: unknown;
    /** Kernel and bias. */
    getWeights(): {
      readonly shape: readonly number[];
      /** The numbers, row-major. */
      dataSync(): ArrayLike<number>;
    }[];
  }[];
}

/** How a LayersModel becomes a network. */
export interface FromLayersModelOptions {
  /** "drop" leaves out a softmax (or sigmoid) at the very end: the network then gives the logits. Refused when not given. */
  readonly softmax?: "drop";
}

type Layer = LayersModelLike["layers"][number];
type InboundNode = NonNullable<Layer["inboundNodes"]>[number] & {
  readonly nodeIndices?: readonly number[];
  readonly tensorIndices?: readonly number[];
};

/** tfjs's names of settings, as Keras writes them. */
const settings = (config: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );

const isModel = (layer: Layer) => "layers" in layer;
const isInput = (layer: Layer) => layer.getClassName() === "InputLayer";

/** A loaded model's layers and how they read each other; input layers that it does not list are among them. */
function modelOf(model: LayersModelLike): KerasModel {
  const { layers } = model;
  // The first layer of a sequential model may be a model, whose own layers its followers then seem to read.
  const inOrder =
    (model as { getClassName?(): string }).getClassName?.() === "Sequential" ||
    layers.some(({ inboundNodes }) => inboundNodes === undefined);
  const all = [...layers];
  for (const { inboundNodes } of inOrder ? [] : layers)
    for (const { inboundLayers } of inboundNodes ?? [])
      for (const from of inboundLayers as readonly Layer[])
        if (isInput(from) && !all.includes(from)) all.push(from);
  const calls = (layer: Layer, at: number): Reference[][] => {
    if (isInput(layer)) return [];
    if (inOrder) return [at > 0 ? [first(layers[at - 1].name)] : [first(inputName(layer))]];
    // Nodes of other models that share the layer have other numbers, and nobody here reads them.
    return ((layer.inboundNodes ?? []) as readonly InboundNode[]).map(
      ({ inboundLayers, nodeIndices, tensorIndices }) =>
        (inboundLayers as readonly Layer[]).length === 0
          ? isModel(layer)
            ? []
            : [first(inputName(layer))]
          : (inboundLayers as readonly Layer[]).map(({ name }, i) => ({
              layer: name,
              call: nodeIndices?.[i] ?? 0,
              output: tensorIndices?.[i] ?? 0,
            })),
    );
  };
  const own = all.map((layer, at): KerasLayer => {
    const [kind, config] = [layer.getClassName(), settings(layer.getConfig())];
    const weights = layer
      .getWeights()
      .map((weight) => () => ({ shape: weight.shape, values: Float64Array.from(weight.dataSync()) }));
    const nested = (layer as Partial<LayersModelLike>).layers;
    return {
      name: layer.name,
      kind,
      config,
      place: `layer ${at} "${layer.name}" (${kind})`,
      calls: calls(layer, at),
      weights: weightsInOrder(kind, config, nested ? [] : weights),
      version: 2,
      ...(nested ? { model: modelOf(layer as unknown as LayersModelLike) } : {}),
    };
  });
  const names = new Set(own.map(({ name }) => name));
  const missing = own.filter(({ name, calls: reads }) =>
    reads.some((call) => call.some((from) => from.layer === `${name}_input` && !names.has(from.layer))),
  );
  const inputs = missing.map((layer): KerasLayer => ({
    ...layer,
    name: `${layer.name}_input`,
    kind: "InputLayer",
    config: { batch_shape: layer.config.batch_input_shape ?? inputShape(layer.model) },
    calls: [],
  }));
  const complete = [...own, ...inputs];
  return {
    layers: complete,
    inputs: complete.filter(({ kind }) => kind === "InputLayer").map(({ name }) => first(name)),
    outputs: inOrder ? [first(layers[layers.length - 1].name)] : ends(complete),
  };
}

const inputName = ({ name }: Layer) => `${name}_input`;

/**
 * The network of a tfjs model, in doubles.
 *
 * Its float32 weights are doubles too, so nothing is lost; sums are then taken in doubles. Convolutions, pools, leaky
 * ReLUs, merges and nested models are lowered exactly; factors of a batch normalisation are rounded to doubles.
 *
 * @param model a LayersModel, sequential or functional, of the layers in `keras/operators`; dropout is passed over
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
  if (model.layers.length === 0) throw new TypeError("the model has no layer with weights");
  const { network, notes } = compileKeras("tfjs", modelOf(model));
  const ended = notes.find((note) => /^the (Softmax|LogSoftmax|Sigmoid) at the end/.test(note));
  if (ended !== undefined && options.softmax !== "drop") {
    const last = model.layers[model.layers.length - 1];
    throw new TypeError(
      `layer ${model.layers.length - 1} "${last.name}" (${last.getClassName()}) ends in a ${/Sigmoid/.test(ended) ? "sigmoid" : "softmax"}, which is not piecewise linear: ask for the logits with { softmax: "drop" }`,
    );
  }
  return network;
}
