import type { Plan } from "./plan";

/** Doubles for the engine: the plan's layers, each neuron times a positive power of two where sizes are extreme. */
export interface ScaledLayers {
  readonly weights: Float64Array[];
  readonly biases: Float64Array[];
}

/** Rows whose largest entry lies within 2^-MILD .. 2^MILD are left alone. */
const MILD = 8;

/** value * 2^power, in steps that neither overflow nor underflow before the result does. */
export function timesPowerOfTwo(value: number, power: number): number {
  let result = value;
  let rest = power;
  while (rest > 1000) {
    result *= 2 ** 1000;
    rest -= 1000;
  }
  while (rest < -1000) {
    result *= 2 ** -1000;
    rest += 1000;
  }
  return result * 2 ** rest;
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
    if (powers?.some((p) => p !== 0)) {
      for (let i = 0; i < w.length; i++) w[i] = timesPowerOfTwo(w[i], -powers[i % columns]);
    }
    const own = new Int32Array(layer.outputs);
    if (l < plan.hidden.length) {
      for (let j = 0; j < layer.outputs; j++) {
        let largest = Math.abs(b[j]);
        for (let i = j * columns; i < (j + 1) * columns; i++) {
          const size = w[i] < 0 ? -w[i] : w[i];
          if (size > largest) largest = size;
        }
        if (largest === 0 || !Number.isFinite(largest)) continue;
        const exponent = Math.floor(Math.log2(largest));
        if (Math.abs(exponent) <= MILD) continue;
        own[j] = -exponent;
        for (let i = 0; i < columns; i++) w[j * columns + i] = timesPowerOfTwo(w[j * columns + i], -exponent);
        b[j] = timesPowerOfTwo(b[j], -exponent);
        if (l === 0) errors[j] = timesPowerOfTwo(errors[j], -exponent) + 1e-290;
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
