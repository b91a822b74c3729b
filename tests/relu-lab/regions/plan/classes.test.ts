// Which neurons of a layer vanish on one line in every cell: their rows are multiples of one another, exactly.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import { toInteger } from "../../../oracle/integers";
import { neighbour } from "../../../oracle";
import { neuronClasses } from "../../../../packages/relu-lab/src/regions/plan/classes";
import { planOf, type Plan } from "../../../../packages/relu-lab/src/regions/plan/plan";
import { inRows } from "../../../rows";

/** Hidden layers with these rows (weights, then the bias), and a sum on top. */
function planWith(...layers: number[][][]): Plan {
  return planOf(
    network.ReluNetwork.of([
      ...layers.map((rows) => ({
        W: rows.map((row) => row.slice(0, -1)),
        b: rows.map((row) => row[row.length - 1]),
        activation: "relu" as const,
      })),
      { W: [layers[layers.length - 1].map(() => 1)], b: [0], activation: "linear" },
    ]),
  );
}

/** For each row the first one that is a multiple of it, by all 2x2 determinants; rows without weights are alone. */
function expected(rows: number[][]): number[] {
  const whole = rows.map((row) => row.map((v) => toInteger(v, 1074)));
  return whole.map((row, j) => {
    if (row.slice(0, -1).every((v) => v === 0n)) return j;
    return whole.findIndex(
      (other) =>
        other.slice(0, -1).some((v) => v !== 0n) &&
        row.every((v, k) => row.every((w, m) => v * other[m] === w * other[k])),
    );
  });
}

const classesOf = (...layers: number[][][]) => [...neuronClasses(planWith(...layers))];

test("repeated, negated and rescaled rows are one class, named by its first", () => {
  assert.equal(classesOf(inRows(3, [1, 2, 3, -1, -2, -3, 0.25, 0.5, 0.75, 3, 6, 9])), [0, 0, 0, 0]);
  assert.equal(classesOf(inRows(3, [1, 2, 3, 1, 2, 4, 1, 3, 3, 2, 4, 8, 2, 2, 3])), [0, 1, 2, 1, 4]);
  assert.equal(classesOf(inRows(3, [1, 2, 3, 3, 2, 1, 2, 3, 1, 6, 4, 2])), [0, 1, 2, 1]);
});

test("zeros at the ends of rows, biases of 0, and rows of one weight", () => {
  assert.equal(classesOf(inRows(3, [0, 1, 0, 0, -2, 0, 1, 0, 0, 4, 0, 0, 0, 1, 1])), [0, 0, 2, 2, 4]);
  assert.equal(classesOf(inRows(3, [0, 1, 2, 1, 0, 2, 0, 3, 6, 3, 0, 6, 1, 1, 2])), [0, 1, 0, 1, 4]);
  assert.equal(
    classesOf(inRows(5, [0, 1, 0, 2, 1, 1, 0, 2, 0, 1, 0, 2, 0, 4, 2, 0, 1, 2, 0, 1, 0, 1, 1, 2, 1])),
    [0, 1, 0, 3, 4],
  );
  assert.equal(classesOf(inRows(2, [5, 1, 10, 2, 5, 2, -5, -1])), [0, 0, 2, 0]);
});

test("neurons without weights are alone, whatever their bias", () => {
  assert.equal(
    classesOf(inRows(3, [0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0])),
    [0, 1, 2, 3, 4, 3],
  );
});

test("numbers go through the layers, and rows of different layers are never one class", () => {
  const rows = inRows(3, [1, 2, 3, 2, 4, 6, 1, 1, 1]);
  const above = inRows(4, [1, 2, 3, 4, 0, 0, 0, 0, 2, 4, 6, 8]);
  assert.equal(
    classesOf(
      rows,
      above,
      rows.map((row) => [...row, 1]),
    ),
    [0, 0, 2, 3, 4, 3, 6, 7, 8],
  );
  assert.equal(
    classesOf(rows, above, inRows(4, [1, 2, 3, 4, 1, 2, 3, 5, -1, -2, -3, -4])),
    [0, 0, 2, 3, 4, 3, 6, 7, 6],
  );
});

test("rows that are proportional up to rounding are no class", () => {
  for (const factor of [3, 7, 1 / 3]) {
    const row = [0.1, 0.7, 1 / 3];
    const scaled = row.map((v) => v * factor);
    const exact = expected([row, scaled]);
    assert.equal(classesOf([row, scaled]), exact, `times ${factor}`);
  }
  // Not a multiple, though quotients and keys may be rounded alike: one entry an ulp off.
  for (let k = 0; k < 4; k++)
    for (const direction of [1, -1]) {
      const row = [3, 5, 7, 11];
      const off = row.map((v, i) => (i === k ? neighbour(2 * v, direction) : 2 * v));
      assert.equal(classesOf([row, off, row.map((v) => 4 * v), off]), [0, 1, 0, 1], `entry ${k}`);
    }
  // Entries between the first and the last weight do not meet the key at all.
  assert.equal(
    classesOf(inRows(4, [1, 5, 1, 1, 1, 6, 1, 1, 2, 10, 2, 2, 2, 12, 2, 2, 1, 7, 1, 1])),
    [0, 1, 0, 1, 4],
  );
  assert.equal(
    classesOf(inRows(5, [1, 5, 0, 1, 1, 1, 5, 3, 1, 1, 1, 0, 0, 1, 1, 2, 0, 0, 2, 2])),
    [0, 1, 2, 2],
  );
});

test("small integer rows: classes are those of the determinants", () => {
  const r = random.generator("classes");
  let joined = 0;
  for (let trial = 0; trial < 60; trial++) {
    const columns = 2 + r.integer(3);
    const rows = Array.from({ length: 2 + r.integer(12) }, () =>
      Array.from({ length: columns }, () => (r.integer(3) - 1) * 2 ** r.integer(2)),
    );
    const classes = expected(rows);
    joined += classes.filter((first, j) => first !== j).length;
    assert.equal(classesOf(rows), classes, `${rows.map(String).join(" | ")}`);
  }
  assert.ok(joined > 20, `${joined} rows are multiples`);
});

test("huge and tiny factors keep a row's class", () => {
  const row = [1, -3, 0.5];
  const rows = [0, 500, -500, 1, -1].map((e) => row.map((v) => v * 2 ** e));
  assert.equal(classesOf(rows), [0, 0, 0, 0, 0]);
});

/** A plan, and how often rows of its first layer are read as a whole: twice for an exact comparison of two. */
function watched(plan: Plan) {
  const [first, ...others] = plan.hidden;
  const reads = { count: 0 };
  const subarray = (from: number, to: number) => {
    reads.count++;
    return first.weights.slice(from, to);
  };
  const weights = Object.assign(first.weights.slice(), { subarray });
  return { plan: { ...plan, hidden: [{ ...first, weights }, ...others] }, reads };
}

test("rows that are no multiples are hardly ever compared exactly", () => {
  const r = random.generator("generic rows");
  for (const columns of [1, 2, 5]) {
    const rows = Array.from({ length: 100 }, () => Array.from({ length: columns + 1 }, () => r.normal()));
    const { plan, reads } = watched(planWith(rows));
    assert.equal([...neuronClasses(plan)], expected(rows));
    assert.is(reads.count, 0, `${columns} inputs`);
    // Without their biases, rows of one weight are multiples: then they are compared.
    const { plan: equal, reads: others } = watched(planWith(rows.map((row) => [...row.slice(0, -1), 0])));
    neuronClasses(equal);
    assert.is(others.count > 0, columns === 1);
  }
  // Zeros at the ends of rows are not what tells them apart.
  const apart = Array.from({ length: 20 }, (_, k) => [0, 1, k + 1, 0, 0, 1]);
  const { plan, reads } = watched(planWith(apart));
  assert.equal([...neuronClasses(plan)], expected(apart));
  assert.is(reads.count, 0);
});

test.run();
