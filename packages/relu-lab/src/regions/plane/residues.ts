import type { CheckedDomain } from "./domain";
import { lowestExponent } from "./integers";
import type { Plan } from "./plan";

/** The largest prime below 2^23: 64 products of two residues add up exactly in doubles. */
const PRIME = 8388593;
export const EXACT_PRODUCTS = 64;
const INVERSE = 1 / PRIME;

/**
 * A sum of at most {@link EXACT_PRODUCTS} products of residues, and a residue more, or its negative, as a residue. The
 * quotient is below 2^29 and rounded by less than 6.4e-8; a true one that is not whole is at least 1 / PRIME = 1.2e-7 away
 * from the next whole number, and a whole one is found exactly, as INVERSE is off by less than half a unit. So `floor`
 * is right.
 */
export const reduce = (value: number): number => value - Math.floor(value * INVERSE) * PRIME;

function power(base: number, exponent: number): number {
  let result = 1;
  for (let b = base, e = exponent; e > 0; e = Math.floor(e / 2)) {
    if (e % 2 === 1) result = reduce(result * b);
    b = reduce(b * b);
  }
  return result;
}

const HALF = (PRIME + 1) / 2;

/** A double modulo the prime: a binary fraction has a residue, because 2 has an inverse. */
export function residue(value: number): number {
  if (value === 0) return 0;
  const exponent = lowestExponent(value);
  const half = Math.trunc(exponent / 2);
  const odd = (value * 2 ** -half) / 2 ** (exponent - half);
  const scale = exponent >= 0 ? power(2, exponent) : power(HALF, -exponent);
  return reduce((odd % PRIME) * scale);
}

/** Output maps modulo a prime: unequal residues prove that two maps differ. */
export class ResidueMaps {
  private readonly weights: Float64Array[];
  private readonly biases: Float64Array[];
  private readonly layers: Plan["hidden"];

  constructor(plan: Plan, domain: CheckedDomain) {
    this.layers = [...plan.hidden, plan.output];
    this.weights = this.layers.map((layer) => layer.weights.map(residue));
    this.biases = this.layers.map((layer) => layer.biases.map(residue));
    const { plane } = domain;
    if (plane) {
      const { inputs, outputs } = this.layers[0];
      const columns = [plane.u, plane.v, plane.origin].map((x) => x.map(residue));
      const gradients = new Float64Array(2 * outputs);
      for (let j = 0; j < outputs; j++) {
        const sums = columns.map((x) => {
          let sum = 0;
          for (let i = 0; i < inputs; i++) sum = reduce(sum + this.weights[0][j * inputs + i] * x[i]);
          return sum;
        });
        gradients[2 * j] = sums[0];
        gradients[2 * j + 1] = sums[1];
        this.biases[0][j] = reduce(this.biases[0][j] + sums[2]);
      }
      this.weights[0] = gradients;
    }
  }

  /** a, b, c of every output under an activation pattern (one byte a hidden neuron), as residues. */
  map(states: Uint8Array): Float64Array {
    let below = new Float64Array(0);
    let on = new Int32Array(0); // inputs of the layer that are not zero
    let start = 0;
    this.layers.forEach((layer, l) => {
      const w = this.weights[l];
      const own = new Float64Array(3 * layer.outputs);
      for (let j = 0; j < layer.outputs; j++) {
        let [a, b, c] = l === 0 ? [w[2 * j], w[2 * j + 1], this.biases[0][j]] : [0, 0, this.biases[l][j]];
        const row = j * layer.inputs;
        for (let from = 0; from < on.length; from += EXACT_PRODUCTS) {
          const to = Math.min(on.length, from + EXACT_PRODUCTS);
          for (let k = from; k < to; k++) {
            const i = on[k];
            const wi = w[row + i];
            a += wi * below[3 * i];
            b += wi * below[3 * i + 1];
            c += wi * below[3 * i + 2];
          }
          a = reduce(a);
          b = reduce(b);
          c = reduce(c);
        }
        own[3 * j] = a;
        own[3 * j + 1] = b;
        own[3 * j + 2] = c;
      }
      const all = Int32Array.from({ length: layer.outputs }, (_, i) => i);
      on = layer.slope === 1 ? all : all.filter((i) => states[start + i] !== 0);
      start += layer.outputs;
      below = own;
    });
    return below;
  }
}
