import { type Generator } from "../../random";
import { segment } from "../../regions";
import type { Experiment, Studies, TrialContext } from "../../results";
import { frontierSteps, trainFrontier, type FrontierTraining } from "../../training";
import { meanSquareToSawtooth } from "../rows/mean-square-to-sawtooth";

/** One setting of the frontier curriculum. */
export interface FrontierPoint {
  readonly n: number;
  readonly pace: number;
  readonly rate: number;
  readonly variance: number;
  /** Steps of all blocks together after each stage. */
  readonly polish: number;
  /** The part that is switched off, or null. */
  readonly without: NonNullable<FrontierTraining["without"]> | null;
}

/** Settings, compared on the same trials. */
export interface FrontierConfiguration {
  readonly points: readonly FrontierPoint[];
}

/** One trained network. */
export interface FrontierRow extends FrontierPoint {
  readonly trial: number;
  /** Samples it was shown. */
  readonly samples: number;
  /** Exact counts on [0, 1]; 0 when the training diverged. */
  readonly pieces: number;
  readonly laps: number;
  readonly error: number;
  /** Exactly 2^n pieces, and as many laps. */
  readonly success: boolean;
}

const batchSize = 64;

async function frontierBatch(
  { points }: FrontierConfiguration,
  indices: readonly number[],
  randoms: readonly Generator[],
  { workers }: TrialContext,
): Promise<FrontierRow[][]> {
  const rows = indices.map((): FrontierRow[] => []);
  for (const point of points) {
    const { without, n } = point;
    const training = { ...point, without: without ?? undefined, batchSize, workers };
    const samples = batchSize * frontierSteps(training);
    const trained = await trainFrontier(
      randoms.map((random) => random.split(n)),
      training,
    );
    trained.forEach(({ network }, i) => {
      const about = { ...point, trial: indices[i], samples };
      if (!network) {
        rows[i].push({ ...about, pieces: 0, laps: 0, error: 1 / 12, success: false });
        return;
      }
      const found = segment(network, [0], [1]);
      const { pieces, laps } = found;
      const success = pieces === 2 ** n && laps === 2 ** n;
      rows[i].push({ ...about, pieces, laps, error: meanSquareToSawtooth(found, n), success });
    });
  }
  return rows;
}

/**
 * The frontier curriculum on the sawtooth: from samples of s_n alone, fold by fold, counted exactly (specification, 8.2).
 *
 * @example
 * const { rows } = await results.run(experiments.frontierCurriculum, experiments.frontierLevels([4, 6, 8]), { trials: 50 });
 */
export const frontierCurriculum: Experiment<FrontierConfiguration, FrontierRow> = {
  name: "frontier-curriculum",
  version: "1",
  module: __filename,
  batch: frontierBatch,
  batchSize: 10,
};

const usual: Omit<FrontierPoint, "n"> = { pace: 100, rate: 0.02, variance: 0.01, polish: 0, without: null };

/**
 * The curriculum for several numbers of folds.
 *
 * @param n numbers of folds
 * @param changes other than pace 100, rate 0.02, variance 0.01, no polish
 */
export function frontierLevels(
  n: readonly number[],
  changes: Partial<Omit<FrontierPoint, "n">> = {},
): FrontierConfiguration {
  return { points: n.map((folds) => ({ ...usual, ...changes, n: folds })) };
}

/** The curriculum without one of its parts at a time. */
export function frontierAblations(n: readonly number[]): FrontierConfiguration {
  const without = [null, "growth", "step rule", "fold rule", "frontier hinge"] as const;
  return { points: n.flatMap((folds) => without.map((part) => ({ ...usual, n: folds, without: part }))) };
}

/** The studies of this experiment, for `npm run sweep`. */
export const frontierStudies: Studies = {
  folds: {
    about: "Four to twelve folds from samples alone.",
    experiment: frontierCurriculum,
    configuration: frontierLevels([4, 6, 8, 10, 12]),
    trials: 50,
    seed: 0,
  },
  ablations: {
    about: "Six and ten folds, without one part of the method at a time.",
    experiment: frontierCurriculum,
    configuration: frontierAblations([6, 10]),
    trials: 50,
    seed: 0,
  },
};
