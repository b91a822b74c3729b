import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { degenerateNetwork, randomNetwork } from "../../../oracle";
import { linear, relu } from "../layers";
import { withClock } from "./clock";
import { inRows } from "../../../rows";

const { neuronPlace, regionMap, segment, segmentRegions, segmentRegionsSync } = regions;

const ends = (inputs: number) => [
  new Array<number>(inputs).fill(-1),
  Array.from({ length: inputs }, (_, i) => 1 - i / 3),
];

test("counts, knots and pieces are those of segment; cells are those of the first layers alone", () => {
  const r = random.generator("intervals");
  for (let trial = 0; trial < 120; trial++) {
    const inputs = 1 + (trial % 3);
    const net =
      trial % 2
        ? randomNetwork(inputs, r.split(trial))
        : degenerateNetwork(inputs, r.split(trial), trial % 8);
    const [from, to] = ends(inputs);
    const whole = segment(net, from, to);
    const found = segmentRegionsSync(net, from, to);
    assert.is(found.count, whole.acts, `trial ${trial}`);
    assert.is(found.pieces, whole.pieces, `trial ${trial}`);
    assert.ok(found.certified && found.complete);
    assert.is(found.cellsAfterEachLayer.at(-1) ?? 1, found.count);
    found.activationKnots.forEach((t, k) => assert.ok(Math.abs(t - whole.activationKnots[k]) < 1e-9));
    const patterns = new Set<string>();
    for (let i = 0; i < found.count; i++)
      patterns.add(found.patterns.subarray(i * found.patternWords, (i + 1) * found.patternWords).join());
    assert.is(patterns.size, found.count, "intervals are convex: no pattern comes back");
    for (let k = 0; k + 1 < found.count; k++)
      assert.ok(found.separatorOffsets[k + 1] > found.separatorOffsets[k], "somebody separates neighbours");
  }
});

test("a pattern says which neurons are on in the middle of its interval, and its map is the function there", () => {
  const net = network.heNetwork([3, 12, 12, 2], random.generator("patterns"), 0.3);
  const [from, to] = ends(3);
  const found = segmentRegionsSync(net, from, to);
  for (let i = 0; i < found.count; i++) {
    const t = (found.activationKnots[i] + found.activationKnots[i + 1]) / 2;
    const x = from.map((v, k) => v + t * (to[k] - v));
    let here = Float64Array.from(x);
    let bit = 0;
    for (const layer of net.layers.slice(0, -1)) {
      const one = network.ReluNetwork.of([{ W: layer.weights, b: layer.biases, activation: "relu" }]);
      here = Float64Array.from(one.forward(here));
      for (const value of here) {
        assert.is(
          (found.patterns[i * found.patternWords + (bit >>> 5)] >>> (bit & 31)) & 1,
          value > 0 ? 1 : 0,
        );
        bit++;
      }
    }
    const map = regionMap(net, found, i);
    const out = net.forward(x);
    for (const o of [0, 1]) {
      const value = x.reduce((sum, v, k) => sum + map[4 * o + k] * v, map[4 * o + 3]);
      assert.ok(Math.abs(value - out[o]) < 1e-12);
    }
  }
});

test("the neuron that separates is zero at the knot", () => {
  const net = network.heNetwork([2, 10, 10, 1], random.generator("separators"), 0.3);
  const [from, to] = ends(2);
  const found = segmentRegionsSync(net, from, to);
  for (let k = 0; k + 1 < found.count; k++) {
    const t = found.activationKnots[k + 1];
    const x = from.map((v, i) => v + t * (to[i] - v));
    for (const neuron of found.separators.subarray(
      found.separatorOffsets[k],
      found.separatorOffsets[k + 1],
    )) {
      const { layer, index } = neuronPlace(net, neuron);
      const part = net
        .specs()
        .slice(0, layer)
        .map((spec, l) => (l === layer - 1 ? { ...spec, activation: "linear" as const } : spec));
      assert.ok(Math.abs(network.ReluNetwork.of(part).forward(x)[index]) < 1e-12);
    }
  }
  assert.throws(() => neuronPlace(net, 21), /there is no neuron 21; they are numbered 0 to 20/);
});

test("a limit gives a partial result, a signal none; progress is told", async () => {
  const net = network.heNetwork([2, 96, 96, 96, 1], random.generator("limits"), 0.1);
  const [from, to] = inRows(2, [-9, -9, 9, 8]);
  const whole = segmentRegionsSync(net, from, to);
  const some = await segmentRegions(net, from, to, { maximumRegions: 40 });
  assert.is(some.count, 40);
  assert.not.ok(some.complete || some.certified);
  assert.equal([...some.activationKnots], [...whole.activationKnots.subarray(0, 41)]);
  assert.ok(segmentRegionsSync(net, from, to, { maximumRegions: whole.count }).complete);
  const seen: number[] = [];
  const stop = new AbortController();
  let thrown: unknown;
  await segmentRegions(net, from, to, {
    signal: stop.signal,
    onProgress(n) {
      seen.push(n);
      stop.abort("enough");
    },
  }).catch((error: unknown) => (thrown = error));
  assert.is(thrown, "enough");
  assert.ok(seen.length === 1 && seen[0] < whole.count);
  assert.throws(() => segmentRegionsSync(net, from, to, { maximumRegions: 0 }), /maximumRegions is 0/);
  assert.throws(() => segmentRegionsSync(net, [0], to), /from has 1 coordinates/);
});

test("intervals by hand: patterns, separators, pieces, cells after each layer, with a linear layer between", () => {
  // relu(x - 1), relu(2 - x), relu(0); a linear layer; relu(sum - 1/2), which is 1/2 on [1, 2].
  const net = network.ReluNetwork.of([
    relu([[1], [-1], [0]], [-1, 2, 0]),
    linear(inRows(3, [1, 1, 1, 0, 0, 0]), [0, 1]),
    relu(inRows(2, [1, 0, 0, 1]), [-0.5, -2]),
    linear([[0, 1]], [0]),
  ]);
  const found = segmentRegionsSync(net, [0], [4]);
  assert.equal([...found.activationKnots], [0, 0.25, 0.5, 1]);
  assert.is(found.patternWords, 1);
  // Bits: 3 of the first layer, 2 of the third (the linear layer between has its own places).
  const second = [...found.patterns].map((p) => p & 7);
  assert.equal(second, [2, 3, 1]);
  assert.equal([...found.separatorOffsets], [0, 1, 2]);
  assert.equal([...found.separators], [0, 1]);
  assert.equal([...found.pieceOfInterval], [0, 0, 0]);
  assert.is(found.pieces, 1);
  assert.equal(found.cellsAfterEachLayer, [3, 3]);
  assert.equal([found.count, found.fallbacks, found.certified, found.complete], [3, 0, true, true]);
});

test("intervals where no neuron is on, and neurons in the second and third word, are in place", () => {
  // 70 neurons relu(x - k), one after the other: interval k has the first k of them on.
  const net = network.ReluNetwork.of([
    relu(
      Array.from({ length: 70 }, () => [1]),
      Array.from({ length: 70 }, (_, k) => -(k + 1)),
    ),
    linear([new Array<number>(70).fill(1)], [0]),
  ]);
  const found = segmentRegionsSync(net, [0.5], [70.5]);
  assert.equal([found.count, found.patternWords, found.patterns.length], [71, 3, 213]);
  for (let k = 0; k <= 70; k++) {
    for (let n = 0; n < 96; n++)
      assert.is(
        (found.patterns[3 * k + (n >> 5)] >>> (n & 31)) & 1,
        n < k ? 1 : 0,
        `interval ${k}, neuron ${n}`,
      );
    assert.is(found.pieceOfInterval[k], k);
    if (k < 70) assert.is(found.separators[found.separatorOffsets[k]], k);
  }
  assert.equal(
    [found.separators.length, found.separatorOffsets.length, found.activationKnots.length],
    [70, 71, 72],
  );
  assert.is(found.pieces, 71);
});

test("cells after each layer are told of the ReLU layers alone", () => {
  // x + 1 and x - 1 first; then relu of each, and their sum minus 1: zeros at -1, 1; and 0.
  const net = network.ReluNetwork.of([
    linear([[1], [1]], [1, -1]),
    relu(inRows(2, [1, 0, 0, 1]), [0, 0]),
    relu([[1, 1]], [-1]),
    linear([[1]], [0]),
  ]);
  assert.equal(segmentRegionsSync(net, [-4], [4]).cellsAfterEachLayer, [3, 4]);
  assert.equal(
    segmentRegionsSync(network.ReluNetwork.of([linear([[1]], [0])]), [-4], [4]).cellsAfterEachLayer,
    [],
  );
});

test("several neurons that switch together are told in order of their numbers, across words", () => {
  const at = [1, 2, 1, 3];
  const biases = Array.from({ length: 40 }, (_, k) => -at[k % 4]);
  const net = network.ReluNetwork.of([
    relu(
      biases.map(() => [1]),
      biases,
    ),
    linear([biases.map(() => 1)], [0]),
  ]);
  const found = segmentRegionsSync(net, [0], [4]);
  const expected = [1, 2, 3].map((v) => [...biases.keys()].filter((k) => biases[k] === -v));
  assert.equal(
    expected.map((_, k) => [
      ...found.separators.subarray(found.separatorOffsets[k], found.separatorOffsets[k + 1]),
    ]),
    expected,
  );
});

test("a piece ends where any output changes, and two that differ in one of many outputs are two", () => {
  const net = network.ReluNetwork.of([
    relu([[1], [1], [1]], [-1, -2, -3]),
    linear(inRows(3, [0, 1, 0, 1, 0, 0]), [0, 0]),
  ]);
  const found = segmentRegionsSync(net, [0], [4]);
  assert.equal([...found.pieceOfInterval], [0, 1, 2, 2]);
  assert.is(found.pieces, 3);
});

/** A network of `count` intervals on [0, count]: relu(x - 1), relu(x - 2), ... */
const steps = (count: number) =>
  network.ReluNetwork.of([
    relu(
      Array.from({ length: count - 1 }, () => [1]),
      Array.from({ length: count - 1 }, (_, k) => -(k + 1)),
    ),
    linear([new Array<number>(count - 1).fill(1)], [0]),
  ]);

test("progress is told after every 256 intervals", async () => {
  for (const [count, expected] of [
    [255, []],
    [256, [256]],
    [257, [256]],
    [600, [256, 512]],
  ] as const) {
    const net = steps(count);
    for (const walk of [segmentRegionsSync, segmentRegions]) {
      const seen: number[] = [];
      const found = await walk(net, [0], [count], { onProgress: (n) => seen.push(n) });
      assert.is(found.count, count);
      assert.equal(seen, expected, `${count}`);
    }
  }
});

test("a limit is met exactly: with as many intervals as there are the result is complete", () => {
  const net = steps(5);
  for (let limit = 1; limit <= 7; limit++) {
    const found = segmentRegionsSync(net, [0], [5], { maximumRegions: limit });
    const count = Math.min(limit, 5);
    assert.equal(
      [found.count, found.pieces, found.complete, found.certified],
      [count, count, limit >= 5, limit >= 5],
    );
    assert.equal(
      [...found.activationKnots].map((t) => Math.round(5 * t)),
      Array.from({ length: count + 1 }, (_, k) => k),
    );
    assert.is(found.separators.length, count - 1);
  }
  for (const maximumRegions of [0, -1, NaN, 0.5])
    assert.throws(() => segmentRegionsSync(net, [0], [5], { maximumRegions }), /maximumRegions is/);
  assert.throws(() => segmentRegionsSync(net, [0], [5, 6]), /to has 2 coordinates/);
  assert.throws(() => segmentRegionsSync(net, [NaN], [5]), /from\[0\] is NaN/);
});

/** The sawtooth of 1,024 teeth on [0, 1]: four full batches. */
const sawtooth = network.ReluNetwork.of([
  relu([[1], [1]], [0, -0.5]),
  ...Array.from({ length: 9 }, () => relu(inRows(2, [2, -4, 2, -4]), [0, -0.5])),
  linear([[2, -4]], [0]),
]);

test("the thread is left to others every 20 ms, and not in between", async () => {
  const { setTimeout: original } = globalThis;
  const pauses = async (step: number) => {
    let count = 0;
    globalThis.setTimeout = ((...given: Parameters<typeof setTimeout>) => (
      count++,
      original(...given)
    )) as typeof setTimeout;
    try {
      await withClock(step, () => segmentRegions(sawtooth, [0], [1]));
    } finally {
      globalThis.setTimeout = original;
    }
    return count;
  };
  assert.is(await pauses(0), 0);
  assert.is(await pauses(25), 4); // after each of the four full batches
  assert.is(await pauses(10), 2); // readings at 10; 20, 30 (20 ms are over), 40; 50, 60
  assert.is(await pauses(9), 1); // the third reading since the start
});

test("an abort stops the walk before its start, in a report and in a pause", async () => {
  const thrown = (walk: Promise<unknown>) =>
    walk.then(
      () => "",
      (reason: Error) => reason.message,
    );
  const before = AbortSignal.abort(new Error("before"));
  assert.is(await thrown(segmentRegions(sawtooth, [0], [5, 6], { signal: before })), "before");
  for (const step of [0, 25]) {
    const stop = new AbortController();
    let reports = 0;
    const walk = withClock(step, () =>
      segmentRegions(sawtooth, [0], [1], {
        signal: stop.signal,
        onProgress: () => void (++reports === 2 && stop.abort(new Error("in a report"))),
      }),
    );
    assert.is(await thrown(walk), "in a report");
    assert.is(reports, 2);
  }
  const stop = new AbortController();
  let reports = 0;
  const walk = withClock(25, () =>
    segmentRegions(sawtooth, [0], [1], {
      signal: stop.signal,
      onProgress: () => void (++reports === 1 && setTimeout(() => stop.abort(new Error("in a pause")), 0)),
    }),
  );
  assert.is(await thrown(walk), "in a pause");
  assert.is(reports, 1);
});

test("a neuron's place is its layer, counted from 1, and its index there", () => {
  const net = network.heNetwork([2, 3, 2, 1], random.generator("places"));
  const places = Array.from({ length: 6 }, (_, n) => neuronPlace(net, n));
  assert.equal(
    places.map(({ layer, index }) => [layer, index]),
    inRows(2, [1, 0, 1, 1, 1, 2, 2, 0, 2, 1, 3, 0]),
  );
  for (const n of [-1, 6, 0.5, NaN])
    assert.throws(() => neuronPlace(net, n), new RegExp(`there is no neuron ${n}; they are numbered 0 to 5`));
});

test.run();
