/** What a fine grid says about sup |f - g|, and how far it can be wrong. */
export interface SupError {
  /** the largest |f - g| on the grid: a lower bound of the supremum */
  readonly sup: number;
  /** where on the grid it is attained */
  readonly at: number;
  /** distance of neighbouring grid points */
  readonly step: number;
  /** sup + what the difference can add within half a step: an upper bound of the supremum */
  readonly upper: number;
}

/**
 * sup |f - g| over an interval by a fine grid, with an upper bound where the difference's modulus of continuity is known.
 *
 * Every point of the interval lies within step / 2 of a grid point, so the supremum is at most the grid's maximum plus
 * omega(step / 2). For a Lipschitz difference omega(h) = L h.
 *
 * @param f a function
 * @param g its approximant
 * @param options interval (default [0, 1]), number of grid points (default 20,001), and the modulus of continuity of
 * f - g (default unknown: upper is then Infinity)
 * @returns the grid's maximum and the certificate
 * @throws RangeError when the interval is empty or fewer than two points are asked for; Error when a value is not finite
 * @example
 * supError(Math.sin, (x) => x, { to: 1, modulus: (h) => 2 * h }).sup; // 0.1585...
 */
export function supError(
  f: (x: number) => number,
  g: (x: number) => number,
  options: {
    readonly from?: number;
    readonly to?: number;
    readonly points?: number;
    readonly modulus?: (h: number) => number;
  } = {},
): SupError {
  const { from = 0, to = 1, points = 20001, modulus = () => Infinity } = options;
  if (!(from < to)) throw new RangeError(`supError: the interval [${from}, ${to}] is empty`);
  if (!Number.isInteger(points) || points < 2)
    throw new RangeError(`supError: ${points} grid points; at least 2 are needed`);
  const step = (to - from) / (points - 1);
  let sup = -1;
  let at = from;
  for (let i = 0; i < points; i++) {
    const x = i === points - 1 ? to : from + i * step;
    const error = Math.abs(f(x) - g(x));
    if (!Number.isFinite(error)) throw new Error(`supError: |f - g| is ${error} at ${x}`);
    if (error > sup) [sup, at] = [error, x];
  }
  return { sup, at, step, upper: sup + modulus(step / 2) };
}

/**
 * The largest |f - g| on the product grid of a cube [-1, 1]^n.
 *
 * @param f a function of n variables
 * @param g its approximant
 * @param dimension n >= 1
 * @param points grid points a side (default 21), corners included
 * @returns the maximum over points^n points
 * @throws RangeError when there are fewer than 2 points a side or more than 10^7 in all; Error when a value is not finite
 * @example
 * supErrorOnCube((x) => x[0] * x[1], () => 0, 2); // 1
 */
export function supErrorOnCube(
  f: (x: Float64Array) => number,
  g: (x: Float64Array) => number,
  dimension: number,
  points = 21,
): number {
  if (
    !Number.isInteger(dimension) ||
    dimension < 1 ||
    !Number.isInteger(points) ||
    points < 2 ||
    points ** dimension > 1e7
  )
    throw new RangeError(
      `supErrorOnCube: ${points}^${dimension} grid points; 2 a side and 10^7 in all at most`,
    );
  const x = new Float64Array(dimension);
  let sup = 0;
  for (let index = 0; index < points ** dimension; index++) {
    for (let i = 0, rest = index; i < dimension; i++, rest = Math.floor(rest / points))
      x[i] = -1 + (2 * (rest % points)) / (points - 1);
    const error = Math.abs(f(x) - g(x));
    if (!Number.isFinite(error)) throw new Error(`supErrorOnCube: |f - g| is ${error} at [${x.join(", ")}]`);
    sup = Math.max(sup, error);
  }
  return sup;
}
