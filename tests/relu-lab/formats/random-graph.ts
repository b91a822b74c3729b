// Random piecewise-linear ONNX graphs over all operators that the compiler knows.
import type { Generator } from "relu-lab/random";
import { networkFromOnnx } from "relu-lab/formats";
import { onnxFile, type AttributeValue, type Constant, type ModelSpec, type NodeSpec } from "./onnx-writer";

type Shape = readonly number[];

interface Known {
  readonly name: string;
  readonly shape: Shape;
}

const opsets = [9, 11, 13, 17, 18, 21];

/** A graph while it grows. */
class Growing {
  readonly nodes: NodeSpec[] = [];
  readonly constants: Record<string, Constant> = {};
  readonly values: Known[] = [];
  private count = 0;

  constructor(
    readonly random: Generator,
    readonly opset: number,
    readonly inputs: Readonly<Record<string, Shape>>,
  ) {}

  pick<T>(list: readonly T[]): T {
    return list[this.random.integer(list.length)];
  }

  whole(from: number, to: number): number {
    return from + this.random.integer(to - from + 1);
  }

  coin(share = 0.5): boolean {
    return this.random.uniform() < share;
  }

  name(stem: string): string {
    return `${stem}${++this.count}`;
  }

  /** A constant of normal numbers. */
  floats(shape: Shape, scale = 0.6): string {
    const name = this.name("c");
    const size = shape.reduce((product, d) => product * d, 1);
    this.constants[name] = {
      shape,
      values: Array.from({ length: size }, () => Math.fround(scale * this.random.normal())),
    };
    return this.disguised(name);
  }

  /** The same constant, at times by way of nodes that must be folded. */
  private disguised(name: string): string {
    const choice = this.random.integer(8);
    const { shape, values } = this.constants[name];
    if (choice === 0) return this.add("Identity", [name], "k");
    if (choice === 1) {
      const to = this.name("k");
      delete this.constants[name];
      this.nodes.push({
        op: "Constant",
        inputs: [],
        outputs: [to],
        attributes: { value: { shape, values } },
      });
      return to;
    }
    if (choice === 2 && shape.length === 2) {
      const [rows, columns] = shape;
      const turned = Array.from(
        { length: rows * columns },
        (_, i) => values[(i % rows) * columns + Math.floor(i / rows)],
      );
      this.constants[name] = { shape: [columns, rows], values: turned };
      return this.add("Transpose", [name], "k", { perm: { ints: [1, 0] } });
    }
    if (choice === 3) {
      this.constants[name] = { shape, values, type: "double" };
      return this.add("Cast", [name], "k", { to: { i: 1 } });
    }
    if (choice === 4 && this.opset >= 13) {
      const own = values.map(() => this.whole(-127, 127));
      const [scale, zero] = [this.name("s"), this.name("z")];
      this.constants[name] = { shape, values: own, type: "int8" };
      this.constants[scale] = { shape: [], values: [0.01] };
      this.constants[zero] = { shape: [], values: [this.whole(-3, 3)], type: "int8" };
      return this.add("DequantizeLinear", [name, scale, zero], "k");
    }
    return name;
  }

  /** A constant list of whole numbers. */
  wholes(values: readonly (number | bigint)[], shape: Shape = [values.length]): string {
    const name = this.name("i");
    this.constants[name] = { shape, values, type: "int64" };
    return name;
  }

  add(
    op: string,
    inputs: readonly string[],
    stem: string,
    attributes?: Record<string, AttributeValue>,
  ): string {
    const name = this.name(stem);
    this.nodes.push({ op, inputs, outputs: [name], ...(attributes ? { attributes } : {}) });
    return name;
  }

  spec(...outputs: readonly string[]): ModelSpec {
    const { nodes, constants, inputs, opset } = this;
    return { nodes, constants, inputs, outputs, opset };
  }

  /** Takes a name into the values that later nodes may read; the compiler tells its shape. */
  know(name: string): void {
    const { outputs } = networkFromOnnx(onnxFile(this.spec(name)));
    this.values.push({ name, shape: outputs[0].shape });
  }
}

/** A shape that broadcasts to another. */
function broadcastable(g: Growing, shape: Shape): Shape {
  const kept = shape.slice(g.random.integer(shape.length + 1));
  return kept.map((size) => (g.coin(0.7) ? size : 1));
}

const axisOf = (g: Growing, shape: Shape) => {
  const axis = g.random.integer(shape.length);
  return { axis, given: g.coin(0.3) && g.opset >= 13 ? axis - shape.length : axis };
};

type Step = (g: Growing, value: Known) => string | undefined;

const unary =
  (op: string, attributes?: (g: Growing) => Record<string, AttributeValue> | undefined): Step =>
  (g, { name }) =>
    g.add(op, [name], "v", attributes?.(g));

const withConstant =
  (op: string): Step =>
  (g, { name, shape }) => {
    const other = g.floats(broadcastable(g, shape));
    if (op === "Div") {
      const list = g.constants[other];
      if (!list || list.type) return undefined;
      g.constants[other] = { ...list, values: list.values.map((v) => (Math.abs(Number(v)) < 0.2 ? 0.5 : v)) };
      return g.add(op, [name, other], "v");
    }
    return g.coin() ? g.add(op, [name, other], "v") : g.add(op, [other, name], "v");
  };

/** Several values that broadcast, of the graph's own. */
const joining =
  (op: string): Step =>
  (g, { name, shape }) => {
    const others = g.values.filter((value) => value.shape.join() === shape.join());
    const more = g.pick(others);
    const list =
      op === "Add" || op === "Sub"
        ? [name, more.name]
        : [name, more.name, ...(g.coin(0.3) ? [g.floats(shape)] : [])];
    return g.add(op, list, "v");
  };

function window(g: Growing, image: Shape, isPool: boolean, dilated: boolean): Record<string, AttributeValue> {
  const rank = image.length;
  const kernel = image.map((size) => g.whole(1, Math.min(3, size)));
  const strides = image.map(() => g.whole(1, 3));
  const dilations = image.map((size, d) =>
    dilated && g.coin(0.25) && 2 * (kernel[d] - 1) + 1 <= size ? 2 : 1,
  );
  const attributes: Record<string, AttributeValue> = { kernel_shape: { ints: kernel } };
  if (g.coin(0.8)) attributes.strides = { ints: strides };
  if (dilations.some((d) => d !== 1)) attributes.dilations = { ints: dilations };
  const choice = g.random.integer(6);
  if (choice < 3)
    attributes.pads = {
      ints: Array.from({ length: 2 * rank }, (_, i) => g.random.integer(Math.min(2, kernel[i % rank]))),
    };
  else if (choice === 3) attributes.auto_pad = "SAME_UPPER";
  else if (choice === 4) attributes.auto_pad = "SAME_LOWER";
  else if (g.coin(0.3)) attributes.auto_pad = "VALID";
  // ONNX Runtime has no dilations with these, and no pools whose strides leave gaps.
  if (attributes.auto_pad) delete attributes.dilations;
  if (attributes.auto_pad && isPool) attributes.strides = { ints: kernel };
  return attributes;
}

const convolution: Step = (g, { name, shape }) => {
  if (shape.length < 3 || shape.length > 4) return undefined;
  const [, channels, ...image] = shape;
  const groups = g.coin(0.3) ? g.pick([1, channels, channels % 2 === 0 ? 2 : 1]) : 1;
  const outputs = groups * g.whole(1, 2);
  const attributes = window(g, image, false, true);
  const { ints } = attributes.kernel_shape as { ints: number[] };
  const kernel = g.floats([outputs, channels / groups, ...ints]);
  if (groups > 1) attributes.group = { i: groups };
  return g.add("Conv", [name, kernel, ...(g.coin() ? [g.floats([outputs])] : [])], "v", attributes);
};

const transposedConvolution: Step = (g, { name, shape }) => {
  if (shape.length < 3 || shape.length > 4) return undefined;
  const [, channels, ...image] = shape;
  if (image.some((size) => size > 5)) return undefined;
  const groups = g.coin(0.2) ? channels : 1;
  const perGroup = g.whole(1, 2);
  const size = image.map(() => g.whole(1, 3));
  const strides = image.map(() => g.whole(1, 2));
  const attributes: Record<string, AttributeValue> = { strides: { ints: strides } };
  if (groups > 1) attributes.group = { i: groups };
  const choice = g.random.integer(4);
  const pads = Array.from({ length: 2 * image.length }, (_, i) =>
    g.random.integer(Math.min(2, size[i % image.length])),
  );
  if (choice === 0) attributes.pads = { ints: pads };
  if (choice === 1) attributes.output_padding = { ints: strides.map((step) => g.random.integer(step)) };
  if (choice === 2) attributes.auto_pad = g.pick(["SAME_UPPER", "SAME_LOWER"]);
  if (choice === 3) attributes.dilations = { ints: image.map(() => g.whole(1, 2)) };
  const room = image.some(
    (length, d) => (length - 1) * strides[d] + size[d] <= pads[d] + pads[image.length + d],
  );
  if (choice === 0 && room) return undefined;
  const kernel = g.floats([channels, perGroup, ...size]);
  return g.add(
    "ConvTranspose",
    [name, kernel, ...(g.coin() ? [g.floats([perGroup * groups])] : [])],
    "v",
    attributes,
  );
};

/** Whether the last window of a rounded-up pool begins behind the image: ONNX Runtime contradicts itself about these. */
function endsOutside(attributes: Record<string, AttributeValue>, image: Shape): boolean {
  const list = (name: string, otherwise: number) =>
    (attributes[name] as { ints: number[] } | undefined)?.ints ??
    new Array<number>(2 * image.length).fill(otherwise);
  const [kernel, strides, dilations, pads] = [
    list("kernel_shape", 1),
    list("strides", 1),
    list("dilations", 1),
    list("pads", 0),
  ];
  return image.some((length, d) => {
    const room = length + pads[d] + pads[image.length + d] - (kernel[d] - 1) * dilations[d] - 1;
    return Math.ceil(room / strides[d]) * strides[d] >= length + pads[d];
  });
}

const pool =
  (op: string): Step =>
  (g, { name, shape }) => {
    if (shape.length < 3 || shape.length > 4) return undefined;
    const attributes = window(g, shape.slice(2), true, g.opset >= (op === "MaxPool" ? 10 : 19));
    if (g.opset >= 10 && g.coin(0.4) && !attributes.auto_pad && !endsOutside(attributes, shape.slice(2)))
      attributes.ceil_mode = { i: 1 };
    if (op === "AveragePool" && g.coin(0.4)) attributes.count_include_pad = { i: 1 };
    return g.add(op, [name], "v", attributes);
  };

const globalPool =
  (op: string): Step =>
  (g, { name, shape }) =>
    shape.length < 3 || shape.length > 4 ? undefined : g.add(op, [name], "v");

const normalisation: Step = (g, { name, shape }) => {
  if (shape.length < 2) return undefined;
  const channels = [shape[1]];
  const variance = g.name("var");
  g.constants[variance] = {
    shape: channels,
    values: Array.from({ length: shape[1] }, () => 0.3 + g.random.uniform()),
  };
  const inputs = [name, g.floats(channels), g.floats(channels), g.floats(channels), variance];
  return g.add("BatchNormalization", inputs, "v", g.coin() ? { epsilon: 0.01 } : undefined);
};

const product: Step = (g, { name, shape }) => {
  const [last] = shape.slice(-1);
  const k = g.whole(1, 4);
  if (g.coin(0.65) || shape.length < 2) {
    const lead = shape.length > 2 && g.coin(0.3) ? shape.slice(0, -2) : [];
    const to = g.coin(0.1) && lead.length === 0 ? [last] : [...lead, last, k];
    return g.add("MatMul", [name, g.floats(to)], "v");
  }
  return g.add("MatMul", [g.floats([k, shape[shape.length - 2]]), name], "v");
};

const gemm: Step = (g, { name, shape }) => {
  if (shape.length !== 2) return undefined;
  const [transA, transB] = [g.coin(0.3), g.coin()];
  const [rows, inner] = transA ? [shape[1], shape[0]] : shape;
  const k = g.whole(1, 4);
  const bias = g.pick<Shape>([[k], [1, k], [rows, k], [rows, 1], [1], []]);
  const attributes: Record<string, AttributeValue> = { transB: { i: transB ? 1 : 0 } };
  if (transA) attributes.transA = { i: 1 };
  if (g.coin(0.4)) attributes.alpha = 0.75;
  if (g.coin(0.4)) attributes.beta = -1.5;
  const weight = g.floats(transB ? [k, inner] : [inner, k]);
  return g.add(
    "Gemm",
    [name, weight, ...(g.opset < 11 || g.coin(0.7) ? [g.floats(bias)] : [])],
    "v",
    attributes,
  );
};

/** Lists that are attributes in older versions and inputs in newer ones. */
function listed(g: Growing, since: number, key: string, values: readonly number[]) {
  return g.opset >= since
    ? { inputs: [g.wholes(values)], attributes: {} }
    : { inputs: [], attributes: { [key]: { ints: values } } };
}

const squeezing: Step = (g, { name, shape }) => {
  const ones = shape.flatMap((size, d) => (size === 1 ? [d] : []));
  if (ones.length > 0 && shape.length > 1 && g.coin()) {
    const { inputs, attributes } = listed(g, 13, "axes", [g.pick(ones)]);
    return g.add("Squeeze", [name, ...inputs], "v", attributes);
  }
  if (shape.length > 4) return undefined;
  const { inputs, attributes } = listed(g, 13, "axes", [g.random.integer(shape.length + 1)]);
  return g.add("Unsqueeze", [name, ...inputs], "v", attributes);
};

const slicing: Step = (g, { name, shape }) => {
  const { axis } = axisOf(g, shape);
  const size = shape[axis];
  const isBack = g.opset >= 10 && g.coin(0.2);
  const from = g.random.integer(size);
  const step = g.opset >= 10 ? g.whole(1, 2) : 1;
  const far = 9223372036854775807n;
  if (g.opset < 10)
    return g.add("Slice", [name], "v", {
      starts: { ints: [from] },
      ends: { ints: [size + 3] },
      axes: { ints: [axis] },
    });
  const [starts, ends, steps] = isBack
    ? [[from], [-far], [-step]]
    : [[from - (g.coin(0.3) ? size : 0)], [g.coin() ? far : size], [step]];
  return g.add("Slice", [name, g.wholes(starts), g.wholes(ends), g.wholes([axis]), g.wholes(steps)], "v");
};

const splitting: Step = (g, { name, shape }) => {
  const { axis, given } = axisOf(g, shape);
  if (shape[axis] < 2) return undefined;
  const first = g.whole(1, shape[axis] - 1);
  const { inputs, attributes } = listed(g, 13, "split", [first, shape[axis] - first]);
  const [a, b] = [g.name("v"), g.name("v")];
  g.nodes.push({
    op: "Split",
    inputs: [name, ...inputs],
    outputs: [a, b],
    attributes: { ...attributes, axis: { i: given } },
  });
  g.know(a);
  return b;
};

const gathering: Step = (g, { name, shape }) => {
  const { axis, given } = axisOf(g, shape);
  const count = g.whole(1, 3);
  const one = () => g.random.integer(shape[axis]) - (g.opset >= 11 && g.coin(0.2) ? shape[axis] : 0);
  const indices =
    g.coin(0.3) && shape.length > 1 ? g.wholes([one()], []) : g.wholes(Array.from({ length: count }, one));
  return g.add("Gather", [name, indices], "v", { axis: { i: given } });
};

const padding: Step = (g, { name, shape }) => {
  const mode = g.pick(["constant", "constant", "edge", "reflect"]);
  const pads = [...shape, ...shape].map((size) =>
    g.random.integer(mode === "reflect" ? Math.min(size, 2) : 2),
  );
  const attributes = { mode };
  if (g.opset < 11) return g.add("Pad", [name], "v", { ...attributes, pads: { ints: pads }, value: 0.5 });
  return g.add("Pad", [name, g.wholes(pads), ...(g.coin() ? [g.floats([], 1)] : [])], "v", attributes);
};

const reshaping: Step = (g, { name, shape }) => {
  const size = shape.reduce((product, d) => product * d, 1);
  const divisors = Array.from({ length: size }, (_, i) => i + 1).filter((d) => size % d === 0);
  const [a, b] = [g.pick(divisors), g.pick(divisors)];
  const shapes = [
    [1, -1],
    [-1],
    [a, -1],
    ...(size % (a * b) === 0
      ? [
          [1, a, b, -1],
          [a, b, size / a / b],
        ]
      : []),
    [0, -1],
  ];
  const wanted = g.pick(shapes);
  if (!g.coin(0.2)) return g.add("Reshape", [name, g.wholes(wanted)], "v");
  // As exporters write it: from the shape of the value itself.
  const own = g.add("Shape", [name], "s");
  const { inputs, attributes } = listed(g, 13, "axes", [0]);
  const first = g.add("Gather", [own, g.wholes([0], [])], "s", { axis: { i: 0 } });
  const row = g.add("Unsqueeze", [first, ...inputs], "s", attributes);
  const to = g.add("Concat", [row, g.wholes([-1])], "s", { axis: { i: 0 } });
  return g.add("Reshape", [name, to], "v");
};

const reduction =
  (op: string): Step =>
  (g, { name, shape }) => {
    const axes = shape.map((_, d) => d).filter(() => g.coin(0.4));
    const since = op === "ReduceSum" ? 13 : 18;
    const attributes: Record<string, AttributeValue> = g.coin() ? { keepdims: { i: g.whole(0, 1) } } : {};
    if (axes.length === 0) return shape.length > 3 ? undefined : g.add(op, [name], "v", attributes);
    const list = listed(g, since, "axes", axes);
    return g.add(op, [name, ...list.inputs], "v", { ...attributes, ...list.attributes });
  };

const clipping: Step = (g, { name }) => {
  const [lo, hi] = [-0.5 - g.random.uniform(), 0.5 + g.random.uniform()].map(Math.fround);
  if (g.opset < 11) return g.add("Clip", [name], "v", g.coin() ? { min: lo, max: hi } : { max: hi });
  const bound = (value: number) => {
    const constant = g.name("c");
    g.constants[constant] = { shape: [], values: [value] };
    return constant;
  };
  return g.add(
    "Clip",
    g.pick([[name, bound(lo), bound(hi)], [name, bound(0)], [name, "", bound(hi)], [name]]),
    "v",
  );
};

const prelu: Step = (g, { name, shape }) => {
  const slopes = g.coin() ? [1] : [shape.length > 1 ? shape[1] : shape[0], ...shape.slice(2).map(() => 1)];
  return g.add("PRelu", [name, g.floats(slopes, 0.3)], "v");
};

const concatenating: Step = (g, { name, shape }) => {
  const { axis, given } = axisOf(g, shape);
  const fitting = g.values.filter(
    (other) =>
      other.shape.length === shape.length && other.shape.every((size, d) => d === axis || size === shape[d]),
  );
  const list = [name, g.pick(fitting).name, ...(g.coin(0.2) ? [g.floats(shape)] : [])];
  return g.add("Concat", list, "v", { axis: { i: g.opset >= 11 ? given : axis } });
};

const expanding: Step = (g, { name, shape }) => {
  if (g.coin()) return g.add("Tile", [name, g.wholes(shape.map(() => g.whole(1, 2)))], "v");
  return g.add("Expand", [name, g.wholes(shape.map((size) => (size === 1 ? g.whole(1, 2) : size)))], "v");
};

const blocks: Step = (g, { name, shape }) => {
  if (shape.length !== 4) return undefined;
  if (shape[1] % 4 === 0)
    return g.add("DepthToSpace", [name], "v", {
      blocksize: { i: 2 },
      ...(g.opset >= 11 && g.coin() ? { mode: "CRD" } : {}),
    });
  if (shape[2] % 2 || shape[3] % 2) return undefined;
  return g.add("SpaceToDepth", [name], "v", { blocksize: { i: 2 } });
};

const choosing: Step = (g, { name, shape }) => {
  const condition = g.name("b");
  const size = shape.reduce((product, d) => product * d, 1);
  g.constants[condition] = { shape, values: Array.from({ length: size }, () => g.whole(0, 1)), type: "bool" };
  const other = g.pick(g.values.filter((value) => value.shape.join() === shape.join()));
  return g.add("Where", [condition, name, g.coin() ? other.name : g.floats([1])], "v");
};

const turning: Step = (g, { name, shape }) => {
  if (g.coin(0.1)) return g.add("Transpose", [name], "v");
  return g.add("Transpose", [name], "v", { perm: { ints: [...g.random.permutation(shape.length)] } });
};

/** Every kind of step by its operator; those of a ReLU network several times. */
export const steps: Readonly<Record<string, Step>> = {
  Relu: unary("Relu"),
  Relu2: unary("Relu"),
  LeakyRelu: unary("LeakyRelu", (g) => (g.coin() ? { alpha: 0.2 } : undefined)),
  PRelu: prelu,
  Abs: unary("Abs"),
  Neg: unary("Neg"),
  Clip: clipping,
  HardSigmoid: unary("HardSigmoid", (g) => (g.coin() ? { alpha: 0.3, beta: 0.4 } : undefined)),
  Identity: unary("Identity"),
  Dropout: unary("Dropout"),
  Cast: unary("Cast", () => ({ to: { i: 1 } })),
  Flatten: (g, { name, shape }) =>
    g.add("Flatten", [name], "v", { axis: { i: g.random.integer(shape.length + 1) } }),
  AddConstant: withConstant("Add"),
  SubConstant: withConstant("Sub"),
  MulConstant: withConstant("Mul"),
  DivConstant: withConstant("Div"),
  MaxConstant: withConstant("Max"),
  MinConstant: withConstant("Min"),
  Add: joining("Add"),
  Sub: joining("Sub"),
  Sum: joining("Sum"),
  Mean: joining("Mean"),
  Max: joining("Max"),
  Min: joining("Min"),
  MatMul: product,
  Gemm: gemm,
  Gemm2: gemm,
  Conv: convolution,
  Conv2: convolution,
  ConvTranspose: transposedConvolution,
  MaxPool: pool("MaxPool"),
  AveragePool: pool("AveragePool"),
  GlobalMaxPool: globalPool("GlobalMaxPool"),
  GlobalAveragePool: globalPool("GlobalAveragePool"),
  BatchNormalization: normalisation,
  Squeeze: squeezing,
  Slice: slicing,
  Split: splitting,
  Gather: gathering,
  Pad: padding,
  Reshape: reshaping,
  Transpose: turning,
  Concat: concatenating,
  Tile: expanding,
  DepthToSpace: blocks,
  Where: choosing,
  ReduceSum: reduction("ReduceSum"),
  ReduceMean: reduction("ReduceMean"),
  ReduceMax: reduction("ReduceMax"),
  ReduceMin: reduction("ReduceMin"),
};

const inputShapes: readonly Shape[] = [
  [1, 4],
  [1, 6],
  [1, 2, 3],
  [1, 1, 5, 5],
  [1, 2, 4, 4],
  [1, 3, 6, 5],
  [1, 4, 7],
  [3],
  [1, 4, 3, 2],
  [2, 3],
];

/** More values than these make a test slow and show nothing new. */
const mostValues = 200;

/** A random graph: its file, its operators, and the shape of its input `x`. */
export interface RandomGraph {
  readonly file: Uint8Array;
  readonly used: readonly string[];
  readonly inputs: Shape;
}

export function randomGraph(random: Generator): RandomGraph {
  const opset = opsets[random.integer(opsets.length)];
  const shape = inputShapes[random.integer(inputShapes.length)];
  const g = new Growing(random, opset, { x: shape });
  g.values.push({ name: "x", shape });
  const names = Object.keys(steps);
  const used: string[] = [];
  for (let left = 3 + random.integer(8); left > 0;) {
    const step = g.pick(names);
    // Mostly the newest value, so that graphs are deep.
    const value = g.coin(0.75) ? g.values[g.values.length - 1] : g.pick(g.values);
    const name = steps[step](g, value);
    if (name === undefined) continue;
    g.know(name);
    used.push(step.replace(/(Constant|2)$/, ""));
    left--;
    const { shape: last } = g.values.at(-1)!;
    if (last.length === 0 || last.reduce((product, d) => product * d, 1) > mostValues) break;
  }
  return { file: onnxFile(g.spec(g.values.at(-1)!.name)), used, inputs: shape };
}
