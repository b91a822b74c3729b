import { Matrix, QrDecomposition, SingularValueDecomposition } from "ml-matrix";

/** The solution of a linear least-squares problem. */
export interface LeastSquares {
  readonly solution: Float64Array;
  /** numerical rank: singular values above the tolerance */
  readonly rank: number;
}

/**
 * min |A x - b|, shortest x, by QR and the singular values of R, so that columns that all but coincide do no harm.
 *
 * @param rows A, one array a row, at least as many rows as columns
 * @param rhs b
 * @param tolerance singular values below tolerance times the largest count as 0
 * @returns x and the rank
 * @throws RangeError when there are fewer rows than columns, or a number is missing or not finite
 * @example
 * leastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5]).solution; // [1, 2]: 1 + 2 t
 */
export function leastSquares(
  rows: readonly ArrayLike<number>[],
  rhs: ArrayLike<number>,
  tolerance = 1e-12,
): LeastSquares {
  const columns = rows[0]?.length ?? 0;
  if (columns === 0 || rows.length < columns)
    throw new RangeError(`leastSquares: ${rows.length} rows and ${columns} columns; more rows are needed`);
  // Q^T b comes out of the same Householder reflections when b is the last column of the matrix
  const augmented = new Matrix(rows.length, columns + 1);
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j <= columns; j++) {
      const value = j < columns ? rows[i][j] : rhs[i];
      if (!Number.isFinite(value))
        throw new RangeError(
          `leastSquares: ${j < columns ? `entry ${j} of row ${i}` : `right-hand side ${i}`} is ${value}; it must be finite`,
        );
      augmented.set(i, j, value);
    }
  }
  const triangle = rows.length > columns ? new QrDecomposition(augmented).upperTriangularMatrix : augmented;
  const R = triangle.subMatrix(0, columns - 1, 0, columns - 1);
  const c = triangle.subMatrix(0, columns - 1, columns, columns);
  const { leftSingularVectors: U, rightSingularVectors: V, diagonal } = new SingularValueDecomposition(R);
  const kept = diagonal.map((s) => s > tolerance * diagonal[0]);
  const projected = U.transpose().mmul(c);
  for (let i = 0; i < columns; i++) projected.set(i, 0, kept[i] ? projected.get(i, 0) / diagonal[i] : 0);
  return { solution: Float64Array.from(V.mmul(projected).to1DArray()), rank: kept.filter(Boolean).length };
}
