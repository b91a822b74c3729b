import type { Generator } from "../random";
import { activate, type SmoothActivation } from "./activations";
import { combine, constantForm, NetworkBuilder } from "./builder";
import { leastSquares } from "./least-squares";
import { SmoothNetwork } from "./smooth-network";
import { supError, type SupError } from "./sup-norm";
import type { Target } from "./targets";

/** The best read-out of one hidden layer whose units are fixed. */
export interface OneLayerFit extends SupError {
  readonly network: SmoothNetwork;
  readonly width: number;
  /** dimension of the span of the units and the constant, as far as doubles can tell it */
  readonly rank: number;
}

/** Weights of Simpson's rule on an odd number of points: the sum is then close to the integral, not to a mean. */
function simpsonRoots(points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, i) =>
    Math.sqrt(i === 0 || i === points - 1 ? 1 : i % 2 === 1 ? 4 : 2),
  );
}

/**
 * The best approximation of a target, in the mean square over its interval, by one hidden layer of random units.
 *
 * Unit k is sigma(w_k (x - t_k)): t_k in the interval, one in each of `width` equal parts, and w_k of random sign and
 * size. The read-out and its constant solve a linear least-squares problem.
 *
 * @param target the function and its interval
 * @param activation of the units; square and cube make polynomials of degree 2 and 3
 * @param width number of neurons, 1 to 512
 * @param random where the units come from
 * @param options points: odd, of the least-squares grid (default 1,001); steepness: mean of |w_k| times the interval's
 * length (default 32); tolerance: singular values below this share of the largest count as 0 (default 1e-6, which keeps
 * the read-out small enough for the grid's certificate to mean something)
 * @returns the network, its rank and its sup error over 20,001 points
 * @throws RangeError when the width is out of range, or the points are even or fewer than twice the width
 * @example
 * fitOneLayer(absoluteValue, "square", 64, generator(0)).sup; // 0.1875: a parabola, however wide
 */
export function fitOneLayer(
  target: Target,
  activation: SmoothActivation,
  width: number,
  random: Generator,
  options: { readonly points?: number; readonly steepness?: number; readonly tolerance?: number } = {},
): OneLayerFit {
  const { from, to, f, modulus } = target;
  const { points = 1001, steepness = 32, tolerance = 1e-6 } = options;
  if (!Number.isInteger(width) || width < 1 || width > 512)
    throw new RangeError(`fitOneLayer: width ${width}; a whole number from 1 to 512 is needed`);
  if (!Number.isInteger(points) || points % 2 === 0 || points < 2 * width + 2)
    throw new RangeError(
      `fitOneLayer: ${points} points; an odd number of at least ${2 * width + 3} is needed`,
    );
  const length = to - from;
  const units = Array.from({ length: width }, (_, k) => {
    const centre = from + ((k + random.uniform()) / width) * length;
    const sign = random.uniform() < 0.5 ? -1 : 1;
    const slope = (sign * steepness * (0.5 + random.uniform())) / length;
    return { slope, bias: -slope * centre };
  });
  const roots = simpsonRoots(points);
  const rows: Float64Array[] = [];
  const rhs = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    const x = from + (i / (points - 1)) * length;
    const row = new Float64Array(width + 1);
    for (const [k, unit] of units.entries())
      row[k] = roots[i] * activate(activation, unit.slope * x + unit.bias);
    row[width] = roots[i];
    rows.push(row);
    rhs[i] = roots[i] * f(x);
  }
  const { solution, rank } = leastSquares(rows, rhs, tolerance);
  const builder = new NetworkBuilder(1);
  const terms = units.map(
    ({ slope, bias }, k) =>
      [
        solution[k],
        builder.neuron(activation, combine([slope, builder.input(0)], [1, constantForm(bias)])),
      ] as const,
  );
  const network = builder.build(combine([1, constantForm(solution[width])], ...terms));
  // The network's own Lipschitz constant: sum |v_k w_k| sup |sigma'| over the pre-activations that occur.
  const lipschitz = units.reduce((sum, { slope, bias }, k) => {
    const reach = Math.max(Math.abs(slope * from + bias), Math.abs(slope * to + bias));
    return sum + Math.abs(solution[k] * slope) * steepestSlope(activation, reach);
  }, 0);
  const error = supError(f, (x) => network.at(x), {
    from,
    to,
    modulus: (h) => modulus(h) + lipschitz * h,
  });
  return { network, width, rank, ...error };
}

/** sup |sigma'(z)| over |z| <= reach. */
function steepestSlope(activation: SmoothActivation, reach: number): number {
  switch (activation) {
    case "logistic":
      return 0.25;
    case "exp":
      return Math.exp(reach);
    case "square":
      return 2 * reach;
    case "cube":
      return 3 * reach * reach;
    default:
      return 1; // softplus, tanh, ReLU
  }
}
