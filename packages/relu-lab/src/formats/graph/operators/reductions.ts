import type { Call, Operators } from "../call";
import { sizeOf, stridesOf, walk } from "../tensor";
import { formsOf, isSignal, type Value } from "../value";
import { negate } from "./arithmetic";
import { means } from "./pools";

/** The values that each output of a reduction is made of, and its shape. */
function groups(call: Call, value: Value, axes: readonly number[], keep: boolean) {
  const { shape } = value;
  const gone = new Set(axes.map((axis) => call.axis(axis, shape.length)));
  const strides = stridesOf(shape);
  const kept = shape.map((_, d) => d).filter((d) => !gone.has(d));
  const lost = [...gone].sort((a, b) => a - b);
  const starts = walk(
    kept.map((d) => shape[d]),
    kept.map((d) => strides[d]),
  );
  const offsets = walk(
    lost.map((d) => shape[d]),
    lost.map((d) => strides[d]),
  );
  call.lowering.reserve(sizeOf(shape), call.place);
  const cells = Array.from(starts, (start) => Array.from(offsets, (offset) => start + offset));
  const to = keep ? shape.map((size, d) => (gone.has(d) ? 1 : size)) : kept.map((d) => shape[d]);
  return { cells, shape: call.checkShape(to), count: offsets.length };
}

export type Reduction = "sum" | "mean" | "max" | "min" | "product";

const constant: Record<Reduction, (values: readonly number[]) => number> = {
  sum: (values) => values.reduce((sum, v) => sum + v, 0),
  mean: (values) => values.reduce((sum, v) => sum + v, 0) / values.length,
  max: (values) => values.reduce((most, v) => Math.max(most, v), -Infinity),
  min: (values) => values.reduce((least, v) => Math.min(least, v), Infinity),
  product: (values) => values.reduce((product, v) => product * v, 1),
};

/** Sums, means or extremes along axes. */
export function reduce(
  call: Call,
  value: Value,
  axes: readonly number[],
  keep: boolean,
  kind: Reduction,
): Value {
  if (axes.length === 0) return value;
  const found = groups(call, value, axes, keep);
  if (!isSignal(value)) {
    const values = Float64Array.from(found.cells, (cell) => constant[kind](cell.map((i) => value.values[i])));
    return { ...value, shape: found.shape, values };
  }
  if (kind === "product")
    return call.refuse("multiplies values that depend on the input, which is not piecewise linear");
  if (kind === "sum" || kind === "mean") {
    const divisors = found.cells.map(() => (kind === "sum" ? 1 : found.count));
    return means(call, value, found.shape, found.cells, divisors);
  }
  const largest = (of: Value) =>
    call.signal(found.shape, call.lowering.maxima(formsOf(of), found.cells), value);
  return kind === "max" ? largest(value) : negate(call, largest(negate(call, value)));
}

const reduction = (kind: Reduction) => (call: Call) => {
  const value = call.value(0);
  const given = call.wholesOf("axes", 1);
  const keep = call.attributes.flag("keepdims", true);
  const nothing = call.attributes.flag("noop_with_empty_axes");
  const axes = given?.length ? given : nothing ? [] : value.shape.map((_, d) => d);
  return reduce(call, value, axes, keep, kind);
};

export const reductions: Operators = {
  ReduceSum: reduction("sum"),
  ReduceMean: reduction("mean"),
  ReduceMax: reduction("max"),
  ReduceMin: reduction("min"),
  ReduceProd: reduction("product"),
};
