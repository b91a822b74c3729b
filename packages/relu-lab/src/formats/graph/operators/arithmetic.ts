import type { Call, Operators } from "../call";
import type { Tensor } from "../tensor";
import { isSignal, mapped, reshaped, type Signal, type Value } from "../value";
import { broadcast, commonShape } from "./movement";

/** All values in one shape. */
function alike(call: Call, values: readonly Value[]): Value[] {
  const shape = commonShape(call, values);
  return values.map((value) => broadcast(call, value, shape));
}

const ones = (count: number) => new Float64Array(count).fill(1);

/** The number that whole numbers beyond 2^53 would not be. */
function whole(call: Call, tensor: Tensor): Tensor {
  if (tensor.kind === "whole" && !tensor.values.every((v) => Number.isSafeInteger(v)))
    call.refuse("gives whole numbers beyond 2^53");
  return tensor;
}

/** a + b, broadcast. */
export function add(call: Call, a: Value, b: Value): Value {
  const [p, q] = alike(call, [a, b]);
  if (!isSignal(p) && !isSignal(q))
    return whole(
      call,
      mapped([p, q], (x, y) => x + y),
    );
  if (isSignal(p) && isSignal(q)) return call.signal(p.shape, call.lowering.sum(p.forms, q.forms), p, q);
  const [signal, constant] = (isSignal(p) ? [p, q] : [q, p]) as [Signal, Tensor];
  call.finite(constant);
  return call.signal(
    signal.shape,
    call.lowering.scale(signal.forms, ones(signal.forms.count), constant.values),
    signal,
  );
}

export function negate(call: Call, value: Value): Value {
  if (!isSignal(value)) return mapped([value], (x) => -x);
  return call.signal(value.shape, value.forms.negated(), value);
}

/** a b, broadcast; one of them must be a constant. */
export function multiply(call: Call, a: Value, b: Value): Value {
  const [p, q] = alike(call, [a, b]);
  if (!isSignal(p) && !isSignal(q))
    return whole(
      call,
      mapped([p, q], (x, y) => x * y),
    );
  if (isSignal(p) && isSignal(q))
    return call.refuse("multiplies two values that depend on the input, which is not piecewise linear");
  const [signal, constant] = (isSignal(p) ? [p, q] : [q, p]) as [Signal, Tensor];
  call.finite(constant);
  return call.signal(
    signal.shape,
    call.lowering.scale(signal.forms, constant.values, new Float64Array(signal.forms.count)),
    signal,
  );
}

/** a / b, broadcast; b must be a constant. */
export function divide(call: Call, a: Value, b: Value): Value {
  if (isSignal(b))
    return call.refuse("divides by values that depend on the input, which is not piecewise linear");
  if (b.values.includes(0)) call.refuse("divides by 0");
  if (!isSignal(a)) {
    const [p, q] = alike(call, [a, b]) as Tensor[];
    return mapped([p, q], (x, y) => (p.kind === "whole" ? Math.trunc(x / y) : x / y));
  }
  const reciprocal = { ...b, values: b.values.map((v) => 1 / v) };
  if (b.values.some((v) => Math.abs(Math.log2(Math.abs(v))) % 1 !== 0))
    call.note("became a multiplication by the reciprocal, rounded to a double");
  return multiply(call, a, reciprocal);
}

/** ONNX before version 7: the second operand's axes stand where `axis` says. */
function operands(call: Call): [Value, Value] {
  const [a, b] = [call.value(0), call.value(1)];
  const legacy = call.attributes.flag("broadcast");
  const axis = call.attributes.has("axis") ? call.attributes.whole("axis", -1) : undefined;
  call.attributes.ignore("consumed_inputs");
  if (!legacy || axis === undefined || call.version >= 7) return [a, b];
  const from = call.axis(axis, a.shape.length);
  const behind = a.shape.length - from - b.shape.length;
  if (behind < 0) call.refuse(`broadcasts [${b.shape}] at axis ${axis} of [${a.shape}]`);
  return [a, reshaped(b, [...b.shape, ...new Array<number>(behind).fill(1)])];
}

const binary = (f: (call: Call, a: Value, b: Value) => Value) => (call: Call) => f(call, ...operands(call));

export function sumOf(call: Call, values: readonly Value[]): Value {
  return values.slice(1).reduce((sum, value) => add(call, sum, value), values[0]);
}

/** Values divided by a whole number of them. */
export function averaged(call: Call, value: Value, count: number): Value {
  const tensor: Tensor = { shape: [], values: Float64Array.of(1 / count), kind: "double" };
  return count === 1 ? value : multiply(call, value, tensor);
}

export const arithmetic: Operators = {
  Add: binary(add),
  Sub: binary((call, a, b) => add(call, a, negate(call, b))),
  Mul: binary(multiply),
  Div: binary(divide),
  Neg: (call) => negate(call, call.value(0)),
  Sum: (call) => sumOf(call, call.values()),
  Mean: (call) => averaged(call, sumOf(call, call.values()), call.values().length),
};
