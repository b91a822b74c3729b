import type { Block, BlockActivation, ImageShape } from "../../network";
import { checkValues, checkWeights } from "../../network/blocks/limits";
import { transposed } from "../../network/transposed";
import type { NamedTensor } from "../safetensors";
import { countOf, type Shape } from "../shape";
import { withBiases } from "./biases";
import { NodeAttributes, type GraphNode } from "./graph-node";
import { fieldsOf, listOf, textOf } from "./weights";

const understood =
  "Placeholder, Const, Identity, MatMul, BiasAdd, Add, AddV2, Conv2D, _FusedMatMul, _FusedConv2D, Relu, LeakyRelu, MaxPool, AvgPool, Reshape and a Softmax at the end are";
const passing = new Set(["Identity", "StopGradient", "NoOp"]);

/** A node's name without the number of its output and the mark of a control edge. */
const nodeName = (input: string) => input.replace(/^\^/, "").replace(/:\d+$/, "");

/** The chain of nodes from a graph's input to its output, node by node as blocks. */
class Chain {
  readonly notes: string[] = [];
  readonly input: number | ImageShape;
  private readonly nodes = new Map<string, GraphNode>();
  private readonly chain: GraphNode[] = [];
  private shape: Shape;

  constructor(
    entries: readonly GraphNode[],
    private readonly weights: ReadonlyMap<string, NamedTensor>,
  ) {
    for (const node of entries) this.nodes.set(node.name, node);
    const moving = entries.filter(
      (node) => node.op !== "Const" && node.op !== "NoOp" && !this.constantOf(node.name),
    );
    const inputs = moving.filter(({ op }) => op === "Placeholder");
    if (inputs.length !== 1)
      throw new TypeError(`tfjs: the graph has ${inputs.length} inputs: one is needed`);
    const readers = new Map<string, GraphNode[]>();
    for (const node of moving) {
      for (const name of new Set(node.input.map(nodeName))) {
        const known = readers.get(name);
        if (known) known.push(node);
        else readers.set(name, [node]);
      }
    }
    const passed = new Set<GraphNode>();
    for (let at = inputs[0]; ;) {
      const next = readers.get(at.name) ?? [];
      if (next.length > 1) {
        const names = next.map(({ op, name }) => `${op} "${name}"`).join(", ");
        throw new TypeError(
          `tfjs: "${at.name}" is read by ${names}: a graph that branches is not understood`,
        );
      }
      if (next.length === 0) break;
      at = next[0];
      if (passed.has(at)) throw new TypeError(`tfjs: the graph runs in a circle at "${at.name}"`);
      passed.add(at);
      this.chain.push(at);
    }
    const sizes = new NodeAttributes(inputs[0]).shape("shape").slice(1);
    if ((sizes.length !== 1 && sizes.length !== 3) || sizes.some((size) => !(size > 0))) {
      throw new TypeError(
        `tfjs: the input "${inputs[0].name}" has the shape [batch, ${sizes}]: [batch, inputs] or [batch, height, width, channels] with fixed sizes is needed`,
      );
    }
    this.input = sizes.length === 1 ? sizes[0] : (sizes as unknown as ImageShape);
    this.shape = typeof this.input === "number" ? { flat: this.input } : { image: this.input };
    checkValues(countOf(this.shape), `the input "${inputs[0].name}"`);
  }

  blocks(): Block[] {
    return this.chain.flatMap((node) => this.blocksOf(node));
  }

  /** The constant behind a name, through nodes that pass it on. */
  private constantOf(name: string): NamedTensor | undefined {
    const passed = new Set<GraphNode>();
    for (let node = this.nodes.get(name); node && !passed.has(node);) {
      if (node.op === "Const") return this.weights.get(node.name);
      if (!passing.has(node.op) || node.input.length === 0) return undefined;
      passed.add(node); // nodes that pass each other on in a circle end in no constant
      node = this.nodes.get(nodeName(node.input[0]));
    }
    return undefined;
  }

  private constant(node: GraphNode, index: number, what: string): NamedTensor {
    const found = this.constantOf(nodeName(node.input[index] ?? ""));
    if (!found) this.refuse(node, `has no constant for its ${what}`);
    return found;
  }

  private refuse(node: GraphNode, what: string): never {
    throw new TypeError(`tfjs: node "${node.name}" (${node.op}) ${what}`);
  }

  private blocksOf(node: GraphNode): Block[] {
    const attributes = new NodeAttributes(node);
    switch (node.op) {
      case "Identity":
      case "StopGradient":
        return [];
      case "Relu":
        return [{ type: "activation", activation: "relu" }];
      case "LeakyRelu":
        return [{ type: "activation", activation: { leaky: attributes.number("alpha", 0.2) } }];
      case "MatMul":
        return [this.dense(node, attributes, undefined, "linear")];
      case "Conv2D":
        return [this.convolution(node, attributes, undefined, "linear")];
      case "_FusedMatMul":
      case "_FusedConv2D":
        return [this.fused(node, attributes)];
      case "BiasAdd":
      case "Add":
      case "AddV2":
        return [this.bias(node)];
      case "MaxPool":
      case "AvgPool":
        return [this.pool(node, attributes)];
      case "Reshape":
        return this.reshape(node);
      case "Softmax":
        if (node !== this.chain.at(-1))
          this.refuse(node, "stands inside the network, which is then not piecewise linear");
        this.notes.push("the Softmax at the end is left out: outputs are the logits");
        return [];
      default:
        return this.refuse(
          node,
          `has no place in a piecewise-linear network here (${understood} understood)`,
        );
    }
  }

  private fused(node: GraphNode, attributes: NodeAttributes): Block {
    const operations = attributes.words("fused_ops");
    const known: Record<string, BlockActivation> = {
      Relu: "relu",
      LeakyRelu: { leaky: attributes.number("leakyrelu_alpha", 0.2) },
    };
    const [first, second, ...more] = operations;
    if (first !== "BiasAdd" || more.length > 0 || (second !== undefined && !(second in known))) {
      this.refuse(
        node,
        `fuses [${operations}]: BiasAdd with Relu, LeakyRelu or nothing behind it is understood`,
      );
    }
    const bias = this.constant(node, 2, "bias");
    const activation = second === undefined ? "linear" : known[second];
    return node.op === "_FusedMatMul"
      ? this.dense(node, attributes, bias, activation)
      : this.convolution(node, attributes, bias, activation);
  }

  private biasOf(node: GraphNode, bias: NamedTensor | undefined, outputs: number): Float64Array {
    if (!bias) return new Float64Array(outputs);
    if (bias.values.length !== outputs || bias.shape.at(-1) !== outputs) {
      this.refuse(node, `has biases of shape [${bias.shape}] for ${outputs} outputs`);
    }
    return bias.values;
  }

  private dense(
    node: GraphNode,
    attributes: NodeAttributes,
    bias: NamedTensor | undefined,
    activation: BlockActivation,
  ): Block {
    const { shape, values } = this.constant(node, 1, "weight");
    if (attributes.flag("transpose_a")) this.refuse(node, "transposes its input");
    const turned = attributes.flag("transpose_b");
    const [inputs, outputs] = turned ? [shape[1], shape[0]] : shape;
    if (shape.length !== 2 || !("flat" in this.shape) || inputs !== this.shape.flat) {
      this.refuse(node, `has a weight of shape [${shape}] for ${countOf(this.shape)} inputs`);
    }
    this.shape = { flat: outputs };
    const W = turned ? values : transposed(values, inputs, outputs);
    return { type: "dense", W, b: this.biasOf(node, bias, outputs), activation };
  }

  private image(node: GraphNode, attributes: NodeAttributes): ImageShape {
    if ("flat" in this.shape) this.refuse(node, "needs an image [batch, height, width, channels]");
    const format = attributes.word("data_format", "NHWC");
    if (format !== "NHWC") this.refuse(node, `has its data in the order ${format}: NHWC is understood`);
    return this.shape.image;
  }

  private convolution(
    node: GraphNode,
    attributes: NodeAttributes,
    bias: NamedTensor | undefined,
    activation: BlockActivation,
  ): Block {
    const [height, width, channels] = this.image(node, attributes);
    const { shape, values } = this.constant(node, 1, "kernel");
    const [kh, kw, depth, filters] = shape;
    if (shape.length !== 4 || depth !== channels) {
      this.refuse(node, `has a kernel of shape [${shape}] for ${channels} channels`);
    }
    if (attributes.numbers("dilations", [1, 1, 1, 1]).some((d) => d !== 1)) this.refuse(node, "is dilated");
    const [, down, right] = attributes.numbers("strides", [1, 1, 1, 1]);
    const padding = this.padding(node, attributes);
    this.shape = {
      image: [outputLength(height, kh, down, padding), outputLength(width, kw, right, padding), filters],
    };
    const b = this.biasOf(node, bias, filters);
    return {
      type: "convolution",
      kernel: values,
      size: [kh, kw],
      b,
      stride: [down, right],
      padding,
      activation,
    };
  }

  private padding(node: GraphNode, attributes: NodeAttributes): "valid" | "same" {
    const padding = attributes.word("padding", "VALID");
    if (padding !== "VALID" && padding !== "SAME") this.refuse(node, `has the padding ${padding}`);
    return padding === "SAME" ? "same" : "valid";
  }

  private pool(node: GraphNode, attributes: NodeAttributes): Block {
    const [height, width, channels] = this.image(node, attributes);
    const [n, size, other, c] = attributes.numbers("ksize", [1, 1, 1, 1]);
    const [, stride, across] = attributes.numbers("strides", [1, size, size, 1]);
    if (n !== 1 || c !== 1 || size !== other || stride !== across) {
      this.refuse(
        node,
        `has a window of [${size}, ${other}] in steps of [${stride}, ${across}]: squares are understood`,
      );
    }
    const padding = this.padding(node, attributes);
    const [rows, columns] = [height, width].map((length) => outputLength(length, size, stride, padding));
    if (
      [height, width].some((length, d) => outputLength(length, size, stride, "valid") !== [rows, columns][d])
    ) {
      this.refuse(node, "pads the image: only pooling without padding can become part of a ReluNetwork");
    }
    this.shape = { image: [rows, columns, channels] };
    return { type: node.op === "MaxPool" ? "max-pool" : "average-pool", size, stride };
  }

  /** One number a channel, added; a bias that an exporter wrote as a node of its own. */
  private bias(node: GraphNode): Block {
    const at = node.input.findIndex((name) => this.constantOf(nodeName(name)));
    if (at < 0) this.refuse(node, "adds two values of the network: a graph that branches is not understood");
    const tensor = this.constant(node, at, "other term");
    if ("image" in this.shape) {
      const channels = this.shape.image[2];
      checkWeights(channels, channels);
      const kernel = new Float64Array(channels * channels);
      for (let c = 0; c < channels; c++) kernel[c * channels + c] = 1;
      const b = this.biasOf(node, tensor, channels);
      return { type: "convolution", kernel, size: [1, 1], b, activation: "linear" };
    }
    const count = this.shape.flat;
    checkWeights(count, count);
    const W = new Float64Array(count * count);
    for (let i = 0; i < count; i++) W[i * count + i] = 1;
    return { type: "dense", W, b: this.biasOf(node, tensor, count), activation: "linear" };
  }

  private reshape(node: GraphNode): Block[] {
    const target = [...this.constant(node, 1, "shape").values];
    const count = countOf(this.shape);
    const [, ...rest] = target;
    if (rest.length === 1 && (rest[0] === -1 || rest[0] === count)) {
      this.shape = { flat: count };
      return [];
    }
    const same =
      "image" in this.shape &&
      rest.length === 3 &&
      rest.every((d, i) => d === (this.shape as { image: ImageShape }).image[i]);
    if (!same)
      this.refuse(node, `makes the shape [${target}] of ${count} values: only flattening is understood`);
    return [];
  }
}

function outputLength(length: number, size: number, stride: number, padding: "valid" | "same"): number {
  return Math.ceil((padding === "same" ? length : length - size + 1) / stride);
}

/**
 * The blocks of a graph model, as the tfjs converter writes it from a SavedModel.
 *
 * @param topology `modelTopology` of model.json
 * @param weights the values of its Const nodes
 * @returns blocks, the shape of the input, and notes on what was left out
 * @throws TypeError that names the node which is not understood
 */
export function blocksFromGraph(
  topology: Readonly<Record<string, unknown>>,
  weights: ReadonlyMap<string, NamedTensor>,
): { blocks: Block[]; input: number | ImageShape; notes: readonly string[] } {
  const entries = listOf(topology.node, "modelTopology.node").map((node, i): GraphNode => {
    const { name, op, input, attr } = fieldsOf(node, `node[${i}]`);
    return {
      name: textOf(name, `node[${i}].name`),
      op: textOf(op, `node[${i}].op`),
      input: listOf(input ?? [], `node[${i}].input`).map((one) => textOf(one, `node[${i}].input`)),
      attr: fieldsOf(attr ?? {}, `node[${i}].attr`),
    };
  });
  const chain = new Chain(entries, weights);
  return { blocks: withBiases(chain.blocks()), input: chain.input, notes: chain.notes };
}
