// Numbers that describe subdivisions whose regions can be counted by hand.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { inRows } from "../../../rows";

const { ReluNetwork } = network;

/** Vertical and horizontal lines, one neuron each. */
function grid(xs: number[], ys: number[]): network.ReluNetwork {
  return ReluNetwork.of([
    {
      W: [...xs.map(() => [1, 0]), ...ys.map(() => [0, 1])],
      b: [...xs, ...ys].map((v) => -v),
      activation: "relu",
    },
    { W: [[...xs, ...ys].map(() => 1)], b: [0], activation: "linear" },
  ]);
}

test("a grid of rectangles: areas, neighbours, edges, corners", () => {
  // Columns of 1, 2 and 5, rows of 1 and 3: areas 1, 2, 5, 3, 6, 15.
  const found = regions.planeSync(grid([1, 3], [1]), { lo: [0, 0], hi: [8, 4] });
  assert.equal(regions.regionStatistics(found), {
    regions: 6,
    atBorder: 6,
    adjacentPairs: 7,
    corners: 12,
    totalArea: 32,
    meanArea: 32 / 6,
    medianArea: 4,
    smallestArea: 1,
    largestArea: 15,
    edgeCounts: [0, 0, 0, 0, 6],
    neighbourCounts: [0, 0, 4, 2],
    edgesByLayer: [10, 14],
  });
});

test("an inner region has no edge on the border; of an odd number the middle area is the median", () => {
  const found = regions.planeSync(grid([1, 3], [1, 2]), { lo: [0, 0], hi: [8, 4] });
  // Columns of 1, 2 and 5, rows of 1, 1 and 2.
  const { atBorder, medianArea, neighbourCounts, corners, adjacentPairs, edgesByLayer } =
    regions.regionStatistics(found);
  assert.equal([atBorder, medianArea, corners, adjacentPairs], [8, 2, 16, 12]);
  assert.equal(neighbourCounts, [0, 0, 4, 4, 1]);
  assert.equal(edgesByLayer, [12, 24]);
});

test("areas are sorted as numbers", () => {
  // Columns of 9, 10 and 100: as texts 10, 100, 9.
  const found = regions.planeSync(grid([9, 19], []), { lo: [0, 0], hi: [119, 1] });
  const { smallestArea, medianArea, largestArea, neighbourCounts, atBorder } =
    regions.regionStatistics(found);
  assert.equal([smallestArea, medianArea, largestArea], [9, 10, 100]);
  assert.equal([neighbourCounts, atBorder], [[0, 2, 1], 3]);
  // What was found stays as it is.
  const unsorted = { ...found, areas: Float64Array.of(100, 9, 10) };
  assert.is(regions.regionStatistics(unsorted).medianArea, 10);
  assert.equal([...unsorted.areas], [100, 9, 10]);
});

test("edges are counted by the layer that made them, also of layers that made none", () => {
  const axes = inRows(2, [1, 0, -1, 0, 0, 1, 0, -1]);
  const net = ReluNetwork.of([
    { W: axes, b: [0, 0, 0, 0], activation: "relu" },
    { W: [[-1, -1, -1, -1]], b: [0.5], activation: "relu" },
    { W: [[1]], b: [3], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  const found = regions.planeSync(net, { lo: [-1, -1], hi: [1, 1] });
  const { edgesByLayer, edgeCounts, regions: count } = regions.regionStatistics(found);
  assert.is(count, 8);
  // Four quadrants, each cut by a side of the diamond: 8 sides on the border; of the axes 8 halves, on two sides each.
  assert.equal(edgesByLayer, [8, 16, 8, 0]);
  assert.equal(edgeCounts, [0, 0, 0, 4, 0, 4]);
});

test("one region: the domain itself", () => {
  const affine = ReluNetwork.of([{ W: [[2, 3]], b: [1], activation: "linear" }]);
  const found = regions.planeSync(affine, { polygon: [0, 0, 4, 0, 0, 3] });
  assert.equal(regions.regionStatistics(found), {
    regions: 1,
    atBorder: 1,
    adjacentPairs: 0,
    corners: 3,
    totalArea: 6,
    meanArea: 6,
    medianArea: 6,
    smallestArea: 6,
    largestArea: 6,
    edgeCounts: [0, 0, 0, 1],
    neighbourCounts: [1],
    edgesByLayer: [3, 0],
  });
  const bare = regions.regionStatistics({ ...found, layerOfNeuron: new Uint16Array(0) });
  assert.equal(bare.edgesByLayer, [3]);
});

test("random networks: sums of the histograms, and the median by counting", () => {
  for (let trial = 0; trial < 6; trial++) {
    const net = network.heNetwork([2, 4 + trial, 3, 1], random.generator("statistics").split(trial), 0.3);
    const found = regions.planeSync(net, { lo: [-1, -1], hi: [1, 1] });
    const s = regions.regionStatistics(found);
    const total = (histogram: number[]) => histogram.reduce((sum, n) => sum + n, 0);
    const moment = (histogram: number[]) => histogram.reduce((sum, n, k) => sum + n * k, 0);
    assert.is(total(s.edgeCounts), found.count);
    assert.is(total(s.neighbourCounts), found.count);
    assert.is(moment(s.edgeCounts), found.twins.length);
    assert.is(moment(s.neighbourCounts), 2 * s.adjacentPairs);
    assert.is(moment(s.edgeCounts) - moment(s.neighbourCounts), s.edgesByLayer[0]);
    assert.is(total(s.edgesByLayer), found.twins.length);
    assert.is(found.count - (found.twins.length - s.adjacentPairs) + s.corners, 1, "Euler's relation");
    const below = found.areas.filter((area) => area < s.medianArea).length;
    const above = found.areas.filter((area) => area > s.medianArea).length;
    assert.is(below, above);
    assert.is(s.meanArea, s.totalArea / found.count);
    assert.is(s.smallestArea, Math.min(...found.areas));
    assert.is(s.largestArea, Math.max(...found.areas));
    assert.ok(Math.abs(s.totalArea - 4) < 1e-12);
  }
});

test.run();
