import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { checkExponents, deepMonomial } from "./gates";

/**
 * Neurons that one hidden layer needs for prod x_i^{r_i}: prod (r_i + 1) (Rolnick and Tegmark 2018).
 *
 * @param exponents r_i, whole numbers >= 1
 * @returns the number
 * @throws RangeError when an exponent is not a positive whole number
 * @example
 * shallowNeurons([3, 3, 3, 3]); // 256
 */
export function shallowNeurons(exponents: readonly number[]): number {
  checkExponents(exponents, "monomial");
  return exponents.reduce((product, r) => product * (r + 1), 1);
}

/**
 * The theorem's bound for deep networks: sum of 7 ceil(log2 r_i) + 4 (Rolnick and Tegmark 2018).
 *
 * @param exponents r_i, whole numbers >= 1
 * @returns the number
 * @throws RangeError when an exponent is not a positive whole number
 * @example
 * deepNeuronBound([3, 3, 3, 3]); // 72
 */
export function deepNeuronBound(exponents: readonly number[]): number {
  checkExponents(exponents, "monomial");
  return exponents.reduce((sum, r) => sum + 7 * Math.ceil(Math.log2(r)) + 4, 0);
}

/**
 * Neurons that {@link deepMonomial} uses, counted in the network it builds.
 *
 * @param exponents r_i, whole numbers >= 1
 * @returns the number
 * @throws RangeError when an exponent is not a positive whole number
 * @example
 * deepNeurons([3, 3, 3, 3]); // 40
 */
export function deepNeurons(exponents: readonly number[]): number {
  return deepMonomial(exponents, 0.01).neurons;
}

/**
 * A lower bound for the neurons of one hidden layer whose Taylor series agrees with prod x_i^{r_i} up to degree 2 sum r_i.
 *
 * Let H[s, t] be the derivative of order s + t of p at 0, for all multi-indices s, t <= r. If p is sum_j v_j sigma(w_j . x)
 * up to that degree, and no Taylor coefficient of sigma vanishes, then dividing entry by entry by sigma^(|s+t|)(0) turns H
 * into sum_j v_j w_j^s w_j^t, a sum of one matrix of rank 1 a neuron. Only entries with s + t = r differ from 0, and all
 * these have the same order, so the division does not change the rank: the number of neurons is at least rank H.
 *
 * @param exponents r_i, whole numbers >= 1 with prod (r_i + 1) <= 300
 * @returns the rank of H, from its singular values
 * @throws RangeError when an exponent is not a positive whole number, or H is too large
 * @example
 * shallowLowerBound([1, 1, 1]); // 8
 */
export function shallowLowerBound(exponents: readonly number[]): number {
  const size = shallowNeurons(exponents);
  if (size > 300)
    throw new RangeError(`shallowLowerBound: a matrix of ${size} rows; at most 300 are decomposed`);
  const multiIndices = exponents.reduce<number[][]>(
    (list, r) => list.flatMap((s) => Array.from({ length: r + 1 }, (_, j) => [...s, j])),
    [[]],
  );
  const derivativeAtZero = (order: readonly number[]) =>
    order.reduce((product, k, i) => {
      let falling = exponents[i] === k ? 1 : 0; // x^r differentiated k times vanishes at 0 unless k = r
      for (let j = 2; j <= k; j++) falling *= j;
      return product * falling;
    }, 1);
  const H = new Matrix(
    multiIndices.map((s) => multiIndices.map((t) => derivativeAtZero(s.map((k, i) => k + t[i])))),
  );
  return new SingularValueDecomposition(H).rank;
}
