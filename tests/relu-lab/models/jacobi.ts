/**
 * One-sided Jacobi (Hestenes 1958): the left singular vectors of a matrix, straight from the matrix.
 *
 * Slow, and without any Gram matrix or eigensolver: an oracle for small data.
 *
 * @param columns the matrix's columns
 * @returns singular values descending and their left singular vectors
 */
export function jacobiSvd(columns: readonly ArrayLike<number>[]): { values: number[]; vectors: number[][] } {
  const work = columns.map((column) => Array.from(column));
  const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);
  for (let sweep = 0, rotated = true; rotated && sweep < 60; sweep++) {
    rotated = false;
    for (let i = 0; i < work.length; i++) {
      for (let j = i + 1; j < work.length; j++) {
        const [a, b] = [work[i], work[j]];
        const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
        if (Math.abs(ab) <= 1e-15 * Math.sqrt(aa * bb) || ab === 0) continue;
        rotated = true;
        const zeta = (bb - aa) / (2 * ab);
        const t = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const c = 1 / Math.sqrt(1 + t * t);
        for (let p = 0; p < a.length; p++) [a[p], b[p]] = [c * a[p] - c * t * b[p], c * t * a[p] + c * b[p]];
      }
    }
  }
  const pairs = work.map((column) => ({ value: Math.sqrt(dot(column, column)), column }));
  pairs.sort((a, b) => b.value - a.value);
  return {
    values: pairs.map(({ value }) => value),
    vectors: pairs.map(({ value, column }) => column.map((x) => x / value)),
  };
}
