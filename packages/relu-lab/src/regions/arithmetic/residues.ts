import { lowestExponent } from "./integers";

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
