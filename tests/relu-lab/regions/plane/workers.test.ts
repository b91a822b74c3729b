import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";

const box = { lo: [-1, -1], hi: [1, 1] };
const net = network.heNetwork([2, 64, 64, 64, 1], random.generator("workers"), 0.1);

test("any number of workers counts the same", async () => {
  const alone = regions.countPlaneSync(net, box);
  for (const workers of [1, 2, 3]) {
    const together = await regions.countPlane(net, box, { workers });
    assert.is(together.regions, alone.regions);
    assert.equal(together.cellsAfterEachLayer, alone.cellsAfterEachLayer);
    assert.is(together.workers, workers);
    assert.ok(together.certified);
  }
  const narrow = network.heNetwork([2, 3, 3, 1], random.generator("narrow"), 0.1);
  const few = await regions.countPlane(narrow, box, { workers: 2 });
  assert.is(few.regions, regions.countPlaneSync(narrow, box).regions);
  assert.equal(few.cellsAfterEachLayer, regions.countPlaneSync(narrow, box).cellsAfterEachLayer);
});

test("a signal stops the walk, and the next walk is whole again", async () => {
  const large = network.heNetwork([2, 256, 256, 256, 256, 1], random.generator("abort"), 0.1);
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 30);
  try {
    await regions.countPlane(large, box, { workers: 2, signal: controller.signal });
    assert.unreachable("the walk went on");
  } catch (error) {
    assert.is((error as Error).message, "enough");
  }
  const { regions: count } = await regions.countPlane(net, box, { workers: 2 });
  assert.is(count, regions.countPlaneSync(net, box).regions);
});

test("a limit stops all workers", async () => {
  const large = network.heNetwork([2, 128, 128, 128, 1], random.generator("limit"), 0.1);
  const found = await regions.countPlane(large, box, { workers: 2, maximumRegions: 2000 });
  assert.is(found.complete, false);
  assert.is(found.certified, false);
  assert.ok(found.regions >= 1990); // "about": the last step of one thread may be counted by the other
});

test("a number of workers that is none is refused", async () => {
  for (const workers of [0, 1.5, -1, NaN, 1000]) {
    try {
      await regions.countPlane(net, box, { workers });
      assert.unreachable();
    } catch (error) {
      assert.match((error as Error).message, /workers is/);
    }
  }
});

test.run();
