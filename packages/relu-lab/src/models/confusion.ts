/** One cell of a confusion matrix. */
export interface ConfusionRow {
  readonly truth: number;
  readonly predicted: number;
  /** Number of images. */
  readonly count: number;
  /** Fraction of the images of that true class. */
  readonly share: number;
  /** Whether the prediction is wrong. */
  readonly wrong: boolean;
}

/**
 * A confusion matrix as one row a cell, for a chart or a table.
 *
 * @param matrix [true class][predicted class], numbers of images
 * @returns the cells, true class after true class
 */
export function confusionRows(matrix: readonly (readonly number[])[]): ConfusionRow[] {
  return matrix.flatMap((counts, truth) => {
    const all = counts.reduce((sum, count) => sum + count, 0) || 1;
    return counts.map((count, predicted) => ({
      truth,
      predicted,
      count,
      share: count / all,
      wrong: truth !== predicted,
    }));
  });
}
