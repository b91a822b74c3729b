/**
 * The leading eigenvectors of a dense symmetric matrix, in plain typed arrays.
 *
 * Householder's reduction to tridiagonal form, eigenvalues by bisection on Sturm counts, eigenvectors by inverse
 * iteration (Golub & Van Loan, Matrix Computations, 8.3 and 8.4). Against a full QL decomposition this saves the
 * n^3 of rotating every eigenvector when only a few are wanted; against subspace iteration it needs no luck with gaps.
 */

/** Reduces the lower triangle of A (n x n, overwritten) to tridiagonal form; row k keeps Householder vector k. */
function tridiagonalise(A: Float64Array, n: number) {
  const diagonal = new Float64Array(n);
  const side = new Float64Array(Math.max(0, n - 1)); // side[k] couples k and k + 1
  const reflectors: Float64Array[] = [];
  const product = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    diagonal[k] = A[k * n + k];
    const m = n - k - 1;
    const v = new Float64Array(m);
    let norm = 0;
    for (let i = 0; i < m; i++) {
      v[i] = A[(k + 1 + i) * n + k];
      norm += v[i] * v[i];
    }
    norm = Math.sqrt(norm);
    if (k === n - 2 || norm === 0) {
      side[k] = v[0];
      reflectors.push(new Float64Array(0));
      continue;
    }
    const alpha = v[0] > 0 ? -norm : norm;
    side[k] = alpha;
    v[0] -= alpha;
    let vv = 0;
    for (let i = 0; i < m; i++) vv += v[i] * v[i];
    const scale = Math.sqrt(2 / vv); // v becomes such that the reflection is I - v v^T
    for (let i = 0; i < m; i++) v[i] *= scale;
    // w = A v - (v^T A v / 2) v; then A - v w^T - w v^T is the reflected matrix. Only the lower triangle is kept.
    const w = product.subarray(0, m).fill(0);
    for (let i = 0; i < m; i++) {
      const row = (k + 1 + i) * n + k + 1;
      const vi = v[i];
      let sum = 0;
      for (let j = 0; j < i; j++) {
        const a = A[row + j];
        sum += a * v[j];
        w[j] += a * vi;
      }
      w[i] += sum + A[row + i] * vi;
    }
    let vw = 0;
    for (let i = 0; i < m; i++) vw += v[i] * w[i];
    for (let i = 0; i < m; i++) w[i] -= (vw / 2) * v[i];
    for (let i = 0; i < m; i++) {
      const row = (k + 1 + i) * n + k + 1;
      const vi = v[i];
      const wi = w[i];
      for (let j = 0; j <= i; j++) A[row + j] -= vi * w[j] + wi * v[j];
    }
    reflectors.push(v);
  }
  if (n > 0) diagonal[n - 1] = A[n * n - 1];
  return { diagonal, side, reflectors };
}

/** How many eigenvalues of the tridiagonal matrix exceed x (Sturm's count). */
function countAbove(diagonal: Float64Array, side: Float64Array, x: number, tiny: number): number {
  let above = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    pivot = diagonal[i] - x - (i > 0 ? (side[i - 1] * side[i - 1]) / pivot : 0);
    if (Math.abs(pivot) < tiny) pivot = -tiny;
    if (pivot > 0) above++;
  }
  return above;
}

/** The `count` largest eigenvalues of the tridiagonal matrix, descending, to the last bit or so of its norm. */
function largestEigenvalues(
  diagonal: Float64Array,
  side: Float64Array,
  count: number,
  norm: number,
): Float64Array {
  const tiny = Number.MIN_VALUE + norm * Number.EPSILON ** 2;
  const values = new Float64Array(count);
  let top = norm * (1 + 1e-12);
  for (let j = 0; j < count; j++) {
    let low = -norm * (1 + 1e-12);
    let high = top;
    while (high - low > 2 * Number.EPSILON * Math.max(norm * 1e-3, Math.abs(low), Math.abs(high))) {
      const middle = (low + high) / 2;
      if (middle <= low || middle >= high) break;
      if (countAbove(diagonal, side, middle, tiny) > j) low = middle;
      else high = middle;
    }
    values[j] = (low + high) / 2;
    top = high;
  }
  return values;
}

/** Solves (T - shift I) x = x in place by elimination with row exchanges. */
function solveShifted(
  diagonal: Float64Array,
  side: Float64Array,
  shift: number,
  x: Float64Array,
  tiny: number,
): void {
  const n = diagonal.length;
  const [u0, u1, u2] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]; // the upper factor's three bands
  let d = diagonal[0] - shift;
  let e = n > 1 ? side[0] : 0;
  for (let i = 0; i < n - 1; i++) {
    const below = side[i];
    const nextD = diagonal[i + 1] - shift;
    const nextE = i + 2 < n ? side[i + 1] : 0;
    if (Math.abs(d) >= Math.abs(below)) {
      const pivot = d === 0 ? tiny : d;
      const factor = below / pivot;
      [u0[i], u1[i], u2[i]] = [pivot, e, 0];
      d = nextD - factor * e;
      e = nextE;
      x[i + 1] -= factor * x[i];
    } else {
      const factor = d / below;
      [u0[i], u1[i], u2[i]] = [below, nextD, nextE];
      d = e - factor * nextD;
      e = -factor * nextE;
      const swapped = x[i + 1];
      x[i + 1] = x[i] - factor * swapped;
      x[i] = swapped;
    }
  }
  u0[n - 1] = d;
  for (let i = n - 1; i >= 0; i--) {
    let value = x[i];
    if (i + 1 < n) value -= u1[i] * x[i + 1];
    if (i + 2 < n) value -= u2[i] * x[i + 2];
    x[i] = value / (Math.abs(u0[i]) < tiny ? tiny : u0[i]);
  }
}

function normalise(x: Float64Array): void {
  let largest = 0;
  for (const value of x) largest = Math.max(largest, Math.abs(value));
  let sum = 0;
  for (const value of x) sum += (value / largest) ** 2;
  const scale = 1 / Math.sqrt(sum);
  for (let i = 0; i < x.length; i++) x[i] = (x[i] / largest) * scale;
}

function orthogonalise(x: Float64Array, others: readonly Float64Array[]): void {
  for (const other of others) {
    let dot = 0;
    for (let i = 0; i < x.length; i++) dot += x[i] * other[i];
    for (let i = 0; i < x.length; i++) x[i] -= dot * other[i];
  }
}

/** The largest entry of T x - value x. */
function residual(diagonal: Float64Array, side: Float64Array, value: number, x: Float64Array): number {
  let worst = 0;
  for (let i = 0; i < x.length; i++) {
    let r = (diagonal[i] - value) * x[i];
    if (i > 0) r += side[i - 1] * x[i - 1];
    if (i + 1 < x.length) r += side[i] * x[i + 1];
    worst = Math.max(worst, Math.abs(r));
  }
  return worst;
}

/** What {@link leadingEigenvectors} finds: `values` descending, `vectors` with one row of n numbers a value. */
export interface Eigenpairs {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * The largest eigenvalues of a symmetric matrix and orthonormal eigenvectors for them.
 *
 * @param A the matrix, n x n, of which the lower triangle is read; it is overwritten
 * @param n its order
 * @param count how many eigenpairs, at most n
 * @returns values descending; each vector's largest entry is positive
 * @throws RangeError when the sizes do not fit or an entry is not finite
 * @example
 * leadingEigenvectors(Float64Array.of(2, 1, 1, 2), 2, 1).values; // [3]
 */
export function leadingEigenvectors(A: Float64Array, n: number, count: number): Eigenpairs {
  if (A.length !== n * n) throw new RangeError(`${A.length} numbers are no matrix of order ${n}`);
  if (!Number.isInteger(count) || count < 0 || count > n) {
    throw new RangeError(`${count} eigenvectors cannot be had from a matrix of order ${n}`);
  }
  const wrong = A.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new RangeError(`entry [${Math.floor(wrong / n)}][${wrong % n}] of the matrix is ${A[wrong]}`);
  const vectors = new Float64Array(count * n);
  if (count === 0) return { values: new Float64Array(0), vectors };
  const { diagonal, side, reflectors } = tridiagonalise(A, n);
  let norm = 0; // Gershgorin's bound
  for (let i = 0; i < n; i++) {
    const radius = (i > 0 ? Math.abs(side[i - 1]) : 0) + (i + 1 < n ? Math.abs(side[i]) : 0);
    norm = Math.max(norm, Math.abs(diagonal[i]) + radius);
  }
  norm ||= 1;
  const values = largestEigenvalues(diagonal, side, count, norm);
  const found: Float64Array[] = [];
  let random = 1;
  let shift = Infinity;
  for (let j = 0; j < count; j++) {
    // Equal eigenvalues get shifts a few roundings apart, so that the next solution is not the last one again.
    shift = Math.min(values[j], shift - 8 * Number.EPSILON * norm);
    const x = new Float64Array(n);
    for (let attempt = 0; ; attempt++) {
      if (attempt % 6 === 0) {
        if (attempt === 30)
          throw new Error(`inverse iteration does not converge for eigenvalue ${j}, ${values[j]}`);
        for (let i = 0; i < n; i++) {
          random = (Math.imul(random, 1664525) + 1013904223) | 0; // any start will do; a fixed one repeats
          x[i] = random / 2 ** 31 + 0.01;
        }
      } else {
        solveShifted(diagonal, side, shift, x, Number.EPSILON * norm);
      }
      normalise(x);
      orthogonalise(x, found);
      orthogonalise(x, found);
      normalise(x);
      if (attempt % 6 >= 2 && residual(diagonal, side, values[j], x) <= 1e-13 * n * norm) break;
    }
    found.push(x);
    const y = vectors.subarray(j * n, (j + 1) * n);
    y.set(x);
    for (let k = reflectors.length - 1; k >= 0; k--) {
      const v = reflectors[k];
      let dot = 0;
      for (let i = 0; i < v.length; i++) dot += v[i] * y[k + 1 + i];
      for (let i = 0; i < v.length; i++) y[k + 1 + i] -= dot * v[i];
    }
    const largest = y.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    if (largest < 0) for (let i = 0; i < n; i++) y[i] = -y[i];
  }
  return { values, vectors };
}
