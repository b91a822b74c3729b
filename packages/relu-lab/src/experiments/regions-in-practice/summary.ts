import { stepsPerEpoch, type PracticeRow } from "./experiment";
import { groupRows, summary } from "../rows/statistics";

/** One measure of one network at one time, over its random starts. */
export interface PracticeSummary {
  network: string;
  depth: number;
  neurons: number;
  epoch: number;
  /** Steps + 1 of the optimiser: time on a logarithmic axis, with a place for the start. */
  time: number;
  measure: PracticeRow["measure"];
  runs: number;
  mean: number;
  deviation: number;
  /** The smallest and the largest of the runs. */
  low: number;
  high: number;
}

/** Sums the random starts up: one row a network, time and measure. */
export function practiceSummary(rows: readonly PracticeRow[]): PracticeSummary[] {
  return groupRows(rows, ["network", "epoch", "measure"]).map((group) => {
    const { network, depth, neurons, epoch, measure } = group[0];
    const values = group.map((row) => row.value);
    const { mean, deviation, count: runs } = summary(values);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const time = epoch * stepsPerEpoch + 1;
    return { network, depth, neurons, epoch, time, measure, runs, mean, deviation, low, high };
  });
}

/** How one measure of one network changed while it was trained. */
export interface PracticeCourse {
  network: string;
  /** Means over the runs: before the first step, the extreme in between, and at the end. */
  start: number;
  least: number;
  most: number;
  end: number;
  /** Largest departure from the start at any time, as a share of the start. */
  change: number;
}

/**
 * The course of one measure through training, one row a network.
 *
 * @param summaries from {@link practiceSummary}
 * @param measure which one
 * @returns start, least, most and end
 */
export function practiceCourses(
  summaries: readonly PracticeSummary[],
  measure: PracticeRow["measure"],
): PracticeCourse[] {
  return groupRows(
    summaries.filter((row) => row.measure === measure),
    ["network"],
  ).map((group) => {
    const means = [...group].sort((a, b) => a.epoch - b.epoch).map((row) => row.mean);
    const [start, end] = [means[0], means[means.length - 1]];
    const [least, most] = [Math.min(...means), Math.max(...means)];
    return {
      network: group[0].network,
      start,
      least,
      most,
      end,
      change: Math.max(most - start, start - least) / start,
    };
  });
}

/** Least squares of log value = intercept + slope log neurons: slope 1 is linear growth, 2 quadratic. */
export interface GrowthLaw {
  readonly exponent: number;
  /** Standard error of the exponent. */
  readonly error: number;
  readonly points: number;
}

/**
 * The exponent with which counts grow with the number of neurons.
 *
 * @param rows measures, normalised by `power` of the number of neurons
 * @param power what the measure was divided by: 1 for lines, 2 for planes
 * @returns the exponent of the count itself
 * @throws RangeError when there are fewer than three rows or all networks have the same size
 */
export function growthLaw(rows: readonly { neurons: number; value: number }[], power: number): GrowthLaw {
  const points = rows.map(({ neurons, value }) => [
    Math.log(neurons),
    Math.log(value) + power * Math.log(neurons),
  ]);
  const mean = (i: 0 | 1) => points.reduce((sum, p) => sum + p[i], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const spread = points.reduce((sum, p) => sum + (p[0] - x) ** 2, 0);
  if (points.length < 3 || !(spread > 0)) {
    throw new RangeError(
      `growthLaw: ${points.length} rows do not show a growth: networks of several sizes are needed`,
    );
  }
  const exponent = points.reduce((sum, p) => sum + (p[0] - x) * (p[1] - y), 0) / spread;
  const rest = points.reduce((sum, p) => sum + (p[1] - y - exponent * (p[0] - x)) ** 2, 0);
  return { exponent, error: Math.sqrt(rest / (points.length - 2) / spread), points: points.length };
}
