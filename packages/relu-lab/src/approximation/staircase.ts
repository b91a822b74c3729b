import type { SmoothNetwork } from "./smooth-network";
import { NetworkBuilder, combine, constantForm } from "./builder";

function checkStaircase(steps: number, steepness: number): void {
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`staircase: ${steps} steps; a whole number from 1 is needed`);
  if (!(steepness > 0)) throw new RangeError(`staircase: the steepness is ${steepness}; it must be positive`);
}

/**
 * Cybenko's theorem by hand: N logistic units, one a step, that climb a function on [0, 1].
 *
 * F(x) = f(0) + sum_k [f(k/N) - f((k-1)/N)] sigma(c N (x - (k - 1/2)/N))
 *
 * @param f a continuous function on [0, 1]
 * @param steps N >= 1, the number of neurons
 * @param steepness c > 0: each unit rises over a few 1/(c N); default 4
 * @returns a network of one input and one layer of N logistic neurons
 * @throws RangeError when N is not a positive whole number, c not positive, or f is not finite at a step
 * @example
 * staircase((x) => x * x, 100).at(0.5); // close to 0.25
 */
export function staircase(f: (x: number) => number, steps: number, steepness = 4): SmoothNetwork {
  checkStaircase(steps, steepness);
  const builder = new NetworkBuilder(1);
  const x = builder.input(0);
  const slope = steepness * steps;
  const rises = Array.from({ length: steps }, (_, i) => {
    const rise = f((i + 1) / steps) - f(i / steps);
    const unit = builder.neuron("logistic", combine([slope, x], [1, constantForm(-steepness * (i + 0.5))]));
    return [rise, unit] as const;
  });
  return builder.build(combine([1, constantForm(f(0))], ...rises));
}

/**
 * A bound of the staircase's error: modulus((1/2 + 2 ln 2 / c) / N).
 *
 * The staircase is an average: its differences of neighbouring units are the probabilities that x plus logistic noise of
 * scale 1/(cN) rounds to k/N, so F(x) = E f(X). Rounding moves at most 1/(2N), the noise 2 ln 2 / (cN) on average, and
 * Jensen's inequality for the concave modulus gives |f(x) - F(x)| <= E modulus(|X - x|) <= modulus(E |X - x|).
 *
 * @param modulus a concave modulus of continuity of f
 * @param steps N
 * @param steepness c; at infinity the steps are hard and the bound is modulus(1/(2N))
 * @returns the bound of sup |f - F| over [0, 1]
 * @throws RangeError as {@link staircase}
 * @example
 * staircaseBound((h) => h, 10); // 0.0847, for a function with |f(x) - f(y)| <= |x - y|
 */
export function staircaseBound(modulus: (h: number) => number, steps: number, steepness = 4): number {
  checkStaircase(steps, steepness);
  return modulus((0.5 + (2 * Math.LN2) / steepness) / steps);
}

/**
 * A Lipschitz constant of the staircase itself on [0, 1], for certifying a grid: the largest rise of f in 1/N, times the
 * sum of the units' slopes where they add up most.
 *
 * @param largestRise an upper bound of |f(k/N) - f((k-1)/N)|, as modulus(1/N)
 * @param steps N
 * @param steepness c
 * @returns L with |F(x) - F(y)| <= L |x - y|
 * @throws RangeError when steps or steepness is not positive
 * @example
 * staircaseLipschitz(1 / 10, 10); // for a function with |f(x) - f(y)| <= |x - y|
 */
export function staircaseLipschitz(largestRise: number, steps: number, steepness = 4): number {
  checkStaircase(steps, steepness);
  // sigma'(z) <= min(1/4, e^{-|z|}), and the units' centres are c apart in z; at most two lie within c/2 of any z
  const tail = Math.exp(-steepness / 2) / (1 - Math.exp(-steepness));
  return largestRise * steepness * steps * (0.5 + 2 * tail);
}
