import { test } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import { random } from "relu-lab";
import { leadingEigenvectors } from "../../../packages/relu-lab/src/models/symmetric-eigen";

/** Q diag(values) Q^T with random reflections Q: a matrix whose eigenvalues are known. */
function withEigenvalues(values: readonly number[], seed: number): Float64Array {
  const n = values.length;
  const g = random.generator(seed);
  const A = new Float64Array(n * n);
  for (let i = 0; i < n; i++) A[i * n + i] = values[i];
  for (let round = 0; round < 3; round++) {
    const v = Float64Array.from({ length: n }, () => g.normal());
    const vv = v.reduce((sum, x) => sum + x * x, 0);
    for (const columns of [false, true]) {
      for (let i = 0; i < n; i++) {
        let dot = 0;
        for (let j = 0; j < n; j++) dot += v[j] * A[columns ? i * n + j : j * n + i];
        for (let j = 0; j < n; j++) A[columns ? i * n + j : j * n + i] -= (2 * dot * v[j]) / vv;
      }
    }
  }
  return A;
}

function check(values: readonly number[], count: number, seed: number): void {
  const n = values.length;
  const A = withEigenvalues(values, seed);
  const sorted = [...values].sort((a, b) => b - a);
  const norm = Math.max(...values.map(Math.abs), 1e-3);
  const found = leadingEigenvectors(A.slice(), n, count);
  for (let j = 0; j < count; j++) {
    assert.ok(
      Math.abs(found.values[j] - sorted[j]) <= 1e-12 * n * norm,
      `${found.values[j]}, not ${sorted[j]}`,
    );
    const x = found.vectors.subarray(j * n, (j + 1) * n);
    for (let i = 0; i <= j; i++) {
      const y = found.vectors.subarray(i * n, (i + 1) * n);
      const dot = x.reduce((sum, value, p) => sum + value * y[p], 0);
      assert.ok(Math.abs(dot - (i === j ? 1 : 0)) < 1e-12 * n, `vectors ${i} and ${j} have product ${dot}`);
    }
    for (let i = 0; i < n; i++) {
      let image = 0;
      for (let p = 0; p < n; p++) image += A[i * n + p] * x[p];
      assert.ok(
        Math.abs(image - found.values[j] * x[i]) <= 1e-11 * n * norm,
        `A x - value x is ${image} at ${i}`,
      );
    }
  }
}

test("a matrix by hand", () => {
  const { values, vectors } = leadingEigenvectors(Float64Array.of(2, 1, 1, 2), 2, 2);
  assert.ok(Math.abs(values[0] - 3) < 1e-14 && Math.abs(values[1] - 1) < 1e-14);
  for (const v of vectors.subarray(0, 2)) assert.ok(Math.abs(v - Math.SQRT1_2) < 1e-14);
});

test("eigenvalues spread over ten orders, clustered, equal, negative and zero", () => {
  check(
    Array.from({ length: 80 }, (_, i) => 10 ** (-i / 8)),
    80,
    1,
  );
  check(
    Array.from({ length: 60 }, (_, i) => 1 + 1e-9 * i),
    30,
    2,
  );
  check([5, 5, 5, 5, 2, 2, 1, 0, 0, 0, -3, -3], 12, 3);
  check(new Array<number>(25).fill(7), 25, 4);
  check(new Array<number>(6).fill(0), 6, 5);
  check([4], 1, 6);
});

test("already diagonal and block diagonal matrices", () => {
  const diagonal = new Float64Array(25);
  for (let i = 0; i < 5; i++) diagonal[6 * i] = [3, 1, 3, 2, 3][i];
  const { values } = leadingEigenvectors(diagonal, 5, 5);
  assert.equal(
    [...values].map((v) => Number(v.toFixed(12))),
    [3, 3, 3, 2, 1],
  );
});

test("any spectrum, any order", () => {
  const spectrum = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 24 });
  fc.assert(
    fc.property(spectrum, fc.nat(), (values, seed) => check(values, Math.ceil(values.length / 2), seed)),
    { seed: 7, numRuns: 150 },
  );
});

test("what is no matrix is refused", () => {
  assert.throws(() => leadingEigenvectors(new Float64Array(5), 2, 1), /5 numbers are no matrix of order 2/);
  assert.throws(() => leadingEigenvectors(new Float64Array(4), 2, 3), /3 eigenvectors/);
  assert.throws(() => leadingEigenvectors(Float64Array.of(1, 0, NaN, 1), 2, 1), /entry \[1\]\[0\].*NaN/);
});

test.run();
