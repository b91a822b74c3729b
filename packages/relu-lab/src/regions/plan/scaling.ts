import { timesPowerOfTwo } from "../arithmetic/power-of-two";
import { underflow } from "../arithmetic/rounding";
import type { Plan } from "./plan";

/** Doubles for the engine: the plan's layers, each neuron times a positive power of two where sizes are extreme. */
export interface ScaledLayers {
  readonly weights: Float64Array[];
  readonly biases: Float64Array[];
}

/** Rows whose largest entry lies within 2^-MILD .. 2^MILD are left alone. */
const MILD = 8;

/** The exponent of a row's largest entry once its inputs are scaled: floor(log2 |w_i 2^-below_i|), or of the bias. */
function largestExponent(row: Float64Array, bias: number, below: Int32Array | undefined): number {
  if (below) {
    let exponent = Math.floor(Math.log2(Math.abs(bias)));
    for (let i = 0; i < row.length; i++)
      if (row[i] !== 0) exponent = Math.max(exponent, Math.floor(Math.log2(Math.abs(row[i]))) - below[i]);
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
  layers.forEach((layer, l) => {
    const w = (l === 0 ? first.gradients : layer.weights).slice();
    const b = (l === 0 ? first.constants : layer.biases).slice();
    const columns = w.length / layer.outputs;
    const below = powers?.some((p) => p !== 0) ? powers : undefined;
    const own = new Int32Array(layer.outputs);
    if (l < plan.hidden.length) {
      for (let j = 0; j < layer.outputs; j++) {
        const exponent = largestExponent(w.subarray(j * columns, (j + 1) * columns), b[j], below);
        if (!Number.isFinite(exponent) || Math.abs(exponent) <= MILD) continue;
        own[j] = -exponent;
        b[j] = timesPowerOfTwo(b[j], -exponent);
        if (l === 0) errors[j] = timesPowerOfTwo(errors[j], -exponent) + underflow;
      }
    }
    if (below || own.some((p) => p !== 0)) {
      // One power for each weight: scaled back for its input first, it could underflow and then be made large.
      for (let i = 0; i < w.length; i++) {
        const power = own[Math.floor(i / columns)] - (below ? below[i % columns] : 0);
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
    weights.push(w);
    biases.push(b);
    powers = own;
  });
  return { weights, biases, errors };
}
