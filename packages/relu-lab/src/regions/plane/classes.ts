import { commonScale, toInteger } from "./integers";
import type { Plan, PlanLayer } from "./plan";

/** Whether two rows (weights and bias) of a layer are proportional, exactly. */
function proportional(layer: PlanLayer, i: number, j: number): boolean {
  const { inputs, weights, biases } = layer;
  const row = (k: number): Float64Array => {
    const values = new Float64Array(inputs + 1);
    values.set(weights.subarray(k * inputs, (k + 1) * inputs));
    values[inputs] = biases[k];
    return values;
  };
  const [p, q] = [row(i), row(j)];
  const at = p.findIndex((value) => value !== 0);
  if (at < 0 || q[at] === 0) return false;
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
  let start = 0;
  for (const layer of plan.hidden) {
    const { inputs, outputs, weights, biases } = layer;
    const candidates = new Map<string, number[]>();
    for (let j = 0; j < outputs; j++) {
      classes[start + j] = start + j;
      const row = weights.subarray(j * inputs, (j + 1) * inputs);
      const first = row.findIndex((w) => w !== 0);
      if (first < 0) continue;
      let last = inputs - 1;
      while (row[last] === 0) last--;
      // Ratios are rounded, so that proportional rows agree; the exact comparison decides.
      const ratios = [biases[j] / row[first], row[last] / row[first]].map(Math.fround);
      const key = `${first},${last},${ratios.join()}`;
      const group = candidates.get(key);
      if (!group) {
        candidates.set(key, [j]);
        continue;
      }
      const same = group.find((i) => proportional(layer, i, j));
      if (same === undefined) group.push(j);
      else classes[start + j] = start + same;
    }
    start += outputs;
  }
  return classes;
}
