/** The binomial coefficient C(n, k); 0 for k < 0 or k > n. */
export function binomial(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let value = 1n;
  for (let i = 1; i <= Math.min(k, n - k); i++) value = (value * BigInt(n - i + 1)) / BigInt(i);
  return value;
}

export function checkCount(value: number, name: string, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} is ${value}: it must be an integer not below ${least}`);
  }
}

/**
 * r(q, p): the number of cells of q hyperplanes in general position in p dimensions, sum of C(q, i) for i <= p.
 *
 * @param q number of hyperplanes
 * @param p dimension
 * @returns the number, exact
 * @throws RangeError when q or p is not a natural number
 * @see Zaslavsky, Facing up to arrangements, 1975
 * @example
 * zaslavsky(8, 2); // 37n
 */
export function zaslavsky(q: number, p: number): bigint {
  checkCount(q, "the number of hyperplanes", 0);
  checkCount(p, "the dimension", 0);
  let sum = 0n;
  for (let i = 0; i <= Math.min(p, q); i++) sum += binomial(q, i);
  return sum;
}

/**
 * How many of the cells of q hyperplanes in general position in p dimensions are bounded: C(q - 1, p).
 *
 * @param q number of hyperplanes
 * @param p dimension
 * @returns the number, exact
 * @throws RangeError when q or p is not a natural number
 * @see Zaslavsky, Facing up to arrangements, 1975
 * @example
 * boundedCells(4, 2); // 3n
 */
export function boundedCells(q: number, p: number): bigint {
  checkCount(q, "the number of hyperplanes", 0);
  checkCount(p, "the dimension", 0);
  return q === 0 ? (p === 0 ? 1n : 0n) : binomial(q - 1, p);
}
