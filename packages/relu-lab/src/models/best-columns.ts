import type { ColumnAccuracy } from "./svd";

/** Where the accuracy against the number of columns is highest, and how sure that is. */
export interface BestColumns {
  /** The smallest number of columns that has the best accuracy. */
  readonly columns: number;
  readonly accuracy: number;
  /** Standard error of that accuracy over the choice of test images: sqrt(a (1 - a) / images). */
  readonly standardError: number;
  /** The first and the last number of columns whose accuracy is within one standard error of the best. */
  readonly plateau: readonly [from: number, to: number];
}

/**
 * The best number of columns, with the plateau that a test set of this size cannot tell from it.
 *
 * @param rows accuracies for 1, 2, 3, ... columns
 * @returns the best, its standard error, and the plateau
 * @throws RangeError when there are no rows
 * @example
 * bestColumns(await svd.accuracyByColumns(test.images, test.labels)).columns;
 */
export function bestColumns(rows: readonly ColumnAccuracy[]): BestColumns {
  if (rows.length === 0) throw new RangeError("bestColumns: there are no accuracies to choose from");
  let best = 0;
  for (let k = 1; k < rows.length; k++) if (rows[k].correct > rows[best].correct) best = k;
  const { accuracy, correct, columns } = rows[best];
  const images = Math.round(correct / accuracy) || 1;
  const standardError = Math.sqrt((accuracy * (1 - accuracy)) / images);
  const near = rows.filter((row) => row.accuracy >= accuracy - standardError);
  return { columns, accuracy, standardError, plateau: [near[0].columns, near[near.length - 1].columns] };
}
