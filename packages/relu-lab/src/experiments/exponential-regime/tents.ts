import type { Generator } from "../../random";
import { segment } from "../../regions";
import type { Experiment, Studies, TrialContext } from "../../results";
import { descendTents, fitTents, tentNetwork, tentValue, type TentFunction } from "../../training";
import { groupRows, summary } from "../rows/statistics";
import { largestDifference, smoothTarget, type SmoothTarget } from "./targets";

/** One way to fit tents to a smooth function. */
export interface TentPoint {
  readonly target: SmoothTarget;
  readonly levels: number;
  readonly chains: number;
  readonly weights: "coupled" | "free";
  /** Adam, 4,000 steps of 64 samples; or Levenberg and Marquardt, at most 200 steps on a grid. */
  readonly method: "Adam" | "least squares";
}

/** Ways of fitting, compared on the same trials. */
export interface TentConfiguration {
  readonly points: readonly TentPoint[];
}

/** One fit. */
export interface TentRow extends TentPoint {
  readonly trial: number;
  readonly parameters: number;
  /** Largest error on [0, 1]; null when the training diverged. */
  readonly supError: number | null;
  /** Exact pieces on [0, 1]. */
  readonly pieces: number;
}

/** Points at equal distances: at least four for each of the 2^levels pieces. */
function gridOf(levels: number): Float64Array {
  const count = Math.max(1024, 4 * 2 ** levels);
  return Float64Array.from({ length: count + 1 }, (_, i) => i / count);
}

async function fitPoint(
  { target, levels, chains, weights, method }: TentPoint,
  randoms: readonly Generator[],
  workers: number,
): Promise<(TentFunction | null)[]> {
  const { at, on } = smoothTarget(target);
  if (method === "Adam") return descendTents(randoms, { levels, target: on, weights, workers });
  const x = gridOf(levels);
  return randoms.map((random) => fitTents(x, x.map(at), { levels, chains, weights }, random).fitted);
}

async function tentBatch(
  { points }: TentConfiguration,
  indices: readonly number[],
  randoms: readonly Generator[],
  { workers }: TrialContext,
): Promise<TentRow[][]> {
  const rows = indices.map((): TentRow[] => []);
  for (const point of points) {
    const { target, levels, chains, weights } = point;
    const parameters = 2 + chains * (levels + (weights === "coupled" ? 2 : levels));
    const fits = await fitPoint(point, randoms, workers);
    fits.forEach((fit, i) =>
      rows[i].push({
        ...point,
        trial: indices[i],
        parameters,
        supError: fit && largestDifference((x) => tentValue(fit, x), smoothTarget(target).at),
        pieces: fit ? segment(tentNetwork(fit), [0], [1]).pieces : 0,
      }),
    );
  }
  return rows;
}

/**
 * Tents fitted to smooth functions: by Adam (specification, 8.3) and by second-order steps, with one chain and with several.
 *
 * @example
 * const { rows } = await results.run(experiments.tentFits, experiments.tentsOnSquare([6, 8, 10]), { trials: 100 });
 */
export const tentFits: Experiment<TentConfiguration, TentRow> = {
  name: "tent-fits",
  version: "1",
  module: __filename,
  batch: tentBatch,
  batchSize: 10,
};

/**
 * x² by one chain: coupled and free weights, Adam and least squares.
 *
 * @param levels numbers of levels
 */
export function tentsOnSquare(levels: readonly number[]): TentConfiguration {
  return {
    points: levels.flatMap((level) =>
      (["Adam", "least squares"] as const).flatMap((method) =>
        (["coupled", "free"] as const).map((weights): TentPoint => ({
          target: "x²",
          levels: level,
          chains: 1,
          weights,
          method,
        })),
      ),
    ),
  };
}

/**
 * sin πx: one coupled chain by Adam, and one to several by least squares.
 *
 * @param levels numbers of levels
 * @param chains how many are added up
 */
export function tentsOnSine(
  levels: readonly number[],
  chains: readonly number[] = [1, 2, 3],
): TentConfiguration {
  return {
    points: levels.flatMap((level): TentPoint[] => {
      const one = { target: "sin πx", levels: level, weights: "coupled" } as const;
      return [
        { ...one, chains: 1, method: "Adam" },
        ...chains.map((count): TentPoint => ({ ...one, chains: count, method: "least squares" })),
      ];
    }),
  };
}

/** The studies of this experiment, for `npm run sweep`. */
export const tentStudies: Studies = {
  square: {
    about: "x² by one chain of tents: coupled and free, Adam and least squares.",
    experiment: tentFits,
    configuration: tentsOnSquare([4, 6, 8, 10]),
    trials: 100,
    seed: 0,
  },
  sine: {
    about: "sin πx by one to four chains of tents.",
    experiment: tentFits,
    configuration: tentsOnSine([4, 6, 8], [1, 2, 3, 4]),
    trials: 100,
    seed: 0,
  },
};

/** Errors over the trials of one way of fitting. */
export interface TentSummary extends TentPoint {
  readonly parameters: number;
  readonly trials: number;
  /** Median, best, and the value below which nine tenths lie, of the largest error. */
  readonly median: number;
  readonly best: number;
  readonly high: number;
  readonly leastPieces: number;
  readonly mostPieces: number;
}

/** Sums up the trials of each way of fitting; those that diverged count as an error of 1. */
export function tentSummary(rows: readonly TentRow[]): TentSummary[] {
  return groupRows(rows, ["target", "levels", "chains", "weights", "method"]).map((group) => {
    const { target, levels, chains, weights, method, parameters } = group[0];
    const errors = group.map((row) => row.supError ?? 1);
    const { median, high } = summary(errors);
    const pieces = group.map((row) => row.pieces);
    return {
      target,
      levels,
      chains,
      weights,
      method,
      parameters,
      trials: group.length,
      median,
      high,
      best: Math.min(...errors),
      leastPieces: Math.min(...pieces),
      mostPieces: Math.max(...pieces),
    };
  });
}
