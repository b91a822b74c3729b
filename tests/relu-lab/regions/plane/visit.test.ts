// Streams: what a visitor sees, in which order, and what becomes of what it throws.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";

const { visitPlane, visitPlaneSync } = regions;
const box = { lo: [-1, -1], hi: [1, 1] };
const net = network.heNetwork([2, 32, 32, 2], random.generator("stream"), 0.1);
/** One layer: 65,000 regions, in subtrees of more than one block each. */
const wide = network.heNetwork([2, 420, 1], random.generator("wide"), 0.3);

/** Areas of all regions in the order of a visit. */
async function areasOf(which: network.ReluNetwork, options: regions.VisitOptions, threads: boolean) {
  const areas: number[] = [];
  const visit = (block: regions.RegionBlock) => void areas.push(...block.areas);
  const counted = threads ? await visitPlane(which, box, visit, options) : visitPlaneSync(which, box, visit, options);
  return { areas, counted };
} // prettier-ignore

test("maps are streamed unless refused", async () => {
  for (const threads of [false, true]) {
    for (const [maps, outputs] of [[undefined, 2], [true, 2], [false, 0]] as const) {
      const seen: [number, number, number][] = [];
      const visit = ({ count, maps: own, outputs: k }: regions.RegionBlock) => void seen.push([count, own.length, k]);
      const counted = threads ? await visitPlane(net, box, visit, { maps, workers: 2 }) : visitPlaneSync(net, box, visit, { maps });
      assert.ok(seen.length > 0);
      assert.ok(seen.every(([count, length, k]) => k === outputs && length === 3 * outputs * count), `maps ${maps}`);
      assert.is(seen.reduce((sum, [count]) => sum + count, 0), counted.regions);
      assert.ok(counted.certified && counted.complete);
    }
  }
}); // prettier-ignore

test("blocks that come early wait for their turn: the order is the walk's, for any number of threads", async () => {
  const { areas } = await areasOf(wide, { maps: false }, false);
  for (const workers of [2, 3]) {
    const many = await areasOf(wide, { maps: false, workers }, true);
    assert.ok(Buffer.from(Float64Array.from(many.areas).buffer).equals(Buffer.from(Float64Array.from(areas).buffer)), `${workers}`); // prettier-ignore
    assert.equal([many.counted.workers, many.counted.regions], [workers, areas.length]);
  }
});

test("after a limit, what was found is passed in the walk's order, with gaps", async () => {
  const place = new Map<number, number>();
  (await areasOf(wide, { maps: false }, false)).areas.forEach((area, i) => place.set(area, i));
  for (const [workers, maximumRegions] of [
    [2, 5000],
    [3, 12_000],
    [4, 3000],
  ]) {
    // prettier-ignore
    const { areas, counted } = await areasOf(wide, { maps: false, workers, maximumRegions }, true);
    assert.is(areas.length, counted.regions);
    assert.is(counted.complete, false);
    const places = areas.map((area) => place.get(area) as number);
    assert.ok(
      places.every((p, i) => i === 0 || p > places[i - 1]),
      `${workers} workers`,
    );
  }
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
    assert.is(thrown, error);
    assert.is(calls, after + 1);
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
