import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { degenerateNetwork, randomNetwork } from "../../../oracle";

const { neuronPlace, regionMap, segment, segmentRegions, segmentRegionsSync } = regions;

const ends = (inputs: number) => [
  new Array<number>(inputs).fill(-1),
  Array.from({ length: inputs }, (_, i) => 1 - i / 3),
];

test("counts, knots and pieces are those of segment; cells are those of the first layers alone", () => {
  const r = random.generator("intervals");
  for (let trial = 0; trial < 120; trial++) {
    const inputs = 1 + (trial % 3);
    const net = trial % 2 ? randomNetwork(inputs, r.split(trial)) : degenerateNetwork(inputs, r.split(trial), trial % 8); // prettier-ignore
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
        assert.is((found.patterns[i * found.patternWords + (bit >>> 5)] >>> (bit & 31)) & 1, value > 0 ? 1 : 0);
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
}); // prettier-ignore

test("the neuron that separates is zero at the knot", () => {
  const net = network.heNetwork([2, 10, 10, 1], random.generator("separators"), 0.3);
  const [from, to] = ends(2);
  const found = segmentRegionsSync(net, from, to);
  for (let k = 0; k + 1 < found.count; k++) {
    const t = found.activationKnots[k + 1];
    const x = from.map((v, i) => v + t * (to[i] - v));
    for (const neuron of found.separators.subarray(found.separatorOffsets[k], found.separatorOffsets[k + 1])) {
      const { layer, index } = neuronPlace(net, neuron);
      const part = net.specs().slice(0, layer).map((spec, l) => (l === layer - 1 ? { ...spec, activation: "linear" as const } : spec));
      assert.ok(Math.abs(network.ReluNetwork.of(part).forward(x)[index]) < 1e-12);
    }
  }
  assert.throws(() => neuronPlace(net, 21), /there is no neuron 21; they are numbered 0 to 20/);
}); // prettier-ignore

test("a limit gives a partial result, a signal none; progress is told", async () => {
  const net = network.heNetwork([2, 96, 96, 96, 1], random.generator("limits"), 0.1);
  const [from, to] = [[-9, -9], [9, 8]]; // prettier-ignore
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

test.run();
