// Exact arithmetic for the oracle: doubles are binary fractions, so a network is a network of integers over powers of two.
import type { network } from "relu-lab";

export type Row = bigint[]; // an affine function: coefficients of the parameters, then the constant

export interface IntegerLayer {
  weights: bigint[][];
  biases: bigint[];
  relu: boolean;
}

/** How often a double must be doubled to be an integer. */
export function halvings(v: number): number {
  let k = 0;
  for (; !Number.isInteger(v); k++) v *= 2;
  return k;
}

export function toInteger(v: number, shift: number): bigint {
  const k = halvings(v);
  return BigInt(k > 1000 ? v * 2 ** 1000 * 2 ** (k - 1000) : v * 2 ** k) << BigInt(shift - k);
}

/** Layers scaled so that all numbers are integers, for inputs that were multiplied by 2^shift. */
export function integerLayers(net: network.ReluNetwork, shift: number): IntegerLayer[] {
  return net.layers.map(({ inputs, outputs, weights, biases, activation }) => {
    let own = 0;
    for (const w of weights) own = Math.max(own, halvings(w));
    for (const b of biases) own = Math.max(own, halvings(b) - shift);
    shift += own;
    return {
      weights: Array.from({ length: outputs }, (_, i) =>
        Array.from(weights.subarray(i * inputs, (i + 1) * inputs), (w) => toInteger(w, own)),
      ),
      biases: Array.from(biases, (b) => toInteger(b, shift)),
      relu: activation === "relu",
    };
  });
}

/** The layer's pre-activations where its inputs are the given affine functions (null: zero). */
export function applyLayer(layer: IntegerLayer, inputs: (Row | null)[], parameters: number): Row[] {
  return layer.weights.map((w, i) => {
    const row: Row = new Array<bigint>(parameters + 1).fill(0n);
    row[parameters] = layer.biases[i];
    for (let k = 0; k < w.length; k++) {
      const input = inputs[k];
      if (input === null || w[k] === 0n) continue;
      for (let p = 0; p <= parameters; p++) row[p] += w[k] * input[p];
    }
    return row;
  });
}

export const signOf = (v: bigint): number => (v > 0n ? 1 : v < 0n ? -1 : 0);

export function gcd(a: bigint, b: bigint): bigint {
  if (a < 0n) a = -a;
  if (b < 0n) b = -b;
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
