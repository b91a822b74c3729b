// The map of a region from its pattern's bits.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { regionMap } from "../../../../packages/relu-lab/src/regions/maps/affine-map";
import { unpackPattern } from "../../../../packages/relu-lab/src/regions/maps/pattern";
import { exactRows, pack, randomPattern, smallNetwork, type Pattern } from "./patterns";
import { inRows } from "../../../rows";

const { ReluNetwork } = network;
const bytes = (pattern: readonly Uint8Array[]) => pattern.map((layer) => [...layer]);

test("a pattern's bits, layer by layer and across words", () => {
  const wide = (sizes: number[], linear = -1) =>
    ReluNetwork.of(
      sizes.slice(1).map((n, l) => ({
        W: Array.from({ length: n }, () => new Array<number>(sizes[l]).fill(1)),
        b: new Array<number>(n).fill(0),
        activation: l === linear ? "linear" : "relu",
      })),
    );
  const r = random.generator("bits");
  for (const [sizes, linear] of [
    [[2, 3, 1]],
    [[2, 31, 2, 1]],
    [[2, 32, 1]],
    [[2, 20, 20, 40, 3]],
    [[2, 40, 5, 33, 1], 1],
    [[1, 1], 0],
  ] as [number[], number?][]) {
    const net = wide(sizes, linear);
    for (const before of [0, 1, 5]) {
      const pattern = randomPattern(net, r);
      // Of a linear layer no bit is looked at.
      const stored = pattern.map((layer, l) => (l === linear ? layer.map(() => 0) : layer));
      const { words, from } = pack(stored, before);
      assert.equal(bytes(unpackPattern(net, words, from)), bytes(pattern), `${sizes}`);
    }
  }
});

test("small integer networks: a region's map is that of its pattern, gradient first", () => {
  for (let trial = 0; trial < 60; trial++) {
    const r = random.generator("region maps").split(trial);
    const net = smallNetwork(1 + r.integer(4), r, () => r.integer(5) - 2);
    const patterns: Pattern[] = Array.from({ length: 3 }, () => randomPattern(net, r));
    const patternWords = pack(patterns[0]).length;
    const table = new Uint32Array(3 * patternWords);
    patterns.forEach((p, i) => table.set(pack(p).words.subarray(0, patternWords), i * patternWords));
    for (let region = 0; region < 3; region++) {
      const map = regionMap(net, { count: 3, patternWords, patterns: table }, region);
      const expected = exactRows(net, patterns[region]).flat().map(Number);
      assert.equal(
        [...map].map((v) => v + 0),
        expected,
        `network ${trial}, region ${region}`,
      );
    }
  }
});

test("a region's bits begin behind all the words of those before it", () => {
  const all = Array.from({ length: 40 }, (_, i) => i);
  const net = ReluNetwork.of([
    { W: all.map(() => [1]), b: all.map((i) => i), activation: "relu" },
    { W: [all.map((i) => i + 1)], b: [0], activation: "linear" },
  ]);
  // Region r has neurons r and 35 + r on.
  const patterns = Array.from({ length: 4 }, (_, r) => [
    Uint8Array.from(all, (i) => (i === r || i === 35 + r ? 1 : 0)),
    Uint8Array.of(1),
  ]);
  const table = new Uint32Array(8);
  patterns.forEach((p, r) => table.set(pack(p).words.subarray(0, 2), 2 * r));
  for (let r = 0; r < 4; r++) {
    const map = regionMap(net, { count: 4, patternWords: 2, patterns: table }, r);
    assert.equal([...map], [37 + 2 * r, (r + 1) * r + (36 + r) * (35 + r)], `region ${r}`);
  }
});

test("neurons that are off, and weights of 0, pass nothing on: not even what is infinite", () => {
  // Neuron 0 overflows; it is off, or read with weight 0.
  const net = ReluNetwork.of([
    { W: [[1e200], [1]], b: [0, 2], activation: "linear" },
    { W: inRows(2, [1e200, 0, 0, 1]), b: [1, 1], activation: "relu" },
    { W: inRows(2, [1, 1, 0, 3]), b: [5, 7], activation: "linear" },
  ]);
  const map = (...bits: number[]) => {
    const { words, length } = pack([Uint8Array.of(1, 1), Uint8Array.from(bits), Uint8Array.of(1, 1)]);
    return [...regionMap(net, { count: 1, patternWords: length, patterns: words }, 0)];
  };
  assert.equal(map(0, 1), [1, 8, 3, 16]);
  assert.equal(map(0, 0), [0, 5, 0, 7]);
  assert.equal(map(1, 1), [Infinity, 9, 3, 16]);
});

test("on a plane and in space: values at the regions' corners are the network's", () => {
  const net = network.heNetwork([2, 6, 5, 2], random.generator("corners"), 0.3);
  const found = regions.planeSync(net, { lo: [-1, -1], hi: [1, 1] });
  for (let region = 0; region < found.count; region++) {
    const map = regionMap(net, found, region);
    for (let e = found.offsets[region]; e < found.offsets[region + 1]; e++) {
      const [x, y] = found.vertices.subarray(2 * e, 2 * e + 2);
      net
        .forward([x, y])
        .forEach((v, k) =>
          assert.ok(Math.abs(map[3 * k] * x + map[3 * k + 1] * y + map[3 * k + 2] - v) < 1e-12),
        );
    }
  }
});

test("a region that is none is refused, and which there are is told", () => {
  const net = network.heNetwork([2, 3, 1], random.generator(2), 0.3);
  const found = { count: 4, patternWords: 1, patterns: new Uint32Array(4) };
  for (const region of [-1, 4, 5, 1.5, NaN, Infinity])
    assert.throws(() => regionMap(net, found, region), new RegExp(`no region ${region}; .* 0 to 3`));
  for (const region of [0, 3]) assert.is(regionMap(net, found, region).length, 3);
});

test.run();
