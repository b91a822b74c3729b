import type { Call, Operator, Operators } from "../../graph/call";
import { gather, pad, part, reshape, transpose } from "../../graph/operators/movement";
import { sizeOf } from "../../graph/tensor";
import { reshaped, type Value } from "../../graph/value";
import { channelsFirst, configOf, sizes } from "./settings";

const unchanged: Operator = (call) => call.value(0);

function flatten(call: Call): Value {
  const value = call.value(0);
  const rank = value.shape.length;
  const axes = Array.from({ length: Math.max(0, rank - 2) }, (_, d) => d + 2);
  const moved = channelsFirst(call) && rank > 2 ? transpose(value, [0, ...axes, 1]) : value;
  return reshaped(moved, [1, sizeOf(value.shape)]);
}

function listOf(call: Call, name: string): number[] {
  const given = configOf(call)[name];
  const list: unknown[] = Array.isArray(given) ? (given as unknown[]) : [given];
  if (list.length > 16 || !list.every((v) => Number.isSafeInteger(v)))
    call.refuse(`has ${name} ${JSON.stringify(given)?.slice(0, 60)}: whole numbers are needed`);
  return list as number[];
}

/** The shape that Reshape gives; tfjs writes the open size as null. */
function targetOf(call: Call): number[] {
  const given = configOf(call).target_shape;
  const list = Array.isArray(given) ? (given as unknown[]).map((size) => size ?? -1) : [given];
  if (list.length > 16 || !list.every((size) => Number.isSafeInteger(size)))
    call.refuse(`has target_shape ${JSON.stringify(given)?.slice(0, 60)}: whole numbers are needed`);
  return list as number[];
}

function permute(call: Call): Value {
  const value = call.value(0);
  const dims = listOf(call, "dims");
  const rank = value.shape.length;
  if ([...dims].sort((a, b) => a - b).some((d, i) => d !== i + 1) || dims.length !== rank - 1)
    call.refuse(`puts the axes of [${value.shape}] into the order [${dims}]`);
  return transpose(value, [0, ...dims]);
}

/** Pairs before and behind each axis, as padding and cropping give them. */
function pairs(call: Call, name: string, rank: number, otherwise: number): [number, number][] {
  const given = configOf(call)[name] ?? otherwise;
  const whole = (v: unknown): v is number =>
    Number.isSafeInteger(v) && (v as number) >= 0 && (v as number) < 2 ** 31;
  const list: unknown[] =
    Array.isArray(given) && !(rank === 1 && given.length === 2)
      ? (given as unknown[])
      : rank === 1
        ? [given]
        : new Array<unknown>(rank).fill(given);
  const found = list.map((one) => (Array.isArray(one) ? (one as unknown[]) : [one, one]));
  if (found.length !== rank || !found.every((pair) => pair.length === 2 && pair.every(whole)))
    return call.refuse(`has ${name} ${JSON.stringify(given)?.slice(0, 60)}: whole numbers from 0 are needed`);
  return found as [number, number][];
}

/** For each axis of a value its pair; none for batch and channels. */
function spread(call: Call, name: string, rank: number, otherwise: number): [number, number][] {
  const value = call.value(0);
  if (value.shape.length !== rank + 2) call.refuse(`takes values of the shape [${value.shape}]`);
  const own = pairs(call, name, rank, otherwise);
  return channelsFirst(call) && rank > 1 ? [[0, 0], [0, 0], ...own] : [[0, 0], ...own, [0, 0]];
}

const zeroPadding =
  (rank: number): Operator =>
  (call) => {
    const all = spread(call, "padding", rank, 1);
    return pad(
      call,
      call.value(0),
      all.map(([before]) => before),
      all.map(([, after]) => after),
      0,
      "constant",
    );
  };

const cropping =
  (rank: number): Operator =>
  (call) => {
    const all = spread(call, "cropping", rank, rank === 1 ? 1 : 0);
    const { shape } = call.value(0);
    const left = shape.map((size, d) => size - all[d][0] - all[d][1]);
    if (left.some((size) => size < 1)) call.refuse(`cuts off all of the shape [${shape}]`);
    return part(
      call,
      call.value(0),
      all.map(([before]) => before),
      left,
      shape.map(() => 1),
    );
  };

const upSampling =
  (rank: number): Operator =>
  (call) => {
    const { interpolation = "nearest" } = configOf(call);
    if (interpolation !== "nearest")
      call.refuse(`interpolates by ${JSON.stringify(interpolation)}: the nearest is understood`);
    const own = sizes(call, "size", rank, 2);
    if (call.value(0).shape.length !== rank + 2)
      call.refuse(`takes values of the shape [${call.value(0).shape}]`);
    const from = channelsFirst(call) && rank > 1 ? 2 : 1;
    return own.reduce((value, size, d) => {
      const length = value.shape[from + d] * size;
      call.lowering.checkValues(length, call.place);
      const values = Float64Array.from({ length }, (_, i) => Math.floor(i / size));
      return gather(call, value, { shape: [length], values }, from + d);
    }, call.value(0));
  };

export const shapes: Operators = {
  ...Object.fromEntries(
    [
      "Passed",
      "InputLayer",
      "Identity",
      "Dropout",
      "SpatialDropout1D",
      "SpatialDropout2D",
      "SpatialDropout3D",
      "GaussianNoise",
      "GaussianDropout",
      "AlphaDropout",
      "ActivityRegularization",
      "RandomFlip",
      "RandomRotation",
      "RandomTranslation",
      "RandomZoom",
      "RandomContrast",
      "RandomBrightness",
    ].map((name) => [name, unchanged]),
  ),
  Flatten: flatten,
  Reshape: (call) => reshape(call, call.value(0), [1, ...targetOf(call)], true),
  Permute: permute,
  RepeatVector: (call) => {
    const value = call.value(0);
    if (value.shape.length !== 2) call.refuse(`takes values of the shape [${value.shape}]`);
    const [count] = sizes(call, "n", 1, 1);
    call.lowering.checkValues(count * value.shape[1], call.place);
    return gather(
      call,
      reshaped(value, [1, 1, value.shape[1]]),
      { shape: [count], values: new Float64Array(count) },
      1,
    );
  },
  ZeroPadding1D: zeroPadding(1),
  ZeroPadding2D: zeroPadding(2),
  Cropping1D: cropping(1),
  Cropping2D: cropping(2),
  UpSampling1D: upSampling(1),
  UpSampling2D: upSampling(2),
};
