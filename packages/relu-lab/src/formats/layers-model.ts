import {
  fromBlocks,
  ReluNetwork,
  type Block,
  type BlockActivation,
  type ImageShape,
  type LayerSpec,
} from "../network";
import { transposed } from "../network/transposed";

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
  /** "drop" leaves out a softmax at the very end: the network then gives the logits. Refused when not given. */
  readonly softmax?: "drop";
}

/** One layer, with what blocks need of it; its place is for messages. */
type Layer = LayersModelLike["layers"][number];

/** Layers that change nothing when a trained model is applied. */
const transparent = new Set(["InputLayer", "Flatten", "Dropout"]);

/** Turns the layers of a model into blocks, and says which one cannot be. */
class BlockReader {
  private readonly last: Layer | undefined;

  constructor(
    private readonly layers: readonly Layer[],
    private readonly options: FromLayersModelOptions,
  ) {
    this.last = [...layers].reverse().find((layer) => layer.getClassName() !== "Dropout");
  }

  refuse(layer: Layer, what: string): never {
    throw new TypeError(
      `layer ${this.layers.indexOf(layer)} "${layer.name}" (${layer.getClassName()}) ${what}`,
    );
  }

  /** The layers that a layer reads; in a model without graph, the one before it. */
  private inputsOf(layer: Layer): readonly Layer[] {
    const nodes = layer.inboundNodes;
    if (nodes && nodes.length > 1) this.refuse(layer, "is used more than once");
    const known = nodes?.[0]?.inboundLayers;
    if (known) return known.filter((one) => this.layers.includes(one));
    const at = this.layers.indexOf(layer);
    return at > 0 ? [this.layers[at - 1]] : [];
  }

  /** All layers that a layer depends on, itself included. */
  private ancestors(layer: Layer, found = new Set<Layer>()): Set<Layer> {
    if (found.has(layer)) return found;
    found.add(layer);
    for (const input of this.inputsOf(layer)) this.ancestors(input, found);
    return found;
  }

  /** The blocks from behind `start` (from the input without it) up to and with `layer`. */
  between(start: Layer | undefined, layer: Layer): Block[] {
    if (layer === start) return [];
    const inputs = this.inputsOf(layer);
    if (layer.getClassName() === "Add" && inputs.length === 2) {
      const [p, q] = inputs;
      const [skip, branch] = this.ancestors(q).has(p) ? [p, q] : [q, p];
      if (!this.ancestors(branch).has(skip)) {
        this.refuse(
          layer,
          "adds two branches: only an identity skip, x + F(x), can become part of a ReluNetwork",
        );
      }
      return [...this.between(start, skip), { type: "residual", blocks: this.between(skip, branch) }];
    }
    if (inputs.length > 1) this.refuse(layer, "joins several inputs, which a ReluNetwork cannot");
    if (inputs.length === 0 && start)
      this.refuse(layer, `lies on a branch that does not come from "${start.name}", where the skip begins`);
    const before = inputs.length === 1 ? this.between(start, inputs[0]) : [];
    return this.append(before, layer);
  }

  private append(before: Block[], layer: Layer): Block[] {
    const kind = layer.getClassName();
    const config = layer.getConfig();
    if (transparent.has(kind)) return before;
    if (kind === "Dense") return [...before, this.dense(layer, config)];
    if (kind === "Conv2D") return [...before, this.convolution(layer, config)];
    if (kind === "AveragePooling2D" || kind === "MaxPooling2D") return [...before, this.pool(layer, config)];
    if (["ReLU", "LeakyReLU", "Activation", "Softmax"].includes(kind)) {
      const activation = this.activationOf(layer, config);
      const last = before.at(-1);
      if (activation === "linear") return before;
      if (last && "activation" in last && last.activation === "linear") {
        return [...before.slice(0, -1), { ...last, activation }];
      }
      return [...before, { type: "activation", activation }];
    }
    return this.refuse(
      layer,
      "cannot become part of a ReluNetwork: dense layers, convolutions, average and max pooling, ReLU, leaky ReLU and identity skips can",
    );
  }

  private activationOf(layer: Layer, config: Record<string, unknown>): BlockActivation {
    const kind = layer.getClassName();
    if (kind === "LeakyReLU") return { leaky: Number(config.alpha ?? config.negativeSlope ?? 0.3) };
    if (kind === "ReLU") {
      if (Number(config.maxValue ?? config.max_value ?? Infinity) < Infinity)
        this.refuse(layer, "is a ReLU with an upper limit");
      if (Number(config.threshold ?? 0) !== 0) this.refuse(layer, "is a ReLU with a threshold");
      const slope = Number(config.negativeSlope ?? 0);
      return slope === 0 ? "relu" : { leaky: slope };
    }
    const name = kind === "Softmax" ? "softmax" : String(config.activation ?? "linear");
    if (name === "softmax") {
      if (layer !== this.last)
        this.refuse(layer, "has its softmax inside the network, which is then not piecewise linear");
      if (this.options.softmax !== "drop") {
        this.refuse(
          layer,
          'ends in a softmax, which is not piecewise linear: ask for the logits with { softmax: "drop" }',
        );
      }
      return "linear";
    }
    if (name !== "relu" && name !== "linear")
      this.refuse(layer, `has the activation "${name}": it must be relu or linear`);
    return name;
  }

  private dense(layer: Layer, config: Record<string, unknown>): Block {
    const [kernel, bias] = layer.getWeights();
    const [inputs, outputs] = kernel.shape;
    return {
      type: "dense",
      W: transposed(kernel.dataSync(), inputs, outputs),
      b: bias ? Float64Array.from(bias.dataSync()) : new Float64Array(outputs),
      activation: this.activationOf(layer, config),
    };
  }

  /** The one number of a pair that must be equal both ways. */
  private square(layer: Layer, value: unknown, what: string): number {
    const pair = Array.isArray(value) ? (value as number[]) : [Number(value), Number(value)];
    if (!pair.every((v) => v === pair[0] && Number.isSafeInteger(v) && v > 0))
      this.refuse(layer, `has ${what} [${pair}]: both must be equal, a whole number from 1`);
    return pair[0];
  }

  private convolution(layer: Layer, config: Record<string, unknown>): Block {
    if (config.dataFormat === "channelsFirst")
      this.refuse(layer, "has its channels first: they must be last");
    if (this.square(layer, config.dilationRate ?? 1, "dilation") !== 1) this.refuse(layer, "is dilated");
    const [kernel, bias] = layer.getWeights();
    const [height, width, , filters] = kernel.shape;
    return {
      type: "convolution",
      kernel: Float64Array.from(kernel.dataSync()),
      size: [height, width],
      b: bias ? Float64Array.from(bias.dataSync()) : new Float64Array(filters),
      stride: this.square(layer, config.strides ?? 1, "strides"),
      padding: config.padding === "same" ? "same" : "valid",
      activation: this.activationOf(layer, config),
    };
  }

  private pool(layer: Layer, config: Record<string, unknown>): Block {
    if (config.dataFormat === "channelsFirst")
      this.refuse(layer, "has its channels first: they must be last");
    const size = this.square(layer, config.poolSize, "windows of");
    const stride = this.square(layer, config.strides ?? size, "strides");
    const shape = layer.outputShape as (number | null)[] | undefined;
    const input = this.inputsOf(layer)[0]?.outputShape as (number | null)[] | undefined;
    const padded =
      config.padding === "same" &&
      !(shape && input && [1, 2].every((k) => Math.floor((input[k]! - size) / stride) + 1 === shape[k]));
    if (padded)
      this.refuse(layer, "pads the image: only pooling without padding can become part of a ReluNetwork");
    return { type: layer.getClassName() === "MaxPooling2D" ? "max-pool" : "average-pool", size, stride };
  }

  /** The shape of the model's input: a number, or [height, width, channels]. */
  inputShape(): number | ImageShape {
    for (const layer of this.layers) {
      const shape = layer.getConfig().batchInputShape as (number | null)[] | undefined;
      if (!shape) continue;
      if (!Array.isArray(shape)) this.refuse(layer, `takes inputs of the shape ${JSON.stringify(shape)}`);
      const own = shape.slice(1);
      if (own.some((n) => !(Number(n) > 0))) this.refuse(layer, `takes inputs of the open shape [${own}]`);
      const sizes = own as number[];
      return sizes.length === 3
        ? (sizes as unknown as ImageShape)
        : sizes.reduce((product, n) => product * n, 1);
    }
    throw new TypeError("the model does not say the shape of its input: build it with an inputShape");
  }
}

/**
 * The network of a tfjs model, in doubles.
 *
 * Its float32 weights are doubles too, so nothing is lost; sums are then taken in doubles. Convolutions, pools, leaky
 * ReLUs and identity skips are lowered exactly to dense layers (network.fromBlocks).
 *
 * @param model a LayersModel of dense, conv2d, average and max pooling, flatten, reLU, leakyReLU and activation layers,
 *   sequential or with `add` around identity skips; dropout is passed over
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
  const reader = new BlockReader(model.layers, options);
  const blocks =
    model.layers.length > 0 ? reader.between(undefined, model.layers[model.layers.length - 1]) : [];
  if (blocks.length === 0) throw new TypeError("the model has no layer with weights");
  const plain = blocks.every((block) => block.type === "dense" && typeof block.activation === "string");
  return plain ? ReluNetwork.of(blocks as unknown as LayerSpec[]) : fromBlocks(blocks, reader.inputShape());
}
