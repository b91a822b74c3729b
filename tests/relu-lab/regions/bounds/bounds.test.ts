import { test } from "uvu";
import * as assert from "uvu/assert";
import { regions } from "relu-lab";
import { countLine, countPlane, countSpace } from "../../../oracle";

const { bounds, boundedCells, montufarNetwork, zaslavsky } = regions;

test("r(q, p) gives the specification's values", () => {
  const expected = [[3, 2, 7], [4, 2, 11], [8, 2, 37], [16, 2, 137], [5, 3, 26], [10, 1, 11], [0, 2, 1], [2, 5, 4]]; // prettier-ignore
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
    // prettier-ignore
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
  assert.is(BigInt(countSpace(montufarNetwork(3, [6, 5]), cube).activationRegions), bounds(3, [6, 5]).montufarLower); // prettier-ignore
  assert.throws(() => montufarNetwork(3, [4, 2]), /widths\[1\] is 2/);
});

test.run();
