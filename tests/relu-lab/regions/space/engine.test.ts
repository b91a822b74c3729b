// The walk in space: what it is told, whom it asks, what becomes of errors, whom neighbours and maps belong to.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { checkBox } from "../../../../packages/relu-lab/src/regions/space/box";
import {
  runWalk,
  walkOf,
  type Batch,
  type SpaceHost,
} from "../../../../packages/relu-lab/src/regions/space/engine";
import { neighboursOf } from "../../../../packages/relu-lab/src/regions/space/neighbours";
import { CLAIM_WORDS, shareOf } from "../../../../packages/relu-lab/src/regions/space/task";
import { countSpace as countByOracle } from "../../../oracle";
import { box } from "./compare";

const { ReluNetwork, heNetwork } = network;
const { countSpace, countSpaceSync, space, spaceSync } = regions;
const bounds = checkBox(box, 3);
const net = heNetwork([3, 14, 12, 1], random.generator("walks"), 0.2);
const all = countSpaceSync(net, box);

/** Planes a x + b y + c z + d = 0 as one hidden layer, and its outputs. */
const arrangement = (planes: number[][], W = [planes.map((_, i) => i + 1)]) =>
  ReluNetwork.of([
    { W: planes.map((plane) => plane.slice(0, 3)), b: planes.map((plane) => plane[3]), activation: "relu" },
    { W, b: W.map(() => 0), activation: "linear" },
  ]);

test("a walk is told by its options, and goes up to the last layer with ReLUs", () => {
  const plain = walkOf(net, bounds, {});
  assert.equal(
    [plain.certified, plain.enumerate, plain.shapes, plain.limit, plain.hidden.length, plain.bounds],
    [true, false, false, Infinity, 2, [-1, -1, -1, 1, 1, 1]],
  );
  assert.ok(plain.control.buffer instanceof ArrayBuffer && plain.control.length === 2);
  const told = walkOf(net, bounds, { certified: false, enumerate: true, shapes: true, maximumRegions: 9, onWorkers: true });
  assert.equal([told.certified, told.enumerate, told.shapes, told.limit], [false, true, true, 9]);
  assert.ok(told.control.buffer instanceof SharedArrayBuffer);
  for (const maximumRegions of [0, -1, NaN]) assert.throws(() => walkOf(net, bounds, { maximumRegions }), RangeError);
  const ones = (n: number, m: number) => Array.from({ length: n }, () => new Array<number>(m).fill(1));
  const linear = (n: number, m: number) => ({ W: ones(n, m), b: new Array<number>(n).fill(0), activation: "linear" as const });
  const relu = (n: number, m: number) => ({ ...linear(n, m), activation: "relu" as const });
  const layers = (...specs: ReturnType<typeof linear | typeof relu>[]) => walkOf(ReluNetwork.of(specs), bounds, {}).hidden.map(({ outputs, slope }) => [outputs, slope]);
  assert.equal(layers(relu(2, 3), linear(4, 2), linear(5, 4), linear(1, 5)), [[2, 0]]);
  assert.equal(layers(linear(2, 3), relu(4, 2), linear(1, 4)), [[2, 1], [4, 0]]);
  assert.equal(layers(linear(2, 3), linear(1, 2)), []);
  assert.equal(layers(linear(2, 3)), []);
  assert.equal(layers(relu(2, 3)), [[2, 0]]);
}); // prettier-ignore

test("more than 65,000 hidden neurons are refused by their number", () => {
  const neurons = (n: number) =>
    ReluNetwork.of([
      { W: new Float64Array(3 * n).fill(1), b: new Float64Array(n), activation: "relu" },
      { W: new Float64Array(n), b: [0], activation: "linear" },
    ]);
  assert.throws(() => walkOf(neurons(65_001), bounds, {}), /65001 hidden neurons: .* 65000 at most/);
  assert.is(walkOf(neurons(65_000), bounds, {}).hidden[0].outputs, 65_000);
});

test("what the surroundings throw ends the walk, and nobody is asked afterwards", () => {
  const walk = () => walkOf(net, bounds, { enumerate: true, shapes: true, maximumRegions: 800 });
  for (const call of ["claim", "take", "onProgress"] as const) {
    for (const error of [new Error(`from ${call}`), undefined]) {
      let after = -1;
      const count = () => {
        if (after >= 0) after++;
      };
      const host: SpaceHost = {
        sharedDepth: 4,
        claim: () => (count(), true),
        take: count,
        onProgress: count,
        [call]: () => {
          after = 0;
          throw error;
        },
      };
      let thrown: unknown = "nothing";
      try {
        runWalk(walk(), host);
      } catch (caught) {
        thrown = caught;
      }
      assert.ok(after >= 0, `${call} comes up`);
      if (error) assert.is(thrown, error);
      else assert.match((thrown as Error).message, /the walk was stopped/);
      assert.is(after, 0, `${call}: nobody is asked afterwards`);
    }
  }
});

test("a walk without surroundings is whole; subtrees that are refused are left out", () => {
  for (const enumerate of [false, true]) {
    const { regions: found, complete, cells } = runWalk(walkOf(net, bounds, { enumerate }));
    assert.equal([found, complete], [all.regions, true]);
    assert.equal(cells, all.cellsAfterEachLayer);
  }
  const walk = walkOf(net, bounds, {});
  const shares = [0, 1].map((parity) =>
    runWalk(walk, { sharedDepth: 3, first: parity === 0, claim: (subtree) => subtree % 2 === parity }),
  );
  assert.ok(shares.every(({ regions: found }) => found > 0));
  assert.is(shares[0].regions + shares[1].regions, all.regions);
  const sum = shares[0].cells.map((n, l) => n + shares[1].cells[l]);
  assert.equal(sum, all.cellsAfterEachLayer);
  assert.is(runWalk(walk, { sharedDepth: 3, first: false, claim: () => false }).regions, 0);
});

test("batches hold every region once, with as many bits as neurons, and shapes where asked for", () => {
  for (const shapes of [false, true]) {
    let [found, corners, edges] = [0, 0, 0];
    const take = (batch: Batch) => {
      found += batch.regions;
      assert.is(batch.volumes.length, batch.regions);
      assert.is(batch.patterns.length, batch.regions, "26 neurons, one word");
      assert.is(batch.counts.length, shapes ? 2 * batch.regions : 0);
      for (let r = 0; r < batch.counts.length; r += 2) {
        corners += batch.counts[r];
        edges += batch.counts[r + 1];
        corners -= 0;
      }
      assert.ok(batch.volumes.every((volume) => volume > 0));
      assert.is(batch.vertices.length % 3, 0);
      corners -= batch.vertices.length / 3;
      edges -= batch.edges.length / 4;
    };
    runWalk(walkOf(net, bounds, { enumerate: true, shapes }), { take });
    assert.equal([found, corners, edges], [all.regions, 0, 0]);
  }
  // A word more from the 33rd neuron on.
  let words = 0;
  const wide = heNetwork([3, 33, 1], random.generator("bits"), 0.2);
  const { regions: n } = runWalk(walkOf(wide, bounds, { enumerate: true }), { take: ({ patterns }) => (words += patterns.length) });
  assert.is(words, 2 * n);
}); // prettier-ignore

test("walkers together stop at the limit, and progress is what all have found", () => {
  const walk = walkOf(net, bounds, { maximumRegions: 200 });
  const told: number[] = [];
  const one = runWalk(walk, { onProgress: (n) => told.push(n) });
  assert.is(one.complete, false);
  assert.ok(one.regions >= 200 && one.regions < 300, `${one.regions}`);
  assert.ok(told.length >= 5 && told.every((n, i) => i === 0 || n > told[i - 1]));
  assert.equal([...walk.control], [1, told[told.length - 1]]);
  // The next one finds the walk stopped.
  assert.is(runWalk(walk).complete, false);
  // Reports come at every eighth of the limit; a second walker's are added to what the first has told.
  const free = walkOf(net, bounds, { maximumRegions: 1e9 });
  const small = { ...free, limit: 4 * all.regions };
  assert.is(runWalk(small, { onProgress: (n) => told.push(n) }).complete, true);
  const before = small.control[1];
  const again: number[] = [];
  runWalk(small, { onProgress: (n) => again.push(n) });
  assert.ok(before > all.regions / 3 && again[0] > before, `${before}, then ${again.join()}`);
});

test("a subtree is walked by whom it belongs to; a second walker gets what the first has left", () => {
  const walk = walkOf(net, bounds, { enumerate: true });
  const claims = new Int32Array(CLAIM_WORDS);
  // Some subtrees are taken already.
  for (let k = 0; k < CLAIM_WORDS; k += 3) claims[k] = 9;
  const one = shareOf({ walk, claims }, 0);
  const taken = claims.slice();
  for (let k = 0; k < CLAIM_WORDS; k += 3) claims[k] = 0;
  const two = shareOf({ walk, claims }, 1);
  assert.is(one.regions + two.regions, all.regions);
  assert.ok(one.regions > 0 && two.regions > 0);
  assert.equal([one.kept!.volumes.length, two.kept!.volumes.length], [one.regions, two.regions]);
  assert.ok(one.kept!.subtrees.every((k) => k % 3 !== 0 && taken[k] === 1));
  assert.ok(two.kept!.subtrees.every((k) => k % 3 === 0 && claims[k] === 2));
  const counted = shareOf({ walk: walkOf(net, bounds, {}), claims: new Int32Array(CLAIM_WORDS) }, 0);
  assert.equal([counted.kept, counted.regions], [undefined, all.regions]);
});

test("rows that are zero everywhere, or known exactly, cost no exact decision", () => {
  const deep = ReluNetwork.of([
    { W: [[1, 0, 0], [-1, 0, 0], [0, 1, 0]], b: [0, -2, 0.25], activation: "relu" },
    { W: [[0, 3, 0], [0, 0, 0], [0, 5, 0]], b: [0, 0, 0], activation: "relu" }, // of neuron 1, which is never on
    { W: [[1, 1, 1]], b: [0], activation: "linear" },
  ]); // prettier-ignore
  const { regions: found, fallbacks } = countSpaceSync(deep, box);
  assert.equal([found, fallbacks], [4, 0]);
  // Numbers that are 0 are not lost; one that underflows in scaling is.
  const tiny = ReluNetwork.of([
    { W: [[1, 0, 0], [0, 2 ** 900, 0]], b: [0, 0], activation: "relu" },
    { W: [[0, 2 ** -1000], [0, 0]], b: [0, 0], activation: "relu" },
    { W: [[1, 1]], b: [0], activation: "linear" },
  ]); // prettier-ignore
  const scaled = countSpaceSync(tiny, box);
  assert.is(scaled.regions, 4);
});

test("a network without ReLUs is the box: eight corners, twelve edges on two faces each, one linear region", async () => {
  const [lo, hi] = [[-1, 0, 2], [1, 3, 2.5]]; // prettier-ignore
  const affine = heNetwork([3, 2], random.generator("affine"));
  for (const found of [
    spaceSync(affine, { lo, hi }, { shapes: true, linear: true }),
    await space(affine, { lo, hi }, { shapes: true, linear: true, workers: 2 }),
  ]) {
    assert.equal([found.count, found.regions, found.patternWords, found.linearRegions, found.distinctMaps], [1, 1, 0, 1, 1]);
    assert.equal([...found.volumes], [2 * 3 * 0.5]);
    assert.equal([found.certified, found.complete, found.fallbacks], [true, true, 0]);
    const { vertices, edges, vertexOffsets, edgeOffsets } = found.shapes!;
    assert.equal([[...vertexOffsets], [...edgeOffsets]], [[0, 8], [0, 12]]);
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
        for (const v of [a, b]) assert.is(corners[v][face >> 1], (face & 1 ? hi : lo)[face >> 1], `edge ${e}`);
      }
    }
    assert.is(seen.size, 12);
  }
  const counted = [countSpaceSync(affine, { lo, hi }), await countSpace(affine, { lo, hi }, { workers: 2 })];
  for (const { regions: n, cellsAfterEachLayer, complete } of counted)
    assert.equal([n, cellsAfterEachLayer, complete], [1, [], true]);
}); // prettier-ignore

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

test("seconds are seconds; plain signs are not certified", async () => {
  for (const walk of [
    () => countSpaceSync(net, box),
    () => spaceSync(net, box),
    () => countSpace(net, box, { workers: 2 }),
    () => space(net, box, { workers: 2 }),
  ]) {
    const start = performance.now();
    const { seconds } = await walk();
    assert.ok(seconds > 0 && seconds <= (performance.now() - start) / 1000, `${seconds}`);
  }
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
  const [x, y, z] = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]];
  assert.equal(pairsOf([[0, 0, 0, 1]]), [1, 0, 1, 1]);
  assert.equal(pairsOf([x]), [2, 1, 2, 2]);
  assert.equal(pairsOf([x, y]), [4, 4, 4, 4]);
  assert.equal(pairsOf([x, y, [1, 1, 0, 0]]), [6, 6, 6, 6], "a bundle through a line");
  assert.equal(pairsOf([x, [2, 0, 0, 0], [-1, 0, 0, 0]]), [2, 1, 2, 2], "one plane three times");
  assert.equal(pairsOf([[1, 0, 0, 0.5], x, [1, 0, 0, -0.5]]), [4, 3, 4, 4], "parallels");
  assert.equal(pairsOf([x, y, z, [1, 1, 1, 0]]), [14, 24, 14, 14]);
  const cube = [x, y, z, [1, 1, 0, 0], [1, -1, 0, 0], [0, 1, 1, 0], [0, 1, -1, 0], [1, 0, 1, 0], [1, 0, -1, 0]];
  assert.equal(pairsOf(cube).slice(0, 2), [48, 72], "each chamber has three walls");
}); // prettier-ignore

test("a facet's neuron switches, and only where its row vanishes on the plane do others switch with it", () => {
  // Neurons 3 and 4 of the second layer vanish on planes of the first; a linear layer in between copies what it says.
  const first = { W: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], b: [0, 0, 0], activation: "relu" as const };
  const readout = (n: number) => ({ W: [Array.from({ length: n }, (_, i) => i + 1)], b: [0], activation: "linear" as const });
  const nets = [
    ReluNetwork.of([first, { W: [[1, 0, 0], [0, 2, 0], [1, 1, 1]], b: [0, 0, -0.5], activation: "relu" }, readout(3)]),
    ReluNetwork.of([first, { W: [[1, 0, 0], [1, -1, 0], [0, 0, -3]], b: [0, 0, 0], activation: "relu" }, readout(3)]),
    ReluNetwork.of([
      first,
      { W: [[1, 1, 0], [1, -1, 0]], b: [0, 0], activation: "linear" },
      { W: [[1, 1], [1, -1], [2, 0]], b: [0, 0, -0.5], activation: "relu" },
      readout(3),
    ]),
    ReluNetwork.of([first, { W: [[1, 0, 0], [-1, 0, 0]], b: [0, 0.5], activation: "relu" }, { W: [[1, 0], [1, 2]], b: [0, -1], activation: "relu" }, readout(2)]),
  ];
  for (const [i, deep] of nets.entries()) {
    const found = spaceSync(deep, box, { shapes: true, linear: true });
    const { pairs, neurons } = found.neighbours!;
    // By the polyhedra: regions are neighbours where their facets have a common inner point.
    const { vertices, vertexOffsets } = found.shapes!;
    const centres = Array.from({ length: found.count }, (_, r) => {
      const n = vertexOffsets[r + 1] - vertexOffsets[r];
      const sum = [0, 0, 0];
      for (let v = vertexOffsets[r]; v < vertexOffsets[r + 1]; v++) for (const k of [0, 1, 2]) sum[k] += vertices[3 * v + k] / n;
      return sum;
    });
    const hidden = deep.layers.slice(0, -1);
    const layerOf = hidden.flatMap(({ outputs, activation }) => new Array<string>(outputs).fill(activation));
    const patternAt = (x: number[]) => {
      let h = x;
      return hidden.flatMap(({ inputs, outputs, weights, biases, activation }) => {
        const z = Array.from({ length: outputs }, (_, j) => h.reduce((s, v, k) => s + weights[j * inputs + k] * v, biases[j]));
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
      assert.is.not(keyOf[a][neurons[p]], keyOf[b][neurons[p]], `network ${i}: neuron ${neurons[p]} switches`);
      assert.is(layerOf[neurons[p]], "relu");
    }
    const expected = countByOracle(deep, box, true);
    assert.equal(
      [neurons.length, found.linearRegions, found.distinctMaps],
      [expected.adjacentPairs, expected.linearComponents, expected.distinctMaps],
      `network ${i}`,
    );
  }
}); // prettier-ignore

test("progress of several threads grows, and who throws is not told again", async () => {
  const large = heNetwork([3, 60, 60, 1], random.generator("large"), 0.1);
  const told: number[] = [];
  await countSpace(large, box, { workers: 2, maximumRegions: 150_000, onProgress: (n) => told.push(n) });
  assert.ok(told.every((n, i) => n > (told[i - 1] ?? 0)), told.join());
  let calls = 0;
  const onProgress = (): never => {
    calls++;
    throw new Error("once");
  };
  const thrown = await countSpace(large, box, { workers: 2, onProgress }).catch((e: Error) => e.message);
  assert.equal([thrown, calls], ["once", 1]);
}); // prettier-ignore

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

test.run();
