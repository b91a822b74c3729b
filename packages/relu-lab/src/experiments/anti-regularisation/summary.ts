import { generator } from "../../random";
import type { AntiRegularisationRow } from "./experiment";
import { groupRows, summary } from "../rows/statistics";

/** A ratio of means with its 95 % confidence interval. */
export interface PairedRatio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** Resamples of the bootstrap. */
const resamples = 2000;

/**
 * mean(values) / mean(reference) of paired trials, with the percentile bootstrap's 95 % interval (Efron 1979): pairs are
 * drawn together, so what a trial's start adds to both cancels.
 *
 * @param values one a trial
 * @param reference of the same trials in the same order
 * @throws RangeError when there is no trial or the lengths differ
 * @example
 * pairedRatio([20, 22], [10, 11]).ratio; // 2
 */
export function pairedRatio(values: readonly number[], reference: readonly number[]): PairedRatio {
  const count = values.length;
  if (count === 0 || reference.length !== count)
    throw new RangeError(
      `pairedRatio: ${count} values and ${reference.length} to compare with: as many of each`,
    );
  const ratioOf = (at: (i: number) => number) => {
    let [sum, other] = [0, 0];
    for (let i = 0; i < count; i++) {
      const trial = at(i);
      sum += values[trial];
      other += reference[trial];
    }
    return sum / other;
  };
  const random = generator("bootstrap");
  const drawn = Float64Array.from({ length: resamples }, () => ratioOf(() => random.integer(count))).sort();
  const at = (share: number) => drawn[Math.round(share * (resamples - 1))];
  return { ratio: ratioOf((i) => i), low: at(0.025), high: at(0.975) };
}

/** One loss against plain training, over paired trials. */
export interface AntiRegularisationSummary {
  target: string;
  network: string;
  loss: string;
  kind: string;
  weight: number;
  step: number;
  trials: number;
  /** Means, and the standard deviation of one trial's regions. */
  regions: number;
  regionsDeviation: number;
  linearRegions: number;
  error: number;
  /** Median error: what a typical trial has, where a few failed ones make the mean. */
  medianError: number;
  /** Regions over those of plain training, and the 95 % interval. */
  gain: number;
  gainLow: number;
  gainHigh: number;
  /** Mean error over that of plain training, and the 95 % interval. */
  cost: number;
  costLow: number;
  costHigh: number;
  /** Share of the trials with more regions than plain training. */
  wins: number;
}

/**
 * Compares each loss with plain training, trial by trial.
 *
 * @param rows of the anti-regularisation experiment, with plain training among the losses
 * @returns a row a target, network, loss and read-out, in the order of the rows
 * @throws RangeError when plain training is missing
 */
export function antiRegularisationSummary(
  rows: readonly AntiRegularisationRow[],
): AntiRegularisationSummary[] {
  const key = ({ target, network, step, trial }: AntiRegularisationRow) =>
    [target, network, step, trial].join(" ");
  const plain = new Map(rows.filter(({ kind }) => kind === "plain").map((row) => [key(row), row]));
  return groupRows(rows, ["target", "network", "loss", "step"]).map((group): AntiRegularisationSummary => {
    const { target, network, loss, kind, weight, step } = group[0];
    const others = group.map((row) => {
      const other = plain.get(key(row));
      if (!other) throw new RangeError(`antiRegularisationSummary: no plain training beside ${key(row)}`);
      return other;
    });
    const regions = summary(group.map((row) => row.regions));
    const errors = summary(group.map((row) => row.error));
    const of = (field: "regions" | "error") =>
      pairedRatio(
        group.map((row) => row[field]),
        others.map((row) => row[field]),
      );
    const [gain, cost] = [of("regions"), of("error")];
    return {
      target,
      network,
      loss,
      kind,
      weight,
      step,
      trials: group.length,
      regions: regions.mean,
      regionsDeviation: regions.deviation,
      linearRegions: summary(group.map((row) => row.linearRegions)).mean,
      error: errors.mean,
      medianError: errors.median,
      gain: gain.ratio,
      gainLow: gain.low,
      gainHigh: gain.high,
      cost: cost.ratio,
      costLow: cost.low,
      costHigh: cost.high,
      wins: group.filter((row, i) => row.regions > others[i].regions).length / group.length,
    };
  });
}
