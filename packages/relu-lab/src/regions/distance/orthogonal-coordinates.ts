import { lengthOf } from "./length";

/**
 * The rows of a wide matrix in an orthonormal basis of their span: same inner products, far fewer columns.
 *
 * Gram-Schmidt, each row orthogonalised twice, which is enough for full precision (Giraud et al., 2005).
 *
 * @param matrix row-major, `rows` by `columns`, rows < columns
 * @returns coordinates, row-major, `rows` by `dimension` (= rows; unused directions are zero)
 */
export function orthogonalCoordinates(
  matrix: Float64Array,
  rows: number,
  columns: number,
): { coordinates: Float64Array; dimension: number } {
  const basis: Float64Array[] = [];
  const coordinates = new Float64Array(rows * rows);
  for (let r = 0; r < rows; r++) {
    const rest = matrix.slice(r * columns, (r + 1) * columns);
    const before = lengthOf(rest);
    for (let pass = 0; pass < 2; pass++) {
      for (const [k, direction] of basis.entries()) {
        let dot = 0;
        for (let i = 0; i < columns; i++) dot += rest[i] * direction[i];
        for (let i = 0; i < columns; i++) rest[i] -= dot * direction[i];
        coordinates[r * rows + k] += dot;
      }
    }
    const length = lengthOf(rest);
    // What is left of a dependent row is rounding; as a direction it would be noise.
    if (length <= 1e-14 * before) continue;
    coordinates[r * rows + basis.length] = length;
    basis.push(rest.map((v) => v / length));
  }
  return { coordinates, dimension: rows };
}
