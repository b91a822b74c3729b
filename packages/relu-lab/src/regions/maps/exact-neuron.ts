import type { ReluNetwork } from "../../network";
import { bitLength, commonScale, quotient, toInteger } from "../arithmetic/integers";
import { timesPowerOfTwo } from "../arithmetic/power-of-two";
import { ExactMap, type ExactRow } from "./exact-map";

/** One neuron's affine extension, exactly, where doubles have cancelled so far that they are noise. */
export interface ExactNeuron {
  /** No direction changes it. */
  readonly constant: boolean;
  /** -1, 0 or 1 at the point. */
  readonly sign: number;
  /** Distance from the point to its zero, rounded; Infinity where it is constant. */
  readonly distance: number;
}

/** Gradients shorter than this part of the sizes that were summed up are asked for exactly. */
export const DOUBTFUL = 1e-10;

/** Rows of single neurons in integers. */
export class ExactNeurons {
  private readonly maps: ExactMap;

  constructor(private readonly network: ReluNetwork) {
    this.maps = new ExactMap(network);
  }

  /** Neuron `index` of `layer` at x, where the layers below have the pattern's states. */
  at(x: ArrayLike<number>, pattern: readonly Uint8Array[], layer: number, index: number): ExactNeuron {
    let rows: ExactRow[] = this.maps.start();
    for (let l = 0; l <= layer; l++) rows = this.maps.rows(l, rows, l > 0 ? pattern[l - 1] : undefined);
    const row = rows[index];
    const n = this.network.inputs;
    const scale = commonScale(x);
    let value = row[n] << BigInt(scale);
    let square = 0n;
    for (let i = 0; i < n; i++) {
      value += row[i] * toInteger(x[i], scale);
      square += row[i] * row[i];
    }
    const sign = value > 0n ? 1 : value < 0n ? -1 : 0;
    if (square === 0n) return { constant: true, sign, distance: Infinity };
    return {
      constant: false,
      sign,
      distance: rootOfQuotient(value * value, square << BigInt(2 * scale)),
    };
  }
}

/** sqrt(numerator / denominator) of positive integers, also where their quotient is no double. */
function rootOfQuotient(numerator: bigint, denominator: bigint): number {
  const half = Math.trunc((bitLength(numerator) - bitLength(denominator)) / 2);
  const [up, down] = half > 0 ? [0n, BigInt(2 * half)] : [BigInt(-2 * half), 0n];
  return timesPowerOfTwo(Math.sqrt(quotient(numerator << up, denominator << down)), half);
}
