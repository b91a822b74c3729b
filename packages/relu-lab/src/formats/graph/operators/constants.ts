import type { Call, Operator, Operators } from "../call";
import { rounded, sizeOf, type Kind, type Tensor } from "../tensor";
import { isSignal, mapped, type Value } from "../value";
import { broadcast, commonShape } from "./movement";

/** A function of constants, broadcast; of values that depend on the input it is refused. */
const ofConstants =
  (f: (...values: number[]) => number, kind?: Kind): Operator =>
  (call) => {
    const values = call.values();
    if (values.some(isSignal)) call.refuse("of values that depend on the input is not piecewise linear");
    const shape = commonShape(call, values);
    return mapped(
      values.map((value) => broadcast(call, value, shape) as Tensor),
      f,
      kind,
    );
  };

const truth = (f: (...values: number[]) => boolean): Operator =>
  ofConstants((...values) => (f(...values) ? 1 : 0), "truth");

function range(call: Call): Value {
  const [start, limit, delta] = [0, 1, 2].map((i) => call.constant(i, "bounds").values[0]);
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  const { kind } = call.constant(0, "bounds");
  const shape = call.checkShape([count]);
  return {
    shape,
    values: Float64Array.from({ length: count }, (_, i) => rounded(kind, start + i * delta)),
    kind,
  };
}

/** (x - zero) * scale, with scales for the whole, for an axis, or for blocks of an axis. */
function dequantize(call: Call): Value {
  const x = call.value(0);
  const [scale, zero] = [call.constant(1, "scale"), call.has(2) ? call.constant(2, "zero point") : undefined];
  call.attributes.ignore("output_dtype");
  if (isSignal(x))
    call.refuse(
      "restores values that were quantised on the way, which is not piecewise linear: export the model before it is quantised",
    );
  const block = call.attributes.whole("block_size", 0);
  const given = call.attributes.whole("axis", 1);
  const place = perAxis(call, x.shape, scale, given, block);
  const values = x.values.map((v, i) =>
    rounded(scale.kind, (v - (zero?.values[place(i)] ?? 0)) * scale.values[place(i)]),
  );
  return { shape: x.shape, values, kind: scale.kind };
}

/** Which scale belongs to an element. */
function perAxis(call: Call, shape: readonly number[], scale: Tensor, given: number, block: number) {
  if (scale.values.length === 1) return () => 0;
  const axis = call.axis(given, shape.length);
  const inner = sizeOf(shape.slice(axis + 1));
  const size = shape[axis];
  const along = block > 0 ? Math.ceil(size / block) : size;
  const outer = block > 0 ? sizeOf(shape.slice(0, axis)) : 1;
  if (scale.values.length !== (block > 0 ? outer * along * inner : size))
    call.refuse(`has scales of shape [${scale.shape}] for values of shape [${shape}] along axis ${axis}`);
  return (i: number) => {
    const at = Math.floor(i / inner) % size;
    return block > 0
      ? (Math.floor(i / (inner * size)) * along + Math.floor(at / block)) * inner + (i % inner)
      : at;
  };
}

/** Half to even, as quantisation rounds. */
function toEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
}

function quantize(call: Call): Value {
  const x = call.value(0);
  if (isSignal(x))
    call.refuse(
      "rounds values of the network to whole numbers, which is not piecewise linear: export the model before it is quantised",
    );
  const scale = call.constant(1, "scale");
  const zero = call.has(2) ? call.constant(2, "zero point") : undefined;
  call.attributes.ignore("saturate", "output_dtype", "precision");
  const signed = zero?.range ?? [0, 255];
  const place = perAxis(
    call,
    x.shape,
    scale,
    call.attributes.whole("axis", 1),
    call.attributes.whole("block_size", 0),
  );
  const values = x.values.map((v, i) =>
    Math.min(
      signed[1],
      Math.max(signed[0], toEven(v / scale.values[place(i)]) + (zero?.values[place(i)] ?? 0)),
    ),
  );
  return { shape: x.shape, values, kind: "whole", range: signed };
}

/** What ONNX's numbers of types mean for a cast. */
const kinds: Readonly<Record<number, Kind>> = {
  1: "float",
  10: "half",
  11: "double",
  16: "half",
  9: "truth",
  2: "whole",
  3: "whole",
  4: "whole",
  5: "whole",
  6: "whole",
  7: "whole",
  12: "whole",
  13: "whole",
};

const isFloat = (kind: Kind) => kind === "float" || kind === "double" || kind === "half";

/** Numbers of another kind; of the network's values only one floating point for another. */
export function cast(call: Call, value: Value, to: Kind): Value {
  if (isSignal(value)) {
    if (!isFloat(to))
      call.refuse(
        `casts values of the network to ${to === "truth" ? "truth values" : "whole numbers"}, which is not piecewise linear`,
      );
    if (to === "half") call.note("rounds to 16 bits on the way, which is left out");
    return value;
  }
  const convert = isFloat(to)
    ? (x: number) => x
    : to === "truth"
      ? (x: number) => (x === 0 ? 0 : 1)
      : Math.trunc;
  return mapped([value], convert, to);
}

function castNode(call: Call): Value {
  const type = call.attributes.whole("to", 0);
  call.attributes.ignore("saturate", "round_mode");
  return cast(
    call,
    call.value(0),
    kinds[type] ?? call.refuse(`casts to the type ${type}, which is not known`),
  );
}

function constantNode(call: Call): Value {
  const { attributes } = call;
  const tensor = attributes.tensor("value");
  if (tensor) return tensor;
  for (const [name, kind] of [
    ["value_float", "float"],
    ["value_int", "whole"],
    ["value_floats", "float"],
    ["value_ints", "whole"],
  ] as const) {
    if (!attributes.has(name)) continue;
    const isList = name.endsWith("s");
    const values = isList ? (attributes.numbers(name) ?? []) : [attributes.number(name, 0)];
    return { shape: isList ? [values.length] : [], values: Float64Array.from(values), kind };
  }
  return call.refuse("holds no numbers");
}

export const constants: Operators = {
  Constant: constantNode,
  ConstantOfShape: (call) => {
    const shape = call.checkShape(call.wholes(0, "shape"));
    const { values, kind } = call.attributes.tensor("value") ?? { values: [0], kind: "float" as const };
    return { shape, values: new Float64Array(sizeOf(shape)).fill(values[0] ?? 0), kind };
  },
  Range: range,
  Cast: castNode,
  CastLike: (call) => {
    call.attributes.ignore("saturate", "round_mode");
    const like = call.value(1);
    return cast(call, call.value(0), isSignal(like) ? "float" : like.kind);
  },
  DequantizeLinear: dequantize,
  QuantizeLinear: quantize,
  Equal: truth((a, b) => a === b),
  Greater: truth((a, b) => a > b),
  GreaterOrEqual: truth((a, b) => a >= b),
  Less: truth((a, b) => a < b),
  LessOrEqual: truth((a, b) => a <= b),
  And: truth((a, b) => a !== 0 && b !== 0),
  Or: truth((a, b) => a !== 0 || b !== 0),
  Xor: truth((a, b) => (a !== 0) !== (b !== 0)),
  Not: truth((a) => a === 0),
  Floor: ofConstants(Math.floor),
  Ceil: ofConstants(Math.ceil),
  Round: ofConstants(toEven),
  Sqrt: ofConstants(Math.sqrt),
  Exp: ofConstants(Math.exp),
  Log: ofConstants(Math.log),
  Reciprocal: ofConstants((x) => 1 / x),
  Pow: ofConstants((x, y) => x ** y),
  Mod: (call) =>
    ofConstants(call.attributes.flag("fmod") ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b))(call),
};
