import { generator } from "../../random";
import { segment } from "../../regions";
import { relearning, startName, startOf, type RelearningConfiguration } from "./experiment";
import { trainOnSawtooth } from "./training";

/** A corner of a function's graph at a read-out. */
export interface RelearningCorner {
  readonly when: string;
  readonly x: number;
  readonly y: number;
}

/**
 * The functions of one trial at each read-out, trained by the first optimiser, as their exact corners: the very networks that
 * `results.run` counts.
 *
 * @param configuration as in the run
 * @param trial its number
 * @param seed the run's seed
 * @returns corners from left to right, start by start and read-out by read-out
 */
export async function relearningFunctions(
  configuration: RelearningConfiguration,
  trial: number,
  seed: number | string,
): Promise<RelearningCorner[]> {
  const random = generator(seed).split(relearning.name).split(trial);
  const { starts, n, optimisers } = configuration;
  const from = starts.map((start) => ({ network: startOf(start, n, random), random }));
  const ways = await trainOnSawtooth(from, { ...configuration, optimiser: optimisers[0] }, 1);
  return ways.flatMap((readOuts, i) =>
    readOuts.flatMap(({ step, network }) => {
      const { knots, values, laps } = segment(network, [0], [1]);
      const when = `${startName(starts[i])}, step ${step}: ${laps} laps`;
      return Array.from(knots, (x, k) => ({ when, x, y: values[k] }));
    }),
  );
}
