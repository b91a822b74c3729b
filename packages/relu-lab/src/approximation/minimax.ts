import { leastSquares } from "./least-squares";

/** The best uniform approximation of a function by polynomials of a degree, and the proof that it is the best. */
export interface Minimax {
  readonly degree: number;
  /** the levelled error: no polynomial of this degree does better even on the alternation points alone */
  readonly lower: number;
  /** the largest error of `polynomial` on the grid */
  readonly upper: number;
  /** degree + 2 points at which the error is -+lower with alternating signs */
  readonly alternation: readonly number[];
  /** coefficients of the polynomial in Chebyshev's basis T_0, T_1, ... of the interval scaled to [-1, 1] */
  readonly chebyshev: readonly number[];
  /** The polynomial. */
  readonly polynomial: (x: number) => number;
}

/** The polynomial sum c_k T_k at t in [-1, 1], by Clenshaw's recurrence. */
function clenshaw(coefficients: ArrayLike<number>, t: number): number {
  let [b1, b2] = [0, 0];
  for (let k = coefficients.length - 1; k >= 1; k--) [b1, b2] = [coefficients[k] + 2 * t * b1 - b2, b1];
  return coefficients[0] + t * b1 - b2;
}

/** Coefficients c and the levelled error E with sum c_k T_k(t_i) + (-1)^i E = f_i on degree + 2 points t_i. */
function levelled(points: readonly number[], values: readonly number[]): { c: Float64Array; level: number } {
  const degree = points.length - 2;
  const rows = points.map((t, i) =>
    Float64Array.from({ length: degree + 2 }, (_, k) =>
      k === degree + 1 ? (i % 2 === 0 ? 1 : -1) : Math.cos(k * Math.acos(t)),
    ),
  );
  const { solution } = leastSquares(rows, values, 1e-14);
  return { c: solution.subarray(0, degree + 1), level: solution[degree + 1] };
}

/** One extremum of the error in each run of equal signs. */
function alternatingExtrema(grid: Float64Array, error: Float64Array): number[] {
  const extrema: number[] = [];
  for (let i = 0; i < grid.length; i++) {
    if (error[i] === 0) continue;
    const last = extrema[extrema.length - 1];
    if (last === undefined || Math.sign(error[last]) !== Math.sign(error[i])) extrema.push(i);
    else if (Math.abs(error[i]) > Math.abs(error[last])) extrema[extrema.length - 1] = i;
  }
  return extrema;
}

/**
 * Best uniform polynomial approximation by Remez's multiple exchange (Remez 1934) on a fine grid.
 *
 * Chebyshev's alternation theorem proves the result: `lower` bounds every polynomial of the degree from below
 * (de la Vallée Poussin), `upper` is what this one attains, and the two agree to 1e-12.
 *
 * @param f a continuous function
 * @param degree 0 to 40
 * @param options the interval (default [-1, 1]) and the number of grid intervals (default 20,000)
 * @returns the polynomial, both bounds and the alternation points
 * @throws RangeError when the degree is out of range, the grid has fewer intervals than 2 (degree + 2), or f is not finite
 *   on it; Error when the exchange does not settle in 60 rounds
 * @example
 * minimax(Math.abs, 2).upper; // 0.125, by x^2 + 1/8
 */
export function minimax(
  f: (x: number) => number,
  degree: number,
  options: { readonly from?: number; readonly to?: number; readonly intervals?: number } = {},
): Minimax {
  const { from = -1, to = 1, intervals = 20000 } = options;
  if (!Number.isInteger(degree) || degree < 0 || degree > 40)
    throw new RangeError(`minimax: degree ${degree}; a whole number from 0 to 40 is needed`);
  if (!Number.isInteger(intervals) || intervals < 2 * (degree + 2))
    throw new RangeError(
      `minimax: ${intervals} grid intervals; a whole number from ${2 * (degree + 2)} is needed`,
    );
  if (!(from < to)) throw new RangeError(`minimax: the interval [${from}, ${to}] is empty`);
  const toX = (t: number) => (t === 1 ? to : from + ((t + 1) / 2) * (to - from));
  const grid = Float64Array.from({ length: intervals + 1 }, (_, i) => (2 * i - intervals) / intervals);
  const values = grid.map((t) => f(toX(t)));
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new RangeError(`minimax: f is ${values[wrong]} at ${toX(grid[wrong])}; it must be finite`);
  const error = new Float64Array(grid.length);
  // Chebyshev's extrema, pushed to the right: on symmetric points the levelled error of an even function may be 0, and
  // the exchange needs a positive one to start from (it only grows afterwards)
  let reference = Array.from({ length: degree + 2 }, (_, i) => {
    const t = -Math.cos((Math.PI * i) / (degree + 1));
    return Math.round((intervals * (1 + t + 0.1 * (1 - t * t))) / 2);
  });
  for (let round = 0; round < 60; round++) {
    const points = reference.map((i) => grid[i]);
    const { c, level } = levelled(
      points,
      reference.map((i) => values[i]),
    );
    let upper = 0;
    for (let i = 0; i < grid.length; i++) {
      error[i] = values[i] - clenshaw(c, grid[i]);
      upper = Math.max(upper, Math.abs(error[i]));
    }
    if (upper - Math.abs(level) <= 1e-12 * Math.max(1, upper)) {
      return {
        degree,
        lower: Math.abs(level),
        upper,
        alternation: points.map(toX),
        chebyshev: [...c],
        polynomial: (x) => clenshaw(c, (2 * (x - from)) / (to - from) - 1),
      };
    }
    let extrema = alternatingExtrema(grid, error);
    // Too many: drop the smaller end until degree + 2 are left; the largest error of all always stays.
    while (extrema.length > degree + 2) {
      const [first, last] = [extrema[0], extrema[extrema.length - 1]];
      extrema = Math.abs(error[first]) < Math.abs(error[last]) ? extrema.slice(1) : extrema.slice(0, -1);
    }
    if (extrema.length < degree + 2)
      throw new Error(
        `minimax: degree ${degree}, the error alternates ${extrema.length} times only in round ${round}`,
      );
    reference = extrema;
  }
  throw new Error(`minimax: degree ${degree}, no alternation within 60 rounds of exchange`);
}
