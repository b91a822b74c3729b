import { test } from "uvu";
import * as assert from "uvu/assert";
import { getEventListeners } from "node:events";
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
  assert.ok(found.regions >= 2000);
});

/** Every field of an enumeration but the time it took: arrays as bytes. */
function contents(found: regions.PlaneRegions): Record<string, unknown> {
  const bytes = (value: unknown) =>
    ArrayBuffer.isView(value)
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")
      : value;
  const entries = Object.entries(found).map(([key, value]) => [key, bytes(value)] as const);
  return Object.fromEntries(entries.filter(([key]) => key !== "seconds" && key !== "workers"));
}

/** Every other neuron repeats or negates the one before. */
function duplicated(): network.ReluNetwork {
  const specs = network.heNetwork([2, 12, 12, 2], random.generator("duplicated"), 0.2).specs();
  for (const { W, b } of specs.slice(0, -1)) {
    const rows = W as Float64Array;
    const columns = rows.length / b.length;
    for (let i = 1; i < b.length; i += 2) {
      const factor = i % 4 === 1 ? 1 : -1;
      for (let j = 0; j < columns; j++) rows[i * columns + j] = factor * rows[(i - 1) * columns + j];
      (b as Float64Array)[i] = factor * b[i - 1];
    }
  }
  return network.ReluNetwork.of(specs);
}

test("any number of workers enumerates the same, byte for byte", async () => {
  for (const which of [
    net,
    duplicated(),
    network.heNetwork([2, 2, 1], random.generator("tiny"), 0.1),
    network.ReluNetwork.of([{ W: [[2, 3]], b: [1], activation: "linear" }]),
  ]) {
    const expected = contents(regions.planeSync(which, box));
    for (const workers of [1, 2, 3]) {
      const controller = new AbortController(); // makes even one worker a thread
      const found = await regions.plane(which, box, { workers, signal: controller.signal });
      assert.is(found.workers, workers);
      assert.equal(contents(found), expected);
    }
  }
});

test("any number of workers streams the same regions in the same order", async () => {
  const expected = regions.planeSync(net, box);
  for (const workers of [1, 2, 3]) {
    const areas: number[] = [];
    const edges: number[] = [];
    const options = { workers, signal: new AbortController().signal };
    const counted = await regions.visitPlane(
      net,
      box,
      (block) => {
        areas.push(...block.areas);
        edges.push(...block.edgeNeurons);
      },
      options,
    );
    assert.is(counted.regions, expected.count);
    assert.equal(Float64Array.from(areas), expected.areas);
    assert.equal(Int32Array.from(edges), expected.edgeNeurons);
  }
  try {
    const failing = (): void => {
      throw new Error("from the visitor");
    };
    await regions.visitPlane(net, box, failing, { workers: 2 });
    assert.unreachable("the visitor's error was lost");
  } catch (error) {
    assert.is((error as Error).message, "from the visitor");
  }
});

test("a signal stops enumeration and stream, and the next walks are whole", async () => {
  const large = network.heNetwork([2, 256, 256, 256, 256, 1], random.generator("abort"), 0.1);
  for (const walk of [
    (signal: AbortSignal) => regions.plane(large, box, { workers: 2, signal }),
    (signal: AbortSignal) => regions.visitPlane(large, box, () => undefined, { workers: 2, signal }),
  ]) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 30);
    try {
      await walk(controller.signal);
      assert.unreachable("the walk went on");
    } catch (error) {
      assert.is((error as Error).message, "enough");
    }
  }
  assert.equal(
    contents(await regions.plane(net, box, { workers: 2 })),
    contents(regions.planeSync(net, box)),
  );
});

test("limits stop enumeration on several workers with a partial result that says so", async () => {
  const large = network.heNetwork([2, 128, 128, 128, 1], random.generator("limit"), 0.1);
  const few = await regions.plane(large, box, { workers: 2, maximumRegions: 2000 });
  assert.is(few.complete, false);
  assert.is(few.certified, false);
  assert.ok(few.count >= 2000 && few.count < 2100, `${few.count}`);
  assert.is(few.offsets[few.count], few.edgeNeurons.length);
  for (let e = 0; e < few.twins.length; e++) {
    if (few.twins[e] >= 0) assert.is(few.twins[few.twins[e]], e);
  }
  const small = await regions.plane(large, box, { workers: 2, maximumMemory: 1 });
  assert.is(small.complete, false);
  assert.ok(small.count > 1000 && small.count < 5000);
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

test("a limit stops a stream on several workers, the one that waits for its turn too", async () => {
  // One layer: subtrees so large that one worker fills the room for waiting blocks while the other has the turn.
  const lines = network.heNetwork([2, 4000, 1], random.generator("many lines"), 0.3);
  const found = await regions.visitPlane(lines, box, () => {}, {
    workers: 2,
    maximumRegions: 120_000,
    maps: false,
  });
  assert.is(found.complete, false);
  assert.ok(found.regions >= 120_000 && found.regions < 130_000);
});

test("what a report of progress throws ends the walk, not the process", async () => {
  const large = network.heNetwork([2, 256, 256, 256, 256, 1], random.generator("abort"), 0.1);
  const onProgress = (): never => {
    throw new Error("from the report");
  };
  const thrown = await regions
    .countPlane(large, box, { workers: 2, onProgress })
    .catch((error: Error) => error.message);
  assert.is(thrown, "from the report");
  const { regions: count } = await regions.countPlane(net, box, { workers: 2 });
  assert.is(count, regions.countPlaneSync(net, box).regions);
});

test("a walk tells its progress while it runs, and hears its signal then and no longer", async () => {
  const large = network.heNetwork([2, 256, 256, 256, 256, 1], random.generator("abort"), 0.1);
  const { signal } = new AbortController();
  const told: [regions: number, listeners: number][] = [];
  const onProgress = (n: number) => void told.push([n, getEventListeners(signal, "abort").length]);
  const maximumRegions = 1_000_000;
  const found = await regions.countPlane(large, box, { workers: 2, signal, onProgress, maximumRegions });
  assert.ok(told.length >= 2 && told[0][0] < found.regions, "before the end");
  for (const [i, [n, listeners]] of told.entries())
    assert.ok(listeners >= 1 && n >= (told[i - 1]?.[0] ?? 0), `${n}`);
  assert.is(getEventListeners(signal, "abort").length, 0);
});

test.run();
