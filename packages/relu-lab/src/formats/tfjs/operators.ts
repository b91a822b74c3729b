import { leakyRelu, clip, maximum, minimum, relu } from "../graph/operators/activations";
import { add, divide, multiply, negate, sumOf } from "../graph/operators/arithmetic";
import { cast, constants } from "../graph/operators/constants";
import { leftOut } from "../graph/operators/ends";
import {
  broadcast,
  concatenate,
  gather,
  movement,
  pad,
  part,
  reshape,
  split,
  squeeze,
  transpose,
} from "../graph/operators/movement";
import { reduce, type Reduction } from "../graph/operators/reductions";
import type { Call, Operator, Operators } from "../graph/call";
import { sizeOf, wholes, type Kind } from "../graph/tensor";
import { isSignal, mapped, reshaped, type Value } from "../graph/value";
import { plain, scalar, typed } from "./call";
import { imageOperators } from "./image-operators";

const reduction =
  (kind: Reduction): Operator =>
  (call) => {
    typed(call);
    const value = call.value(0);
    const axes = call.wholes(1, "axes");
    const keep = call.attributes.flag("keep_dims") || call.attributes.flag("keepdims");
    return reduce(call, value, axes, keep, kind);
  };

/** Pads are given as one row [before, behind] an axis. */
function padded(call: Call): Value {
  typed(call);
  const value = call.value(0);
  const pads = call.wholes(1, "paddings");
  if (pads.length !== 2 * value.shape.length)
    call.refuse(`has ${pads.length} paddings for values of shape [${value.shape}]`);
  const mode = call.attributes.text("mode", "CONSTANT").toLowerCase();
  if (!["constant", "reflect", "symmetric"].includes(mode)) call.refuse(`pads in the mode ${mode}`);
  const fill = call.has(2) ? call.constant(2, "filling").values[0] : 0;
  if (!Number.isFinite(fill)) call.refuse(`fills up with ${fill}`);
  const side = (k: number) => value.shape.map((_, d) => pads[2 * d + k]);
  return pad(call, value, side(0), side(1), fill, mode);
}

function stridedSlice(call: Call): Value {
  typed(call);
  const value = call.value(0);
  const [begin, end, steps] = [1, 2, 3].map((i) => call.wholes(i, "bounds"));
  const mask = (name: string) => call.attributes.whole(name, 0);
  const [beginMask, endMask, ellipsis, added, gone] = [
    "begin_mask",
    "end_mask",
    "ellipsis_mask",
    "new_axis_mask",
    "shrink_axis_mask",
  ].map(mask);
  if (ellipsis !== 0 || added !== 0) call.refuse("slices with an ellipsis or new axes");
  const rank = value.shape.length;
  if (begin.length > rank || end.length !== begin.length || steps.length !== begin.length)
    call.refuse(`slices [${value.shape}] from [${begin}] to [${end}] in steps of [${steps}]`);
  const from = new Array<number>(rank).fill(0);
  const sizes = [...value.shape];
  const along = new Array<number>(rank).fill(1);
  begin.forEach((first, d) => {
    const size = value.shape[d];
    const step = steps[d];
    const bit = 1 << d;
    if (step === 0) call.refuse("has the step 0");
    const at = (given: number) => (given < 0 ? given + size : given);
    const clamp = (given: number) =>
      Math.min(Math.max(at(given), step > 0 ? 0 : -1), step > 0 ? size : size - 1);
    if (gone & bit) {
      if (!(at(first) >= 0 && at(first) < size))
        call.refuse(`picks element ${first} of axis ${d}, which has ${size}`);
      [from[d], sizes[d]] = [at(first), 1];
      return;
    }
    const start = beginMask & bit ? (step > 0 ? 0 : size - 1) : clamp(first);
    const stop = endMask & bit ? (step > 0 ? size : -1) : clamp(end[d]);
    [from[d], sizes[d], along[d]] = [start, Math.max(0, Math.ceil((stop - start) / step)), step];
  });
  const cut = part(call, value, from, sizes, along);
  return reshaped(
    cut,
    cut.shape.filter((_, d) => d >= begin.length || !(gone & (1 << d))),
  );
}

function slice(call: Call): Value {
  typed(call);
  const value = call.value(0);
  const [from, given] = [call.wholes(1, "begin"), call.wholes(2, "size")];
  const sizes = given.map((size, d) => (size === -1 ? value.shape[d] - from[d] : size));
  const fits =
    from.length === value.shape.length &&
    sizes.length === from.length &&
    sizes.every((size, d) => size >= 0 && from[d] >= 0 && from[d] + size <= value.shape[d]);
  if (!fits) call.refuse(`slices [${value.shape}] from [${from}] in sizes of [${given}]`);
  return part(
    call,
    value,
    from,
    sizes,
    sizes.map(() => 1),
  );
}

function pack(call: Call): Value {
  typed(call);
  const values = call.values();
  const rank = values[0].shape.length + 1;
  const axis = call.axis(call.attributes.whole("axis", 0), rank);
  return concatenate(
    call,
    values.map((value) => reshaped(value, [...value.shape.slice(0, axis), 1, ...value.shape.slice(axis)])),
    axis,
  );
}

function unpack(call: Call): Value[] {
  typed(call, "num");
  const value = call.value(0);
  const axis = call.axis(call.attributes.whole("axis", 0), value.shape.length);
  const parts = split(call, value, axis, new Array<number>(value.shape[axis]).fill(1));
  return parts.map((one) =>
    reshaped(
      one,
      one.shape.filter((_, d) => d !== axis),
    ),
  );
}

const kindOf = (type: string): Kind => {
  if (/^(DT_)?(FLOAT|DOUBLE|HALF|BFLOAT16)$|^(1|2|14|19)$/.test(type)) return "float";
  return /^(DT_)?BOOL$|^10$/.test(type) ? "truth" : "whole";
};

const curved = (call: Call) => call.refuse("has no place in a network that is piecewise linear");
const onConstants = (name: string): Operator => plain(constants[name]);

/** The table of operators under TensorFlow's names, over the families of `graph/operators`. */
export const tensorflowOperators: Operators = {
  ...imageOperators,
  ...Object.fromEntries(
    ["Identity", "StopGradient", "PreventGradient", "Snapshot", "CheckNumerics"].map((name) => [
      name,
      plain((call) => call.value(0)),
    ]),
  ),
  IdentityN: plain((call) => call.values()),
  ...Object.fromEntries(
    ["Add", "AddV2"].map((name) => [name, plain((call) => add(call, call.value(0), call.value(1)))]),
  ),
  AddN: plain((call) => sumOf(call, call.values())),
  Sub: plain((call) => add(call, call.value(0), negate(call, call.value(1)))),
  Mul: plain((call) => multiply(call, call.value(0), call.value(1))),
  ...Object.fromEntries(
    ["RealDiv", "Div"].map((name) => [name, plain((call) => divide(call, call.value(0), call.value(1)))]),
  ),
  Neg: plain((call) => negate(call, call.value(0))),
  Maximum: plain((call) => maximum(call, call.value(0), call.value(1))),
  Minimum: plain((call) => minimum(call, call.value(0), call.value(1))),
  Relu: plain((call) => relu(call, call.value(0))),
  LeakyRelu: plain((call) => leakyRelu(call, call.value(0), scalar(call.attributes.number("alpha", 0.2)))),
  Prelu: plain((call) => leakyRelu(call, call.value(0), call.constant(1, "slopes"))),
  Abs: plain((call) => {
    const value = call.value(0);
    return isSignal(value) ? leakyRelu(call, value, scalar(-1)) : mapped([value], Math.abs);
  }),
  ClipByValue: plain((call) =>
    clip(call, call.value(0), call.constant(1, "lower bound"), call.constant(2, "upper bound")),
  ),
  Mean: reduction("mean"),
  Sum: reduction("sum"),
  Max: reduction("max"),
  Min: reduction("min"),
  Prod: reduction("product"),
  Reshape: plain((call) => reshape(call, call.value(0), call.wholes(1, "shape"), true)),
  Squeeze: plain((call) => {
    const axes = call.attributes.wholes("squeeze_dims") ?? call.attributes.wholes("axis");
    return squeeze(call, call.value(0), axes?.length ? axes : undefined);
  }),
  ExpandDims: plain((call) => {
    const { shape } = call.value(0);
    const axis = call.axis(call.wholes(1, "axis")[0], shape.length + 1);
    return reshaped(call.value(0), [...shape.slice(0, axis), 1, ...shape.slice(axis)]);
  }),
  Transpose: plain((call) => {
    const value = call.value(0);
    const order = call.wholes(1, "order").map((axis) => call.axis(axis, value.shape.length));
    if (new Set(order).size !== value.shape.length)
      call.refuse(`turns the axes of [${value.shape}] into the order [${order}]`);
    return transpose(value, order);
  }),
  ConcatV2: plain((call) => {
    const values = call.values();
    return concatenate(call, values.slice(0, -1), call.wholes(values.length - 1, "axis")[0]);
  }),
  Concat: plain((call) => concatenate(call, call.values().slice(1), call.wholes(0, "axis")[0])),
  Pack: pack,
  Unpack: unpack,
  Split: plain((call) => {
    const value = call.value(1);
    const axis = call.axis(call.wholes(0, "axis")[0], value.shape.length);
    const count = call.attributes.whole("num_split", 1);
    if (!(count >= 1 && value.shape[axis] % count === 0))
      call.refuse(`splits ${value.shape[axis]} elements into ${count} pieces`);
    return split(call, value, axis, new Array<number>(count).fill(value.shape[axis] / count));
  }),
  SplitV: plain((call) => {
    call.attributes.ignore("num_split", "Tlen");
    const value = call.value(0);
    const axis = call.axis(call.wholes(2, "axis")[0], value.shape.length);
    const given = call.wholes(1, "sizes");
    const rest = value.shape[axis] - given.reduce((sum, size) => sum + Math.max(size, 0), 0);
    return split(
      call,
      value,
      axis,
      given.map((size) => (size === -1 ? rest : size)),
    );
  }),
  StridedSlice: stridedSlice,
  Slice: slice,
  GatherV2: plain((call) => {
    if (call.attributes.whole("batch_dims", 0) !== 0) call.refuse("gathers with batch_dims");
    return gather(call, call.value(0), call.constant(1, "indices"), call.wholes(2, "axis")[0]);
  }),
  Gather: plain((call) => gather(call, call.value(0), call.constant(1, "indices"), 0)),
  Pad: padded,
  PadV2: padded,
  MirrorPad: padded,
  Tile: plain(movement.Tile),
  BroadcastTo: plain((call) => broadcast(call, call.value(0), call.wholes(1, "shape"))),
  Shape: plain((call) => wholes(call.value(0).shape)),
  Cast: plain((call) => {
    call.attributes.ignore("Truncate");
    return cast(call, call.value(0), kindOf(call.attributes.text("DstT", "DT_FLOAT")));
  }),
  Fill: plain((call) => {
    const { values, kind } = call.constant(1, "filling");
    const shape = call.checkShape(call.wholes(0, "shape"));
    return { shape, values: new Float64Array(sizeOf(shape)).fill(values[0]), kind };
  }),
  Range: onConstants("Range"),
  Rsqrt: plain((call) => {
    const value = call.value(0);
    return isSignal(value) ? curved(call) : mapped([value], (x) => 1 / Math.sqrt(x));
  }),
  ...Object.fromEntries(
    [
      ["Sqrt", "Sqrt"],
      ["Exp", "Exp"],
      ["Log", "Log"],
      ["Reciprocal", "Reciprocal"],
      ["Pow", "Pow"],
      ["Floor", "Floor"],
      ["Ceil", "Ceil"],
      ["Equal", "Equal"],
      ["Greater", "Greater"],
      ["Less", "Less"],
    ].map(([name, own]) => [name, onConstants(own)]),
  ),
  Softmax: plain((call) => leftOut(call, "Softmax")),
  LogSoftmax: plain((call) => leftOut(call, "LogSoftmax")),
  Sigmoid: plain((call) => leftOut(call, "Sigmoid")),
  ...Object.fromEntries(
    [
      "Tanh",
      "Elu",
      "Selu",
      "Softplus",
      "Softsign",
      "Erf",
      "Sin",
      "Cos",
      "ArgMax",
      "ArgMin",
      "Sign",
      "Step",
    ].map((name) => [name, curved]),
  ),
};
