import { clip, leakyRelu, relu } from "../graph/operators/activations";
import { add } from "../graph/operators/arithmetic";
import { checkKernel, convolve } from "../graph/operators/convolutions";
import { transpose } from "../graph/operators/movement";
import { normalise } from "../graph/operators/normalisation";
import { averagePool, maxPool } from "../graph/operators/pools";
import { matMul } from "../graph/operators/products";
import type { WindowSettings } from "../graph/operators/windows";
import type { Call, Operator, Operators } from "../graph/call";
import { sizeOf, type Tensor } from "../graph/tensor";
import { reshaped, type Value } from "../graph/value";
import { plain, scalar, typed } from "./call";

const turned = (value: Value, flag: boolean): Value => {
  const rank = value.shape.length;
  if (!flag || rank < 2) return value;
  return transpose(
    value,
    value.shape.map((_, d) => (d < rank - 2 ? d : 2 * rank - 3 - d)),
  );
};

function product(call: Call, a: string, b: string): Value {
  typed(call, "grad_a", "grad_b", "grad_x", "grad_y");
  return matMul(
    call,
    turned(call.value(0), call.attributes.flag(a)),
    turned(call.value(1), call.attributes.flag(b)),
  );
}

/** Values as [batch, channels, height, width], and what turns them back. */
function channelsFirst(
  call: Call,
  value: Value,
): { image: Value; back: (value: Value) => Value; lists: (values: readonly number[]) => number[] } {
  const format = call.attributes.text("data_format", "NHWC");
  if (format !== "NHWC" && format !== "NCHW")
    call.refuse(`has its data in the order ${format}: NHWC and NCHW are understood`);
  if (value.shape.length !== 4)
    call.refuse(
      `takes values of the shape [${value.shape}]: an image [batch, height, width, channels] is needed`,
    );
  if (format === "NCHW") return { image: value, back: (one) => one, lists: (values) => values.slice(2) };
  return {
    image: transpose(value, [0, 3, 1, 2]),
    back: (one) => transpose(one, [0, 2, 3, 1]),
    lists: (values) => values.slice(1, 3),
  };
}

function settingsOf(
  call: Call,
  image: Value,
  kernel: readonly number[],
  lists: (values: readonly number[]) => number[],
): WindowSettings {
  const list = (name: string): readonly number[] => {
    const given = call.attributes.wholes(name);
    const own = given === undefined ? [1, 1] : given.length === 4 ? lists(given) : [];
    if (own.length !== 2 || !own.every((v) => v >= 1 && v < 2 ** 31)) call.refuse(`has ${name} [${given}]`);
    return own;
  };
  const padding = call.attributes.text("padding", "VALID");
  const explicit = call.attributes.wholes("explicit_paddings") ?? [];
  if (padding !== "VALID" && padding !== "SAME" && padding !== "EXPLICIT")
    call.refuse(`has the padding ${padding}`);
  const pairs =
    padding === "EXPLICIT"
      ? [0, 1].map((side) => lists([0, 1, 2, 3].map((d) => explicit[2 * d + side] ?? -1)))
      : [
          [0, 0],
          [0, 0],
        ];
  if (!pairs.flat().every((v) => v >= 0 && v < 2 ** 31)) call.refuse(`has explicit_paddings [${explicit}]`);
  return {
    image: image.shape.slice(2),
    kernel,
    strides: list("strides"),
    dilations: list("dilations"),
    before: pairs[0],
    after: pairs[1],
    automatic: padding === "SAME" ? "SAME_UPPER" : "NOTSET",
    ceil: false,
  };
}

/** A convolution without its bias; kernels lie as [height, width, inputs, outputs]. */
function convolution(call: Call, isDepthwise: boolean): Value {
  typed(call);
  const { image, back, lists } = channelsFirst(call, call.value(0));
  const given = call.constant(1, "kernel");
  if (given.shape.length !== 4)
    call.refuse(`has a kernel of shape [${given.shape}]: four dimensions are needed`);
  const [height, width, depth, filters] = given.shape;
  const kernel = transpose(given, isDepthwise ? [2, 3, 0, 1] : [3, 2, 0, 1]) as Tensor;
  const weights = isDepthwise ? { ...kernel, shape: [depth * filters, 1, height, width] } : kernel;
  const groups = isDepthwise ? depth : image.shape[1] / depth;
  if (!Number.isInteger(groups))
    call.refuse(`has a kernel of shape [${given.shape}] for ${image.shape[1]} channels`);
  checkKernel(call, image, weights, groups);
  const settings = settingsOf(call, image, [height, width], lists);
  return back(convolve(call, image, weights, groups, settings, new Float64Array(weights.shape[0])));
}

/** One number a channel, added. */
function addBias(call: Call, value: Value, bias: Value): Value {
  const format = call.attributes.text("data_format", "NHWC");
  const rank = value.shape.length;
  const channels = format === "NCHW" && rank > 2 ? 1 : rank - 1;
  if (bias.shape.length !== 1 || bias.shape[0] !== value.shape[channels])
    call.refuse(`has biases of shape [${bias.shape}] for values of shape [${value.shape}]`);
  return add(
    call,
    value,
    reshaped(
      bias,
      value.shape.map((size, d) => (d === channels ? size : 1)),
    ),
  );
}

const relu6 = (call: Call, value: Value) => clip(call, value, scalar(0), scalar(6));

/** An operation with others behind it, as the converter fuses them. */
const fused =
  (operator: (call: Call) => Value): Operator =>
  (call) => {
    const operations = call.attributes.texts("fused_ops");
    const slope = call.attributes.number("leakyrelu_alpha", 0.2);
    call.attributes.ignore(
      "num_args",
      "epsilon",
      "num_host_args",
      "TArgs",
      "host_args",
      "transpose_a",
      "transpose_b",
    );
    let next = 2;
    let value = operator(call);
    for (const name of operations) {
      if (name === "BiasAdd") value = addBias(call, value, call.value(next++));
      else if (name === "Relu") value = relu(call, value);
      else if (name === "Relu6") value = relu6(call, value);
      else if (name === "LeakyRelu") value = leakyRelu(call, value, scalar(slope));
      else if (name === "Prelu") value = leakyRelu(call, value, call.constant(next++, "slopes"));
      else
        call.refuse(`fuses [${operations}]: BiasAdd, Relu, Relu6, LeakyRelu and Prelu are piecewise linear`);
    }
    return value;
  };

function pool(call: Call, isMax: boolean): Value {
  typed(call);
  const { image, back, lists } = channelsFirst(call, call.value(0));
  const size = call.attributes.wholes("ksize") ?? [];
  if (size.length !== 4 || sizeOf(size) !== sizeOf(lists(size))) call.refuse(`has a window of [${size}]`);
  const settings = settingsOf(call, image, lists(size), lists);
  if (!settings.kernel.every((v) => v >= 1 && v < 2 ** 31)) call.refuse(`has a window of [${size}]`);
  return back(isMax ? maxPool(call, image, settings) : averagePool(call, image, settings, false));
}

function batchNorm(call: Call): Value {
  typed(call, "exponential_avg_factor");
  if (call.attributes.flag("is_training", true))
    call.refuse(
      "is in training mode, so it takes its statistics from the batch: save the model for inference",
    );
  const { image, back } = channelsFirst(call, call.value(0));
  const parameters = [1, 2, 3, 4].map((i) => call.constant(i, "parameters"));
  return back(normalise(call, image, parameters, call.attributes.number("epsilon", 1e-4), 1));
}

/** Products, convolutions, pools and what the converter fuses with them. */
export const imageOperators: Operators = {
  MatMul: (call) => product(call, "transpose_a", "transpose_b"),
  BatchMatMul: (call) => product(call, "adj_x", "adj_y"),
  BatchMatMulV2: (call) => product(call, "adj_x", "adj_y"),
  BatchMatMulV3: (call) => product(call, "adj_x", "adj_y"),
  BiasAdd: plain((call) => addBias(call, call.value(0), call.value(1))),
  Relu6: plain((call) => relu6(call, call.value(0))),
  Conv2D: (call) => convolution(call, false),
  DepthwiseConv2dNative: (call) => convolution(call, true),
  _FusedConv2D: fused((call) => convolution(call, false)),
  FusedDepthwiseConv2dNative: fused((call) => convolution(call, true)),
  _FusedMatMul: fused((call) => product(call, "transpose_a", "transpose_b")),
  MaxPool: (call) => pool(call, true),
  AvgPool: (call) => pool(call, false),
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
};
