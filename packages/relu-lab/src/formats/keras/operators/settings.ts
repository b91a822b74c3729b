import type { Call } from "../../graph/call";
import type { Tensor } from "../../graph/tensor";
import type { Value } from "../../graph/value";
import { transpose } from "../../graph/operators/movement";
import type { WindowSettings } from "../../graph/operators/windows";
import type { Config, KerasLayer, LayerNode } from "../model";

export const layerOf = (call: Call): KerasLayer => (call.node as LayerNode).layer;

export const configOf = (call: Call): Config => layerOf(call).config;

export const scalar = (value: number): Tensor => ({
  shape: [],
  values: Float64Array.of(value),
  kind: "double",
});

/** A weight of the layer, of so many dimensions. */
export function weight(call: Call, part: string, rank: number, ...others: readonly string[]): Tensor {
  const { weights, name } = layerOf(call);
  const found = [part, ...others].map((one) => weights.get(one)).find((one) => one !== undefined);
  if (!found) return call.refuse(`has no weight "${name}/${part}"`);
  if (found.shape.length !== rank)
    call.refuse(`has the weight ${part} of shape [${found.shape}], not of ${rank} dimensions`);
  return { shape: found.shape, values: found.values, kind: "float" };
}

/** The bias of so many outputs; zeros where the layer has none. */
export function biasOf(call: Call, outputs: number): Float64Array {
  if (configOf(call).use_bias === false) return new Float64Array(outputs);
  const bias = weight(call, "bias", 1);
  call.finite(bias);
  if (bias.values.length !== outputs) call.refuse(`has ${bias.values.length} biases for ${outputs} outputs`);
  return bias.values;
}

/** A setting that is a number. */
export function number(call: Call, name: string, otherwise: number): number {
  const value = configOf(call)[name] ?? otherwise;
  return typeof value === "number" && Number.isFinite(value)
    ? value
    : call.refuse(`has ${name} ${JSON.stringify(value)}: a number is needed`);
}

/** A setting of one whole number, or of one for each axis. */
export function sizes(
  call: Call,
  name: string,
  rank: number,
  otherwise: number | readonly number[],
  least = 1,
): number[] {
  const set = configOf(call)[name];
  const given = set === undefined || (set === null && name === "strides") ? otherwise : set;
  const list: unknown[] = Array.isArray(given) ? given : new Array<unknown>(rank).fill(given);
  if (
    list.length !== rank ||
    !list.every((v) => Number.isSafeInteger(v) && (v as number) >= least && (v as number) < 2 ** 31)
  )
    return call.refuse(
      `has ${name} ${JSON.stringify(given)?.slice(0, 60)}: ${rank === 1 ? "a whole number" : `${rank} whole numbers`} from ${least} ${rank === 1 ? "is" : "are"} needed`,
    );
  return list as number[];
}

/** Whether channels stand before the image's axes. */
export function channelsFirst(call: Call): boolean {
  const format = configOf(call).data_format ?? "channels_last";
  if (
    format !== "channels_last" &&
    format !== "channels_first" &&
    format !== "channelsLast" &&
    format !== "channelsFirst"
  )
    call.refuse(`has data_format ${JSON.stringify(format)}`);
  return format === "channels_first" || format === "channelsFirst";
}

/** An image as [batch, channels, ...], and what turns the result back to the layer's own order. */
export function image(call: Call, rank: number): { value: Value; back: (value: Value) => Value } {
  const value = call.value(0);
  if (value.shape.length !== rank + 2)
    call.refuse(
      `takes values of the shape [${value.shape}]: [batch, ${rank === 1 ? "steps" : "rows, columns"}, channels] is needed`,
    );
  if (channelsFirst(call)) return { value, back: (one) => one };
  const axes = Array.from({ length: rank }, (_, d) => d);
  return {
    value: transpose(value, [0, rank + 1, ...axes.map((d) => d + 1)]),
    back: (one) => transpose(one, [0, ...axes.map((d) => d + 2), 1]),
  };
}

/** Settings of a window over an image. */
export function windows(
  call: Call,
  shape: readonly number[],
  kernel: readonly number[],
  strides: readonly number[],
): WindowSettings {
  const rank = kernel.length;
  const dilations = sizes(call, "dilation_rate", rank, 1);
  const padding = configOf(call).padding ?? "valid";
  const causal = padding === "causal" && rank === 1;
  if (padding !== "valid" && padding !== "same" && !causal)
    call.refuse(`has the padding ${JSON.stringify(padding)}`);
  return {
    image: shape.slice(2),
    kernel,
    strides,
    dilations,
    before: kernel.map((size, d) => (causal ? (size - 1) * dilations[d] : 0)),
    after: kernel.map(() => 0),
    automatic: padding === "same" ? "SAME_UPPER" : "NOTSET",
    ceil: false,
  };
}
