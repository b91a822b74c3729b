import type { Call, Operators } from "../../graph/call";
import { add, multiply } from "../../graph/operators/arithmetic";
import { normalise } from "../../graph/operators/normalisation";
import type { Tensor } from "../../graph/tensor";
import type { Value } from "../../graph/value";
import { configOf, layerOf, number, weight } from "./settings";

/** An axis that a setting names, counted from the front. */
function axisOf(call: Call, given: unknown): number {
  const one = Array.isArray(given) && given.length === 1 ? (given as unknown[])[0] : given;
  if (!Number.isSafeInteger(one)) call.refuse(`has the axis ${JSON.stringify(given)}`);
  return call.axis(one as number, call.value(0).shape.length);
}

function batchNormalization(call: Call): Value {
  const config = configOf(call);
  const value = call.value(0);
  const axis = axisOf(call, config.axis ?? -1);
  const channels = value.shape[axis];
  const same = (fill: number): Tensor => ({
    shape: [channels],
    values: new Float64Array(channels).fill(fill),
    kind: "float",
  });
  const gamma = config.scale === false ? same(1) : weight(call, "gamma", 1);
  const beta = config.center === false ? same(0) : weight(call, "beta", 1);
  const statistics = [weight(call, "moving_mean", 1), weight(call, "moving_variance", 1)];
  return normalise(call, value, [gamma, beta, ...statistics], number(call, "epsilon", 1e-3), axis);
}

/** A number or a list of numbers, nested or not; undefined when there is none. */
function numbers(call: Call, name: string): Float64Array | undefined {
  const given = configOf(call)[name];
  if (given === undefined || given === null) return undefined;
  const list: unknown[] = Array.isArray(given) ? (given as unknown[]).flat(8) : [given];
  if (!list.every((v) => typeof v === "number" && Number.isFinite(v)))
    call.refuse(`has ${name} ${JSON.stringify(given)?.slice(0, 60)}: numbers are needed`);
  return Float64Array.from(list as number[]);
}

/** One number, or one for each element of the last axis. */
function onLastAxis(call: Call, name: string, otherwise: number): Tensor {
  const values = numbers(call, name) ?? Float64Array.of(otherwise);
  // The layer computes in float32, and so with the float32 next to 1/255.
  const rounded = values.map(Math.fround);
  return { shape: values.length === 1 ? [] : [values.length], values: rounded, kind: "float" };
}

function rescaling(call: Call): Value {
  const scaled = multiply(call, call.value(0), onLastAxis(call, "scale", 1));
  return add(call, scaled, onLastAxis(call, "offset", 0));
}

/** (x - mean) / max(deviation, 1e-7), or the way back. */
function normalization(call: Call): Value {
  const config = configOf(call);
  const value = call.value(0);
  const { shape } = value;
  const given = config.axis === undefined ? -1 : config.axis;
  const axes = (given === null ? [] : Array.isArray(given) ? (given as unknown[]) : [given]).map((axis) =>
    axisOf(call, axis),
  );
  const own = shape.map((size, d) => (axes.includes(d) ? size : 1));
  const count = own.reduce((product, size) => product * size, 1);
  const { weights } = layerOf(call);
  const part = (name: string): Float64Array => {
    const values =
      numbers(call, name) ??
      weights.get(name)?.values ??
      call.refuse(`has no ${name}: it was saved before it was adapted to data`);
    if (values.length === 1 && count > 1) return new Float64Array(count).fill(values[0]);
    return values.length === count
      ? values
      : call.refuse(`has ${values.length} numbers for its ${name}, but ${count} are needed`);
  };
  const [mean, variance] = [part("mean"), part("variance")];
  const bad = variance.find((v) => !(v >= 0));
  if (bad !== undefined) call.refuse(`has the variance ${bad}`);
  const deviation = variance.map((v) => Math.max(Math.sqrt(v), 1e-7));
  const invert = config.invert === true;
  const factors = invert ? deviation : deviation.map((d) => 1 / d);
  const shifts = mean.map((m, i) => (invert ? m : -m / deviation[i]));
  call.note("became a x + b with a and b rounded to doubles");
  const tensor = (values: Float64Array): Tensor => ({ shape: own, values, kind: "double" });
  return add(call, multiply(call, value, tensor(factors)), tensor(shifts));
}

export const scalings: Operators = {
  BatchNormalization: batchNormalization,
  BatchNormalizationV1: batchNormalization,
  BatchNormalizationV2: batchNormalization,
  Rescaling: rescaling,
  Normalization: normalization,
};
