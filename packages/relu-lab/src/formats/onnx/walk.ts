import type { Block, ImageShape } from "../../network";
import { checkValues } from "../../network/blocks/limits";
import type { ReadBeside } from "../beside";
import type { NamedTensor } from "../safetensors";
import { countOf, type Shape } from "../shape";
import { Attributes } from "./attributes";
import { arithmetic, batchNormalization, finish, gemm, matMul, reshape, softmax } from "./dense-nodes";
import { convolution, globalPool, pool } from "./image-nodes";
import type { GraphMessage, NodeMessage } from "./messages";
import { State } from "./state";
import { readTensor } from "./tensors";

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
export class Walk {
  private readonly consumers = new Map<string, NodeMessage[]>();
  private readonly state: State;
  readonly input: number | ImageShape;
  /** How many skips enclose the node at hand. */
  private depth = 0;

  constructor(
    graph: GraphMessage,
    readonly inputName: string,
    inputShape: readonly number[],
    beside?: ReadBeside,
  ) {
    const constants = new Map<string, NamedTensor>();
    for (const tensor of graph.initializers) constants.set(tensor.name, readTensor(tensor, beside));
    for (const node of graph.nodes) {
      if (node.opType === "Constant") {
        const value = node.attribute.find(({ name }) => name === "value")?.t;
        if (value) constants.set(node.output[0], readTensor(value, beside));
        continue;
      }
      for (const name of new Set(node.input)) {
        if (constants.has(name)) continue;
        const known = this.consumers.get(name);
        if (known) known.push(node);
        else this.consumers.set(name, [node]);
      }
    }
    if (graph.outputs.length !== 1) {
      throw new TypeError(`ONNX: the model has ${graph.outputs.length} outputs: one is needed`);
    }
    const output = graph.outputs[0].name;
    const sizes = inputShape.slice(1);
    if (sizes.length === 0 || sizes.length === 2 || sizes.length > 3 || sizes.some((size) => !(size > 0))) {
      throw new TypeError(
        `ONNX: the input "${inputName}" has the shape [${inputShape}]: [batch, inputs] or [batch, channels, height, width] with fixed sizes is needed`,
      );
    }
    let shape: Shape = sizes.length === 1 ? { flat: sizes[0] } : { image: [sizes[1], sizes[2], sizes[0]] };
    // A flat input that is first of all made an image of one channel is that image.
    const first = this.consumers.get(inputName)?.[0];
    if ("flat" in shape && first?.opType === "Reshape") {
      const target = constants.get(first.input[1])?.values;
      const whole = target?.slice(2).every((size) => Number.isSafeInteger(size) && size > 0);
      if (target?.length === 4 && whole && target[1] === 1 && target[2] * target[3] === shape.flat) {
        shape = { image: [target[2], target[3], 1] };
      }
    }
    checkValues(countOf(shape), `the input "${inputName}"`);
    this.state = new State(shape, output, constants);
    this.input = "flat" in shape ? shape.flat : shape.image;
  }

  /** The blocks from the model's input to its output. */
  all(): Block[] {
    const blocks = this.chain(this.inputName, this.state.output);
    return [...blocks, ...finish(this.state)];
  }

  /** What was left out or rounded, a sentence each. */
  get notes(): readonly string[] {
    return this.state.notes;
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
    if (this.depth >= 100) throw new TypeError(`ONNX: "${value}" begins a skip inside of 100 others`);
    const sum = readers.find((node) => node.opType === "Add");
    if (readers.length !== 2 || !sum) {
      const names = readers.map((node) => `${node.opType} "${node.name}"`).join(", ");
      throw new TypeError(
        `ONNX: "${value}" is read by ${names}: only an identity skip, x + F(x), can branch`,
      );
    }
    const end = sum.input.find((name) => name !== value)!;
    const inner = readers.find((node) => node !== sum)!;
    const before = this.state.shape;
    const [flattened, others] = [this.state.flattened, this.consumers.get(value)!];
    this.consumers.set(value, [inner]);
    this.depth++;
    const blocks = this.chain(value, end);
    this.depth--;
    this.consumers.set(value, others);
    if (flattened || JSON.stringify(before) !== JSON.stringify(this.state.shape)) {
      throw new TypeError(`ONNX: Add "${sum.name}" joins values of different shapes`);
    }
    return { block: { type: "residual", blocks }, output: sum.output[0] };
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
        return reshape(this.state, node, attributes);
      case "Relu":
        return [{ type: "activation", activation: "relu" }];
      case "LeakyRelu":
        return [{ type: "activation", activation: { leaky: attributes.float("alpha", 0.01) } }];
      case "Softmax":
      case "LogSoftmax":
        return softmax(this.state, node);
      case "Gemm":
        return gemm(this.state, node, attributes);
      case "MatMul":
        return matMul(this.state, node, value);
      case "Add":
      case "Sub":
      case "Mul":
      case "Div":
        return arithmetic(this.state, node, value);
      case "BatchNormalization":
        return batchNormalization(this.state, node, attributes);
      case "Conv":
        return convolution(this.state, node, attributes);
      case "AveragePool":
      case "MaxPool":
        return pool(this.state, node, attributes);
      case "GlobalAveragePool":
        return globalPool(this.state, node);
      default:
        throw new TypeError(
          `ONNX: node "${node.name || node.output[0]}" is a ${node.opType}, which has no place in a piecewise-linear network here ` +
            "(Gemm, MatMul, Add, Sub, Mul, Div, Conv, Relu, LeakyRelu, AveragePool, MaxPool, GlobalAveragePool, BatchNormalization, Flatten, Reshape, Dropout, Identity have)",
        );
    }
  }
}
