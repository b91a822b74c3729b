// Doubles are binary fractions: m * 2^e. A list of them becomes a list of integers over one power of two.
import { lowestExponent, toInteger } from "../plane/integers";

/** The smallest s >= 0 such that every value times 2^s is an integer. */
export function fractionBits(values: Float64Array): number {
  let bits = 0;
  for (const value of values) {
    if (!Number.isInteger(value)) bits = Math.max(bits, -lowestExponent(value));
  }
  return bits;
}

/** value * 2^bits as an integer; bits must be at least the value's own number of fraction bits. */
export const scaledInteger: (value: number, bits: number) => bigint = toInteger;

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(16).length * 4;
}

/** numerator / denominator, correctly rounded to a double (subnormal results: within one unit). */
export function quotient(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const shift = Math.max(-1074, 70 - (bitLength(n) - bitLength(d)));
  const top = shift >= 0 ? n << BigInt(shift) : n;
  const bottom = shift >= 0 ? d : d << BigInt(-shift);
  let q = top / bottom;
  if (q * bottom !== top) q |= 1n; // a sticky bit, so that Number() rounds as the exact quotient would
  const half = Math.trunc(-shift / 2);
  const value = Number(q) * 2 ** half * 2 ** (-shift - half);
  return negative ? -value : value;
}
