import type { RelearningRow } from "./experiment";
import { groupRows, summary } from "../rows/statistics";

/** One start and optimiser at one read-out, over all trials. */
export interface RelearningSummary {
  start: string;
  label: string;
  optimiser: string;
  step: number;
  trials: number;
  laps: number;
  /** Standard deviation of one trial's laps. */
  lapsDeviation: number;
  lapsLow: number;
  lapsHigh: number;
  pieces: number;
  mostPieces: number;
  /** Median of the mean squared error, and the values below which a tenth and nine tenths lie. */
  error: number;
  errorLow: number;
  errorHigh: number;
}

/**
 * Sums trials up at each read-out.
 *
 * @param rows of the re-learning experiment
 * @param trials only the first so many trials, when given
 * @returns a row a start, optimiser and read-out, in the order of the rows
 */
export function relearningSummary(rows: readonly RelearningRow[], trials = Infinity): RelearningSummary[] {
  const own = rows.filter((row) => row.trial < trials);
  return groupRows(own, ["start", "optimiser", "step"]).map((group): RelearningSummary => {
    const { start, label, optimiser, step } = group[0];
    const laps = summary(group.map((row) => row.laps));
    const pieces = group.map((row) => row.pieces);
    const error = summary(group.map((row) => row.error));
    return {
      start,
      label: label === null ? "" : label.toFixed(2),
      optimiser,
      step,
      trials: group.length,
      laps: laps.mean,
      lapsDeviation: laps.deviation,
      lapsLow: laps.low,
      lapsHigh: laps.high,
      pieces: summary(pieces).mean,
      mostPieces: Math.max(...pieces),
      error: error.median,
      errorLow: error.low,
      errorHigh: error.high,
    };
  });
}

/** What training did to one kind of start. */
export interface RelearningOutcome {
  start: string;
  trials: number;
  /** Mean laps before and after training, and the standard error of the latter. */
  before: number;
  after: number;
  standardError: number;
  /** Mean change of a trial, and its standard error: the trials are paired with themselves. */
  change: number;
  changeError: number;
  /** Trials that had lost laps, and those of them that have all of them again at the end. */
  damaged: number;
  returned: number;
  /** The mean after training is below 2^n by more than two standard errors. */
  below: boolean;
}

/**
 * Whether training brings the laps back: the rule of the claim `relearning/never-returns`, start by start.
 *
 * @param rows of the re-learning experiment with one optimiser
 * @param full laps of the sawtooth, 2^n
 * @returns a row a start
 */
export function relearningOutcomes(rows: readonly RelearningRow[], full: number): RelearningOutcome[] {
  const last = Math.max(...rows.map((row) => row.step));
  return groupRows(rows, ["start"]).map((group): RelearningOutcome => {
    const before = new Map(group.filter((row) => row.step === 0).map((row) => [row.trial, row.laps]));
    const end = group.filter((row) => row.step === last);
    const after = summary(end.map((row) => row.laps));
    const change = summary(end.map((row) => row.laps - before.get(row.trial)!));
    const damaged = end.filter((row) => before.get(row.trial)! < full);
    return {
      start: group[0].start,
      trials: end.length,
      before: summary([...before.values()]).mean,
      after: after.mean,
      standardError: after.error,
      change: change.mean,
      changeError: change.error,
      damaged: damaged.length,
      returned: damaged.filter((row) => row.laps >= full).length,
      below: after.mean + 2 * after.error < full,
    };
  });
}
