import type { SweepResult } from "../../models";
import { groupRows, summary } from "../rows/statistics";

/** Test accuracy of one network after one epoch. */
export interface LearningCurveRow {
  readonly network: string;
  readonly seed: number;
  readonly epoch: number;
  /** Test accuracy in per cent. */
  readonly percent: number;
}

/** One network over its seeds. */
export interface NetworkRow {
  readonly network: string;
  readonly parameters: number;
  readonly seeds: number;
  readonly epochs: number;
  /** Mean over the seeds of the accuracy after the last epoch, in per cent. */
  readonly percent: number;
  /** Standard deviation over the seeds; 0 with one seed. */
  readonly deviation: number;
  /** Mean over the seeds of the best accuracy after any epoch. */
  readonly best: number;
}

/**
 * The test accuracy after each epoch, one row a network, seed and epoch.
 *
 * @param results of `models.sweep`
 * @returns rows for a chart
 */
export function learningCurves(results: readonly SweepResult[]): LearningCurveRow[] {
  return results.flatMap(({ name, run, history }) =>
    history.map(({ epoch, validationAccuracy }) => ({
      network: name,
      seed: run.seed,
      epoch,
      percent: 100 * (validationAccuracy ?? NaN),
    })),
  );
}

/** Test accuracy of one network after one epoch, over its seeds. */
export interface LearningBandRow {
  readonly network: string;
  readonly epoch: number;
  /** Mean over the seeds, in per cent. */
  readonly percent: number;
  /** The worst and the best seed's. */
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The test accuracy after each epoch with its spread over the seeds, one row a network and epoch.
 *
 * @param results of `models.sweep`
 * @returns rows for a chart
 */
export function learningCurveBands(results: readonly SweepResult[]): LearningBandRow[] {
  return groupRows(learningCurves(results), ["network", "epoch"]).map((group) => {
    const { network, epoch } = group[0];
    const values = group.map((row) => row.percent);
    return {
      network,
      epoch,
      percent: summary(values).mean,
      lowest: Math.min(...values),
      highest: Math.max(...values),
    };
  });
}

/**
 * Mean and spread over the seeds of each network, in the order of their first appearance.
 *
 * @param results of `models.sweep`
 * @param epochs accuracy after so many epochs; after the last when not given
 * @returns one row a network
 * @throws RangeError when a network was not trained for so many epochs
 * @example
 * table(compareNetworks(await models.sweep(runs, mnist.train, mnist.test)));
 */
export function compareNetworks(results: readonly SweepResult[], epochs?: number): NetworkRow[] {
  return [...new Set(results.map(({ name }) => name))].map((network) => {
    const own = results.filter(({ name }) => name === network);
    const paths = groupRows(learningCurves(own), ["seed"]).map((rows) => rows.map(({ percent }) => percent));
    const length = epochs ?? Math.min(...paths.map((path) => path.length));
    if (paths.some((path) => path.length < length) || length < 1) {
      throw new RangeError(
        `compareNetworks: ${network} was not trained for ${length} epochs with every seed`,
      );
    }
    const { mean, deviation } = summary(paths.map((path) => path[length - 1]));
    return {
      network,
      parameters: own[0].parameters,
      seeds: paths.length,
      epochs: length,
      percent: mean,
      deviation,
      best: summary(paths.map((path) => Math.max(...path.slice(0, length)))).mean,
    };
  });
}

/**
 * The sum of the results' confusion matrices.
 *
 * @param results of `models.sweep`, of networks with the same classes
 * @returns [true class][predicted class], numbers of images over all results
 */
export function totalConfusion(results: readonly SweepResult[]): number[][] {
  return results[0].confusion.map((row, t) =>
    row.map((_, p) => results.reduce((sum, { confusion }) => sum + confusion[t][p], 0)),
  );
}
