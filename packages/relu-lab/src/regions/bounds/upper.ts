import { checkShape } from "./lower";
import { binomial, zaslavsky } from "./zaslavsky";

/**
 * All on/off patterns of N neurons: 2^N.
 *
 * @param inputs n_0, 1 or more; it does not enter
 * @param widths n_1, ..., n_L, each 1 or more
 * @returns the bound
 * @throws RangeError when the input dimension or a width is not a positive integer, or there are no widths
 * @example
 * patternsUpper(2, [3, 2, 4]); // 512n
 */
export function patternsUpper(inputs: number, widths: readonly number[]): bigint {
  checkShape(inputs, widths);
  return 2n ** BigInt(widths.reduce((sum, width) => sum + width, 0));
}

/**
 * No network of this shape has more regions than prod r(n_l, n_0).
 *
 * @param inputs n_0, 1 or more
 * @param widths n_1, ..., n_L, each 1 or more
 * @returns the bound
 * @throws RangeError when the input dimension or a width is not a positive integer, or there are no widths
 * @see Raghu, Poole, Kleinberg, Ganguli, Sohl-Dickstein, On the expressive power of deep neural networks, 2017
 * @example
 * raghuUpper(2, [3, 2, 4]); // 308n
 */
export function raghuUpper(inputs: number, widths: readonly number[]): bigint {
  checkShape(inputs, widths);
  return widths.reduce((product, width) => product * zaslavsky(width, inputs), 1n);
}

/**
 * No network of this shape has more regions than prod r(n_l, min(n_0, ..., n_{l-1})).
 *
 * @param inputs n_0, 1 or more
 * @param widths n_1, ..., n_L, each 1 or more
 * @returns the bound
 * @throws RangeError when the input dimension or a width is not a positive integer, or there are no widths
 * @see Montúfar, Notes on the number of linear regions of deep neural networks, 2017
 * @example
 * montufarUpper(2, [3, 2, 4]); // 308n
 */
export function montufarUpper(inputs: number, widths: readonly number[]): bigint {
  checkShape(inputs, widths);
  let narrowest = inputs;
  let product = 1n;
  for (const width of widths) {
    product *= zaslavsky(width, narrowest);
    narrowest = Math.min(narrowest, width);
  }
  return product;
}

/**
 * No network of this shape has more regions than the sum of prod C(n_l, j_l) over
 * 0 <= j_l <= min(n_0, n_1 - j_1, ..., n_{l-1} - j_{l-1}, n_l).
 *
 * @param inputs n_0, 1 or more
 * @param widths n_1, ..., n_L, each 1 or more
 * @returns the bound
 * @throws RangeError when the input dimension or a width is not a positive integer, or there are no widths
 * @see Serra, Tjandraatmadja, Ramalingam, Bounding and counting linear regions of deep neural networks, 2018
 * @example
 * serraUpper(2, [3, 2, 4]); // 133n
 */
export function serraUpper(inputs: number, widths: readonly number[]): bigint {
  checkShape(inputs, widths);
  // The choices so far enter only through the smallest dimension left, so the sum is a table over that.
  let above: bigint[] = new Array<bigint>(inputs + 1).fill(1n);
  for (const width of [...widths].reverse()) {
    above = above.map((_, dimension) => {
      let sum = 0n;
      for (let j = 0; j <= Math.min(dimension, width); j++) {
        sum += binomial(width, j) * above[Math.min(dimension, width - j)];
      }
      return sum;
    });
  }
  return above[inputs];
}
