// Numbers that describe boxes in space, which can be counted by hand; and patterns that were found twice.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, regions } from "relu-lab";
import { linear, relu } from "../layers";
import { inRows } from "../../../rows";

const { countPatterns, planeSync, segmentRegionsSync, spaceStatistics, spaceSync } = regions;
// Planes x = 0.5 and y = -0.5.
const net = network.ReluNetwork.of([relu(inRows(3, [1, 0, 0, 0, 1, 0]), [-0.5, 0.5]), linear([[1, 1]], [0])]);
const box = { lo: [-1, -1, -1], hi: [1, 1, 1] };

test("four boxes: volumes, and the facets between them", () => {
  const expected = {
    regions: 4,
    totalVolume: 8,
    meanVolume: 2,
    smallestVolume: 0.5,
    largestVolume: 4.5,
  };
  const found = spaceStatistics(spaceSync(net, box, { neighbours: true }));
  assert.equal(found, { ...expected, adjacentPairs: 4 });
  assert.equal(spaceStatistics(spaceSync(net, box)), { ...expected, adjacentPairs: 0 });
});

test("patterns are counted: as many as regions, and one less for each that was found again", () => {
  assert.is(countPatterns(spaceSync(net, box)), 4);
  assert.is(
    countPatterns({ count: 4, patternWords: 2, patterns: Uint32Array.of(1, 2, 1, 3, 2, 1, 1, 2) }),
    3,
  );
  assert.is(countPatterns({ count: 1, patternWords: 1, patterns: Uint32Array.of(5, 6) }), 1);
  const flat = network.ReluNetwork.of([relu(inRows(2, [1, 0, 0, 1]), [0, 0]), linear([[1, 1]], [0])]);
  assert.is(countPatterns(planeSync(flat, { lo: [-1, -1], hi: [1, 1] })), 4);
  assert.is(countPatterns(segmentRegionsSync(flat, [-1, -2], [2, 1])), 3);
});

test.run();
