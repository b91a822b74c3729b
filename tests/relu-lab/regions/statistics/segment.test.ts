// Numbers that describe pieces along a segment, which can be counted by hand.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, regions } from "relu-lab";
import { linear, relu } from "../layers";
import { inRows } from "../../../rows";

const { segment, segmentStatistics, shortestInterval } = regions;

test("kinks at a quarter and at a half: lengths and slopes in the input's units", () => {
  // |x + 1| - 4 relu(x) on [-2, 2], along the first input: kinks at x = -1 and x = 0, slopes -1, 1 and -3.
  const net = network.ReluNetwork.of([
    relu(inRows(2, [1, 0, -1, 0, 1, 0]), [1, -1, 0]),
    linear([[1, 1, -4]], [0]),
  ]);
  assert.equal(segmentStatistics(segment(net, [-2, 7], [2, 7]), 4), {
    regions: 3,
    totalLength: 4,
    meanLength: 4 / 3,
    smallestLength: 1,
    steepestSlope: 3,
    adjacentPairs: 2,
    atBorder: 2,
  });
});

test("one interval is at both ends", () => {
  const net = network.ReluNetwork.of([relu([[1]], [5]), linear([[2]], [0])]);
  const found = segmentStatistics(segment(net, [0], [3]), 3);
  assert.equal([found.regions, found.adjacentPairs, found.atBorder, found.smallestLength], [1, 0, 1, 3]);
  assert.ok(Math.abs(found.steepestSlope - 2) < 1e-15);
});

test("the shortest of intervals between knots, the first and the last among them", () => {
  assert.is(shortestInterval([0, 0.5, 0.75, 2]), 0.25);
  assert.is(shortestInterval([0, 0.125, 2]), 0.125);
  assert.is(shortestInterval(Float64Array.of(0, 1, 1.5)), 0.5);
  assert.is(shortestInterval([3]), Infinity);
});

test.run();
