import { ReluNetwork } from "../network";

/**
 * The mirror map f(x) = 2x on [0, 1/2] and 2(1 - x) on [1/2, 1], written 2 relu(x) - 4 relu(x - 1/2).
 *
 * @returns a 1-2-1 network; outside [0, 1] it goes on as 0 to the left and 2 - 2x to the right
 * @example
 * mirrorMap().forward([0.75]); // Float64Array [0.5]
 */
export function mirrorMap(): ReluNetwork {
  return ReluNetwork.of([
    { W: [[1], [1]], b: [0, -0.5], activation: "relu" },
    { W: [[2, -4]], b: [0], activation: "linear" },
  ]);
}

/**
 * The value of the sawtooth s_n(x) = f(f(...f(x))), n mirror maps, by its formula and not by a network.
 *
 * @param n number of compositions, 0 or more
 * @param x a point of [0, 1]
 * @returns s_n(x) in [0, 1], exactly: doublings and 1 - y with y from 1/2 to 1 are not rounded in doubles
 * @throws RangeError when x lies outside [0, 1], or n is not a natural number
 * @example
 * sawtoothValue(2, 0.125); // 0.5
 */
export function sawtoothValue(n: number, x: number): number {
  if (!Number.isInteger(n) || n < 0)
    throw new RangeError(`sawtoothValue: ${n} mirror maps: the number of compositions must be 0 or more`);
  if (!(x >= 0 && x <= 1)) throw new RangeError(`sawtoothValue: x = ${x} lies outside [0, 1]`);
  for (let i = 0; i < n; i++) x = x <= 0.5 ? 2 * x : 2 * (1 - x);
  return x;
}
