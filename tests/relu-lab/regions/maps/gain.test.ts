// The effect of one neuron on the outputs: "no" and "yes" are certain, "unknown" is what rounding leaves open.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import { halvings, toInteger } from "../../../oracle/integers";
import { gain } from "../../../../packages/relu-lab/src/regions/maps/gain";
import { randomPattern, smallNetwork } from "./patterns";
import { inRows } from "../../../rows";

type Layers = Parameters<typeof gain>[0];

/** Layers of these rows above a first one of `n` neurons. */
function layersOf(n: number, ...rows: number[][][]): Layers {
  let inputs = n;
  return [
    { inputs: 2, outputs: n, weights: new Float64Array(2 * n) },
    ...rows.map((W) => {
      const layer = { inputs, outputs: W.length, weights: Float64Array.from(W.flat()) };
      inputs = W.length;
      return layer;
    }),
  ];
}
const allOn = () => true;

/** The sums over all paths to each output, in integers, and whether there is any path. */
function exactGain(layers: Layers, isOn: (l: number, j: number) => boolean, layer: number, index: number) {
  let values = new Map([[index, 1n]]);
  for (let l = layer + 1; l < layers.length; l++) {
    const { inputs, outputs, weights } = layers[l];
    const shift = Math.max(...Array.from(weights, halvings));
    const next = new Map<number, bigint>();
    for (let j = 0; j < outputs; j++)
      for (const [i, value] of values) {
        const w = weights[j * inputs + i];
        if (w !== 0 && isOn(l, j)) next.set(j, (next.get(j) ?? 0n) + toInteger(w, shift) * value);
      }
    values = next;
  }
  return { path: values.size > 0, moves: [...values.values()].some((v) => v !== 0n) };
}

test("small integer networks: the answer is that of the paths' sums", () => {
  const seen = { yes: 0, no: 0, unknown: 0 };
  for (let trial = 0; trial < 120; trial++) {
    const r = random.generator("gains").split(trial);
    const net = smallNetwork(2, r, () => r.integer(4) - 1 - r.integer(2));
    const pattern = randomPattern(net, r);
    const isOn = (l: number, j: number) => pattern[l][j] === 1;
    net.layers.forEach(({ outputs }, l) => {
      for (let i = 0; i < outputs; i++) {
        const { path, moves } = exactGain(net.layers, isOn, l, i);
        const answer = gain(net.layers, isOn, l, i);
        assert.is(
          answer,
          moves ? "yes" : path ? "unknown" : "no",
          `network ${trial}, layer ${l}, neuron ${i}`,
        );
        seen[answer]++;
      }
    });
  }
  assert.ok(seen.yes > 100 && seen.no > 100 && seen.unknown > 5, JSON.stringify(seen));
});

test("an output is moved by itself", () => {
  const { layers } = network.heNetwork([2, 3, 2], random.generator(1), 0);
  assert.is(
    gain(layers, () => false, 1, 0),
    "yes",
  );
  assert.is(gain(layers, allOn, 1, 1), "yes");
});

test("paths that cancel up to rounding are left open, and no more than these", () => {
  // One neuron, then m that add up to 0 but for a rest. Sums of absolute products are m; 3 + (m + 2) operations.
  for (const m of [2, 4, 8, 16])
    for (const side of [1, -1]) {
      const weights = Array.from({ length: m }, (_, i) => (i % 2 ? -1 : 1));
      const bound = (3 + m + 2) * 2 ** -53 * m;
      const withRest = (rest: number) => {
        const readout = [...weights.slice(0, -1), side * rest - 1];
        return gain(
          layersOf(
            1,
            weights.map(() => [1]),
            [readout],
          ),
          allOn,
          0,
          0,
        );
      };
      assert.is(withRest(0), "unknown");
      assert.is(withRest(0.9 * bound), "unknown", `${m} paths`);
      assert.is(withRest(1.1 * bound), "yes", `${m} paths`);
    }
});

test('"yes" is never wrong: products that cancel exactly but not in doubles', () => {
  const r = random.generator("cancelling");
  for (let trial = 0; trial < 200; trial++) {
    // a b c - (a b) c in another order of roundings: all weights have 20 bits, products of three 60.
    const big = () => 2 ** 19 + r.integer(2 ** 19) + 1;
    const [a, b, c] = [big(), big(), big()];
    const layers = layersOf(1, [[a], [b]], inRows(2, [b, 0, 0, a]), [[c, -c]]);
    assert.is(gain(layers, allOn, 0, 0), "unknown");
    const third = [r.normal(), r.normal(), r.normal()];
    const mixed = layersOf(
      1,
      [[third[0]], [third[1]], [third[2]]],
      inRows(3, [third[1], third[2], 0, -third[0], 0, third[2]]),
      [[1, 1]],
    );
    const answer = gain(mixed, allOn, 0, 0);
    const { moves } = exactGain(mixed, allOn, 0, 0);
    assert.ok(answer === "unknown" || moves, `trial ${trial}`);
  }
});

test("no path is told exactly: through weights of 0, or neurons that are off", () => {
  const layers = layersOf(2, inRows(2, [1, 0, 0, 1, 1, 1]), inRows(3, [0, 1, 0, 1, 0, 0]));
  const isOn =
    (...off: string[]) =>
    (l: number, j: number) =>
      !off.includes(`${l},${j}`);
  assert.is(gain(layers, isOn(), 0, 0), "yes");
  assert.is(gain(layers, isOn("1,0"), 0, 0), "no", "what is left reads the third, which no output reads");
  assert.is(gain(layers, isOn("1,2"), 0, 0), "yes");
  assert.is(gain(layers, isOn("1,1"), 0, 1), "no");
  assert.is(gain(layers, isOn("2,0"), 0, 1), "no");
  assert.is(gain(layers, isOn("2,1"), 0, 1), "yes");
  assert.is(gain(layers, isOn(), 1, 2), "no");
  assert.is(gain(layersOf(1, [[0]], [[1]]), allOn, 0, 0), "no");
});

test("any output may be moved: the first, the last, one among those that cancel", () => {
  for (const moved of [0, 1, 2]) {
    const readout = [0, 1, 2].map((o) => (o === moved ? [1, 1] : [1, -1]));
    assert.is(gain(layersOf(1, [[1], [1]], readout), allOn, 0, 0), "yes", `output ${moved}`);
  }
  assert.is(gain(layersOf(1, [[1], [1]], inRows(2, [1, -1, 2, -2])), allOn, 0, 0), "unknown");
});

test("what underflows or overflows is left open", () => {
  const chain = (...weights: number[]) => gain(layersOf(1, ...weights.map((w) => [[w]])), allOn, 0, 0);
  assert.is(chain(2 ** 500, 2 ** 500), "yes");
  assert.is(chain(2 ** 1000, 2 ** 1000), "unknown");
  assert.is(chain(-(2 ** 1000), 2 ** 1000), "unknown");
  assert.is(chain(2 ** -400, 2 ** -400), "yes");
  assert.is(chain(1e-145, 1e-145), "yes");
  assert.is(chain(2 ** -540, 2 ** -540), "unknown", "the product is 0");
  assert.is(chain(2 ** -500, 2 ** -500), "unknown", "smaller than what underflow can lose");
  assert.is(chain(2 ** -1000, 2 ** 1000), "unknown", "and times what makes up for it");
  assert.is(chain(2 ** -800, 2 ** 800), "yes");
});

test.run();
