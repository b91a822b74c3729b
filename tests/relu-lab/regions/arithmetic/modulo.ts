// Integers and doubles modulo the prime of the engine's residues, worked out in big integers.
import { halvings, toInteger } from "../../../oracle/integers";

export const PRIME = 8388593n;
export const modulo = (v: bigint) => ((v % PRIME) + PRIME) % PRIME;

/** A power modulo the prime. */
export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let e = exponent, b = modulo(base); e > 0n; e >>= 1n, b = modulo(b * b))
    if (e & 1n) result = modulo(result * b);
  return result;
}

/** A double as a fraction over a power of two, modulo the prime. */
export function residueOf(value: number): bigint {
  const k = halvings(value);
  return modulo(toInteger(value, k) * power(power(2n, BigInt(k)), PRIME - 2n));
}
