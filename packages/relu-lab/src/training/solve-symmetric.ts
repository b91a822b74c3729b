/**
 * Solves (A + damping diag(A)) x = b for a symmetric A that is not negative, by Cholesky's decomposition.
 *
 * A diagonal entry that is 0 counts as the smallest that is harmless: a parameter without effect stays where it is.
 *
 * @param A [size, size] row by row; only the lower triangle is read
 * @param b size numbers
 * @param damping of Levenberg and Marquardt
 */
export function solveSymmetric(A: Float64Array, b: Float64Array, damping: number): Float64Array {
  const size = b.length;
  const L = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = A[i * size + j];
      if (i === j) sum += damping * sum + 1e-300;
      const scale = sum;
      for (let k = 0; k < j; k++) sum -= L[i * size + k] * L[j * size + k];
      // rounding may leave less than nothing of a row that depends on those before it
      if (i === j) L[i * size + i] = Math.sqrt(Math.max(sum, 1e-16 * scale, 1e-300));
      else L[i * size + j] = sum / L[j * size + j];
    }
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] -= L[i * size + k] * x[k];
    x[i] /= L[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= L[k * size + i] * x[k];
    x[i] /= L[i * size + i];
  }
  return x;
}
