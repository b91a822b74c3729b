import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import { nearestPoint, type HalfSpaces } from "../../../../packages/relu-lab/src/regions/distance/projection";
import { inRows } from "../../../rows";

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, v, i) => sum + v * b[i], 0);
const length = (a: ArrayLike<number>) => Math.sqrt(dot(a, a));

/** Half spaces n . y >= b, with n made a unit vector. */
function halfSpaces(dimension: number, ...given: [normal: number[], offset: number][]): HalfSpaces {
  return {
    dimension,
    normals: given.map(([n]) => Float64Array.from(n, (v) => v / length(n))),
    offsets: given.map(([n, b]) => b / length(n)),
  };
}

/** Solves a small system by elimination with pivots; undefined when it is singular. */
function solve(A: number[][], b: number[]): number[] | undefined {
  const n = b.length;
  const M = A.map((row, i) => [...row, b[i]]);
  for (let c = 0; c < n; c++) {
    let p = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(M[r][c]) > Math.abs(M[p][c])) p = r;
    if (Math.abs(M[p][c]) < 1e-9) return undefined;
    [M[c], M[p]] = [M[p], M[c]];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const f = M[r][c] / M[c][c];
      for (let k = c; k <= n; k++) M[r][k] -= f * M[c][k];
    }
  }
  return M.map((row, i) => row[n] / row[i]);
}

/** The nearest feasible point by brute force: the shortest feasible one of all least solutions of subsets of equations. */
function byBruteForce({ dimension, normals, offsets }: HalfSpaces): number[] | null {
  let best: number[] | null = null;
  for (let subset = 0; subset < 2 ** normals.length; subset++) {
    const chosen = normals.map((_, i) => i).filter((i) => (subset >> i) & 1);
    if (chosen.length > dimension) continue;
    const gram = chosen.map((i) => chosen.map((j) => dot(normals[i], normals[j])));
    const multipliers = solve(
      gram,
      chosen.map((i) => offsets[i]),
    );
    if (!multipliers) continue;
    const y = Array.from({ length: dimension }, (_, k) =>
      chosen.reduce((sum, i, c) => sum + multipliers[c] * normals[i][k], 0),
    );
    const feasible = normals.every((n, i) => dot(n, y) >= offsets[i] - 1e-9);
    if (feasible && (!best || length(y) < length(best))) best = y;
  }
  return best;
}

function compare(given: HalfSpaces, where: string): "empty" | "point" {
  const expected = byBruteForce(given);
  const found = nearestPoint(given);
  assert.is.not(found, undefined, where);
  if (expected === null) {
    assert.is(found, null, where);
    return "empty";
  }
  assert.is(found!.length, given.dimension);
  for (let k = 0; k < given.dimension; k++)
    assert.ok(Math.abs(found![k] - expected[k]) < 1e-8, `${where}: ${found} for ${expected}`);
  return "point";
}

test("no half space, satisfied ones and one that is not: by hand", () => {
  assert.equal(nearestPoint(halfSpaces(2)), Float64Array.of(0, 0));
  assert.equal(nearestPoint(halfSpaces(2, [[1, 0], -1], [[0, 1], 0])), Float64Array.of(0, 0));
  assert.equal(nearestPoint(halfSpaces(2, [[0, -1], 3])), Float64Array.of(0, -3));
  assert.equal(nearestPoint(halfSpaces(2, [[1, 0], 2], [[0, 1], 3])), Float64Array.of(2, 3));
  assert.equal(nearestPoint(halfSpaces(1, [[1], 2], [[1], 3], [[1], 1])), Float64Array.of(3));
  assert.equal(nearestPoint(halfSpaces(1, [[1], 2], [[-1], -2])), Float64Array.of(2));
  assert.is(nearestPoint(halfSpaces(1, [[1], 2], [[-1], -1])), null);
  assert.is(nearestPoint(halfSpaces(2, [[1, 1], 2], [[-1, -1], -1])), null);
  assert.is(nearestPoint(halfSpaces(2, [[1, 0], 1], [[-1, 1], 1], [[-1, -1], 1])), null);
  // The first active one has to leave again: x >= 2 is violated most, x + 4 y >= 12.
  const y = nearestPoint(halfSpaces(2, [[1, 0], 2], [[1, 4], 12], [[-1, 4], 9.9]))!;
  assert.ok(Math.abs(y[1] - 11.9 / 4) < 1e-12 && Math.abs(y[0] - 2) < 1e-12);
  assert.equal(nearestPoint(halfSpaces(3, [[0, 0, 1], 1e-20])), Float64Array.of(0, 0, 1e-20));
  assert.equal(nearestPoint(halfSpaces(2, [[1, 0], 1e9], [[0, 1], 1])), Float64Array.of(1e9, 1));
});

for (const dimension of [1, 2, 3, 4]) {
  test(`random half spaces in ${dimension} dimensions: the point is that of all subsets of equations`, () => {
    const seen = { empty: 0, point: 0 };
    for (let trial = 0; trial < 60; trial++) {
      const r = random.generator(`projection ${dimension} ${trial}`);
      const count = 1 + r.integer(6);
      const spread = trial % 2 ? 1 : 0.3;
      const given = Array.from({ length: count }, (): [number[], number] => [
        Array.from({ length: dimension }, (_, k) => r.normal() + (trial % 4 < 2 && k === 0 ? 1.5 : 0)),
        r.normal() + spread,
      ]);
      seen[compare(halfSpaces(dimension, ...given), `${dimension}, ${trial}`)]++;
    }
    assert.ok(seen.point > 10 && seen.empty > 0, JSON.stringify(seen));
  });

  test(`half spaces of small integers in ${dimension} dimensions: copies, opposites, corners that many share`, () => {
    const seen = { empty: 0, point: 0 };
    for (let trial = 0; trial < 60; trial++) {
      const r = random.generator(`integer projection ${dimension} ${trial}`);
      const given = Array.from({ length: 2 + r.integer(5) }, (): [number[], number] => {
        const n = Array.from({ length: dimension }, () => r.integer(3) - 1);
        if (!n.some((v) => v !== 0)) n[0] = 1;
        return [n, r.integer(5) - 2];
      });
      seen[compare(halfSpaces(dimension, ...given), `${dimension}, ${trial}`)]++;
    }
    assert.ok(seen.point > 5 && seen.empty > 0, JSON.stringify(seen));
  });
}

for (const [dimension, count] of inRows(2, [3, 9, 4, 14, 5, 12, 6, 24])) {
  test(`${count} random half spaces in ${dimension} dimensions: the point is met by a positive combination`, () => {
    for (let trial = 0; trial < 40; trial++) {
      const r = random.generator(`conditions ${dimension} ${trial}`);
      const center = Array.from({ length: dimension }, (_, k) => (k === 0 ? 2 : r.normal()));
      const given = Array.from({ length: count }, (): [number[], number] => {
        // Borders around the center, some of them near each other.
        const n = Array.from({ length: dimension }, (_, k) => (k === 0 ? 1 + 0.3 * r.normal() : r.normal()));
        return [n, dot(n, center) - 0.4 * r.uniform() * length(n)];
      });
      const spaces = halfSpaces(dimension, ...given);
      const y = nearestPoint(spaces)!;
      spaces.normals.forEach((n, i) =>
        assert.ok(dot(n, y) >= spaces.offsets[i] - 1e-9, `${trial}: feasible`),
      );
      const met = spaces.normals.filter((n, i) => Math.abs(dot(n, y) - spaces.offsets[i]) < 1e-9);
      assert.ok(met.length <= dimension);
      const gram = met.map((a) => met.map((b) => dot(a, b)));
      const multipliers = solve(
        gram,
        met.map((n) => dot(n, y)),
      )!;
      assert.ok(
        multipliers.every((m) => m > -1e-9),
        `${trial}: ${multipliers}`,
      );
      const sum = y.map((_, k) => met.reduce((all, n, i) => all + multipliers[i] * n[k], 0));
      assert.ok(
        sum.every((v, k) => Math.abs(v - y[k]) < 1e-8),
        `${trial}: a combination`,
      );
    }
  });
}

test("many constraints in many dimensions: feasible, and a positive combination of those that are met", () => {
  for (let trial = 0; trial < 6; trial++) {
    const r = random.generator(`large projection ${trial}`);
    const [dimension, count] = [8, 20];
    const inside = Array.from({ length: dimension }, () => 2 * r.normal());
    const given = Array.from({ length: count }, (): [number[], number] => {
      const n = Array.from({ length: dimension }, () => r.normal());
      return [n, dot(n, inside) - 0.1 * r.uniform()];
    });
    const spaces = halfSpaces(dimension, ...given);
    const y = nearestPoint(spaces)!;
    const met = spaces.normals.filter((n, i) => Math.abs(dot(n, y) - spaces.offsets[i]) < 1e-9);
    spaces.normals.forEach((n, i) => assert.ok(dot(n, y) >= spaces.offsets[i] - 1e-9));
    const gram = met.map((a) => met.map((b) => dot(a, b)));
    const multipliers = solve(
      gram,
      met.map((n) => dot(n, y)),
    )!;
    assert.ok(multipliers.every((m) => m > -1e-9));
    for (let k = 0; k < dimension; k++) {
      const sum = met.reduce((all, n, i) => all + multipliers[i] * n[k], 0);
      assert.ok(Math.abs(sum - y[k]) < 1e-8);
    }
  }
});

test("nearly parallel half spaces: a wedge of 1e-6 is followed to its corner, a strip that is empty is told", () => {
  const e = 1e-6;
  // y >= 1 and y <= 1 + e (x - 10): the corner is x = 10.
  const wedge = nearestPoint(halfSpaces(2, [[0, 1], 1], [[e, -1], e * 10 - 1]))!;
  assert.ok(Math.abs(wedge[0] - 10) < 1e-4 && Math.abs(wedge[1] - 1) < 1e-9, `${wedge}`);
  assert.is(nearestPoint(halfSpaces(2, [[0, 1], 1], [[0, -1], -1 + 1e-9])), null);
  const touching = nearestPoint(halfSpaces(2, [[0, 1], 1], [[0, -1], -1 + 1e-15]))!;
  assert.ok(Math.abs(touching[1] - 1) < 1e-12, "rounding is no violation");
});

test.run();
