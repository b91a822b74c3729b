import { groupRows, successRate, summary, type Rate } from "../rows/statistics";
import type { LowPassRow } from "./low-pass";
import type { PlaneRow } from "./plane";
import type { UnknownRow } from "./unknown-levels";

/** The plane's networks of one setting. */
export interface PlaneSummary extends Pick<
  PlaneRow,
  "n" | "supervision" | "neurons" | "squareLaw" | "ideal"
> {
  readonly trials: number;
  /** Mean regions at the start. */
  readonly before: number;
  /** Regions after training: fewest, mean, most. */
  readonly fewest: number;
  readonly mean: number;
  readonly most: number;
  /** The fewest, as a multiple of N^2 / 2. */
  readonly multiple: number;
  /** Median of the mean squared error. */
  readonly error: number;
}

/** Sums up the trials of each number of levels and supervision. */
export function planeSummary(rows: readonly PlaneRow[]): PlaneSummary[] {
  return groupRows(rows, ["n", "supervision"]).map((group) => {
    const { n, supervision, neurons, squareLaw, ideal } = group[0];
    const regions = group.map((row) => row.regions);
    const fewest = Math.min(...regions);
    return {
      n,
      supervision,
      neurons,
      squareLaw,
      ideal,
      trials: group.length,
      fewest,
      most: Math.max(...regions),
      before: summary(group.map((row) => row.before)).mean,
      mean: summary(regions).mean,
      multiple: fewest / squareLaw,
      error: summary(group.map((row) => row.error)).median,
    };
  });
}

/** Targets with unknown levels, of one kind. */
export interface UnknownSummary extends Pick<UnknownRow, "n" | "noise"> {
  /** How often all folds were found. */
  readonly found: Rate;
  /** How often a chain trained on them has at least 2^n laps, and one trained on the final error; null when none was. */
  readonly learned: Rate | null;
  readonly plain: Rate | null;
  /** Medians of the mean squared errors. */
  readonly error: number | null;
  readonly plainError: number | null;
}

/** Sums up the targets of each size and noise; a target whose folds are not found counts as not learned. */
export function unknownSummary(rows: readonly UnknownRow[]): UnknownSummary[] {
  return groupRows(rows, ["n", "noise"]).map((group) => {
    const { n, noise, train } = group[0];
    const rate = (holds: (row: UnknownRow) => boolean) =>
      successRate(group.filter(holds).length, group.length);
    const median = (values: readonly (number | null)[]) => summary(values.map((value) => value ?? 1)).median;
    return {
      n,
      noise,
      found: rate((row) => row.found),
      learned: train ? rate((row) => (row.laps ?? 0) >= 2 ** n) : null,
      plain: train ? rate((row) => (row.plainLaps ?? 0) >= 2 ** n) : null,
      error: train ? median(group.map((row) => row.error)) : null,
      plainError: train ? median(group.map((row) => row.plainError)) : null,
    };
  });
}

/** Chains on coarse versions of a target, of one setting. */
export interface LowPassSummary extends Pick<LowPassRow, "target" | "versions" | "supervision"> {
  readonly trials: number;
  /** Median and best of the largest error. */
  readonly median: number;
  readonly best: number;
  /** Median of the pieces. */
  readonly pieces: number;
  readonly mostLaps: number;
}

/** Sums up the trials of each target, kind of versions and supervision. */
export function lowPassSummary(rows: readonly LowPassRow[]): LowPassSummary[] {
  return groupRows(rows, ["target", "versions", "supervision"]).map((group) => {
    const { target, versions, supervision } = group[0];
    const errors = group.map((row) => row.supError);
    return {
      target,
      versions,
      supervision,
      trials: group.length,
      median: summary(errors).median,
      best: Math.min(...errors),
      mostLaps: Math.max(...group.map((row) => row.laps)),
      pieces: summary(group.map((row) => row.pieces)).median,
    };
  });
}
