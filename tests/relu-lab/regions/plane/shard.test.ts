// Parts of a count on as many machines: they add up to it.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";

const box = { lo: [-1, -1], hi: [1, 1] };
const he = (hidden: number[], bias = 0.1) =>
  network.heNetwork([2, ...hidden, 1], random.generator(`shards ${hidden}`), bias);

async function added(net: network.ReluNetwork, domain: regions.PlaneDomain, of: number, workers: number) {
  const parts: regions.PlaneCount[] = [];
  for (let index = 0; index < of; index++)
    parts.push(await regions.countPlaneShard(net, domain, { index, of }, { workers }));
  assert.ok(parts.every(({ certified, complete }) => certified && complete));
  return {
    regions: parts.reduce((sum, part) => sum + part.regions, 0),
    cells: parts[0].cellsAfterEachLayer.map((_, l) =>
      parts.reduce((sum, part) => sum + part.cellsAfterEachLayer[l], 0),
    ),
  };
}

test("the parts add up to the count, whatever their number and that of the threads", async () => {
  for (const net of [he([16, 16]), he([24, 24, 24]), he([12, 12, 12], 0), he([3])]) {
    const whole = regions.countPlaneSync(net, box);
    for (const [of, workers] of [
      [1, 1],
      [2, 1],
      [3, 2],
      [7, 1],
      [64, 1],
    ]) {
      const sum = await added(net, box, of, workers);
      assert.is(sum.regions, whole.regions, `${net.sizes}: ${of} parts, ${workers} threads`);
      assert.equal(sum.cells, whole.cellsAfterEachLayer);
    }
  }
});

test("a network without a boundary on the plane is counted by the first part", async () => {
  const flat = network.ReluNetwork.of([
    { W: [[0, 0]], b: [1], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  assert.is((await added(flat, box, 3, 1)).regions, 1);
});

test("a shard that is none is refused with what would be right", async () => {
  const refused = async (index: number, of: number, message: RegExp) => {
    try {
      await regions.countPlaneShard(he([2]), box, { index, of });
    } catch (error) {
      return assert.match((error as Error).message, message);
    }
    assert.unreachable(`${index} of ${of}`);
  };
  await refused(3, 3, /shard 3 of 3: a whole number from 0 to 2/);
  await refused(-1, 3, /shard -1 of 3/);
  await refused(0.5, 3, /shard 0\.5 of 3/);
  await refused(0, 0, /0 shards: a whole number from 1 to 4096/);
  await refused(0, 5000, /5000 shards/);
});

test.run();
