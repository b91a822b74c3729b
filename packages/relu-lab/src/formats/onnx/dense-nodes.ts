import type { Block } from "../../network";
import { checkWeights } from "../../network/blocks/limits";
import { countOf } from "../shape";
import type { Attributes } from "./attributes";
import type { NodeMessage } from "./messages";
import { ourPlace, type State } from "./state";

export function reshape(state: State, node: NodeMessage, attributes: Attributes): Block[] {
  if ("flat" in state.shape) return []; // a batch of vectors stays one
  const shape = state.shape.image;
  if (node.opType === "Flatten") {
    if (attributes.int("axis", 1) !== 1)
      throw new TypeError(`ONNX: Flatten "${node.name}" must keep the batch: axis 1`);
  } else {
    const target = node.opType === "Reshape" ? [...state.constant(node, 1, "shape").values] : [0, 0];
    if (target.length === 4 && target[1] === shape[2] && target[2] === shape[0] && target[3] === shape[1])
      return [];
    if (target.length !== 2) {
      throw new TypeError(`ONNX: Reshape "${node.name}" to [${target}]: only flattening is understood`);
    }
  }
  state.flattened = shape;
  state.shape = { flat: countOf(state.shape) };
  return [];
}

export function softmax(state: State, node: NodeMessage): Block[] {
  if (node.output[0] !== state.output) {
    throw new TypeError(
      `ONNX: ${node.opType} "${node.name}" stands inside the network, which is then not piecewise linear`,
    );
  }
  state.notes.push(`the ${node.opType} at the end is left out: outputs are the logits`);
  return [];
}

/** A dense layer from W with rows of outputs, in the file's order of inputs. */
function dense(
  state: State,
  node: NodeMessage,
  outputs: number,
  entry: (o: number, i: number) => number,
  b: ArrayLike<number>,
): Block {
  if ("image" in state.shape)
    throw new TypeError(`ONNX: ${node.opType} "${node.name}" needs a flattened input`);
  const inputs = state.shape.flat;
  checkWeights(outputs, inputs);
  const W = new Float64Array(inputs * outputs);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      W[o * inputs + (state.flattened ? ourPlace(state.flattened, i) : i)] = entry(o, i);
    }
  }
  state.flattened = undefined;
  state.shape = { flat: outputs };
  return { type: "dense", W, b, activation: "linear" };
}

function weight(state: State, node: NodeMessage, index: number, transposed: boolean) {
  const { shape, values } = state.constant(node, index, "weight");
  const inputs = countOf(state.shape);
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

export function gemm(state: State, node: NodeMessage, attributes: Attributes): Block[] {
  const [alpha, beta] = [attributes.float("alpha", 1), attributes.float("beta", 1)];
  if (alpha !== 1 || beta !== 1 || attributes.int("transA", 0) !== 0) {
    throw new TypeError(
      `ONNX: Gemm "${node.name}" has alpha ${alpha}, beta ${beta}: both must be 1, and transA 0`,
    );
  }
  const { outputs, entry } = weight(state, node, 1, attributes.int("transB", 0) === 1);
  const bias = node.input[2] ? state.constant(node, 2, "bias").values : new Float64Array(outputs);
  const b = bias.length === 1 ? new Float64Array(outputs).fill(bias[0]) : bias;
  if (b.length !== outputs)
    throw new TypeError(`ONNX: Gemm "${node.name}" has ${b.length} biases for ${outputs} outputs`);
  return [dense(state, node, outputs, entry, b)];
}

export function matMul(state: State, node: NodeMessage, value: string): Block[] {
  if (node.input[0] !== value) {
    throw new TypeError(
      `ONNX: MatMul "${node.name}" multiplies from the left: x W is understood, W x is not`,
    );
  }
  const { outputs, entry } = weight(state, node, 1, false);
  return [dense(state, node, outputs, entry, new Float64Array(outputs))];
}

/** a x + b, value by value. */
function scaled(
  state: State,
  node: NodeMessage,
  factor: (c: number) => number,
  shift: (c: number) => number,
): Block {
  if ("image" in state.shape) {
    const channels = state.shape.image[2];
    checkWeights(channels, channels);
    const kernel = new Float64Array(channels * channels);
    for (let c = 0; c < channels; c++) kernel[c * channels + c] = factor(c);
    const b = Float64Array.from({ length: channels }, (_, c) => shift(c));
    return { type: "convolution", kernel, size: [1, 1], b, activation: "linear" };
  }
  const b = Float64Array.from({ length: state.shape.flat }, (_, i) => shift(i));
  return dense(state, node, state.shape.flat, (o, i) => (o === i ? factor(i) : 0), b);
}

export function arithmetic(state: State, node: NodeMessage, value: string): Block[] {
  const at = node.input[0] === value ? 1 : 0;
  const { shape, values } = state.constant(node, at, "other term");
  const wanted = "image" in state.shape ? state.shape.image[2] : state.shape.flat;
  const perChannel = values.length === wanted && ("flat" in state.shape || shape.at(-3) === wanted);
  if (values.length !== 1 && !perChannel) {
    throw new TypeError(
      `ONNX: ${node.opType} "${node.name}" with [${shape}]: one number, or one a channel, is understood`,
    );
  }
  const other = (c: number) => values[values.length === 1 ? 0 : c];
  switch (node.opType) {
    case "Add":
      return [scaled(state, node, () => 1, other)];
    case "Sub":
      return [scaled(state, node, () => (at === 1 ? 1 : -1), (c) => (at === 1 ? -other(c) : other(c)))]; // prettier-ignore
    case "Mul":
      return [scaled(state, node, other, () => 0)];
    default:
      if (at === 0) throw new TypeError(`ONNX: Div "${node.name}" divides by the network's values: not piecewise linear`);
      state.notes.push(`Div "${node.name}" became a multiplication by the reciprocal, rounded to a double`);
      return [scaled(state, node, (c) => 1 / other(c), () => 0)]; // prettier-ignore
  }
}

export function batchNormalization(state: State, node: NodeMessage, attributes: Attributes): Block[] {
  const channels = "image" in state.shape ? state.shape.image[2] : state.shape.flat;
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((i) => {
    const { values } = state.constant(node, i, "parameter");
    if (values.length !== channels) {
      throw new TypeError(
        `ONNX: BatchNormalization "${node.name}" has ${values.length} numbers for ${channels} channels`,
      );
    }
    return values;
  });
  const epsilon = attributes.float("epsilon", 1e-5);
  const factor = (c: number) => scale[c] / Math.sqrt(variance[c] + epsilon);
  state.notes.push(`BatchNormalization "${node.name}" became a x + b with a and b rounded to doubles`);
  return [scaled(state, node, factor, (c) => shift[c] - mean[c] * factor(c))];
}

/** Undoes the order of a flattened output that no dense layer followed. */
export function finish(state: State): Block[] {
  if (!state.flattened && !("image" in state.shape)) return [];
  const shape = state.flattened ?? ("image" in state.shape ? state.shape.image : ([1, 1, 1] as const));
  const count = shape[0] * shape[1] * shape[2];
  checkWeights(count, count);
  const W = new Float64Array(count * count);
  for (let i = 0; i < count; i++) W[i * count + ourPlace(shape, i)] = 1;
  return [{ type: "dense", W, b: new Float64Array(count), activation: "linear" }];
}
