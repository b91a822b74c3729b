import { groupRows, summary } from "../rows/statistics";
import type { PerturbationRow } from "./trial";

/** A point of the experiment over its trials: means, and the spread of the laps. */
export interface PerturbationSummary {
  network: string;
  n: number;
  part: string;
  deviation: number;
  variance: number;
  trials: number;
  laps: number;
  /** Standard deviation of one trial's laps. */
  lapsDeviation: number;
  /** Standard error of the mean. */
  lapsError: number;
  /** A tenth of the trials has fewer laps, a tenth has more. */
  lapsLow: number;
  lapsHigh: number;
  /** Laps as a share of 2^n. */
  lapsShare: number;
  pieces: number;
  piecesDeviation: number;
  intervals: number;
  intervalsDeviation: number;
  flats: number;
  flatShare: number;
  supError: number;
  /** Share of the trials that keep all 2^n laps. */
  full: number;
  /** Of the trials with a prediction by the critical orbit, how many it gets right; both counts. */
  predicted: number;
  agreed: number;
}

/** Sums the trials up, one row a point, in the order of the points. */
export function perturbationSummary(rows: readonly PerturbationRow[]): PerturbationSummary[] {
  return groupRows(rows, ["network", "n", "part", "deviation"]).map((group): PerturbationSummary => {
    const { network, n, part, deviation } = group[0];
    const of = (field: "laps" | "pieces" | "intervals" | "flats" | "flatShare" | "supError") =>
      summary(group.map((row) => row[field]));
    const [laps, pieces, intervals] = [of("laps"), of("pieces"), of("intervals")];
    const isFull = (row: PerturbationRow) => (row.laps === 2 ** n ? 1 : 0);
    const predicted = group.filter((row) => row.predictedFull !== null);
    return {
      network,
      n,
      part,
      deviation,
      variance: deviation * deviation,
      trials: group.length,
      laps: laps.mean,
      lapsDeviation: laps.deviation,
      lapsError: laps.error,
      lapsLow: laps.low,
      lapsHigh: laps.high,
      lapsShare: laps.mean / 2 ** n,
      pieces: pieces.mean,
      piecesDeviation: pieces.deviation,
      intervals: intervals.mean,
      intervalsDeviation: intervals.deviation,
      flats: of("flats").mean,
      flatShare: of("flatShare").mean,
      supError: of("supError").mean,
      full: summary(group.map(isFull)).mean,
      predicted: predicted.length,
      agreed: predicted.filter((row) => row.predictedFull === isFull(row)).length,
    };
  });
}
