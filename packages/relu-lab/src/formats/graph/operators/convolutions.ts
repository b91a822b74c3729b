import type { Call, Operators } from "../call";
import { sizeOf, type Tensor } from "../tensor";
import { formsOf, type Value } from "../value";
import {
  places,
  slidingWindows,
  transposedWindows,
  windowSettings,
  type WindowSettings,
  type Windows,
} from "./windows";

/** A kernel by output and input channel (within the group) and place. */
interface Kernel {
  readonly groups: number;
  /** Channels that come out. */
  readonly outputs: number;
  /** Input channels of one group. */
  readonly depth: number;
  readonly at: (output: number, input: number, place: number) => number;
}

/** The linear map of a kernel at the places of its windows. */
function sweep(
  call: Call,
  value: Value,
  windows: Windows,
  size: readonly number[],
  kernel: Kernel,
  bias: Float64Array,
): Value {
  const [batch, channels, ...image] = value.shape;
  const shape = [batch, kernel.outputs, ...windows.sizes];
  call.lowering.checkValues(sizeOf(shape), call.place);
  const spots = places(call, windows, image, size);
  const most =
    spots.reduce((sum, { inputs }) => sum + inputs.length, 0) * batch * kernel.outputs * kernel.depth;
  call.lowering.reserve(most, call.place);
  const pixels = sizeOf(image);
  const perGroup = kernel.outputs / kernel.groups;
  const starts = new Int32Array(sizeOf(shape) + 1);
  const columns = new Int32Array(most);
  const values = new Float64Array(most);
  const constants = new Float64Array(sizeOf(shape));
  let [row, entry] = [0, 0];
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < kernel.outputs; o++) {
      const first = n * channels + Math.floor(o / perGroup) * kernel.depth;
      for (const { inputs, kernels } of spots) {
        for (let c = 0; c < kernel.depth; c++)
          for (let k = 0; k < inputs.length; k++) {
            const weight = kernel.at(o, c, kernels[k]);
            if (weight === 0) continue;
            columns[entry] = (first + c) * pixels + inputs[k];
            values[entry++] = weight;
          }
        constants[row] = bias[o];
        starts[++row] = entry;
      }
    }
  const rows = { starts, columns: columns.subarray(0, entry), values: values.subarray(0, entry) };
  return call.signal(shape, call.lowering.linear(formsOf(value), rows, constants), value);
}

function biasOf(call: Call, outputs: number): Float64Array {
  if (!call.has(2)) return new Float64Array(outputs);
  const { values, shape } = call.constant(2, "bias");
  call.finite(call.constant(2, "bias"));
  if (values.length !== outputs) call.refuse(`has biases of shape [${shape}] for ${outputs} channels`);
  return values;
}

/** A convolution; kernel [outputs, inputs of a group, ...]. */
export function convolve(
  call: Call,
  value: Value,
  weights: Tensor,
  groups: number,
  settings: WindowSettings,
  bias: Float64Array,
): Value {
  const [outputs, depth, ...size] = weights.shape;
  call.finite(weights);
  const pixels = sizeOf(size);
  const at = (o: number, c: number, k: number) => weights.values[(o * depth + c) * pixels + k];
  return sweep(call, value, slidingWindows(call, settings), size, { groups, outputs, depth, at }, bias);
}

/** Refuses a kernel that does not fit to its groups and input. */
export function checkKernel(call: Call, value: Value, weights: Tensor, groups: number): void {
  const [outputs, depth] = weights.shape;
  if (value.shape.length < 3 || weights.shape.length !== value.shape.length || weights.values.length === 0)
    call.refuse(
      `has a kernel of shape [${weights.shape}] for values of shape [${value.shape}]: [batch, channels, ...] is needed`,
    );
  if (!(groups >= 1) || depth * groups !== value.shape[1] || outputs % groups !== 0)
    call.refuse(
      `has a kernel of shape [${weights.shape}] in ${groups} groups for ${value.shape[1]} channels`,
    );
}

function convolution(call: Call): Value {
  const value = call.value(0);
  const weights = call.constant(1, "kernel");
  const groups = call.attributes.whole("group", 1);
  checkKernel(call, value, weights, groups);
  const [outputs, , ...size] = weights.shape;
  const given = call.attributes.wholes("kernel_shape") ?? size;
  if (given.join() !== size.join())
    call.refuse(`has kernel_shape [${given}], but a kernel of shape [${weights.shape}]`);
  const settings = windowSettings(call, value.shape.slice(2), size);
  return convolve(call, value, weights, groups, settings, biasOf(call, outputs));
}

function transposed(call: Call): Value {
  const value = call.value(0);
  const weights = call.constant(1, "kernel");
  const [, channels, ...image] = value.shape;
  const [inputs, perGroup, ...size] = weights.shape;
  const groups = call.attributes.whole("group", 1);
  if (
    value.shape.length < 3 ||
    weights.shape.length !== value.shape.length ||
    inputs !== channels ||
    !(groups >= 1) ||
    channels % groups !== 0
  )
    call.refuse(
      `has a kernel of shape [${weights.shape}] in ${groups} groups for values of shape [${value.shape}]`,
    );
  const given = call.attributes.wholes("kernel_shape") ?? size;
  if (given.join() !== size.join())
    call.refuse(`has kernel_shape [${given}], but a kernel of shape [${weights.shape}]`);
  const extra = call.attributes.wholes("output_padding") ?? image.map(() => 0);
  const wanted = call.attributes.wholes("output_shape");
  if (extra.length !== image.length || extra.some((e) => e < 0) || (wanted && wanted.length !== image.length))
    call.refuse(`has output_padding [${extra}] and output_shape [${wanted ?? []}] for ${image.length} axes`);
  call.finite(weights);
  const windows = transposedWindows(call, windowSettings(call, image, size), extra, wanted);
  const [pixels, depth] = [sizeOf(size), channels / groups];
  const outputs = perGroup * groups;
  const kernel: Kernel = {
    groups,
    outputs,
    depth,
    at: (o, c, k) =>
      weights.values[((Math.floor(o / perGroup) * depth + c) * perGroup + (o % perGroup)) * pixels + k],
  };
  return sweep(call, value, windows, size, kernel, biasOf(call, outputs));
}

export const convolutions: Operators = {
  Conv: convolution,
  ConvTranspose: transposed,
};
