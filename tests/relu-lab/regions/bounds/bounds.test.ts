import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, regions } from "relu-lab";
import { binomial } from "../../../../packages/relu-lab/src/regions/bounds/zaslavsky";
import { countLine, countPlane, countSpace } from "../../../oracle";
import { inRows } from "../../../rows";

const { bounds, boundedCells, montufarNetwork, zaslavsky } = regions;
const { pascanuLower, montufarLower, serraLower, patternsUpper, raghuUpper, montufarUpper, serraUpper } =
  regions;

test("r(q, p) gives the specification's values", () => {
  const expected = inRows(
    3,
    [3, 2, 7, 4, 2, 11, 8, 2, 37, 16, 2, 137, 5, 3, 26, 10, 1, 11, 0, 2, 1, 2, 5, 4],
  );
  for (const [q, p, value] of expected) assert.is(zaslavsky(q, p), BigInt(value), `r(${q}, ${p})`);
  assert.is(boundedCells(4, 2), 3n);
  assert.equal([boundedCells(0, 0), boundedCells(0, 2), boundedCells(3, 3)], [1n, 0n, 0n]);
  assert.throws(() => zaslavsky(-1, 2), /the number of hyperplanes is -1: it must be an integer not below 0/);
  assert.throws(() => zaslavsky(2, 0.5), /the dimension is 0\.5/);
  assert.throws(() => boundedCells(-1, 2), /the number of hyperplanes is -1/);
  assert.throws(() => boundedCells(2, -1), /the dimension is -1/);
  assert.throws(() => bounds(0, [2]), /the input dimension is 0: it must be an integer not below 1/);
  assert.throws(() => bounds(2, []), /widths is empty/);
  assert.throws(() => bounds(2, [3, 0]), /widths\[1\] is 0/);
});

test("the specification's table of bounds", () => {
  const table: [number, number[], (number | null)[]][] = [
    [1, [2, 2], [6, null, 9, 9, 9, 16]],
    [1, [3, 3], [12, 16, 16, 16, 16, 64]],
    [2, [4, 4], [44, null, 121, 121, 121, 256]],
    [2, [8, 8], [592, 925, 1369, 1369, 1369, 65536]],
    [2, [16, 16], [8768, 11097, 18769, 18769, 18769, 2 ** 32]],
    [2, [4, 4, 4], [176, null, 1331, 1331, 1331, 4096]],
    [2, [3, 2, 4], [11, null, 133, 308, 308, 512]],
  ];
  for (const [inputs, widths, row] of table) {
    const b = bounds(inputs, widths);
    const got = [b.montufarLower, b.serraLower, b.serraUpper, b.montufarUpper, b.raghuUpper, b.patternsUpper];
    assert.equal(
      got,
      row.map((v) => (v === null ? null : BigInt(v))),
      `${inputs}; ${widths}`,
    );
  }
  assert.is(bounds(2, [8, 8]).pascanuLower, 4n * 37n);
  assert.is(bounds(3, [2, 8]).montufarLower, null);
});

test("Montúfar's network has as many activation regions in the unit square as its bound says", () => {
  for (const [widths, count] of [
    [[4, 4], 44],
    [[8, 8], 592],
    [[16, 16], 8768],
    [[4, 4, 4], 176],
    [[6, 6, 6], 1782],
    [[8, 8, 8], 9472],
    [[5, 7, 3], null],
  ] as [number[], number | null][]) {
    const net = montufarNetwork(2, widths);
    const found = countPlane(net, { type: "box", lo: [0, 0], hi: [1, 1] }, false).activationRegions;
    assert.is(BigInt(found), bounds(2, widths).montufarLower, `${widths}`);
    if (count !== null) assert.is(found, count);
    assert.equal(net.sizes, [2, ...widths, 1]);
  }
});

test("the same in one and in three dimensions", () => {
  assert.is(countLine(montufarNetwork(1, [4, 5, 6]), [0], [1]).intervals, 4 * 5 * 7);
  const cube = { lo: [0, 0, 0], hi: [1, 1, 1] };
  assert.is(
    BigInt(countSpace(montufarNetwork(3, [6, 5]), cube).activationRegions),
    bounds(3, [6, 5]).montufarLower,
  );
  assert.throws(() => montufarNetwork(3, [4, 2]), /widths\[1\] is 2/);
});

test("binomial coefficients are those of Pascal's triangle, and 0 outside of it", () => {
  let row = [1n];
  for (let n = 0; n <= 12; n++) {
    for (let k = -2; k <= n + 2; k++) assert.is(binomial(n, k), row[k] ?? 0n, `C(${n}, ${k})`);
    row = [1n, ...row.slice(1).map((value, k) => value + row[k]), 1n];
  }
  assert.is(binomial(70, 35), 112186277816662845432n);
});

test("bounded and all cells: r(q, p) = r(q - 1, p) + r(q - 1, p - 1), and lines in the plane by hand", () => {
  for (let q = 1; q <= 7; q++)
    for (let p = 1; p <= 5; p++) assert.is(zaslavsky(q, p), zaslavsky(q - 1, p) + zaslavsky(q - 1, p - 1));
  // q points cut a line into q - 1 bounded intervals, q lines in general position make (q - 1)(q - 2) / 2 bounded cells.
  for (let q = 1; q <= 7; q++) {
    assert.is(boundedCells(q, 1), BigInt(q - 1));
    assert.is(boundedCells(q, 2), BigInt(((q - 1) * (q - 2)) / 2));
  }
  assert.is(boundedCells(0, 0), 1n);
  assert.is(boundedCells(1, 0), 1n);
  assert.is(zaslavsky(0, 0), 1n);
  assert.throws(() => zaslavsky(2 ** 53, 2), /the number of hyperplanes is 9007199254740992/);
});

test("every bound refuses a shape that is none, by the size at fault", () => {
  for (const bound of [
    pascanuLower,
    montufarLower,
    serraLower,
    patternsUpper,
    raghuUpper,
    montufarUpper,
    serraUpper,
    montufarNetwork,
  ]) {
    assert.throws(() => bound(0, [2]), /the input dimension is 0: it must be an integer not below 1/);
    assert.throws(() => bound(1.5, [2]), /the input dimension is 1.5/);
    assert.throws(() => bound(2, []), /widths is empty/);
    assert.throws(() => bound(2, [3, 0]), /widths\[1\] is 0/);
    assert.throws(() => bound(2, [0, 3]), /widths\[0\] is 0/);
  }
});

test("the lower bounds by hand, also where they stop to apply", () => {
  // Two inputs: floor(5/2) = 2 folds a layer, r(3, 2) = 7, r(6, 2) = 22.
  assert.is(pascanuLower(2, [5, 3]), 2n * 7n);
  assert.is(pascanuLower(2, [1, 3]), 0n);
  assert.is(montufarLower(2, [5, 3]), 2n ** 2n * 7n);
  assert.is(montufarLower(2, [2, 2]), 1n * 4n);
  assert.is(montufarLower(2, [5, 1]), null);
  assert.is(montufarLower(2, [1, 5]), null);
  assert.is(serraLower(2, [6, 6]), 4n ** 2n * 22n);
  assert.is(serraLower(2, [7, 6, 6]), 4n ** 4n * 22n);
  assert.is(serraLower(2, [6, 5]), null);
  assert.is(serraLower(2, [5, 6]), null);
  assert.is(serraLower(1, [3]), 4n);
});

test("the upper bounds by hand: a narrow layer narrows all behind it", () => {
  assert.is(patternsUpper(9, [2, 3, 1]), 64n);
  assert.is(raghuUpper(2, [1, 3]), 2n * 7n);
  assert.is(montufarUpper(2, [1, 3]), 2n * 4n);
  assert.is(montufarUpper(2, [3, 1, 3]), 7n * 2n * 4n);
  // Serra et al.: one neuron in front leaves dimension 1, or 0 where it is off: (j1 = 0) 1 * r(3, 1) + (j1 = 1) 1 * r(3, 0).
  assert.is(serraUpper(2, [1, 3]), 4n + 1n);
  assert.is(serraUpper(3, [2]), 4n);
  assert.is(serraUpper(1, [2]), 3n);
  // By the definition, term by term.
  for (const [inputs, widths] of [
    [2, [3, 2, 4]],
    [3, [2, 5, 3]],
    [1, [4, 4]],
    [4, [4, 1, 2, 3]],
  ] as const) {
    const sum = (left: number, rest: readonly number[]): bigint =>
      rest.length === 0
        ? 1n
        : Array.from(
            { length: Math.min(left, rest[0]) + 1 },
            (_, j) => binomial(rest[0], j) * sum(Math.min(left, rest[0] - j), rest.slice(1)),
          ).reduce((a, b) => a + b, 0n);
    assert.is(serraUpper(inputs, widths), sum(inputs, widths));
  }
});

test("Montúfar's first layers fold each coordinate onto the unit interval, and the last one's lines cross inside the square", () => {
  // Five neurons for two inputs: two folds each, one neuron left over.
  const [fold, last, out] = montufarNetwork(2, [5, 3])
    .specs()
    .map(({ W, b }) => ({ W: [...(W as Float64Array)], b: [...(b as Float64Array)] }));
  assert.equal(fold.W, [2, 0, 2, 0, 0, 2, 0, 2, 0, 0]);
  assert.equal(
    fold.b.map((v) => v + 0),
    [0, -1, 0, -1, 0],
  );
  // Three inputs and two neurons left over: they are zero, with their biases.
  const over = montufarNetwork(3, [8, 3]).specs()[0];
  assert.equal(
    [[...(over.W as Float64Array)].slice(18), Array.from(over.b).slice(6)],
    [
      [0, 0, 0, 0, 0, 0],
      [0, 0],
    ],
  );
  // On a line the last layer's points are 1/2 + 0.45 t, in the order of t.
  const points = montufarNetwork(1, [4]).specs()[0];
  [-0.75, -0.25, 0.25, 0.75].forEach((t, i) =>
    assert.ok(Math.abs(-points.b[i] / Number((points.W as Float64Array)[i]) - (0.5 + 0.45 * t)) < 1e-15),
  );
  assert.equal(out, { W: [1, 1, 1], b: [0] });
  // The last layer reads x = y0 - 2 y1 (a fold at 1/2) from the pairs: its left-over neuron's column is zero.
  for (let i = 0; i < 3; i++) {
    const [a0, a1, b0, b1, rest] = last.W.slice(5 * i, 5 * i + 5);
    assert.equal([a1 + 2 * a0, b1 + 2 * b0, rest + 0], [0, 0, 0]);
  }
  // Lines sum_k s_k t^k (x_k - 1/2) = t^2 at t = -2/3, 0, 2/3: each pair crosses inside of the square.
  for (const [i, j] of inRows(2, [0, 1, 0, 2, 1, 2])) {
    const [a, b, c, d] = [last.W[5 * i], last.W[5 * i + 2], last.W[5 * j], last.W[5 * j + 2]];
    const determinant = a * d - b * c;
    const x = (-last.b[i] * d + b * last.b[j]) / determinant;
    const y = (-a * last.b[j] + c * last.b[i]) / determinant;
    assert.ok(x > 0 && x < 1 && y > 0 && y < 1, `${x}, ${y}`);
  }
  assert.equal(
    [0, 1, 2].map((i) => Math.sign(last.W[5 * i + 2])),
    [-1, 0, 1],
  );
});

test("folds of any number: the fold of p parts takes i / p to 0 or 1, in each coordinate", () => {
  for (const [inputs, width] of inRows(2, [1, 3, 1, 4, 2, 7, 2, 6, 3, 10])) {
    const specs = montufarNetwork(inputs, [width, width]).specs();
    const folds = Math.floor(width / inputs);
    const W = specs[1].W as Float64Array;
    // The second layer's first row reads a combination of the folded coordinates: compare what it adds to the bias.
    for (let k = 0; k < inputs; k++) {
      const value = (at: number) => {
        const x = Array.from({ length: inputs }, (_, i) => (i === k ? at : 0));
        const hidden = network.ReluNetwork.of([specs[0]]).forward(x);
        return hidden.reduce((sum, h, i) => sum + h * W[i], 0);
      };
      const top = value(1 / folds);
      for (let i = 0; i <= folds; i++)
        assert.ok(
          Math.abs(value(i / folds) - (i % 2 ? top : 0)) < 1e-12 * Math.max(1, Math.abs(top)),
          `${folds} folds`,
        );
      assert.ok(Math.abs(value(0.5 / folds) - top / 2) < 1e-12 * Math.max(1, Math.abs(top)));
    }
  }
  assert.equal(montufarNetwork(2, [2, 2]).sizes, [2, 2, 2, 1], "as wide as the input is wide enough");
  assert.throws(
    () => montufarNetwork(2, [1, 4]),
    /widths\[0\] is 1: the construction needs at least one neuron for each of the 2 inputs/,
  );
  assert.throws(() => montufarNetwork(2, [4, 1]), /widths\[1\] is 1/);
});

test.run();
