import { unit } from "../arithmetic/rounding";
import type { Plan } from "../plan/plan";
import type { CheckedDomain } from "./domain";

const SPLITTER = 2 ** 27 + 1;

/** Rows of the first layer on the domain's plane: a, b of each neuron, c, and a bound on |row - true row| there. */
export interface FirstRows {
  readonly gradients: Float64Array;
  readonly constants: Float64Array;
  readonly errors: Float64Array;
}

/** w . x + start as if in twice the precision (Ogita, Rump and Oishi 2005, Dot2), and sum |w x|. */
function compensatedDot(
  w: Float64Array,
  at: number,
  x: Float64Array,
  start: number,
  columns?: Int32Array,
  end = x.length,
): { value: number; size: number } {
  let sum = start;
  let rest = 0;
  let size = Math.abs(start);
  for (let i = 0; i < end; i++) {
    const a = w[at + i];
    const b = x[columns ? columns[at + i] : i];
    const p = a * b;
    // Veltkamp's splitting and Dekker's product: p + e = a b exactly.
    const ca = SPLITTER * a;
    const ah = ca - (ca - a);
    const al = a - ah;
    const cb = SPLITTER * b;
    const bh = cb - (cb - b);
    const bl = b - bh;
    const e = al * bl - (p - ah * bh - al * bh - ah * bl);
    // Knuth's sum: s + t = sum + p exactly.
    const s = sum + p;
    const v = s - sum;
    const t = sum - (s - v) + (p - v);
    sum = s;
    rest += e + t;
    size += Math.abs(p);
  }
  return { value: sum + rest, size };
}

/** The first layer restricted to the domain's plane, each coefficient rounded almost correctly. */
export function firstRows(plan: Plan, domain: CheckedDomain): FirstRows {
  const layer = plan.hidden[0];
  const { inputs, outputs, biases, rows } = layer;
  const weights = rows ? rows.values : layer.weights;
  const { plane, polygon } = domain;
  if (!plane) {
    return { gradients: layer.weights, constants: biases, errors: new Float64Array(outputs) };
  }
  let X = 0;
  let Y = 0;
  for (let i = 0; i < polygon.length; i += 2) {
    X = Math.max(X, Math.abs(polygon[i]));
    Y = Math.max(Y, Math.abs(polygon[i + 1]));
  }
  const gradients = new Float64Array(2 * outputs);
  const constants = new Float64Array(outputs);
  const errors = new Float64Array(outputs);
  // Dot2 is within u |value| + gamma_n^2 size of the true sum; 4 n^2 u^2 is above gamma_n^2 for the n at hand.
  const square = 4 * (inputs + 1) ** 2 * unit * unit;
  for (let j = 0; j < outputs; j++) {
    const from = rows ? rows.starts[j] : j * inputs;
    const dot = (x: Float64Array, start: number) =>
      compensatedDot(weights, from, x, start, rows?.columns, rows ? rows.starts[j + 1] - from : inputs);
    const a = dot(plane.u, 0);
    const b = dot(plane.v, 0);
    const c = dot(plane.origin, biases[j]);
    gradients[2 * j] = a.value;
    gradients[2 * j + 1] = b.value;
    constants[j] = c.value;
    const rounding = Math.abs(a.value) * X + Math.abs(b.value) * Y + Math.abs(c.value);
    const underflow = (inputs + 1) * 2 ** -1070 * (X + Y + 1);
    errors[j] =
      1.001 * (2 * unit * rounding + square * (a.size * X + b.size * Y + c.size)) + underflow + 1e-290;
  }
  return { gradients, constants, errors };
}
