import { checkCount, zaslavsky } from "./zaslavsky";

export function checkShape(inputs: number, widths: readonly number[]): void {
  checkCount(inputs, "the input dimension", 1);
  if (widths.length === 0) throw new RangeError("widths is empty: give the width of each hidden layer");
  for (const [l, width] of widths.entries()) checkCount(width, `widths[${l}]`, 1);
}

function foldsThenArrangement(
  inputs: number,
  widths: readonly number[],
  folds: (width: number) => bigint,
): bigint {
  let product = zaslavsky(widths[widths.length - 1], inputs);
  for (const width of widths.slice(0, -1)) product *= folds(width);
  return product;
}

/**
 * Regions that some network of this shape has: (prod_{l<L} floor(n_l / n_0)) r(n_L, n_0).
 *
 * @param inputs n_0, 1 or more
 * @param widths n_1, ..., n_L, each 1 or more
 * @returns the bound; 0n where a layer below the last is narrower than the input
 * @throws RangeError when the input dimension or a width is not a positive integer, or there are no widths
 * @see Pascanu, Montúfar, Bengio, On the number of response regions of deep feed forward networks, 2013
 * @example
 * pascanuLower(2, [8, 8]); // 148n
 */
export function pascanuLower(inputs: number, widths: readonly number[]): bigint {
  checkShape(inputs, widths);
  return foldsThenArrangement(inputs, widths, (width) => BigInt(Math.floor(width / inputs)));
}

/**
 * Regions that some network of this shape has: (prod_{l<L} floor(n_l / n_0)^{n_0}) r(n_L, n_0).
 *
 * @param inputs n_0, 1 or more
 * @param widths n_1, ..., n_L, each 1 or more
 * @returns the bound, or null where it does not apply: it needs every n_l >= n_0
 * @throws RangeError when the input dimension or a width is not a positive integer, or there are no widths
 * @see Montúfar, Pascanu, Cho, Bengio, On the number of linear regions of deep neural networks, 2014
 * @example
 * montufarLower(2, [8, 8]); // 592n
 */
export function montufarLower(inputs: number, widths: readonly number[]): bigint | null {
  checkShape(inputs, widths);
  if (widths.some((width) => width < inputs)) return null;
  return foldsThenArrangement(
    inputs,
    widths,
    (width) => BigInt(Math.floor(width / inputs)) ** BigInt(inputs),
  );
}

/**
 * Regions that some network of this shape has: (prod_{l<L} (floor(n_l / n_0) + 1)^{n_0}) r(n_L, n_0).
 *
 * @param inputs n_0, 1 or more
 * @param widths n_1, ..., n_L, each 1 or more
 * @returns the bound, or null where it does not apply: unless every n_l >= 3 n_0 it can exceed the upper bound
 *   (widths 3, 2, 4 on two inputs: 176 against 133)
 * @throws RangeError when the input dimension or a width is not a positive integer, or there are no widths
 * @see Serra, Tjandraatmadja, Ramalingam, Bounding and counting linear regions of deep neural networks, 2018
 * @example
 * serraLower(2, [8, 8]); // 925n
 */
export function serraLower(inputs: number, widths: readonly number[]): bigint | null {
  checkShape(inputs, widths);
  if (widths.some((width) => width < 3 * inputs)) return null;
  return foldsThenArrangement(
    inputs,
    widths,
    (width) => BigInt(Math.floor(width / inputs) + 1) ** BigInt(inputs),
  );
}
