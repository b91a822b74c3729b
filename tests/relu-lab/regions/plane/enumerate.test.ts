// Limits, options and threads of enumerations, counts and streams; small networks, one thing at a time.
import { getEventListeners } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { secondsAreSeconds } from "../seconds";
import { inRows } from "../../../rows";

const { ReluNetwork, heNetwork } = network;
const { countPlane, countPlaneSync, plane, planeSync, visitPlane, visitPlaneSync } = regions;
const box = { lo: [-1, -1], hi: [1, 1] };
const net = heNetwork([2, 32, 32, 2], random.generator("options"), 0.1);
const all = countPlaneSync(net, box);
/** One layer: 31,000 regions in some milliseconds, and 65,000. */
const wide = heNetwork([2, 290, 1], random.generator("wide"), 0.3);
const wider = heNetwork([2, 420, 1], random.generator("wide"), 0.3);

/** Runs with two threads as the default. */
async function withTwo<R>(work: () => Promise<R>): Promise<R> {
  const before = process.env.RELU_LAB_WORKERS;
  process.env.RELU_LAB_WORKERS = "2";
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.RELU_LAB_WORKERS;
    else process.env.RELU_LAB_WORKERS = before;
  }
}

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: Error) => error.message,
  );

test("a limit of memory holds the result and the engine's copy of it, whatever is kept", () => {
  for (const [outputs, hidden, mebibytes, maps] of [
    ...[
      [1, 32, 0.1, true],
      [2, 32, 0.5, true],
      [60, 32, 1, true],
      [60, 32, 0.2, false],
    ],
    ...[
      [300, 32, 0.6, true],
      [1, 500, 0.2, true],
      [1, 500, 0.2, false],
      [30, 200, 0.25, true],
    ],
  ] as [number, number, number, boolean][]) {
    const many = heNetwork([2, hidden, 40, outputs], random.generator("memory"), 0.1);
    const found = planeSync(many, box, { maximumMemory: mebibytes, maps, linear: false });
    assert.is(found.complete, false);
    const arrays = [
      found.vertices,
      found.offsets,
      found.areas,
      found.edgeNeurons,
      found.twins,
      found.regionsOfEdges,
    ];
    const rest = [found.patterns, found.patternHash, found.maps, found.mapErrors];
    const bytes = [...arrays, ...rest].reduce((sum, { byteLength }) => sum + byteLength, 0);
    const share = (2 * bytes) / (mebibytes * 2 ** 20);
    assert.ok(share > 0.8 && share < 1.05, `${outputs} outputs, ${hidden} neurons, maps ${maps}: ${share}`);
  }
  assert.is(planeSync(net, box, { maximumMemory: 1e-9 }).count, 1, "one region at the least");
  assert.is(planeSync(net, box, { maximumMemory: 1, maximumRegions: 7 }).count, 7);
  for (const maximumMemory of [0, -1, NaN])
    assert.throws(() => planeSync(net, box, { maximumMemory }), /maximumMemory is (0|-1|NaN): give/);
});

test("maps and linear regions are kept unless refused", () => {
  const [both, noMaps, noLinear] = [{}, { maps: false }, { linear: false }].map((options) =>
    planeSync(net, box, options),
  );
  const sizes = (found: regions.PlaneRegions) => [
    found.outputs,
    found.maps.length,
    found.mapErrors.length,
    found.linearRegion.length,
    found.linearRegions > 0,
    found.distinctMaps > 0,
  ];
  const n = all.regions;
  assert.equal(sizes(both), [2, 6 * n, 2 * n, n, true, true]);
  assert.equal(sizes(noMaps), [0, 0, 0, 0, false, false]);
  assert.equal([noMaps.linearRegions, noMaps.distinctMaps], [0, 0]);
  assert.equal(sizes(noLinear), [2, 6 * n, 2 * n, 0, false, false]);
  assert.equal([noLinear.linearRegions, noLinear.distinctMaps], [0, 0]);
  assert.equal(
    sizes(planeSync(net, box, { maps: false, linear: true })),
    [0, 0, 0, 0, false, false],
    "linear regions need maps",
  );
  assert.equal(
    [both.count, both.patternWords, both.certified, both.complete, both.workers],
    [n, 2, true, true, 1],
  );
  assert.equal([...both.layerOfNeuron], [...new Array<number>(32).fill(1), ...new Array<number>(32).fill(2)]);
});

test("different maps are counted when they are first read, and once", () => {
  const ring = ReluNetwork.of([
    { W: inRows(2, [1, 0, 1, 0, 0, 1]), b: [0.5, -0.5, 0], activation: "relu" },
    { W: [[1, -1, 0]], b: [0], activation: "linear" },
  ]);
  // 0, x + 1/2, 1 over six regions: three maps, linear regions too.
  const found = planeSync(ring, box);
  assert.equal([found.count, found.linearRegions, found.distinctMaps, found.distinctMaps], [6, 3, 3, 3]);
  const bump = ReluNetwork.of([
    { W: inRows(2, [1, 0, 1, 0, 1, 0]), b: [0.5, 0, -0.5], activation: "relu" },
    { W: [[1, -2, 1]], b: [0], activation: "linear" },
  ]);
  // 0 on both sides of a tent: four linear regions, three maps.
  const tent = planeSync(bump, box);
  assert.equal([tent.count, tent.linearRegions, tent.distinctMaps], [4, 4, 3]);
});

secondsAreSeconds({
  planeSync: () => planeSync(net, box),
  countPlaneSync: () => countPlaneSync(net, box),
  visitPlaneSync: () => visitPlaneSync(net, box, () => undefined),
  plane: () => plane(net, box, { workers: 2 }),
  countPlane: () => countPlane(net, box, { workers: 2 }),
  visitPlane: () => visitPlane(net, box, () => undefined, { workers: 2 }),
});

test("plain signs are not certified", async () => {
  const options = { certified: false };
  assert.equal(
    [
      planeSync(net, box, options).certified,
      countPlaneSync(net, box, options).certified,
      visitPlaneSync(net, box, () => undefined, options).certified,
      (await plane(net, box, { ...options, workers: 2 })).certified,
      (await countPlane(net, box, { ...options, workers: 2 })).certified,
      (await visitPlane(net, box, () => undefined, { ...options, workers: 2 })).certified,
      (await withTwo(() => plane(net, box, options))).certified,
      (await withTwo(() => countPlane(net, box, options))).certified,
    ],
    new Array<boolean>(8).fill(false),
  );
});

test("an enumeration goes on with threads once it has found 20,000 regions alone", async () => {
  const run = (which: network.ReluNetwork, maximumRegions?: number) =>
    withTwo(() => plane(which, box, { maps: false, maximumRegions }));
  const large = await run(wide);
  assert.equal([large.workers, large.count, large.complete], [2, countPlaneSync(wide, box).regions, true]);
  const small = await run(net);
  assert.equal([small.workers, small.count, small.complete], [1, all.regions, true]);
  const cut = await run(wide, 20_000);
  assert.equal([cut.workers, cut.count, cut.complete], [1, 20_000, false]);
  const beyond = await run(wide, 20_001);
  assert.equal([beyond.workers, beyond.complete, beyond.count >= 20_001], [2, false, true]);
  const few = await run(wide, 500);
  assert.equal([few.workers, few.count, few.complete], [1, 500, false]);
});

test("a count goes on with threads once it has found 40,000 regions alone", async () => {
  const run = (which: network.ReluNetwork, maximumRegions?: number) =>
    withTwo(() => countPlane(which, box, { maximumRegions }));
  const large = await run(wider);
  assert.equal([large.workers, large.regions, large.complete], [2, countPlaneSync(wider, box).regions, true]);
  const small = await run(wide);
  assert.equal([small.workers, small.regions, small.complete], [1, countPlaneSync(wide, box).regions, true]);
  const cut = await run(wider, 40_000);
  assert.equal([cut.workers, cut.complete, cut.regions >= 40_000], [1, false, true]);
  const beyond = await run(wider, 40_001);
  assert.equal([beyond.workers, beyond.complete, beyond.regions >= 40_001], [2, false, true]);
  const few = await run(wider, 500);
  assert.equal([few.workers, few.complete, few.regions >= 500 && few.regions < 600], [1, false, true]);
});

test("who asks for threads gets them at once", async () => {
  const asked = { workers: 2 };
  assert.equal([(await countPlane(net, box, asked)).workers, (await plane(net, box, asked)).workers], [2, 2]);
  assert.equal(
    [(await countPlane(net, box, { workers: 1 })).workers, (await plane(net, box, { workers: 1 })).workers],
    [1, 1],
  );
});

for (const [name, walk] of [
  ["countPlane", countPlane],
  ["plane", plane],
] as const) {
  test(`${name}: progress ends with the number of regions found`, async () => {
    for (const workers of [1, 2]) {
      const told: number[] = [];
      await walk(net, box, { workers, onProgress: (n) => told.push(n) });
      assert.is(told[told.length - 1], all.regions);
    }
  });
}

test("progress of a walk that goes on with threads is theirs, and nothing is told afterwards", async () => {
  const told: number[] = [];
  const { regions: many } = await withTwo(() => countPlane(wider, box, { onProgress: (n) => told.push(n) }));
  const [last, calls] = [told[told.length - 1], told.length];
  await new Promise((resolve) => setTimeout(resolve, 230));
  assert.equal([last, told.length], [many, calls]);
});

test("what the last report of progress throws is thrown", async () => {
  const onProgress = (found: number) => {
    if (found === all.regions) throw new Error("at the end");
  };
  assert.is(await rejection(countPlane(net, box, { workers: 2, onProgress })), "at the end");
  assert.is(await rejection(plane(net, box, { workers: 2, onProgress })), "at the end");
  assert.is((await countPlane(net, box, { workers: 2 })).regions, all.regions);
});

test("a signal that is aborted already is thrown at once; listeners are taken back", async () => {
  const aborted = AbortSignal.abort(new Error("before"));
  let visited = 0;
  for (const workers of [1, 2]) {
    assert.is(await rejection(countPlane(net, box, { workers, signal: aborted })), "before");
    assert.is(await rejection(plane(net, box, { workers, signal: aborted })), "before");
    assert.is(await rejection(visitPlane(net, box, () => visited++, { workers, signal: aborted })), "before");
  }
  // Before the domain is looked at: nothing has been done.
  assert.is(await rejection(countPlane(net, {} as regions.BoxDomain, { signal: aborted })), "before");
  assert.is(await rejection(plane(net, {} as regions.BoxDomain, { signal: aborted })), "before");
  assert.is(
    await rejection(visitPlane(net, {} as regions.BoxDomain, () => visited++, { signal: aborted })),
    "before",
  );
  assert.is(visited, 0);
  const { signal } = new AbortController();
  await countPlane(net, box, { workers: 2, signal });
  assert.is(getEventListeners(signal, "abort").length, 0);
});

test("a walk on threads leaves no timer behind, with progress or without", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  for (const walk of [countPlane, plane]) {
    await walk(net, box, { workers: 2, onProgress: () => undefined });
    await walk(net, box, { workers: 2 });
    assert.ok(timers() <= before);
  }
});

test("a signal that comes while threads walk ends the walk with its reason", async () => {
  const large = heNetwork([2, 128, 128, 128, 1], random.generator("abort"), 0.1);
  for (const walk of [
    (signal: AbortSignal) => countPlane(large, box, { workers: 2, signal }),
    (signal: AbortSignal) => plane(large, box, { workers: 2, signal }),
  ]) {
    const controller = new AbortController();
    const walked = rejection(walk(controller.signal));
    setTimeout(() => controller.abort(new Error("meanwhile")), 5);
    assert.is(await walked, "meanwhile");
  }
});

test("progress is told while threads walk; who throws is not told again", async () => {
  const large = heNetwork([2, 256, 256, 256, 256, 1], random.generator("abort"), 0.1);
  const told: number[] = [];
  const onProgress = (found: number) => {
    told.push(found);
    throw new Error("enough");
  };
  const limit = 2_000_000;
  const thrown = await rejection(countPlane(large, box, { workers: 2, maximumRegions: limit, onProgress }));
  assert.equal([thrown, told.length, told[0] < limit], ["enough", 1, true]);
});

test.run();
