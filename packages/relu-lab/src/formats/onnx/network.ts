import { fromBlocks, ReluNetwork, type Block, type ImageShape } from "../../network";
import type { NamedTensor } from "../safetensors";
import { Attributes } from "./attributes";
import { readGraph, type GraphMessage, type NodeMessage } from "./messages";
import { readTensor, type ReadBeside } from "./tensors";

/** A network that was read, and what its reader should know about it. */
export interface OnnxNetwork {
  /** Takes the model's input in the file's own order (channel, row, column). */
  readonly network: ReluNetwork;
  /** What was left out or rounded, a sentence each. */
  readonly notes: readonly string[];
}

type Shape = { readonly image: ImageShape } | { readonly flat: number };

const countOf = (shape: Shape) =>
  "flat" in shape ? shape.flat : shape.image[0] * shape.image[1] * shape.image[2];

/** Where a value of the file's order (channel, row, column) stands in ours (row, column, channel). */
function ourPlace([height, width, channels]: ImageShape, index: number): number {
  const pixels = height * width;
  return (index % pixels) * channels + Math.floor(index / pixels);
}

function isIdentity(W: Float64Array, size: number): boolean {
  return W.length === size * size && W.every((v, i) => v === (i % (size + 1) === 0 ? 1 : 0));
}

/** x W and then + b, as many exporters write a dense layer, becomes one block: adding b to zeros rounds nothing. */
function joinBias(blocks: Block[]): void {
  const [product, sum] = blocks.slice(-2);
  if (product?.type !== "dense" || sum?.type !== "dense" || product.activation !== "linear") return;
  if (!isIdentity(sum.W as Float64Array, sum.b.length) || Array.from(product.b).some((v) => v !== 0)) return;
  blocks.splice(-2, 2, { ...product, b: sum.b });
}

/** Walks the graph from its input to its output and collects blocks. */
class Walk {
  readonly notes: string[] = [];
  private readonly constants = new Map<string, NamedTensor>();
  private readonly consumers = new Map<string, NodeMessage[]>();
  private shape: Shape;
  /** Set by a flattening: the image whose order the next dense layer still has to undo. */
  private flattened: ImageShape | undefined;
  private readonly output: string;
  readonly input: number | ImageShape;

  constructor(
    graph: GraphMessage,
    readonly inputName: string,
    inputShape: readonly number[],
    beside?: ReadBeside,
  ) {
    for (const tensor of graph.initializers) this.constants.set(tensor.name, readTensor(tensor, beside));
    for (const node of graph.nodes) {
      if (node.opType === "Constant") {
        const value = node.attribute.find(({ name }) => name === "value")?.t;
        if (value) this.constants.set(node.output[0], readTensor(value, beside));
        continue;
      }
      for (const name of new Set(node.input)) {
        if (!this.constants.has(name)) this.consumers.set(name, [...(this.consumers.get(name) ?? []), node]);
      }
    }
    if (graph.outputs.length !== 1) {
      throw new TypeError(`ONNX: the model has ${graph.outputs.length} outputs: one is needed`);
    }
    this.output = graph.outputs[0].name;
    const sizes = inputShape.slice(1);
    if (sizes.length === 0 || sizes.length === 2 || sizes.length > 3 || sizes.some((size) => !(size > 0))) {
      throw new TypeError(
        `ONNX: the input "${inputName}" has the shape [${inputShape}]: [batch, inputs] or [batch, channels, height, width] with fixed sizes is needed`,
      );
    }
    this.shape = sizes.length === 1 ? { flat: sizes[0] } : { image: [sizes[1], sizes[2], sizes[0]] };
    // A flat input that is first of all made an image of one channel is that image.
    const first = this.consumers.get(inputName)?.[0];
    if ("flat" in this.shape && first?.opType === "Reshape") {
      const target = this.constants.get(first.input[1])?.values;
      if (target?.length === 4 && target[1] === 1 && target[2] * target[3] === this.shape.flat) {
        this.shape = { image: [target[2], target[3], 1] };
      }
    }
    this.input = "flat" in this.shape ? this.shape.flat : this.shape.image;
  }

  /** The blocks from a value to the model's output. */
  all(): Block[] {
    return this.chain(this.inputName, this.output);
  }

  private chain(from: string, to: string): Block[] {
    const blocks: Block[] = [];
    const seen = new Set<string>();
    for (let value = from; value !== to;) {
      if (seen.has(value)) throw new TypeError(`ONNX: the graph runs in a circle at "${value}"`);
      seen.add(value);
      const next = this.consumers.get(value) ?? [];
      if (next.length === 0) throw new TypeError(`ONNX: "${value}" is read by no node and is not the output`);
      if (next.length > 1) {
        const join = this.skip(value, next);
        blocks.push(join.block);
        value = join.output;
        continue;
      }
      const [node] = next;
      blocks.push(...this.blocksOf(node, value));
      joinBias(blocks);
      value = node.output[0];
    }
    return blocks;
  }

  /** x + F(x): one reader of x is the sum itself, the other starts F. */
  private skip(value: string, readers: readonly NodeMessage[]): { block: Block; output: string } {
    const sum = readers.find((node) => node.opType === "Add");
    if (readers.length !== 2 || !sum) {
      const names = readers.map((node) => `${node.opType} "${node.name}"`).join(", ");
      throw new TypeError(
        `ONNX: "${value}" is read by ${names}: only an identity skip, x + F(x), can branch`,
      );
    }
    const end = sum.input.find((name) => name !== value)!;
    const inner = readers.find((node) => node !== sum)!;
    const before = this.shape;
    const [flattened, others] = [this.flattened, this.consumers.get(value)!];
    this.consumers.set(value, [inner]);
    const blocks = this.chain(value, end);
    this.consumers.set(value, others);
    if (flattened || JSON.stringify(before) !== JSON.stringify(this.shape)) {
      throw new TypeError(`ONNX: Add "${sum.name}" joins values of different shapes`);
    }
    return { block: { type: "residual", blocks }, output: sum.output[0] };
  }

  private constant(node: NodeMessage, index: number, what: string): NamedTensor {
    const found = this.constants.get(node.input[index] ?? "");
    if (!found) throw new TypeError(`ONNX: ${node.opType} "${node.name}": its ${what} is not a constant`);
    return found;
  }

  private image(node: NodeMessage): ImageShape {
    if ("flat" in this.shape) {
      throw new TypeError(
        `ONNX: ${node.opType} "${node.name}" needs an image [batch, channels, height, width]`,
      );
    }
    return this.shape.image;
  }

  /** What one node adds; changes the shape as it does. */
  private blocksOf(node: NodeMessage, value: string): Block[] {
    const attributes = new Attributes(node);
    switch (node.opType) {
      case "Identity":
      case "Dropout":
      case "Cast":
        return [];
      case "Flatten":
      case "Reshape":
      case "Squeeze":
        return this.reshape(node, attributes);
      case "Relu":
        return [{ type: "activation", activation: "relu" }];
      case "LeakyRelu":
        return [{ type: "activation", activation: { leaky: attributes.float("alpha", 0.01) } }];
      case "Softmax":
      case "LogSoftmax":
        return this.softmax(node);
      case "Gemm":
        return this.gemm(node, attributes);
      case "MatMul":
        return this.matMul(node, value);
      case "Add":
      case "Sub":
      case "Mul":
      case "Div":
        return this.arithmetic(node, value);
      case "BatchNormalization":
        return this.batchNormalization(node, attributes);
      case "Conv":
        return this.convolution(node, attributes);
      case "AveragePool":
      case "MaxPool":
        return this.pool(node, attributes);
      case "GlobalAveragePool":
        return this.globalPool(node);
      default:
        throw new TypeError(
          `ONNX: node "${node.name || node.output[0]}" is a ${node.opType}, which has no place in a piecewise-linear network here ` +
            "(Gemm, MatMul, Add, Sub, Mul, Div, Conv, Relu, LeakyRelu, AveragePool, MaxPool, GlobalAveragePool, BatchNormalization, Flatten, Reshape, Dropout, Identity have)",
        );
    }
  }

  private reshape(node: NodeMessage, attributes: Attributes): Block[] {
    if ("flat" in this.shape) return []; // a batch of vectors stays one
    const shape = this.shape.image;
    if (node.opType === "Flatten") {
      if (attributes.int("axis", 1) !== 1)
        throw new TypeError(`ONNX: Flatten "${node.name}" must keep the batch: axis 1`);
    } else {
      const target = node.opType === "Reshape" ? [...this.constant(node, 1, "shape").values] : [0, 0];
      if (target.length === 4 && target[1] === shape[2] && target[2] === shape[0] && target[3] === shape[1])
        return [];
      if (target.length !== 2) {
        throw new TypeError(`ONNX: Reshape "${node.name}" to [${target}]: only flattening is understood`);
      }
    }
    this.flattened = shape;
    this.shape = { flat: countOf(this.shape) };
    return [];
  }

  private softmax(node: NodeMessage): Block[] {
    if (node.output[0] !== this.output) {
      throw new TypeError(
        `ONNX: ${node.opType} "${node.name}" stands inside the network, which is then not piecewise linear`,
      );
    }
    this.notes.push(`the ${node.opType} at the end is left out: outputs are the logits`);
    return [];
  }

  /** A dense layer from W with rows of outputs, in the file's order of inputs. */
  private dense(
    node: NodeMessage,
    outputs: number,
    entry: (o: number, i: number) => number,
    b: ArrayLike<number>,
  ): Block {
    if ("image" in this.shape)
      throw new TypeError(`ONNX: ${node.opType} "${node.name}" needs a flattened input`);
    const inputs = this.shape.flat;
    const W = new Float64Array(inputs * outputs);
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) {
        W[o * inputs + (this.flattened ? ourPlace(this.flattened, i) : i)] = entry(o, i);
      }
    }
    this.flattened = undefined;
    this.shape = { flat: outputs };
    return { type: "dense", W, b, activation: "linear" };
  }

  private weight(node: NodeMessage, index: number, transposed: boolean) {
    const { shape, values } = this.constant(node, index, "weight");
    const inputs = countOf(this.shape);
    const [rows, columns] = shape;
    if (shape.length !== 2 || (transposed ? columns : rows) !== inputs) {
      throw new TypeError(
        `ONNX: ${node.opType} "${node.name}" has a weight of shape [${shape}] for ${inputs} inputs`,
      );
    }
    const outputs = transposed ? rows : columns;
    return {
      outputs,
      entry: (o: number, i: number) => values[transposed ? o * inputs + i : i * outputs + o],
    };
  }

  private gemm(node: NodeMessage, attributes: Attributes): Block[] {
    const [alpha, beta] = [attributes.float("alpha", 1), attributes.float("beta", 1)];
    if (alpha !== 1 || beta !== 1 || attributes.int("transA", 0) !== 0) {
      throw new TypeError(
        `ONNX: Gemm "${node.name}" has alpha ${alpha}, beta ${beta}: both must be 1, and transA 0`,
      );
    }
    const { outputs, entry } = this.weight(node, 1, attributes.int("transB", 0) === 1);
    const bias = node.input[2] ? this.constant(node, 2, "bias").values : new Float64Array(outputs);
    const b = bias.length === 1 ? new Float64Array(outputs).fill(bias[0]) : bias;
    if (b.length !== outputs)
      throw new TypeError(`ONNX: Gemm "${node.name}" has ${b.length} biases for ${outputs} outputs`);
    return [this.dense(node, outputs, entry, b)];
  }

  private matMul(node: NodeMessage, value: string): Block[] {
    if (node.input[0] !== value) {
      throw new TypeError(
        `ONNX: MatMul "${node.name}" multiplies from the left: x W is understood, W x is not`,
      );
    }
    const { outputs, entry } = this.weight(node, 1, false);
    return [this.dense(node, outputs, entry, new Float64Array(outputs))];
  }

  /** a x + b, value by value. */
  private scaled(node: NodeMessage, factor: (c: number) => number, shift: (c: number) => number): Block {
    if ("image" in this.shape) {
      const channels = this.shape.image[2];
      const kernel = new Float64Array(channels * channels);
      for (let c = 0; c < channels; c++) kernel[c * channels + c] = factor(c);
      const b = Float64Array.from({ length: channels }, (_, c) => shift(c));
      return { type: "convolution", kernel, size: [1, 1], b, activation: "linear" };
    }
    const b = Float64Array.from({ length: this.shape.flat }, (_, i) => shift(i));
    return this.dense(node, this.shape.flat, (o, i) => (o === i ? factor(i) : 0), b);
  }

  private arithmetic(node: NodeMessage, value: string): Block[] {
    const at = node.input[0] === value ? 1 : 0;
    const { shape, values } = this.constant(node, at, "other term");
    const wanted = "image" in this.shape ? this.shape.image[2] : this.shape.flat;
    const perChannel = values.length === wanted && ("flat" in this.shape || shape.at(-3) === wanted);
    if (values.length !== 1 && !perChannel) {
      throw new TypeError(
        `ONNX: ${node.opType} "${node.name}" with [${shape}]: one number, or one a channel, is understood`,
      );
    }
    const other = (c: number) => values[values.length === 1 ? 0 : c];
    switch (node.opType) {
      case "Add":
        return [this.scaled(node, () => 1, other)];
      case "Sub":
        return [this.scaled(node, () => (at === 1 ? 1 : -1), (c) => (at === 1 ? -other(c) : other(c)))]; // prettier-ignore
      case "Mul":
        return [this.scaled(node, other, () => 0)];
      default:
        if (at === 0) throw new TypeError(`ONNX: Div "${node.name}" divides by the network's values: not piecewise linear`);
        this.notes.push(`Div "${node.name}" became a multiplication by the reciprocal, rounded to a double`);
        return [this.scaled(node, (c) => 1 / other(c), () => 0)]; // prettier-ignore
    }
  }

  private batchNormalization(node: NodeMessage, attributes: Attributes): Block[] {
    const channels = "image" in this.shape ? this.shape.image[2] : this.shape.flat;
    const [scale, shift, mean, variance] = [1, 2, 3, 4].map((i) => {
      const { values } = this.constant(node, i, "parameter");
      if (values.length !== channels) {
        throw new TypeError(
          `ONNX: BatchNormalization "${node.name}" has ${values.length} numbers for ${channels} channels`,
        );
      }
      return values;
    });
    const epsilon = attributes.float("epsilon", 1e-5);
    const factor = (c: number) => scale[c] / Math.sqrt(variance[c] + epsilon);
    this.notes.push(`BatchNormalization "${node.name}" became a x + b with a and b rounded to doubles`);
    return [this.scaled(node, factor, (c) => shift[c] - mean[c] * factor(c))];
  }

  private convolution(node: NodeMessage, attributes: Attributes): Block[] {
    const [height, width, channels] = this.image(node);
    const { shape, values } = this.constant(node, 1, "kernel");
    const [filters, depth, kh, kw] = shape;
    if (shape.length !== 4 || depth !== channels || attributes.int("group", 1) !== 1) {
      throw new TypeError(
        `ONNX: Conv "${node.name}" has a kernel of shape [${shape}] in ${attributes.int("group", 1)} groups for ${channels} channels: one group is understood`,
      );
    }
    attributes.ones("dilations");
    const kernel = new Float64Array(values.length);
    for (let f = 0, at = 0; f < filters; f++)
      for (let c = 0; c < channels; c++)
        for (let y = 0; y < kh; y++)
          for (let x = 0; x < kw; x++) kernel[((y * kw + x) * channels + c) * filters + f] = values[at++];
    const stride = attributes.pair("strides", [1, 1]);
    const padding = attributes.padding([height, width], [kh, kw], stride);
    const b = node.input[2] ? this.constant(node, 2, "bias").values : new Float64Array(filters);
    const rows = Math.floor((height + padding[0] + padding[2] - kh) / stride[0]) + 1;
    const columns = Math.floor((width + padding[1] + padding[3] - kw) / stride[1]) + 1;
    this.shape = { image: [rows, columns, filters] };
    return [{ type: "convolution", kernel, size: [kh, kw], b, stride, padding, activation: "linear" }];
  }

  private pool(node: NodeMessage, attributes: Attributes): Block[] {
    const [height, width, channels] = this.image(node);
    const size = attributes.pair("kernel_shape", [1, 1]);
    const stride = attributes.pair("strides", [1, 1]);
    attributes.ones("dilations");
    attributes.zeros("pads");
    attributes.zeros("ceil_mode");
    if (size[0] !== size[1] || stride[0] !== stride[1]) {
      throw new TypeError(
        `ONNX: ${node.opType} "${node.name}" has a window of [${size}] in steps of [${stride}]: squares are understood`,
      );
    }
    const out = (length: number) => Math.floor((length - size[0]) / stride[0]) + 1;
    this.shape = { image: [out(height), out(width), channels] };
    return [
      { type: node.opType === "MaxPool" ? "max-pool" : "average-pool", size: size[0], stride: stride[0] },
    ];
  }

  private globalPool(node: NodeMessage): Block[] {
    const [height, width, channels] = this.image(node);
    if (height !== width)
      throw new TypeError(
        `ONNX: GlobalAveragePool "${node.name}" over ${height} x ${width}: a square is understood`,
      );
    this.shape = { image: [1, 1, channels] };
    return [{ type: "average-pool", size: height, stride: height }];
  }

  /** Undoes the order of a flattened output that no dense layer followed. */
  finish(): Block[] {
    if (!this.flattened && !("image" in this.shape)) return [];
    const shape = this.flattened ?? ("image" in this.shape ? this.shape.image : ([1, 1, 1] as const));
    const count = shape[0] * shape[1] * shape[2];
    const W = new Float64Array(count * count);
    for (let i = 0; i < count; i++) W[i * count + ourPlace(shape, i)] = 1;
    return [{ type: "dense", W, b: new Float64Array(count), activation: "linear" }];
  }
}

/** The same network with its inputs in the file's order. */
function inFileOrder(network: ReluNetwork, shape: ImageShape): ReluNetwork {
  if (shape[2] === 1) return network;
  const [first, ...rest] = network.specs();
  const { inputs, outputs, weights } = network.layers[0];
  const W = new Float64Array(weights.length);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) W[o * inputs + i] = weights[o * inputs + ourPlace(shape, i)];
  return ReluNetwork.of([{ ...first, W }, ...rest]);
}

/**
 * The network that an ONNX file describes, without rounding a weight: dense layers, convolutions, average and max
 * pooling, ReLU and leaky ReLU, identity skips.
 *
 * @param bytes the whole file, as `torch.onnx.export` writes it
 * @param beside reads a file that lies beside the model, for weights kept outside of it
 * @returns the network, taking the input in the file's order (channel, row, column), and notes on what was left out
 * @throws TypeError that names the node or tensor which is not understood
 * @example
 * networkFromOnnx(fs.readFileSync("model.onnx")).network.sizes;
 */
export function networkFromOnnx(bytes: Uint8Array, beside?: ReadBeside): OnnxNetwork {
  const graph = readGraph(bytes);
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name));
  if (inputs.length !== 1) throw new TypeError(`ONNX: the model has ${inputs.length} inputs: one is needed`);
  const walk = new Walk(graph, inputs[0].name, inputs[0].shape, beside);
  const blocks = walk.all();
  const network = fromBlocks([...blocks, ...walk.finish()], walk.input);
  return {
    network: typeof walk.input === "number" ? network : inFileOrder(network, walk.input),
    notes: walk.notes,
  };
}
