import type { Call, Operators } from "../../graph/call";
import { add } from "../../graph/operators/arithmetic";
import { checkKernel, convolve } from "../../graph/operators/convolutions";
import { transpose } from "../../graph/operators/movement";
import { matMul } from "../../graph/operators/products";
import type { Tensor } from "../../graph/tensor";
import type { Value } from "../../graph/value";
import { activated } from "./activations";
import { biasOf, configOf, image, number, sizes, weight, windows } from "./settings";

/** A matrix on the last axis, whatever stands before it. */
function dense(call: Call): Value {
  const kernel = weight(call, "kernel", 2);
  const [inputs, outputs] = kernel.shape;
  const value = call.value(0);
  const own = value.shape[value.shape.length - 1];
  if (own !== inputs)
    call.refuse(`takes ${inputs} values on the last axis, but is given the shape [${value.shape}]`);
  const bias: Tensor = { shape: [outputs], values: biasOf(call, outputs), kind: "float" };
  return activated(call, add(call, matMul(call, value, kernel), bias));
}

/** Kernels lie as [..., inputs of a group, outputs]. */
const turned = (kernel: Tensor): Tensor => {
  const rank = kernel.shape.length - 2;
  return transpose(kernel, [rank + 1, rank, ...Array.from({ length: rank }, (_, d) => d)]) as Tensor;
};

function convolution(call: Call, rank: number): Value {
  const { value, back } = image(call, rank);
  const weights = turned(weight(call, "kernel", rank + 2));
  const groups = number(call, "groups", 1);
  checkKernel(call, value, weights, groups);
  const settings = windows(call, value.shape, weights.shape.slice(2), sizes(call, "strides", rank, 1));
  return activated(
    call,
    back(convolve(call, value, weights, groups, settings, biasOf(call, weights.shape[0]))),
  );
}

/** Each channel on its own: kernels lie as [..., channels, outputs of each]. */
function depthwiseOf(call: Call, value: Value, rank: number, bias: (outputs: number) => Float64Array): Value {
  const given = weight(call, "depthwise_kernel", rank + 2, "kernel");
  const [channels, each] = given.shape.slice(rank);
  const axes = Array.from({ length: rank }, (_, d) => d);
  const moved = transpose(given, [rank, rank + 1, ...axes]) as Tensor;
  const weights: Tensor = { ...moved, shape: [channels * each, 1, ...given.shape.slice(0, rank)] };
  checkKernel(call, value, weights, channels);
  const settings = windows(call, value.shape, given.shape.slice(0, rank), sizes(call, "strides", rank, 1));
  return convolve(call, value, weights, channels, settings, bias(weights.shape[0]));
}

function depthwise(call: Call, rank: number): Value {
  const { value, back } = image(call, rank);
  return activated(call, back(depthwiseOf(call, value, rank, (outputs) => biasOf(call, outputs))));
}

function separable(call: Call, rank: number): Value {
  const { value, back } = image(call, rank);
  const inner = depthwiseOf(call, value, rank, (outputs) => new Float64Array(outputs));
  const weights = turned(weight(call, "pointwise_kernel", rank + 2));
  checkKernel(call, inner, weights, 1);
  const one = weights.shape.slice(2).map(() => 1);
  if (weights.shape.slice(2).some((size) => size !== 1))
    call.refuse(`has a pointwise_kernel of shape [${weights.shape}]`);
  const none = one.map(() => 0);
  const settings = {
    image: inner.shape.slice(2),
    kernel: one,
    strides: one,
    dilations: one,
    before: none,
    after: none,
    automatic: "NOTSET" as const,
    ceil: false,
  };
  return activated(call, back(convolve(call, inner, weights, 1, settings, biasOf(call, weights.shape[0]))));
}

/** Refuses settings that make another layer of it. */
const plain = (f: (call: Call) => Value) => (call: Call) => {
  const { lora_rank: lora, quantization_mode: quantised } = configOf(call);
  if (lora || quantised)
    call.refuse("has low-rank or quantised weights: merge them before the model is saved");
  return f(call);
};

export const denses: Operators = {
  Dense: plain(dense),
  Conv1D: plain((call) => convolution(call, 1)),
  Conv2D: plain((call) => convolution(call, 2)),
  Convolution1D: plain((call) => convolution(call, 1)),
  Convolution2D: plain((call) => convolution(call, 2)),
  DepthwiseConv1D: plain((call) => depthwise(call, 1)),
  DepthwiseConv2D: plain((call) => depthwise(call, 2)),
  SeparableConv1D: plain((call) => separable(call, 1)),
  SeparableConv2D: plain((call) => separable(call, 2)),
};
