// Streams: what a visitor sees, in which order, and what becomes of what it throws.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";

const { visitPlane, visitPlaneSync } = regions;
const box = { lo: [-1, -1], hi: [1, 1] };
const net = network.heNetwork([2, 32, 32, 2], random.generator("stream"), 0.1);
/** One layer: 65,000 regions, in subtrees of more than one block each. */
const wide = network.heNetwork([2, 420, 1], random.generator("wide"), 0.3);

/** 8,000 regions. */
const lines = network.heNetwork([2, 150, 1], random.generator("lines"), 0.3);

/** Areas of all regions in the order of a visit. */
async function areasOf(which: network.ReluNetwork, options: regions.VisitOptions, threads: boolean) {
  const areas: number[] = [];
  const visit = (block: regions.RegionBlock) => void areas.push(...block.areas);
  const counted = threads
    ? await visitPlane(which, box, visit, options)
    : visitPlaneSync(which, box, visit, options);
  return { areas, counted };
}

test("maps are streamed unless refused", async () => {
  for (const threads of [true, false]) {
    for (const [maps, outputs] of [
      [undefined, 2],
      [true, 2],
      [false, 0],
    ] as const) {
      const seen: [number, number, number][] = [];
      const visit = ({ count, maps: own, outputs: k }: regions.RegionBlock) =>
        void seen.push([count, own.length, k]);
      const counted = threads
        ? await visitPlane(net, box, visit, { maps, workers: 2 })
        : visitPlaneSync(net, box, visit, { maps });
      const right = seen.every(([count, length, k]) => k === outputs && length === 3 * outputs * count);
      const sum = seen.reduce((total, [count]) => total + count, 0);
      assert.equal(
        [right, sum, counted.certified, counted.complete],
        [true, counted.regions, true, true],
        `maps ${maps}`,
      );
    }
  }
});

test("blocks that come early wait for their turn: the order is the walk's", async () => {
  const { areas } = await areasOf(wide, { maps: false }, false);
  const many = await areasOf(wide, { maps: false, workers: 2 }, true);
  const same = many.areas.every((area, i) => area === areas[i]);
  assert.equal(
    [many.areas.length, many.counted.workers, many.counted.regions, same],
    [areas.length, 2, areas.length, true],
  );
});

test("after a limit, what was found is passed in the walk's order, with gaps", async () => {
  const { areas, counted } = await areasOf(lines, { maps: false, workers: 2, maximumRegions: 5000 }, true);
  const all = (await areasOf(lines, { maps: false }, false)).areas;
  let at = -1;
  const inOrder = areas.every((area) => (at = all.indexOf(area, at + 1)) >= 0);
  assert.equal([areas.length, counted.complete, inOrder], [counted.regions, false, true]);
});

test("a visitor that throws is not called again, and its error is what comes out", async () => {
  for (const after of [0, 1, 20]) {
    let calls = 0;
    const error = new Error(`after ${after}`);
    const thrown = await visitPlane(
      wide,
      box,
      () => {
        if (calls++ === after) throw error;
      },
      { workers: 2, maps: false },
    ).catch((reason: unknown) => reason);
    assert.equal([thrown === error, calls], [true, after + 1]);
  }
  let calls = 0;
  const failing = () => {
    calls++;
    throw new Error("alone");
  };
  assert.throws(() => visitPlaneSync(wide, box, failing, { maps: false }), /alone/);
  assert.is(calls, 1);
});

test("alone or on one thread, the same", async () => {
  const alone = await areasOf(net, {}, false);
  const one = await areasOf(net, { workers: 1 }, true);
  const thread = await areasOf(net, { workers: 1, signal: new AbortController().signal }, true);
  assert.equal([one.areas, thread.areas], [alone.areas, alone.areas]);
  assert.equal([one.counted.workers, thread.counted.workers], [1, 1]);
  const told: number[] = [];
  visitPlaneSync(net, box, () => undefined, { onProgress: (n) => told.push(n) });
  assert.ok(told.length > 0);
});

test("a signal stops the threads: not much is visited after it", async () => {
  const controller = new AbortController();
  let visited = 0;
  const visit = ({ count }: regions.RegionBlock) => {
    visited += count;
    controller.abort(new Error("enough"));
  };
  const { signal } = controller;
  const thrown = await visitPlane(wide, box, visit, { workers: 2, maps: false, signal }).catch(
    (e: Error) => e.message,
  );
  assert.is(thrown, "enough");
  assert.ok(visited < 60_000, `${visited} of 65,000`);
});

test.run();
