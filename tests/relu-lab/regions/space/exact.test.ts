// Signs where three planes meet, against determinants of exact rows; planes that are the same.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import type { Bounds } from "../../../../packages/relu-lab/src/regions/space/box";
import { ExactSpace } from "../../../../packages/relu-lab/src/regions/space/exact";
import { compared, dyadic, minus, plus, times, zero, type Dyadic } from "../plane/dyadic";
import { inRows } from "../../../rows";

interface Layer {
  W: number[][];
  b?: number[];
  slope?: number;
}

const hiddenOf = (layers: Layer[]) =>
  layers.map(({ W, b = W.map(() => 0), slope = 0 }) => ({
    inputs: W[0].length,
    outputs: W.length,
    weights: Float64Array.from(W.flat()),
    biases: Float64Array.from(b),
    slope,
  }));

const bounds: Bounds = [-1, -2, -0.5, 1, 0.75, 3];

/** a x + b y + c z + d for every neuron under the states, and for the faces of the box, from the definition. */
function rowsOf(layers: Layer[], states: ArrayLike<number>): (id: number) => Dyadic[] {
  let below = inRows(4, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]).map((row) => row.map(dyadic));
  const all: Dyadic[][] = [];
  for (const { W, b = W.map(() => 0), slope = 0 } of layers) {
    const start = all.length;
    const rows = W.map((weights, j) =>
      weights.reduce(
        (sum, w, i) => sum.map((value, k) => plus(value, times(dyadic(w), below[i][k]))),
        [zero, zero, zero, dyadic(b[j])],
      ),
    );
    all.push(...rows);
    below = rows.map((row, j) => (slope === 1 || states[start + j] ? row : row.map(() => zero)));
  }
  const faces = [0, 1, 2].flatMap((axis) =>
    [bounds[axis], bounds[axis + 3]].map((bound) => [
      ...[0, 1, 2].map((k) => dyadic(k === axis ? 1 : 0)),
      dyadic(-bound),
    ]),
  );
  return (id) => (id < 0 ? faces[-1 - id] : all[id]);
}

/** Laplace's expansion by the first row. */
function determinant(m: Dyadic[][]): Dyadic {
  if (m.length === 1) return m[0][0];
  return m[0].reduce((sum, value, k) => {
    const rest = m.slice(1).map((row) => row.filter((_, i) => i !== k));
    const term = times(value, determinant(rest));
    return k % 2 ? minus(sum, term) : plus(sum, term);
  }, zero);
}

const sign = (p: Dyadic) => compared(p, zero);

test("signs are those of determinants, places where planes meet: neurons of all layers and faces of the box", () => {
  const r = random.generator("exact space");
  const seen = { "-1": 0, "0": 0, "1": 0 };
  for (let trial = 0; trial < 30; trial++) {
    const integers = trial % 3 > 0;
    const weight = () => (integers ? [0, 1, -1, 2, -0.5][r.integer(5)] : r.normal());
    const sizes = [3, 3, 3, 2];
    const layers = sizes.slice(1).map((n, l) => ({
      W: Array.from({ length: n }, () => Array.from({ length: sizes[l] }, weight)),
      b: Array.from({ length: n }, weight),
      slope: r.integer(4) === 0 ? 1 : 0,
    }));
    const states = Uint8Array.from({ length: 8 }, () => (r.integer(4) ? 1 : 0));
    const exact = new ExactSpace(hiddenOf(layers), bounds, () => states);
    const rowOf = rowsOf(layers, states);
    for (let question = 0; question < 20; question++) {
      const [neuron, f, g, h] = [r.integer(8), ...[0, 1, 2].map(() => r.integer(14) - 6)];
      const [p, q, s] = [f, g, h].map(rowOf);
      const gradients = determinant([p, q, s].map((row) => row.slice(0, 3)));
      if (sign(gradients) === 0) {
        assert.throws(() => exact.place(f, g, h, 0), /do not meet in one point/);
        continue;
      }
      const expected = sign(determinant([p, q, s, rowOf(neuron)])) * sign(gradients) + 0;
      const name = `trial ${trial}: ${neuron} at ${f}, ${g}, ${h}`;
      for (let again = 0; again < 2; again++)
        assert.is(exact.sign(neuron, f, g, h, trial) + 0, expected, name);
      // The order of the planes does not matter to their point.
      assert.is(exact.sign(neuron, h, f, g, trial) + 0, expected, name);
      assert.is(exact.sign(neuron, g, f, h, -1) + 0, expected, name);
      seen[`${expected as 0 | 1 | -1}`]++;
      for (const axis of [0, 1, 2]) {
        // Cramer's rule: the constants, negated, in the place of a column.
        const column = [p, q, s].map((row) =>
          row.slice(0, 3).map((v, k) => (k === axis ? minus(zero, row[3]) : v)),
        );
        const miss = minus(times(dyadic(exact.place(f, g, h, axis)), gradients), determinant(column));
        const unit = times(determinant(column), { n: 1n, k: 53 });
        assert.ok(compared(times(miss, miss), times(unit, unit)) <= 0, `${name}, axis ${axis}`);
      }
    }
  }
  assert.ok(seen["-1"] > 50 && seen["0"] > 20 && seen["1"] > 50, JSON.stringify(seen));
});

test("rows follow the states of the cell that is asked about", () => {
  const layers = [
    { W: inRows(3, [1, 0, 0, 0, 1, 0, 0, 0, 1]), b: [0.25, 0.25, 0.25] },
    { W: inRows(3, [1, 1, 0, 0, 1, 1]) },
    { W: inRows(2, [1, 0, 1, -1]), b: [-0.125, -0.125] },
  ];
  const states = new Uint8Array(7);
  const exact = new ExactSpace(hiddenOf(layers), bounds, () => states);
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((v) => [0, 1, 2].map((k) => -1 - (2 * k + ((v >> k) & 1))));
  let epoch = 0;
  for (const code of [0, 1, 3, 2, 3, 9, 11, 27, 31, 26, 31, 0, 8, 24]) {
    for (let k = 0; k < 5; k++) states[k] = (code >> k) & 1;
    epoch++;
    const rowOf = rowsOf(layers, states);
    for (const neuron of [6, 3, 5, 4, 0]) {
      for (const [f, g, h] of corners) {
        const rows = [f, g, h].map(rowOf);
        const gradients = determinant(rows.map((row) => row.slice(0, 3)));
        const expected = sign(determinant([...rows, rowOf(neuron)])) * sign(gradients);
        assert.is(exact.sign(neuron, f, g, h, epoch) + 0, expected + 0, `states ${code}, neuron ${neuron}`);
      }
    }
    assert.equal(
      [0, 1, 2].map((axis) => exact.place(0, 1, 2, axis)),
      [-0.25, -0.25, -0.25],
    );
  }
});

test("the same question about the same cell is answered from memory, about another anew", () => {
  const states = Uint8Array.of(1, 1, 0);
  const layers = [{ W: inRows(3, [1, 0, 0, 0, 1, 0]), b: [0, 0.5] }, { W: [[1, 1]] }];
  const asked = { count: 0 };
  const exact = new ExactSpace(hiddenOf(layers), bounds, () => (asked.count++, states));
  // The corner (1, -2, -1/2): 1 + (-2 + 1/2) < 0; with neuron 1 off 1 > 0.
  assert.is(exact.sign(2, -2, -3, -5, 0), -1);
  const before = asked.count;
  assert.is(exact.sign(2, -3, -2, -5, 0), -1);
  assert.is(exact.sign(2, -5, -3, -2, 0), -1);
  assert.is(asked.count, before, "in any order of the planes");
  // Several questions are remembered at a time.
  const questions = inRows(4, [2, -1, -3, -5, 2, -2, -4, -5, 2, -2, -3, -6]);
  for (const [n, f, g, h] of questions) exact.sign(n, f, g, h, 0);
  const again = asked.count;
  for (const [n, f, g, h] of questions) exact.sign(n, h, f, g, 0);
  exact.sign(2, -2, -3, -5, 0);
  assert.is(asked.count, again);
  states[1] = 0;
  assert.is(exact.sign(2, -2, -3, -5, 1), 1);
  assert.ok(asked.count > before);
  // Other neurons and other corners of the same cell are other questions.
  assert.is(exact.sign(1, -2, -3, -5, 1), -1);
  assert.is(exact.sign(0, -2, -3, -5, 1), 1);
  assert.is(exact.sign(0, -1, -3, -5, 1), -1);
  assert.is(exact.sign(2, -1, -3, -5, 1), -1);
});

test("scales keep every number: fractions in any layer, large weights, biases finer than what they are added to", () => {
  for (const layers of [
    [
      { W: inRows(3, [0.5, 0, 0, 0, 1, 0, 0, 0, 1]), b: [2 ** -40, 0, 0] },
      { W: [[1, 2, 3]], b: [2 ** -80] },
    ],
    [
      { W: inRows(3, [8, 0, 0, 0, 16, 0, 0, 0, 4]), b: [0.125, 0, 0] },
      { W: [[0.25, 64, 1]], b: [2 ** -3] },
    ],
    [
      { W: inRows(3, [2 ** 300, 0, 0, 0, 2 ** -300, 0, 0, 0, 1]), b: [0, 0, 2 ** -500] },
      { W: [[2 ** -300, 2 ** 300, 1]], b: [-1] },
    ],
    [
      { W: inRows(3, [1, 0, 0, 0, 1, 0, 0, 0, 1]), b: [2 ** -9, 0, 0] },
      { W: [[4, 4, 4]], b: [8] },
      { W: [[2 ** -20]], b: [2 ** -60] },
    ],
  ] as Layer[][]) {
    const states = new Uint8Array(8).fill(1);
    const exact = new ExactSpace(hiddenOf(layers), bounds, () => states);
    const rowOf = rowsOf(layers, states);
    const neurons = layers.reduce((sum, { W }) => sum + W.length, 0);
    for (let neuron = 0; neuron < neurons; neuron++)
      for (const ids of [
        [-1, -3, -5],
        [-2, -4, -6],
        [-1, -4, -5],
        [0, 1, 2],
        [0, -3, -6],
        [neurons - 1, -2, -3],
      ]) {
        const rows = ids.map(rowOf);
        const gradients = determinant(rows.map((row) => row.slice(0, 3)));
        const expected = sign(determinant([...rows, rowOf(neuron)])) * sign(gradients);
        assert.is(exact.sign(neuron, ids[0], ids[1], ids[2], 0) + 0, expected + 0, `${neuron} at ${ids}`);
      }
  }
});

test("equal planes have one number: multiples of one another, and faces of the box", () => {
  const W = inRows(
    3,
    [
      1, 2, 3, 2, 4, 6, -0.5, -1, -1.5, 1, 2, 3, 1, 2, 4, 0, 0, 0, 0, 0, 2, 0, 0, -1, 0, 3, 0, 0, 3, 0, 0.1,
      0.2, 0.3, 1, 0, 0, -5, 0, 0, 0, 0, 0,
    ],
  );
  const b = [1, 2, -0.5, 2, 1, 7, -6, -0.5, 6, 0, 0.1, -1, -5, 0];
  const exact = new ExactSpace(
    hiddenOf([{ W, b }, { W: [W.map(() => 1), W.map(() => 1)] }]),
    bounds,
    () => new Uint8Array(16),
  );
  const classes = [...exact.classes()];
  // Faces are numbered after the 16 neurons: x lowest and highest 16, 17, then y, then z.
  const expected = Array.from({ length: 22 }, (_, i) => i);
  expected[1] = expected[2] = 0;
  expected[6] = 21; // 2 z - 6: z = 3
  expected[7] = 20; // -z - 1/2
  expected[8] = 18; // 3 y + 6: y = -2
  expected[11] = 17; // x = 1
  expected[12] = 16; // -5 x - 5: x = -1
  assert.equal(classes, expected);
});

test("a network of one layer has its classes too", () => {
  const exact = new ExactSpace(
    hiddenOf([{ W: inRows(3, [1, 1, 0, 3, 3, 0]), b: [0.5, 1.5] }]),
    bounds,
    () => new Uint8Array(2),
  );
  assert.equal([...exact.classes()], [0, 0, 2, 3, 4, 5, 6, 7]);
});

test("of many planes, exactly the multiples of one another share a number, and the number is the first one's", () => {
  const r = random.generator("classes");
  const base = Array.from({ length: 30 }, () => Array.from({ length: 4 }, () => r.integer(9) - 4));
  const rows = Array.from({ length: 120 }, () => {
    const factor = [1, -1, 2, -3, 0.5, -0.125, 5, 1 / 1024][r.integer(8)];
    return base[r.integer(30)].map((value) => value * factor);
  });
  rows.push([0, 0, 0, 7], [0, 0, 0, 14], [0, 0, 0, -7]); // no planes
  const W = rows.map((row) => row.slice(0, 3));
  const classes = new ExactSpace(
    hiddenOf([{ W, b: rows.map((row) => row[3]) }]),
    [-7, -7, -7, 7, 7, 7],
    () => new Uint8Array(123),
  ).classes();
  const same = (p: number[], q: number[]) =>
    p.slice(0, 3).some((v) => v !== 0) &&
    q.slice(0, 3).some((v) => v !== 0) &&
    p.every((v, i) => p.every((w, j) => v * q[j] === w * q[i]));
  rows.forEach((row, i) => {
    const first = rows.findIndex((other, j) => j === i || same(other, row));
    assert.is(classes[i], first, `${row}`);
  });
});

test.run();
