import { timesPowerOfTwo } from "../arithmetic/power-of-two";
import { underflow } from "../arithmetic/rounding";
import type { SparseRows } from "../../network";
import type { Plan } from "./plan";

/** Doubles for the engine: the plan's layers, each neuron times a positive power of two where sizes are extreme. */
export interface ScaledLayers {
  /** Row-major; empty for a layer that has rows. */
  readonly weights: Float64Array[];
  readonly biases: Float64Array[];
  /** The rows of layers above the first that are given by their non-zeros. */
  readonly rows: (SparseRows | undefined)[];
}

/** Rows whose largest entry lies within 2^-MILD .. 2^MILD are left alone. */
const MILD = 8;

/** The exponent of a row's largest entry once its inputs are scaled: floor(log2 |w_i 2^-below_i|), or of the bias. */
function largestExponent(
  row: Float64Array,
  bias: number,
  below: Int32Array | undefined,
  columns: Int32Array | undefined,
): number {
  if (below) {
    let exponent = Math.floor(Math.log2(Math.abs(bias)));
    for (let i = 0; i < row.length; i++)
      if (row[i] !== 0)
        exponent = Math.max(
          exponent,
          Math.floor(Math.log2(Math.abs(row[i]))) - below[columns ? columns[i] : i],
        );
    return exponent;
  }
  let largest = Math.abs(bias);
  for (let i = 0; i < row.length; i++) {
    const size = row[i] < 0 ? -row[i] : row[i];
    if (size > largest) largest = size;
  }
  return Math.floor(Math.log2(largest));
}

/**
 * Rescales hidden neurons by positive powers of two, which changes no sign: so that no product in the engine
 * overflows, and what underflows is below the constant that exactness.md allows for it.
 *
 * @param plan the network
 * @param first the first layer's rows (a, b of each neuron; c; error), rescaled in place of the plan's
 */
export function scaleLayers(
  plan: Plan,
  first: { gradients: Float64Array; constants: Float64Array; errors: Float64Array },
): ScaledLayers & { errors: Float64Array } {
  const layers = [...plan.hidden, plan.output];
  let powers: Int32Array | undefined; // of the layer before: h' = 2^power h
  const errors = first.errors.slice();
  const weights: Float64Array[] = [];
  const biases: Float64Array[] = [];
  const sparse: (SparseRows | undefined)[] = [];
  layers.forEach((layer, l) => {
    const rows = l === 0 ? undefined : layer.rows;
    const w = (l === 0 ? first.gradients : rows ? rows.values : layer.weights).slice();
    const b = (l === 0 ? first.constants : layer.biases).slice();
    const columns = w.length / layer.outputs;
    const from = (j: number) => (rows ? rows.starts[j] : j * columns);
    const below = powers?.some((p) => p !== 0) ? powers : undefined;
    const own = new Int32Array(layer.outputs);
    if (l < plan.hidden.length) {
      for (let j = 0; j < layer.outputs; j++) {
        const exponent = largestExponent(
          w.subarray(from(j), from(j + 1)),
          b[j],
          below,
          rows?.columns.subarray(from(j), from(j + 1)),
        );
        if (!Number.isFinite(exponent) || Math.abs(exponent) <= MILD) continue;
        own[j] = -exponent;
        b[j] = timesPowerOfTwo(b[j], -exponent);
        if (l === 0) errors[j] = timesPowerOfTwo(errors[j], -exponent) + underflow;
      }
    }
    if (below || own.some((p) => p !== 0)) {
      // One power for each weight: scaled back for its input first, it could underflow and then be made large.
      for (let j = 0; j < layer.outputs; j++)
        for (let i = from(j); i < from(j + 1); i++) {
          const power = own[j] - (below ? below[rows ? rows.columns[i] : i - from(j)] : 0);
          if (power !== 0) w[i] = timesPowerOfTwo(w[i], power);
        }
    }
    for (const values of [w, b]) {
      let bad = 0;
      while (bad < values.length && values[bad] - values[bad] === 0) bad++;
      if (bad < values.length) {
        throw new RangeError(
          `layer ${l + 1}: its weights differ too much in size (a neuron scaled to 1 makes ${values[bad]}); rescale the neurons before it`,
        );
      }
    }
    weights.push(rows ? new Float64Array() : w);
    sparse.push(rows && { ...rows, values: w });
    biases.push(b);
    powers = own;
  });
  return { weights, biases, errors, rows: sparse };
}
