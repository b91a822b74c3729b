import type { Call, Operators } from "../call";
import { broadcastIndex, sizeOf, type Tensor } from "../tensor";
import { formsOf, isSignal, mapped, type Value } from "../value";
import { add, multiply, negate } from "./arithmetic";
import { broadcast, commonShape } from "./movement";

export function relu(call: Call, value: Value): Value {
  if (!isSignal(value)) return mapped([value], (x) => (x > 0 ? x : 0));
  return call.signal(value.shape, call.lowering.relu(value.forms), value);
}

/** The larger of two values, broadcast. */
export function maximum(call: Call, a: Value, b: Value): Value {
  const shape = commonShape(call, [a, b]);
  const [p, q] = [a, b].map((value) => broadcast(call, value, shape));
  if (isSignal(p) !== isSignal(q)) call.finite(isSignal(p) ? (q as Tensor) : (p as Tensor));
  if (!isSignal(p) && !isSignal(q)) return mapped([p, q], Math.max);
  return call.signal(shape, call.lowering.maximum(formsOf(p), formsOf(q)), p, q);
}

export function minimum(call: Call, a: Value, b: Value): Value {
  return negate(call, maximum(call, negate(call, a), negate(call, b)));
}

/** relu(z) - slope relu(-z): both halves share one boundary, so no region is added. Slopes broadcast to the value. */
export function leakyRelu(call: Call, value: Value, given: Tensor): Value {
  const slopes = given.values.length === 1 ? { ...given, shape: [] } : given;
  if (!isSignal(value)) {
    const slope = broadcast(call, slopes, value.shape) as Tensor;
    return mapped([value, slope], (x, a) => (x < 0 ? a * x : x));
  }
  const { lowering } = call;
  call.finite(slopes);
  const index = broadcastIndex(slopes.shape, value.shape);
  if (
    index.length !== sizeOf(value.shape) ||
    commonShape(call, [value, slopes]).length !== value.shape.length
  )
    call.refuse(`has slopes of the shape [${slopes.shape}] for values of the shape [${value.shape}]`);
  const factors = Float64Array.from(index, (from) => -slopes.values[from]);
  const positive = lowering.relu(value.forms);
  const negative = lowering.relu(value.forms.negated());
  const scaled = lowering.scale(negative, factors, new Float64Array(factors.length));
  return call.signal(value.shape, lowering.sum(positive, scaled), value);
}

/** lo + relu(z - lo) - relu(z - hi): both bounds read the value itself, so one layer is enough. */
export function clip(call: Call, value: Value, lo: Tensor | undefined, hi: Tensor | undefined): Value {
  // The largest float32 stands for no bound at all.
  const bounded = (bound: Tensor | undefined, sign: number) =>
    bound && !bound.values.every((v) => sign * v >= 3.4e38) ? bound : undefined;
  const [low, high] = [bounded(lo, -1), bounded(hi, 1)];
  for (const bound of [low, high])
    if (bound && !bound.values.every(Number.isFinite)) call.refuse("has a bound that is no number");
  if (low && high && low.values.some((v, i) => v > high.values[i % high.values.length]))
    call.refuse(`cuts off below ${low.values[0]} and above ${high.values[0]}`);
  if (!isSignal(value)) {
    const below = low ? (maximum(call, value, low) as Tensor) : value;
    return high ? minimum(call, below, high) : below;
  }
  if (!low && !high) return value;
  if (!low) return minimum(call, value, high!);
  const above = relu(call, add(call, value, negate(call, low)));
  const beyond = high ? relu(call, add(call, value, negate(call, high))) : undefined;
  const cut = beyond ? add(call, above, negate(call, beyond)) : above;
  return add(call, cut, low);
}

const scalar = (value: number): Tensor => ({ shape: [], values: Float64Array.of(value), kind: "float" });

function clipNode(call: Call): Value {
  const bound = (index: number, name: string) => {
    if (call.has(index)) return call.constant(index, name);
    return call.attributes.has(name) ? scalar(call.attributes.number(name, 0)) : undefined;
  };
  const [lo, hi] = [bound(1, "min"), bound(2, "max")];
  call.attributes.ignore("consumed_inputs");
  return clip(call, call.value(0), lo, hi);
}

function hardSigmoid(call: Call): Value {
  const alpha = call.attributes.number("alpha", 0.2);
  const beta = call.attributes.number("beta", 0.5);
  const line = add(call, multiply(call, call.value(0), scalar(alpha)), scalar(beta));
  return clip(call, line, scalar(0), scalar(1));
}

/** The slope of each channel; a list of one a channel belongs to axis 1 in files from before broadcasting. */
function preluNode(call: Call): Value {
  const value = call.value(0);
  const slopes = call.constant(1, "slopes");
  const perChannel = call.version < 7 && slopes.shape.length === 1 && value.shape.length > 2;
  const shape = perChannel ? [slopes.shape[0], ...value.shape.slice(2).map(() => 1)] : slopes.shape;
  return leakyRelu(call, value, { ...slopes, shape });
}

export const activations: Operators = {
  Relu: (call) => {
    call.attributes.ignore("consumed_inputs");
    return relu(call, call.value(0));
  },
  LeakyRelu: (call) => {
    const slope = scalar(call.attributes.number("alpha", 0.01));
    call.attributes.ignore("consumed_inputs");
    return leakyRelu(call, call.value(0), slope);
  },
  PRelu: preluNode,
  Abs: (call) => {
    const value = call.value(0);
    if (!isSignal(value)) return mapped([value], Math.abs);
    return leakyRelu(call, value, scalar(-1));
  },
  Clip: clipNode,
  HardSigmoid: hardSigmoid,
  Max: (call) => call.values().reduce((most, value) => maximum(call, most, value)),
  Min: (call) => call.values().reduce((least, value) => minimum(call, least, value)),
};
