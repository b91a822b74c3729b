import type { ReluNetwork } from "../network";
import { sumOfChains, type BentMap } from "./scalar-blocks";

/**
 * A function made of tents: offset + slope x + a sum over chains and levels of weights[l] u_l, where u_1 = T(x), u_2 = T(u_1),
 * ... with T_c(u) = min(u / c, (1 - u) / (1 - c)) and c = sigmoid(theta).
 *
 * For every theta each chain has exactly 2^n pieces: no training step and no noise can lose one.
 */
export interface TentFunction {
  readonly offset: number;
  readonly slope: number;
  readonly chains: readonly TentChain[];
}

/** One chain of tents with its read-out. */
export interface TentChain {
  /** Where the peaks stand, each in (0, 1). */
  readonly peaks: readonly number[];
  /** One a level. */
  readonly weights: readonly number[];
}

/**
 * The place of a peak: 1 / (1 + exp(-theta)).
 *
 * @param theta any number
 * @returns a number between 0 and 1
 */
export function peakOf(theta: number): number {
  return 1 / (1 + Math.exp(-theta));
}

/**
 * The tent with its peak at c: from 0 up to 1 at c, and down to 0 at 1.
 *
 * @param c between 0 and 1
 * @param u from 0 to 1
 * @returns a number from 0 to 1
 * @example
 * tent(0.25, 0.5); // 2/3
 */
export function tent(c: number, u: number): number {
  return Math.min(u / c, (1 - u) / (1 - c));
}

/**
 * The weights that make a sum of tents continuously differentiable in the limit: s_(l+1) = s_l (1 - c_(l+1)) c_(l+2).
 *
 * Where a tent of level l peaks, the finer ones bend back; this is the balance (Milkert, Hyde and Laine 2025; derived again:
 * the bends of all levels above l at that place sum to the bend of level l).
 *
 * @param first s_1
 * @param peaks c_1, ..., c_n, c_(n+1); the last one only balances
 * @returns s_1, ..., s_n
 * @example
 * coupledWeights(1, [0.5, 0.5, 0.5]); // [1, 0.25]
 */
export function coupledWeights(first: number, peaks: readonly number[]): number[] {
  const weights = [first];
  for (let l = 1; l < peaks.length - 1; l++) weights.push(weights[l - 1] * (1 - peaks[l]) * peaks[l + 1]);
  return weights;
}

/**
 * The value of a sum of tents.
 *
 * @param tents offset, slope, chains
 * @param x from 0 to 1
 * @returns offset + slope x + sum of weight times tents
 */
export function tentValue({ offset, slope, chains }: TentFunction, x: number): number {
  let sum = offset + slope * x;
  for (const { peaks, weights } of chains) {
    let u = x;
    weights.forEach((weight, l) => (sum += weight * (u = tent(peaks[l], u))));
  }
  return sum;
}

/**
 * The function as a network, for the exact counters.
 *
 * @param fitted with as many levels in every chain
 * @returns one input, one output; the same values but for rounding
 * @throws RangeError when chains differ in length
 */
export function tentNetwork({ offset, slope, chains }: TentFunction): ReluNetwork {
  const maps = chains.map(({ peaks, weights }) =>
    weights.map((_, l): BentMap => ({
      rise: 1 / peaks[l],
      bend: -1 / peaks[l] - 1 / (1 - peaks[l]),
      fold: peaks[l],
    })),
  );
  return sumOfChains(maps, { offset, slope, weights: chains.map(({ weights }) => weights) });
}
