// Regions in space: options, the box itself, neighbours and linear regions, threads.
import { getEventListeners } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { checkBox } from "../../../../packages/relu-lab/src/regions/space/box";
import { countOf } from "../../../../packages/relu-lab/src/regions/space/count";
import { walkOf } from "../../../../packages/relu-lab/src/regions/space/engine";
import { neighboursOf } from "../../../../packages/relu-lab/src/regions/space/neighbours";
import { countSpace as countByOracle } from "../../../oracle";
import { box } from "./compare";
import { secondsAreSeconds } from "../seconds";
import { inRows } from "../../../rows";

const { ReluNetwork, heNetwork } = network;
const { countSpace, countSpaceSync, space, spaceSync } = regions;
const net = heNetwork([3, 14, 12, 1], random.generator("walks"), 0.2);
const all = countSpaceSync(net, box);

/** Planes a x + b y + c z + d = 0 as one hidden layer, and its outputs. */
const arrangement = (planes: number[][], W = [planes.map((_, i) => i + 1)]) =>
  ReluNetwork.of([
    { W: planes.map((plane) => plane.slice(0, 3)), b: planes.map((plane) => plane[3]), activation: "relu" },
    { W, b: W.map(() => 0), activation: "linear" },
  ]);

test("a network without ReLUs is the box: eight corners, twelve edges on two faces each, one linear region", async () => {
  const [lo, hi] = inRows(3, [-1, 0, 2, 1, 3, 2.5]);
  const affine = heNetwork([3, 2], random.generator("affine"));
  for (const found of [
    spaceSync(affine, { lo, hi }, { shapes: true, linear: true }),
    await space(affine, { lo, hi }, { shapes: true, linear: true, workers: 2 }),
  ]) {
    assert.equal(
      [found.count, found.regions, found.patternWords, found.linearRegions, found.distinctMaps],
      [1, 1, 0, 1, 1],
    );
    assert.equal([...found.volumes], [2 * 3 * 0.5]);
    assert.equal([found.certified, found.complete, found.fallbacks], [true, true, 0]);
    const { vertices, edges, vertexOffsets, edgeOffsets } = found.shapes!;
    assert.equal([[...vertexOffsets], [...edgeOffsets]], inRows(2, [0, 8, 0, 12]));
    const corners = Array.from({ length: 8 }, (_, v) => [...vertices.subarray(3 * v, 3 * v + 3)]);
    assert.is(new Set(corners.map((x) => x.join())).size, 8);
    assert.ok(corners.every((x) => x.every((value, k) => value === lo[k] || value === hi[k])));
    const seen = new Set<string>();
    for (let e = 0; e < 12; e++) {
      const [a, b, f, g] = edges.subarray(4 * e, 4 * e + 4);
      seen.add([a, b].sort().join());
      assert.is(corners[a].filter((value, k) => value !== corners[b][k]).length, 1, "along one axis");
      assert.is.not(f, g);
      for (const facet of [f, g]) {
        const face = -1 - facet;
        assert.ok(face >= 0 && face < 6);
        for (const v of [a, b])
          assert.is(corners[v][face >> 1], (face & 1 ? hi : lo)[face >> 1], `edge ${e}`);
      }
    }
    assert.is(seen.size, 12);
  }
  const counted = [countSpaceSync(affine, { lo, hi }), await countSpace(affine, { lo, hi }, { workers: 2 })];
  for (const { regions: n, cellsAfterEachLayer, complete } of counted)
    assert.equal([n, cellsAfterEachLayer, complete], [1, [], true]);
});

test("only what is asked for is there", () => {
  const plain = spaceSync(net, box);
  assert.equal(
    [plain.shapes, plain.neighbours, plain.linearRegion, plain.linearRegions, plain.distinctMaps],
    [undefined, undefined, undefined, undefined, undefined],
  );
  const pairs = spaceSync(net, box, { neighbours: true });
  assert.ok(pairs.neighbours!.neurons.length > 0);
  assert.equal([pairs.shapes, pairs.linearRegions, pairs.distinctMaps], [undefined, undefined, undefined]);
  const linear = spaceSync(net, box, { linear: true });
  assert.equal(linear.neighbours, pairs.neighbours);
  assert.is(linear.shapes, undefined);
  assert.ok(linear.linearRegions! > 0 && linear.distinctMaps! > 0);
  const refused = spaceSync(net, box, { linear: true, neighbours: false });
  assert.equal([refused.neighbours, refused.linearRegions], [undefined, undefined]);
  assert.ok(spaceSync(net, box, { shapes: true }).shapes);
  assert.throws(() => neighboursOf(net, plain), /no shapes/);
});

test("shares as one count: complete and certain only where all are", () => {
  const walk = walkOf(net, checkBox(box, 3), {});
  const share = (n: number, complete = true) => ({
    regions: n,
    cells: [n, 2 * n],
    fallbacks: 3 * n,
    complete,
  });
  assert.equal(countOf(walk, [share(1), share(10)]), {
    regions: 11,
    cellsAfterEachLayer: [11, 22],
    certified: true,
    complete: true,
    fallbacks: 33,
    workers: 2,
  });
  const cut = countOf(walk, [share(1), share(10, false)]);
  assert.equal([cut.certified, cut.complete], [false, false]);
  const plain = countOf({ ...walk, certified: false }, [share(1)]);
  assert.equal([plain.certified, plain.complete], [false, true]);
});

test("who asks for threads gets them", async () => {
  const asked = { workers: 2 };
  assert.equal([(await space(net, box, asked)).workers, (await countSpace(net, box, asked)).workers], [2, 2]);
  const one = { workers: 1 };
  assert.equal([(await space(net, box, one)).workers, (await countSpace(net, box, one)).workers], [1, 1]);
});

secondsAreSeconds({
  countSpaceSync: () => countSpaceSync(net, box),
  spaceSync: () => spaceSync(net, box),
  countSpace: () => countSpace(net, box, { workers: 2 }),
  space: () => space(net, box, { workers: 2 }),
});

test("plain signs are not certified", async () => {
  const plain = { certified: false };
  assert.equal(
    [countSpaceSync(net, box, plain).certified, spaceSync(net, box, plain).certified, all.certified],
    [false, false, true],
  );
  assert.is((await countSpace(net, box, { ...plain, workers: 2 })).certified, false);
});

test("neighbours of arrangements by hand: chambers of the cube's symmetries, bundles, parallels", () => {
  const pairsOf = (planes: number[][]) => {
    const found = spaceSync(arrangement(planes), box, { linear: true });
    return [found.count, found.neighbours!.neurons.length, found.linearRegions, found.distinctMaps];
  };
  const [x, y, z] = inRows(4, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
  assert.equal(pairsOf([[0, 0, 0, 1]]), [1, 0, 1, 1]);
  assert.equal(pairsOf([x]), [2, 1, 2, 2]);
  assert.equal(pairsOf([x, y]), [4, 4, 4, 4]);
  assert.equal(pairsOf([x, y, [1, 1, 0, 0]]), [6, 6, 6, 6], "a bundle through a line");
  assert.equal(pairsOf([x, [2, 0, 0, 0], [-1, 0, 0, 0]]), [2, 1, 2, 2], "one plane three times");
  assert.equal(pairsOf([[1, 0, 0, 0.5], x, [1, 0, 0, -0.5]]), [4, 3, 4, 4], "parallels");
  assert.equal(pairsOf([x, y, z, [1, 1, 1, 0]]), [14, 24, 14, 14]);
  const cube = [
    x,
    y,
    z,
    [1, 1, 0, 0],
    [1, -1, 0, 0],
    [0, 1, 1, 0],
    [0, 1, -1, 0],
    [1, 0, 1, 0],
    [1, 0, -1, 0],
  ];
  assert.equal(pairsOf(cube).slice(0, 2), [48, 72], "each chamber has three walls");
});

test("a facet's neuron switches, and only where its row vanishes on the plane do others switch with it", () => {
  // Neurons 3 and 4 of the second layer vanish on planes of the first; a linear layer in between copies what it says.
  const first = { W: inRows(3, [1, 0, 0, 0, 1, 0, 0, 0, 1]), b: [0, 0, 0], activation: "relu" as const };
  const readout = (n: number) => ({
    W: [Array.from({ length: n }, (_, i) => i + 1)],
    b: [0],
    activation: "linear" as const,
  });
  // 33 neurons in the layer between: more than one word of bits.
  const many = {
    W: Array.from({ length: 33 }, (_, i) => [0, 1, 2].map((k) => (k === i % 3 ? 1 : 0))),
    b: new Array<number>(33).fill(0),
    activation: "linear" as const,
  };
  const pick = (...at: number[]) => Array.from({ length: 33 }, (_, i) => (at.includes(i) ? 1 : 0));
  const nets = [
    ReluNetwork.of([
      first,
      many,
      { W: [pick(0), pick(31), pick(32), pick(0, 1)], b: [0, 0, 0, -0.5], activation: "relu" },
      readout(4),
    ]),
    ReluNetwork.of([
      first,
      { W: inRows(3, [1, 0, 0, 0, 2, 0, 1, 1, 1]), b: [0, 0, -0.5], activation: "relu" },
      readout(3),
    ]),
    ReluNetwork.of([
      first,
      { W: inRows(3, [1, 0, 0, 1, -1, 0, 0, 0, -3]), b: [0, 0, 0], activation: "relu" },
      readout(3),
    ]),
    ReluNetwork.of([
      first,
      { W: inRows(3, [1, 1, 0, 1, -1, 0]), b: [0, 0], activation: "linear" },
      { W: inRows(2, [1, 1, 1, -1, 2, 0]), b: [0, 0, -0.5], activation: "relu" },
      readout(3),
    ]),
    ReluNetwork.of([
      first,
      { W: inRows(3, [1, 0, 0, -1, 0, 0]), b: [0, 0.5], activation: "relu" },
      { W: inRows(2, [1, 0, 1, 2]), b: [0, -1], activation: "relu" },
      readout(2),
    ]),
  ];
  for (const [i, deep] of nets.entries()) {
    const found = spaceSync(deep, box, { shapes: true, linear: true });
    const { pairs, neurons } = found.neighbours!;
    // By the polyhedra: regions are neighbours where their facets have a common inner point.
    const { vertices, vertexOffsets } = found.shapes!;
    const centres = Array.from({ length: found.count }, (_, r) => {
      const n = vertexOffsets[r + 1] - vertexOffsets[r];
      const sum = [0, 0, 0];
      for (let v = vertexOffsets[r]; v < vertexOffsets[r + 1]; v++)
        for (const k of [0, 1, 2]) sum[k] += vertices[3 * v + k] / n;
      return sum;
    });
    const hidden = deep.layers.slice(0, -1);
    const layerOf = hidden.flatMap(({ outputs, activation }) => new Array<string>(outputs).fill(activation));
    const patternAt = (x: number[]) => {
      let h = x;
      return hidden.flatMap(({ inputs, outputs, weights, biases, activation }) => {
        const z = Array.from({ length: outputs }, (_, j) =>
          h.reduce((s, v, k) => s + weights[j * inputs + k] * v, biases[j]),
        );
        h = activation === "relu" ? z.map((v) => Math.max(0, v)) : z;
        return z.map((v) => (activation === "linear" ? 1 : v > 1e-12 ? 1 : 0));
      });
    };
    const keyOf = centres.map((x) => patternAt(x).join(""));
    assert.is(new Set(keyOf).size, found.count);
    const seen = new Set<string>();
    for (let p = 0; p < neurons.length; p++) {
      const [a, b] = [pairs[2 * p], pairs[2 * p + 1]];
      assert.ok(a < b);
      assert.ok(!seen.has(`${a},${b}`), "once");
      seen.add(`${a},${b}`);
      assert.is.not(
        keyOf[a][neurons[p]],
        keyOf[b][neurons[p]],
        `network ${i}: neuron ${neurons[p]} switches`,
      );
      assert.is(layerOf[neurons[p]], "relu");
    }
    const expected = countByOracle(deep, box, true);
    assert.equal(
      [neurons.length, found.linearRegions, found.distinctMaps],
      [expected.adjacentPairs, expected.linearComponents, expected.distinctMaps],
      `network ${i}`,
    );
  }
});

test("progress of several threads grows, and who throws is not told again", async () => {
  const large = heNetwork([3, 60, 60, 1], random.generator("large"), 0.1);
  const told: number[] = [];
  await countSpace(large, box, { workers: 2, maximumRegions: 150_000, onProgress: (n) => told.push(n) });
  assert.ok(
    told.every((n, i) => n > (told[i - 1] ?? 0)),
    told.join(),
  );
  let calls = 0;
  const onProgress = (): never => {
    calls++;
    throw new Error("once");
  };
  const thrown = await countSpace(large, box, { workers: 2, onProgress }).catch((e: Error) => e.message);
  assert.equal([thrown, calls], ["once", 1]);
});

test("a signal that is aborted already is thrown at once", async () => {
  const signal = AbortSignal.abort(new Error("before"));
  assert.throws(() => countSpaceSync(net, box, { signal }), /before/);
  assert.throws(() => spaceSync(net, box, { signal }), /before/);
  for (const workers of [1, 2])
    for (const walk of [countSpace, space]) {
      const thrown = await walk(net, box, { workers, signal }).catch((e: Error) => e.message);
      assert.is(thrown, "before");
    }
});

test("a walk on threads leaves no timer and no listener behind", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  const { signal } = new AbortController();
  for (const walk of [countSpace, space]) {
    await walk(net, box, { workers: 2, signal, onProgress: () => undefined });
    assert.ok(timers() <= before);
    assert.is(getEventListeners(signal, "abort").length, 0);
  }
});

test("a signal that comes while threads walk stops them all: what was found is less than all", async () => {
  const large = heNetwork([3, 96, 96, 1], random.generator("signal"), 0.1);
  const controller = new AbortController();
  const told: number[] = [];
  // The signal comes with the first report of progress, some ten thousand of many hundred thousand regions on.
  const onProgress = (n: number) => {
    told.push(n);
    controller.abort(new Error("meanwhile"));
  };
  const limit = 3_000_000;
  const thrown = await countSpace(large, box, {
    workers: 2,
    maximumRegions: limit,
    signal: controller.signal,
    onProgress,
  }).catch((e: Error) => e.message);
  assert.is(thrown, "meanwhile");
  assert.ok(told.length <= 2 && told.every((n) => n < limit), told.join());
});

test.run();
