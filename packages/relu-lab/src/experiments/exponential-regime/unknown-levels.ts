import type { Generator } from "../../random";
import { segment } from "../../regions";
import type { Experiment, Studies } from "../../results";
import { breakpointChain, finalOnly, geometric, tableBatch, tent, trainChains, unfold } from "../../training";
import { chainEffort } from "./depth-graded";

/** A random composition of tents, known by samples alone. */
export interface UnknownPoint {
  /** Tents of the target; nobody is told. */
  readonly n: number;
  /** Samples, as a multiple of 2^n. */
  readonly samplesPerPiece: number;
  /** Standard deviation of the noise on the target's values. */
  readonly noise: number;
  /** Whether a chain is then trained on the levels that were found. */
  readonly train: boolean;
}

/** Kinds of targets, one of each a trial. */
export interface UnknownConfiguration {
  readonly points: readonly UnknownPoint[];
}

/** One target. */
export interface UnknownRow extends UnknownPoint {
  readonly trial: number;
  /** Folds that were found. */
  readonly folds: number;
  /** The largest error of a peak's place; null when the number of folds is wrong. */
  readonly peakError: number | null;
  /** All folds found, no peak further off than 0.02. */
  readonly found: boolean;
  /** Exact laps of the trained chain, and those of a chain trained on the final error alone; null when none was trained. */
  readonly laps: number | null;
  readonly plainLaps: number | null;
  /** Mean squared errors against the target without noise. */
  readonly error: number | null;
  readonly plainError: number | null;
}

async function trial(
  { points }: UnknownConfiguration,
  index: number,
  random: Generator,
): Promise<UnknownRow[]> {
  const rows: UnknownRow[] = [];
  for (const point of points) {
    const { n, samplesPerPiece, noise } = point;
    const own = random.split(`${n}, ${samplesPerPiece}, ${noise}`);
    const peaks = Array.from({ length: n }, () => 0.3 + 0.4 * own.uniform());
    const target = (x: number) => peaks.reduce((u, c) => tent(c, u), x);
    const x = Float64Array.from({ length: samplesPerPiece * 2 ** n }, () => own.uniform());
    const y = x.map((value) => target(value) + noise * own.normal());
    const unfolded = unfold(x, y, { tolerance: 0.4 }); // room for noise: without a fold the misfit is above the variance
    const folds = unfolded.peaks.length;
    const peakError = folds === n ? Math.max(...peaks.map((c, l) => Math.abs(c - unfolded.peaks[l]))) : null;
    const found = peakError !== null && peakError < 0.02;
    let measured: Pick<UnknownRow, "laps" | "plainLaps" | "error" | "plainError"> = {
      laps: null,
      plainLaps: null,
      error: null,
      plainError: null,
    };
    if (point.train && folds > 0) {
      const { steps, batchSize } = chainEffort(n);
      const start = { network: breakpointChain({ blocks: folds, width: 8 }, own), random: own };
      const source = tableBatch(x, [...unfolded.levels.slice(0, -1), y], batchSize);
      const measure = async (grading: ReturnType<typeof geometric>) => {
        const [{ network }] = await trainChains([start], { source, grading, steps, workers: 1 });
        if (!network) return { laps: 0, error: 1 };
        const grid = Float64Array.from({ length: 64 * 2 ** n }, (_, i) => (i + 0.5) / (64 * 2 ** n));
        const values = network.forwardBatch(grid);
        const error = values.reduce((sum, value, i) => sum + (value - target(grid[i])) ** 2, 0) / grid.length;
        return { laps: segment(network, [0], [1]).laps, error };
      };
      const [graded, plain] = [await measure(geometric()), await measure(finalOnly())];
      measured = { laps: graded.laps, error: graded.error, plainLaps: plain.laps, plainError: plain.error };
    }
    rows.push({ ...point, trial: index, folds, peakError, found, ...measured });
  }
  return rows;
}

/**
 * Targets whose levels are unknown: random compositions of tents with peaks between 0.3 and 0.7, given by noisy samples.
 * Unfolding finds the levels; a chain from random bends is then trained on what was found.
 *
 * @example
 * const { rows } = await results.run(experiments.unknownLevels, experiments.unknownTargets([6, 8]), { trials: 100 });
 */
export const unknownLevels: Experiment<UnknownConfiguration, UnknownRow> = {
  name: "unknown-levels",
  version: "1",
  module: __filename,
  trial,
};

/**
 * Sixteen samples a piece, without and with noise.
 *
 * @param n numbers of tents
 * @param noises standard deviations
 * @param train whether chains are trained on the levels
 */
export function unknownTargets(
  n: readonly number[],
  noises: readonly number[] = [0],
  train = false,
): UnknownConfiguration {
  return {
    points: n.flatMap((tents) => noises.map((noise) => ({ n: tents, samplesPerPiece: 16, noise, train }))),
  };
}

/** The studies of this experiment, for `npm run sweep`. */
export const unknownStudies: Studies = {
  folds: {
    about: "Folds found in samples of random compositions of tents, without and with noise.",
    experiment: unknownLevels,
    configuration: unknownTargets([4, 6, 8, 10], [0, 0.02, 0.05, 0.1]),
    trials: 100,
    seed: 0,
  },
  training: {
    about: "Chains trained on the levels that unfolding found.",
    experiment: unknownLevels,
    configuration: unknownTargets([4, 6, 8], [0], true),
    trials: 100,
    seed: 0,
  },
};
