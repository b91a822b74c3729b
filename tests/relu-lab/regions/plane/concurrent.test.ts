// Networks whose lines meet in one point, as zero biases make them meet: against the sectors that the box's sides show.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { Engine } from "../../../../packages/relu-lab/src/regions/plane/engine";
import { planOf } from "../../../../packages/relu-lab/src/regions/plan/plan";
import { checkDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";

const box = { lo: [-1, -1], hi: [1, 1] };
const corners = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
];

/** Patterns along the four sides of the box, one after the other, each once where it goes on. */
async function sectors(net: network.ReluNetwork): Promise<string[]> {
  const sides = await Promise.all(
    corners.map((from, i) => regions.segmentRegions(net, from, corners[(i + 1) % 4])),
  );
  const around = sides.flatMap(({ patterns, patternWords, count }) => {
    return Array.from({ length: count }, (_, k) =>
      [...patterns.subarray(k * patternWords, (k + 1) * patternWords)].join(","),
    );
  });
  return around.filter((pattern, k) => pattern !== around.at(k - 1));
}

test("without biases every region is a sector: as many as the sides of the box show", async () => {
  const r = random.generator("cones");
  for (const hidden of [[1], [2], [7], [4, 4], [8, 8, 8], [16, 16, 16, 16], [5, 1, 5]]) {
    const net = network.heNetwork([2, ...hidden, 1], r.split(hidden.join()), 0);
    const found = await sectors(net);
    const count = await regions.countPlane(net, box);
    assert.ok(count.certified);
    assert.is(count.regions, Math.max(1, found.length), hidden.join("-"));
    const { count: listed, areas } = regions.planeSync(net, box);
    assert.is(listed, count.regions);
    assert.ok(Math.abs(areas.reduce((sum, area) => sum + area, 0) - 4) < 1e-9);
  }
});

test("the common point need not be the origin", () => {
  const r = random.generator("moved");
  const net = network.heNetwork([2, 6, 6, 1], r, 0);
  const specs = net.specs();
  // The same lines through (1/4, -1/2): b = -W p.
  const first = specs[0];
  const W = Float64Array.from(first.W as ArrayLike<number>, Math.fround); // so that W p is exact
  const moved = network.ReluNetwork.of([
    { ...first, W, b: Float64Array.from(first.b, (_, i) => -(W[2 * i] / 4 - W[2 * i + 1] / 2)) },
    ...specs.slice(1),
  ]);
  const shifted = { lo: [-0.75, -1.5], hi: [1.25, 0.5] };
  const count = regions.countPlaneSync(moved, shifted);
  const plain = network.ReluNetwork.of([{ ...first, W }, ...specs.slice(1)]);
  assert.is(count.regions, regions.countPlaneSync(plain, box).regions);
});

test("a walk that is told to stop does so between exact signs, however few regions it has", () => {
  const net = network.heNetwork([2, 40, 40, 40, 1], random.generator("stop"), 0);
  let asked = 0;
  const engine = new Engine(planOf(net), checkDomain(box, 2), { host: { progress: () => (asked++, 0) } });
  engine.run();
  assert.is(engine.exports.stopped(), 1);
  assert.is(asked, 1);
  assert.ok(engine.exports.regions() < regions.countPlaneSync(net, box).regions);
  engine.release();
});

test.run();
