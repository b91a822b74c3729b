import { commonScale, toInteger } from "../arithmetic/integers";
import { startsOf } from "./places";
import type { Plan, PlanLayer } from "./plan";

/** Whether two rows (weights and bias) of a layer are proportional, exactly; both have a weight that is not 0. */
function proportional(layer: PlanLayer, i: number, j: number): boolean {
  const { biases, rows } = layer;
  const range = (k: number) =>
    rows ? [rows.starts[k], rows.starts[k + 1]] : [k * layer.inputs, (k + 1) * layer.inputs];
  const weights = rows ? rows.values : layer.weights;
  if (rows) {
    const [one, other] = [i, j].map((k) => rows.columns.subarray(...range(k)));
    if (one.length !== other.length || one.some((column, e) => column !== other[e])) return false;
  }
  const row = (k: number): Float64Array => {
    const own = weights.subarray(...range(k));
    const values = new Float64Array(own.length + 1);
    values.set(own);
    values[own.length] = biases[k];
    return values;
  };
  const [p, q] = [row(i), row(j)];
  const at = p.findIndex((value) => value !== 0);
  const [sp, sq] = [commonScale(p), commonScale(q)];
  const [p0, q0] = [toInteger(p[at], sp), toInteger(q[at], sq)];
  return p.every((value, k) => toInteger(value, sp) * q0 === toInteger(q[k], sq) * p0);
}

/**
 * For each hidden neuron the first one of its layer whose row is a multiple of its own: duplicated, negated and
 * rescaled neurons vanish on the same line in every cell, so a corner on one's line is a zero of the others.
 */
export function neuronClasses(plan: Plan): Int32Array {
  const classes = new Int32Array(plan.neurons);
  const starts = startsOf(plan.hidden);
  for (const [l, layer] of plan.hidden.entries()) {
    const start = starts[l];
    const { inputs, outputs, biases, rows } = layer;
    const weights = rows ? rows.values : layer.weights;
    const candidates = new Map<number, number[]>();
    for (let j = 0; j < outputs; j++) {
      classes[start + j] = start + j;
      const from = rows ? rows.starts[j] : j * inputs;
      let first = from;
      let last = rows ? rows.starts[j + 1] - 1 : from + inputs - 1;
      while (first <= last && weights[first] === 0) first++;
      if (first > last) continue;
      while (weights[last] === 0) last--;
      // Proportional rows have the same quotients, rounded alike. Others may share a key: the exact comparison decides.
      const key =
        (biases[j] / weights[first]) * Math.SQRT2 +
        weights[last] / weights[first] +
        (rows ? rows.columns[first] : first - from);
      const group = candidates.get(key);
      if (!group) {
        candidates.set(key, [j]);
        continue;
      }
      const same = group.find((i) => proportional(layer, i, j));
      if (same === undefined) group.push(j);
      else classes[start + j] = start + same;
    }
  }
  return classes;
}
