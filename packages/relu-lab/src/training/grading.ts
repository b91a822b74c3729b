import type { Value } from "../ensemble";

/** One loss from the mean squared errors of the levels, the coarsest first. */
export type Grading = (errors: readonly Value[]) => Value;

/**
 * The sum of the levels' errors, weighted; levels of weight 0 are left out.
 *
 * @param weights one a level
 * @returns a grading for {@link trainChains}
 * @throws RangeError when a weight is negative or not finite; when it is applied, also when there are not as many weights
 *   as levels, or none is positive
 * @example
 * training.weighted([1, 0, 4]);
 */
export function weighted(weights: readonly number[]): Grading {
  const wrong = weights.findIndex((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (wrong >= 0)
    throw new RangeError(
      `weighted: the weight of level ${wrong} is ${weights[wrong]}: give a finite number from 0`,
    );
  return (errors) => {
    if (errors.length !== weights.length)
      throw new RangeError(`weighted: ${weights.length} weights for ${errors.length} levels`);
    const terms = errors.flatMap((error, l) => (weights[l] > 0 ? [error.mul(weights[l])] : []));
    if (terms.length === 0) throw new RangeError(`weighted: none of the weights [${weights}] is positive`);
    return terms.reduce((sum, term) => sum.add(term));
  };
}

/**
 * Weights base^-l. With the base 4 they cancel the squared growth 2^(2l) of the levels' slopes, so that a level hardly
 * pulls before the ones below it are in place.
 *
 * @param base 4 when not given; 1 for uniform weights
 * @returns a grading for {@link trainChains}
 * @throws RangeError when the base is not positive
 * @example
 * training.geometric(4);
 */
export function geometric(base = 4): Grading {
  if (!(base > 0 && Number.isFinite(base)))
    throw new RangeError(`geometric: the base is ${base}: it must be positive`);
  return (errors) => weighted(errors.map((_, l) => base ** -(l + 1)))(errors);
}

/**
 * The last level's error alone: ordinary training.
 *
 * @returns a grading for {@link trainChains}
 * @example
 * const plain = await trainChains(starts, { source, steps: 3000, grading: finalOnly() });
 */
export function finalOnly(): Grading {
  return (errors) => errors[errors.length - 1];
}

/**
 * The sum of the errors' logarithms: each level's gradient is divided by its own error, so no scale has to be chosen.
 *
 * @param floor added to each error, so that a solved level does not take all
 * @returns a grading for {@link trainChains}
 * @example
 * const graded = await trainChains(starts, { source, steps: 3000, grading: logarithmic() });
 */
export function logarithmic(floor = 1e-6): Grading {
  return (errors) => errors.map((error) => error.add(floor).log()).reduce((sum, term) => sum.add(term));
}
