import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { degenerateNetwork } from "../../../oracle";

const { ReluNetwork } = network;
const { segment } = regions;

type Layers = Parameters<typeof ReluNetwork.of>[0];

/** The sawtooth s_n in merged form (SPEC 6), built here so that the test needs no other package. */
function mergedSawtooth(n: number) {
  const fold = { W: [[2, -4], [2, -4]], b: [0, -0.5], activation: "relu" as const }; // prettier-ignore
  return ReluNetwork.of([
    { W: [[1], [1]], b: [0, -0.5], activation: "relu" },
    ...Array.from({ length: n - 1 }, () => fold),
    { W: [[2, -4]], b: [0], activation: "linear" },
  ]);
}

function naiveSawtooth(n: number, factor: () => number) {
  const layers: Layers[number][] = [];
  for (let k = 0; k < n; k++) {
    for (const [W, b] of [
      [
        [[1], [1]],
        [0, -0.5],
      ],
      [[[2, -4]], [0]],
    ] as [number[][], number[]][]) {
      layers.push({
        W: W.map((row) => row.map((w) => w * factor())),
        b: b.map((v) => v * factor()),
        activation: "relu",
      });
    }
  }
  return ReluNetwork.of([...layers, { W: [[1]], b: [0], activation: "linear" }]);
}

test("the sawtooth s_14 has exactly 16,384 activation intervals, pieces and laps", () => {
  const { acts, pieces, laps, flats, knots, certified } = segment(mergedSawtooth(14), [0], [1]);
  assert.equal({ acts, pieces, laps, flats, certified }, { acts: 16384, pieces: 16384, laps: 16384, flats: 0, certified: true }); // prettier-ignore
  assert.ok(knots.every((t, i) => t === i / 16384));
});

test("the sawtooth s_6 on [-1, 2] has 66 pieces in both forms", () => {
  assert.is(segment(mergedSawtooth(6), [-1], [2]).pieces, 66);
  assert.is(
    segment(
      naiveSawtooth(6, () => 1),
      [-1],
      [2],
    ).pieces,
    66,
  );
});

test("the specification's perturbed sawtooth: 6 activation intervals, 5 pieces, 4 laps, 1 flat", () => {
  let factor = 0.9;
  const net = naiveSawtooth(3, () => (factor = factor === 0.9 ? 1.1 : 0.9));
  const result = segment(net, [0], [1]);
  assert.equal([result.acts, result.pieces, result.laps, result.flats], [6, 5, 4, 1]);
  const close = (a: Float64Array, b: number[]) =>
    a.length === b.length && a.every((v, i) => Math.abs(v - b[i]) < 5e-7);
  assert.ok(close(result.activationKnots, [0, 0.127538, 0.206612, 0.246394, 0.310559, 0.5, 1]));
  assert.ok(close(result.knots, [0, 0.127538, 0.206612, 0.246394, 0.310559, 1]));
  assert.ok(close(result.values, [0, 1.21, 0.9558, 1.21, 0, 0]));
});

test("segment of the specification's plane vector: interior knots 1/3, 1/2, 4/7", () => {
  const net = ReluNetwork.of([
    { W: [[1, 0], [0, 1]], b: [0, 0], activation: "relu" },
    { W: [[1, 1]], b: [-1], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]); // prettier-ignore
  const { acts, activationKnots, pieces } = segment(net, [-2, -1], [2, 2]);
  assert.is(acts, 4);
  assert.ok([1 / 3, 1 / 2, 4 / 7].every((t, i) => Math.abs(activationKnots[i + 1] - t) < 1e-15));
  assert.is(pieces, 2); // the output is flat until x + y = 1
});

test("counts do not depend on the neurons' order nor on rescaling them by powers of two", () => {
  const r = random.generator("segment invariants");
  for (let trial = 0; trial < 40; trial++) {
    const own = trial % 2 ? network.heNetwork([2, 9, 8, 7, 1], r.split(trial), 0.3) : degenerateNetwork(2, r.split(trial), (trial >> 1) % 6);
    const specs = own.layers.map(({ weights, biases, inputs, outputs, activation }) => ({
      W: Array.from({ length: outputs }, (_, i) => [...weights.subarray(i * inputs, (i + 1) * inputs)]),
      b: [...biases],
      activation,
    }));
    for (let l = 0; l + 1 < specs.length; l++) {
      const order = specs[l].b.map((_, i) => i).reverse();
      const factors = order.map(() => 2 ** (r.integer(13) - 6));
      specs[l].W = order.map((i, k) => specs[l].W[i].map((w) => w * factors[k]));
      specs[l].b = order.map((i, k) => specs[l].b[i] * factors[k]);
      specs[l + 1].W = specs[l + 1].W.map((row) => order.map((i, k) => row[i] / factors[k]));
    }
    const other = network.ReluNetwork.of(specs);
    for (const method of ["cells", "march"] as const) {
      const [p, q] = [own, other].map((net) => regions.segment(net, [-1, -0.7], [1, 0.9], { method }));
      assert.equal([p.acts, p.pieces, p.laps, p.flats, p.distinctMaps], [q.acts, q.pieces, q.laps, q.flats, q.distinctMaps], `${trial}`);
      const lengths = q.activationKnots.subarray(1).map((t, i) => t - q.activationKnots[i]);
      assert.ok(lengths.every((length) => length >= 0));
    }
  }
}); // prettier-ignore

test("a bad end is refused by name", () => {
  assert.throws(() => segment(mergedSawtooth(2), [0, 1], [1]), /from has 2 coordinates/);
  assert.throws(() => segment(mergedSawtooth(2), [0], [Number.NaN]), /to\[0\] is NaN/);
  assert.throws(() => segment(mergedSawtooth(2), [0], [1], { method: "quick" as never }), /"quick" is not/);
  assert.throws(() => segment(mergedSawtooth(2), [0], [1], { outputs: "last" as never }), /"last" is not/);
});

test.run();
