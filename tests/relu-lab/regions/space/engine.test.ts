// The walk in space: what it is told, whom it asks, what becomes of errors.
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
import { CLAIM_WORDS, shareOf } from "../../../../packages/relu-lab/src/regions/space/task";
import { box } from "./compare";
import { inRows } from "../../../rows";

const { ReluNetwork, heNetwork } = network;
const { countSpaceSync, spaceSync } = regions;
const bounds = checkBox(box, 3);
const net = heNetwork([3, 14, 12, 1], random.generator("walks"), 0.2);
const all = countSpaceSync(net, box);

test("a walk is told by its options, and goes up to the last layer with ReLUs", () => {
  const plain = walkOf(net, bounds, {});
  assert.equal(
    [plain.certified, plain.enumerate, plain.shapes, plain.limit, plain.hidden.length, plain.bounds],
    [true, false, false, Infinity, 2, [-1, -1, -1, 1, 1, 1]],
  );
  assert.ok(plain.control.buffer instanceof ArrayBuffer && plain.control.length === 2);
  const told = walkOf(net, bounds, {
    certified: false,
    enumerate: true,
    shapes: true,
    maximumRegions: 9,
    onWorkers: true,
  });
  assert.equal([told.certified, told.enumerate, told.shapes, told.limit], [false, true, true, 9]);
  assert.ok(told.control.buffer instanceof SharedArrayBuffer);
  for (const maximumRegions of [0, -1, NaN])
    assert.throws(() => walkOf(net, bounds, { maximumRegions }), RangeError);
  const ones = (n: number, m: number) => Array.from({ length: n }, () => new Array<number>(m).fill(1));
  const linear = (n: number, m: number) => ({
    W: ones(n, m),
    b: new Array<number>(n).fill(0),
    activation: "linear" as const,
  });
  const relu = (n: number, m: number) => ({ ...linear(n, m), activation: "relu" as const });
  const layers = (...specs: ReturnType<typeof linear | typeof relu>[]) =>
    walkOf(ReluNetwork.of(specs), bounds, {}).hidden.map(({ outputs, slope }) => [outputs, slope]);
  assert.equal(layers(relu(2, 3), linear(4, 2), linear(5, 4), linear(1, 5)), [[2, 0]]);
  assert.equal(layers(linear(2, 3), relu(4, 2), linear(1, 4)), inRows(2, [2, 1, 4, 0]));
  assert.equal(layers(linear(2, 3), linear(1, 2)), []);
  assert.equal(layers(linear(2, 3)), []);
  assert.equal(layers(relu(2, 3)), [[2, 0]]);
});

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
  const { regions: n } = runWalk(walkOf(wide, bounds, { enumerate: true }), {
    take: ({ patterns }) => (words += patterns.length),
  });
  assert.is(words, 2 * n);
});

test("who walks alone counts what lies above the subtrees; of two walkers only the first does", () => {
  const alone = runWalk(walkOf(net, bounds, {}), { sharedDepth: 3 });
  assert.equal([alone.cells, alone.regions], [all.cellsAfterEachLayer, all.regions]);
  const small = walkOf(heNetwork([3, 3, 2, 1], random.generator("few"), 0.2), bounds, {});
  const shares = [undefined, true, false].map((first) => runWalk(small, { sharedDepth: 8, first }));
  assert.equal(shares[0], shares[1]);
  assert.ok(shares[2].cells[0] < shares[1].cells[0]);
});

test("a walk of less than 4,096 regions tells no progress, a limit is looked at eight times", () => {
  const told: number[] = [];
  const onProgress = (n: number) => told.push(n);
  runWalk(walkOf(net, bounds, {}), { onProgress });
  assert.equal(told, []);
  runWalk(walkOf(net, bounds, { maximumRegions: 400 }), { onProgress });
  assert.ok(told.length >= 6 && told.length <= 8, `${told.join()}`);
  told.length = 0;
  runWalk(walkOf(net, bounds, { maximumRegions: 2 }), { onProgress });
  assert.equal(told, [2], "at every region; two at once come of the first cut");
});

test("a number that underflows in scaling is not taken for 0", () => {
  const t = 2 ** -1070; // lost when its row is divided by 2^10
  const first = { W: inRows(3, [1, 0, 0, 0, 1, 0, 0, 0, 1]), b: [0, 0, 0], activation: "relu" as const };
  const patterns = (row: number[], bias: number) => {
    const deep = ReluNetwork.of([
      first,
      { W: [row], b: [bias], activation: "relu" },
      { W: [[1]], b: [0], activation: "linear" },
    ]);
    return [...spaceSync(deep, box).patterns].sort((p, q) => p - q);
  };
  // Where x < 0 the first input is off and the rest decides: y - z cuts the quadrant where both are on.
  assert.equal(
    patterns([2 ** 10, t, -t], 0),
    [0, 4, 5, 6, 7, 9, 10, 11, 13, 14, 15].sort((p, q) => p - q),
  );
  assert.is(patterns([2 ** 10, t, -t], 0).length, 11);
  assert.equal(
    patterns([2 ** 10, 0, 0], t),
    [8, 9, 10, 11, 12, 13, 14, 15],
    "on everywhere by its bias alone",
  );
  assert.equal(patterns([2 ** 10, t, 0], t), [8, 9, 10, 11, 12, 13, 14, 15]);
  assert.equal(
    patterns([2 ** 10, t, t], 0),
    [0, 9, 10, 11, 12, 13, 14, 15].sort((p, q) => p - q),
    "on where any input is",
  );
});

test("where nearly parallel planes meet is known to the last bit", () => {
  // x = 0 and x + 3 2^-51 (y - 1/3) = 0, along each axis in turn.
  for (const [a, b] of inRows(2, [0, 1, 1, 2, 2, 0])) {
    const plane = (values: Record<number, number>, d: number) => [...[0, 1, 2].map((k) => values[k] ?? 0), d];
    const rows = [plane({ [a]: 1 }, 0), plane({ [a]: 1, [b]: 3 * 2 ** -51 }, -(2 ** -51))];
    const net2 = ReluNetwork.of([
      { W: rows.map((row) => row.slice(0, 3)), b: rows.map((row) => row[3]), activation: "relu" },
      { W: [[1, 1]], b: [0], activation: "linear" },
    ]);
    const { vertices } = spaceSync(net2, box, { shapes: true }).shapes!;
    let inner = 0;
    for (let v = 0; v < vertices.length; v += 3) {
      if (Math.abs(vertices[v + b]) === 1) continue;
      assert.equal([vertices[v + a], vertices[v + b]], [0, 1 / 3]);
      inner++;
    }
    assert.is(inner, 8, "two corners in each of four regions");
  }
});

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
    { W: inRows(3, [1, 0, 0, -1, 0, 0, 0, 1, 0]), b: [0, -2, 0.25], activation: "relu" },
    { W: inRows(3, [0, 3, 0, 0, 0, 0, 0, 5, 0]), b: [0, 0, 0], activation: "relu" }, // of neuron 1, which is never on
    { W: [[1, 1, 1]], b: [0], activation: "linear" },
  ]);
  const { regions: found, fallbacks } = countSpaceSync(deep, box);
  assert.equal([found, fallbacks], [4, 0]);
  // Numbers that are 0 are not lost; one that underflows in scaling is.
  const tiny = ReluNetwork.of([
    { W: inRows(3, [1, 0, 0, 0, 2 ** 900, 0]), b: [0, 0], activation: "relu" },
    { W: inRows(2, [0, 2 ** -1000, 0, 0]), b: [0, 0], activation: "relu" },
    { W: [[1, 1]], b: [0], activation: "linear" },
  ]);
  const scaled = countSpaceSync(tiny, box);
  assert.is(scaled.regions, 4);
});

test.run();
