import { groupRows, successRate, summary, type Rate } from "../rows/statistics";

/** Success over the trials of one setting. */
export type SuccessRow<R, K extends keyof R> = Pick<R, K> &
  Rate & {
    /** Median of the mean squared error. */
    readonly error: number;
    readonly leastPieces: number;
    readonly mostPieces: number;
  };

/**
 * Success rates with 95 % intervals, one row a setting.
 *
 * @param rows one a trial, with `success`, `error` and `pieces`
 * @param columns those that tell settings apart
 * @returns a row a setting, in the order of first appearance
 * @example
 * successRates(rows, ["n", "supervision"]);
 */
export function successRates<
  R extends { readonly success: boolean; readonly error: number; readonly pieces: number },
  K extends keyof R,
>(rows: readonly R[], columns: readonly K[]): SuccessRow<R, K>[] {
  return groupRows(rows, columns).map((group) => {
    const about = Object.fromEntries(columns.map((column) => [column, group[0][column]])) as Pick<R, K>;
    const pieces = group.map((row) => row.pieces);
    return {
      ...about,
      ...successRate(group.filter((row) => row.success).length, group.length),
      error: summary(group.map((row) => row.error)).median,
      leastPieces: Math.min(...pieces),
      mostPieces: Math.max(...pieces),
    };
  });
}
