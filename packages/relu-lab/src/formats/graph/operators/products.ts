import type { Call, Operators } from "../call";
import { broadcastIndex, broadcastShape, sizeOf, type Tensor } from "../tensor";
import { formsOf, isSignal, type Value } from "../value";
import { add, multiply } from "./arithmetic";
import { transpose } from "./movement";

/** Two constants multiplied, or a value and a constant from either side; leading axes broadcast. */
export function matMul(call: Call, a: Value, b: Value): Value {
  if (isSignal(a) && isSignal(b))
    return call.refuse("multiplies two values that depend on the input, which is not piecewise linear");
  if (a.shape.length === 0 || b.shape.length === 0)
    return call.refuse("multiplies a single number: two matrices are needed");
  const p = a.shape.length === 1 ? [1, a.shape[0]] : a.shape;
  const q = b.shape.length === 1 ? [b.shape[0], 1] : b.shape;
  const [rows, inner] = p.slice(-2);
  const columns = q[q.length - 1];
  const lead = broadcastShape(p.slice(0, -2), q.slice(0, -2));
  if (inner !== q[q.length - 2] || !lead)
    return call.refuse(`multiplies values of the shapes [${a.shape}] and [${b.shape}], which do not fit`);
  const shape = [
    ...lead,
    ...(a.shape.length === 1 ? [] : [rows]),
    ...(b.shape.length === 1 ? [] : [columns]),
  ];
  call.lowering.checkValues(sizeOf(shape), call.place);
  const left = broadcastIndex(p.slice(0, -2), lead);
  const right = broadcastIndex(q.slice(0, -2), lead);
  const weights = (isSignal(a) ? b : a) as Tensor;
  const signal = isSignal(a) ? a : b;
  call.finite(weights);
  const entries = sizeOf(shape) * inner;
  call.lowering.reserve(entries, call.place);
  const starts = new Int32Array(sizeOf(shape) + 1);
  const at = new Int32Array(entries);
  const values = new Float64Array(entries);
  let [row, entry] = [0, 0];
  for (let batch = 0; batch < left.length; batch++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        for (let k = 0; k < inner; k++) {
          const [x, y] = [(left[batch] * rows + i) * inner + k, (right[batch] * inner + k) * columns + j];
          const weight = weights.values[isSignal(a) ? y : x];
          if (weight === 0) continue;
          at[entry] = isSignal(a) ? x : y;
          values[entry++] = weight;
        }
        starts[++row] = entry;
      }
  const linear = { starts, columns: at.subarray(0, entry), values: values.subarray(0, entry) };
  const forms = call.lowering.linear(formsOf(signal), linear, new Float64Array(sizeOf(shape)));
  return call.signal(shape, forms, signal);
}

const scalar = (value: number): Tensor => ({ shape: [], values: Float64Array.of(value), kind: "double" });

const turned = (value: Value): Value => transpose(value, [1, 0]);

/** A constant matrix times a number, in doubles: a float32 times a float32 is one. */
function times(call: Call, value: Value, factor: number): Value {
  if (factor === 1) return value;
  if (isSignal(value)) return multiply(call, value, scalar(factor));
  return { ...value, kind: "double", values: value.values.map((v) => v * factor) };
}

function gemm(call: Call): Value {
  const { attributes } = call;
  const [alpha, beta] = [attributes.number("alpha", 1), attributes.number("beta", 1)];
  attributes.ignore("broadcast");
  const [transA, transB] = [attributes.flag("transA"), attributes.flag("transB")];
  const [a, b] = [call.value(0), call.value(1)];
  for (const { shape } of [a, b])
    if (shape.length !== 2)
      call.refuse(`multiplies values of the shapes [${a.shape}] and [${b.shape}]: two matrices are needed`);
  const [p, q] = [transA ? turned(a) : a, transB ? turned(b) : b];
  const product = isSignal(p)
    ? matMul(call, p, times(call, q, alpha))
    : matMul(call, times(call, p, alpha), q);
  if (!call.has(2) || beta === 0) return product;
  const sum = add(call, product, times(call, call.value(2), beta));
  return sum.shape.length === 2 && sum.shape.every((size, d) => size === product.shape[d])
    ? sum
    : call.refuse(`adds [${call.value(2).shape}] to [${product.shape}]`);
}

export const products: Operators = {
  MatMul: (call) => matMul(call, call.value(0), call.value(1)),
  Gemm: gemm,
};
