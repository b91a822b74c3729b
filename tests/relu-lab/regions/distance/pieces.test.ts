// What the distances are made of: the heap, lengths, orthonormal coordinates, projections, rows in integers, rescaling.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import { lengthOf } from "../../../../packages/relu-lab/src/regions/distance/length";
import { orthogonalCoordinates } from "../../../../packages/relu-lab/src/regions/distance/orthogonal-coordinates";
import { Queue } from "../../../../packages/relu-lab/src/regions/distance/queue";
import { rescaled } from "../../../../packages/relu-lab/src/regions/distance/rescaled";
import { inRows } from "../../../rows";

const { ReluNetwork } = network;
type Specs = Parameters<typeof ReluNetwork.of>[0];

const floats = (...values: number[]) => Float64Array.from(values);
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, v, i) => sum + v * b[i], 0);

test("a queue gives what went in by its key, and tells the least key at any time", () => {
  const r = random.generator("queue");
  for (let trial = 0; trial < 20; trial++) {
    const queue = new Queue<{ key: number; id: number }>();
    let model: { key: number; id: number }[] = [];
    assert.is(queue.least, Infinity);
    assert.is(queue.pop(), undefined);
    for (let step = 0; step < 80; step++) {
      if (r.integer(5) < 3) {
        const item = { key: r.integer(12), id: step };
        model.push(item);
        queue.push(item);
      } else {
        const got = queue.pop();
        if (model.length === 0) assert.is(got, undefined);
        else {
          assert.is(got!.key, Math.min(...model.map(({ key }) => key)));
          assert.ok(model.includes(got!));
          model = model.filter((item) => item !== got);
        }
      }
      assert.is(queue.least, Math.min(Infinity, ...model.map(({ key }) => key)));
    }
    const rest = [];
    for (let item = queue.pop(); item; item = queue.pop()) rest.push(item.key);
    assert.equal(
      rest,
      model.map(({ key }) => key).sort((a, b) => a - b),
    );
  }
});

test("lengths: known ones, parts of an array, and numbers whose squares are no doubles", () => {
  assert.is(lengthOf(floats()), 0);
  assert.is(lengthOf(floats(0, 0)), 0);
  assert.is(lengthOf(floats(-3, 4)), 5);
  assert.is(lengthOf(floats(9, 2, -3, 6, 9), 1, 3), 7);
  assert.is(lengthOf(floats(9, 2, -3, 6, 9), 4, 1), 9);
  assert.is(lengthOf(floats(9, 2, -3, 6, 9), 1, 0), 0);
  assert.is(lengthOf(floats(3 * 2 ** 1000, -4 * 2 ** 1000)), 5 * 2 ** 1000);
  assert.is(lengthOf(floats(-3 * 2 ** -1000, 4 * 2 ** -1000)), 5 * 2 ** -1000);
  assert.is(lengthOf(floats(0, -Infinity, 1)), Infinity);
});

test("a long sum of squares keeps all of its digits", () => {
  // 1 + 10,000 times 2^-54: added one by one in doubles each of them would be lost.
  const values = new Float64Array(10_001).fill(2 ** -27);
  values[0] = 1;
  assert.is(lengthOf(values), Math.sqrt(1 + 10_000 * 2 ** -54));
  assert.ok(lengthOf(values) > 1);
});

test("coordinates in the rows' span have the rows' inner products, and dependent rows add no direction", () => {
  const r = random.generator("coordinates");
  for (let trial = 0; trial < 30; trial++) {
    const rows = 1 + (trial % 5);
    const columns = rows + 1 + (trial % 3);
    const matrix = Float64Array.from({ length: rows * columns }, () => r.normal());
    if (trial % 3 === 1 && rows > 1) matrix.copyWithin(columns, 0, columns); // the second row is the first
    if (trial % 3 === 2) matrix.fill(0, 0, columns); // the first row is zero
    const row = (r: number) => matrix.subarray(r * columns, (r + 1) * columns);
    const { coordinates, dimension } = orthogonalCoordinates(matrix, rows, columns);
    assert.is(dimension, rows);
    assert.is(coordinates.length, rows * rows);
    const own = (r: number) => coordinates.subarray(r * rows, (r + 1) * rows);
    for (let a = 0; a < rows; a++)
      for (let b = 0; b < rows; b++) assert.ok(Math.abs(dot(own(a), own(b)) - dot(row(a), row(b))) < 1e-13);
    const used = new Set<number>();
    for (let a = 0; a < rows; a++) own(a).forEach((v, k) => v !== 0 && used.add(k));
    const rank = trial % 3 === 0 || (trial % 3 === 1 && rows === 1) ? rows : rows - 1;
    assert.is(used.size, rank, "unused directions are zero");
  }
});

test("nearly dependent rows stay orthonormal to full precision, and what is left of rounding is no direction", () => {
  const e = 2 ** -30;
  const rows = [
    [1, e, 0, 0],
    [1, 0, e, 0],
    [1, 0, 0, e],
  ];
  const { coordinates } = orthogonalCoordinates(Float64Array.from(rows.flat()), 3, 4);
  // The second differs from the first by e (0, -1, 1, 0): what is left is e sqrt(2), to first order in e.
  assert.ok(Math.abs(coordinates[4] / (e * Math.SQRT2) - 1) < 1e-8);
  // The third: half of it (0, -1/2, -1/2, 1) e has length e sqrt(3/2).
  assert.ok(Math.abs(coordinates[8] / (e * Math.sqrt(1.5)) - 1) < 1e-6, `${coordinates[8] / e}`);
  assert.ok(Math.abs(coordinates[7] / (e * Math.SQRT1_2) - 1) < 1e-6, `${coordinates[7] / e}`);
  const third = [1 / 3, 0.1, 0.7, 1 / 7];
  const combined = orthogonalCoordinates(
    Float64Array.from([third, third.map((v) => 0.3 * v), third.map((v) => v * 1e-20)].flat()),
    3,
    4,
  );
  assert.equal(
    [4, 5, 7, 8].map((k) => combined.coordinates[k]),
    [0, 0, 0, 0],
  );
  assert.ok(Math.abs(combined.coordinates[3] / combined.coordinates[0] - 0.3) < 1e-15);
  assert.ok(Math.abs(combined.coordinates[6] / combined.coordinates[0] - 1e-20) < 1e-35);
  // A part of 2e-14 of a row is still a direction of its own, 0.5e-14 is not.
  const part = (size: number) => orthogonalCoordinates(floats(1, 0, 0, 1, size, 0), 2, 3).coordinates[3];
  assert.equal([part(2e-14), part(0.5e-14)], [2e-14, 0]);
  for (const scale of [2 ** 20, 2 ** -20]) {
    const scaled = (size: number) =>
      orthogonalCoordinates(floats(1, 0, 0, scale, size * scale, 0), 2, 3).coordinates[3];
    assert.equal([scaled(2e-14), scaled(0.5e-14)], [2e-14 * scale, 0]);
  }
});

/** Weights and biases of a network as plain lists. */
const plain = (net: network.ReluNetwork) =>
  net.layers.map(({ weights, biases }) => [[...weights], [...biases]]);

test("rows whose largest weight is about 1 are left alone; others are divided by a power of two of it", () => {
  const make = (w: number, v = 1): Specs => [
    { W: inRows(2, [w, w / 4, 1, 0]), b: [w, 2], activation: "relu" },
    { W: [[v / w, 2]], b: [0.5], activation: "linear" },
  ];
  for (const w of [1, 256, -511, 2 ** -8, 1.9 * 2 ** -8]) {
    const net = ReluNetwork.of(make(w, w));
    assert.is(rescaled(net), net, `${w}`);
  }
  for (const [w, factor] of [
    [512, 2 ** -9],
    [-700, 2 ** -9],
    [1.5 * 2 ** 400, 2 ** -400],
    [2 ** -9, 2 ** 9],
    [1.9 * 2 ** -300, 2 ** 300],
  ]) {
    const net = ReluNetwork.of([
      { W: inRows(2, [w, w / 4, 1, 0]), b: [w, 2], activation: "relu" },
      { W: [[1, 2 * factor]], b: [0.5], activation: "relu" },
      { W: [[3]], b: [1], activation: "linear" },
    ]);
    const [[first, bias], [second, middle], [last, end]] = plain(rescaled(net));
    assert.equal(first, [w * factor, (w * factor) / 4, 1, 0]);
    assert.equal(bias, [w * factor, 2]);
    // The second layer's weights undo the factor: 1 / factor and 2 factor. Its own largest is divided out in turn.
    const own = Math.max(1 / factor, 2 * factor);
    assert.equal(second, [1 / factor / own, (2 * factor) / own]);
    assert.equal(middle, [0.5 / own]);
    assert.equal(last, [3 / 2], "3 own, in [1, 2)");
    assert.equal(end, [1 / own / 2]);
  }
});

test("rescaling moves no zero: every neuron is the old one times a positive power of two, at random points", () => {
  const r = random.generator("rescaled");
  for (let trial = 0; trial < 20; trial++) {
    const sizes = [2, 3, 4, 2];
    const powers = [0, -300, 200, 30, -30, 8, 9, -9];
    const specs = sizes.slice(1).map((n, l) => ({
      W: Array.from({ length: n }, () => {
        const factor = 2 ** powers[r.integer(8)];
        return Array.from({ length: sizes[l] }, () => (r.integer(4) ? (r.integer(15) - 7) * factor : 0));
      }),
      b: Array.from({ length: n }, () => (l === 0 ? r.integer(5) - 2 : 0)),
      activation: l < 2 ? ("relu" as const) : ("linear" as const),
    }));
    const net = ReluNetwork.of(specs);
    const other = rescaled(net);
    for (let depth = 1; depth <= 3; depth++) {
      const [a, b] = [net, other].map((whole) => ReluNetwork.of(whole.specs().slice(0, depth)));
      const x = [r.integer(9) - 4, r.integer(9) - 4];
      const [p, q] = [a.forward(x), b.forward(x)];
      for (let j = 0; j < p.length; j++) {
        assert.is(Math.sign(p[j]), Math.sign(q[j]));
        if (p[j] !== 0) assert.ok(Number.isInteger(Math.log2(p[j] / q[j])), `${p[j]} and ${q[j]}`);
      }
    }
    for (const { weights, inputs, outputs } of other.layers)
      for (let i = 0; i < outputs; i++) {
        const largest = Math.max(...weights.subarray(i * inputs, (i + 1) * inputs).map(Math.abs));
        assert.ok(largest === 0 || (largest >= 2 ** -8 && largest < 2 ** 9), `${largest}`);
      }
  }
});

test("a network that would lose bits is given back as it is", () => {
  const lossy = ReluNetwork.of([
    { W: [[2 ** 500, 1.5 * 2 ** -1073]], b: [0], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  assert.is(rescaled(lossy), lossy, "a weight below all doubles");
  const bias = ReluNetwork.of([
    { W: [[2 ** -1000]], b: [2 ** 100], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  assert.is(rescaled(bias), bias, "a bias above all doubles");
  const zero = ReluNetwork.of([{ W: [[0, 0]], b: [2 ** 700], activation: "relu" }]);
  assert.is(rescaled(zero), zero, "rows without weights stay");
});

test.run();
