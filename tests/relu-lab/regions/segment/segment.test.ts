import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { degenerateNetwork } from "../../../oracle";
import { linear, relu } from "../layers";
import { inRows } from "../../../rows";

const { ReluNetwork } = network;
const { segment } = regions;

type Layers = Parameters<typeof ReluNetwork.of>[0];

/** The sawtooth s_n in merged form (SPEC 6), built here so that the test needs no other package. */
function mergedSawtooth(n: number) {
  const fold = { W: inRows(2, [2, -4, 2, -4]), b: [0, -0.5], activation: "relu" as const };
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
  assert.equal(
    { acts, pieces, laps, flats, certified },
    { acts: 16384, pieces: 16384, laps: 16384, flats: 0, certified: true },
  );
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
    { W: inRows(2, [1, 0, 0, 1]), b: [0, 0], activation: "relu" },
    { W: [[1, 1]], b: [-1], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  const { acts, activationKnots, pieces } = segment(net, [-2, -1], [2, 2]);
  assert.is(acts, 4);
  assert.ok([1 / 3, 1 / 2, 4 / 7].every((t, i) => Math.abs(activationKnots[i + 1] - t) < 1e-15));
  assert.is(pieces, 2); // the output is flat until x + y = 1
});

test("counts do not depend on the neurons' order nor on rescaling them by powers of two", () => {
  const r = random.generator("segment invariants");
  for (let trial = 0; trial < 40; trial++) {
    const own =
      trial % 2
        ? network.heNetwork([2, 9, 8, 7, 1], r.split(trial), 0.3)
        : degenerateNetwork(2, r.split(trial), (trial >> 1) % 6);
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
      assert.equal(
        [p.acts, p.pieces, p.laps, p.flats, p.distinctMaps],
        [q.acts, q.pieces, q.laps, q.flats, q.distinctMaps],
        `${trial}`,
      );
      const lengths = q.activationKnots.subarray(1).map((t, i) => t - q.activationKnots[i]);
      assert.ok(lengths.every((length) => length >= 0));
    }
  }
});

test("a bad end is refused by name", () => {
  assert.throws(() => segment(mergedSawtooth(2), [0, 1], [1]), /from has 2 coordinates/);
  assert.throws(() => segment(mergedSawtooth(2), [0], [Number.NaN]), /to\[0\] is NaN/);
  assert.throws(() => segment(mergedSawtooth(2), [0], [1], { method: "quick" as never }), /"quick" is not/);
  assert.throws(() => segment(mergedSawtooth(2), [0], [1], { outputs: "last" as never }), /"last" is not/);
});

test("small networks are refined, larger ones marched, and each can be asked for", () => {
  const small = network.heNetwork([2, 8, 1], random.generator("small"), 0.3);
  const large = network.heNetwork([2, 30, 1], random.generator("large"), 0.3);
  const used = (net: network.ReluNetwork, method?: "auto" | "march" | "cells") =>
    segment(net, [-1, -0.7], [1, 0.9], { method }).method;
  assert.equal(
    [used(small), used(small, "auto"), used(small, "march"), used(small, "cells")],
    ["cells", "cells", "march", "cells"],
  );
  assert.equal(
    [used(large), used(large, "auto"), used(large, "march"), used(large, "cells")],
    ["march", "march", "march", "cells"],
  );
  // What a march does not do is refined all the same.
  assert.is(used(ReluNetwork.of([linear([[1, 1]], [0])]), "march"), "cells");
  const twins = ReluNetwork.of([relu(inRows(2, [1, 0, 2, 0]), [0.1, 0.2]), linear([[1, 1]], [0])]);
  assert.is(used(twins, "march"), "cells");
});

/** One result by hand: two outputs of relu(t - 1/4), relu(3/4 - t) and a constant. */
function checkByHand(method: "march" | "cells"): void {
  const net = ReluNetwork.of([
    relu([[1], [-1], [0]], [-0.25, 0.75, 2]),
    linear(inRows(3, [4, 0, 1, 0, -2, 1]), [0, 0]),
  ]);
  const one = segment(net, [0], [1], { method });
  assert.equal([one.method, one.acts, one.pieces, one.laps, one.flats], [method, 3, 3, 1, 1]);
  assert.equal([...one.knots], [0, 0.25, 0.75, 1]);
  assert.equal([...one.activationKnots], [0, 0.25, 0.75, 1]);
  assert.equal([...one.values], [2, 2, 4, 5]);
  assert.equal([...one.slopes], [0, 4, 4]);
  assert.equal([...one.directions], [0, 1, 1]);
  assert.equal([one.distinctMaps, one.certified, one.fallbacks], [3, true, 0]);
  const all = segment(net, [0], [1], { method, outputs: "all" });
  assert.equal([...all.values], [2, 0.5, 2, 1, 4, 2, 5, 2]);
  assert.equal([...all.slopes], [0, 2, 4, 2, 4, 0]);
  assert.equal([...all.directions], [0, 1, 1]);
}

test("values, slopes, directions and counts by hand, refined", () => {
  checkByHand("cells");
});

test("a march gives the same, if a zero slope can be told by the neurons that are off", () => {
  // Where the first output is flat with neurons on, the march is not certain: it leaves that to the cells.
  const net = ReluNetwork.of([
    relu([[1], [-1], [0]], [-0.25, 0.75, 2]),
    linear(inRows(3, [4, -0.5, 1, 0, -2, 1]), [0, 0]),
  ]);
  const [march, cells] = (["march", "cells"] as const).map((method) =>
    segment(net, [0], [1], { method, outputs: "all" }),
  );
  assert.equal([march.method, cells.method], ["march", "cells"]);
  for (const key of ["acts", "pieces", "laps", "flats", "distinctMaps", "certified"] as const)
    assert.is(march[key], cells[key], key);
  for (const key of ["knots", "activationKnots", "values", "slopes", "directions"] as const) {
    assert.is(march[key].length, cells[key].length, key);
    assert.ok(
      march[key].every((v, i) => Math.abs(v - cells[key][i]) < 1e-14),
      key,
    );
  }
  assert.equal([...march.values], [1.625, 0.5, 1.75, 1, 4, 2, 5, 2]);
  const flat = ReluNetwork.of([relu([[1], [-1]], [-0.25, 0.75]), linear([[1, 1]], [3])]);
  const found = segment(flat, [0], [1], { method: "march" });
  assert.equal([found.method, found.laps, found.flats], ["cells", 2, 1]);
  // With all neurons off it is certain.
  const off = ReluNetwork.of([relu([[-1], [1]], [0.25, -0.75]), linear([[1, 1]], [3])]);
  const certain = segment(off, [0], [1], { method: "march" });
  assert.equal(
    [certain.method, certain.laps, certain.flats, [...certain.directions]],
    ["march", 2, 1, [-1, 0, 1]],
  );
  assert.equal(
    [[...certain.values], [...certain.slopes]],
    [
      [3.25, 3, 3, 3.25],
      [-1, 0, 1],
    ],
  );
});

test("a slope within the march's error is left to integers, one above it is not", () => {
  const make = (w: number) => ReluNetwork.of([relu([[1], [1]], [1, 2]), linear([[1, -w]], [0])]);
  for (const [w, method, direction] of [
    [1 - 2 ** -30, "march", 1],
    [1 + 2 ** -30, "march", -1],
    [1 - 2 ** -52, "cells", 1],
    [1 + 2 ** -52, "cells", -1],
    [1, "cells", 0],
  ] as const) {
    const found = segment(make(w), [0], [1], { method: "march" });
    assert.equal([found.method, [...found.directions]], [method, [direction]], `${w}`);
  }
});

test("outputs with a ReLU: 0 where they are off, also when another output is on there", () => {
  const net = ReluNetwork.of([relu([[-1], [1]], [0.5, 0.25])]);
  const first = segment(net, [0], [1]);
  assert.equal(
    [[...first.values], [...first.slopes], [...first.directions]],
    [
      [0.5, 0, 0],
      [-1, 0],
      [-1, 0],
    ],
  );
  const all = segment(net, [0], [1], { outputs: "all" });
  assert.equal([...all.values], [0.5, 0.25, 0, 0.75, 0, 1.25]);
  assert.equal([...all.slopes], [-1, 1, 0, 1]);
  const back = segment(net, [1], [0], { outputs: "all" });
  assert.equal([...back.values], [0, 1.25, 0, 0.75, 0.5, 0.25]);
  const off = segment(ReluNetwork.of([relu([[1]], [-5])]), [0], [1]);
  assert.equal([[...off.values], [...off.slopes], off.flats, off.laps], [[0, 0], [0], 1, 0]);
});

test("along a direction of exactly these doubles, and between ends: not the same points", () => {
  // relu(x - b) with b = 0.1 + 0.2 exactly, one bit below fl(0.1 + 0.2): reached along, and by the rounded end too.
  const net = (b: number) => ReluNetwork.of([relu([[1], [1]], [-b, 3]), linear([[1, 1]], [0])]);
  const sum = 0.1 + 0.2;
  assert.is(regions.segmentAlong(net(sum), [0.1], [0.2]).acts, 1, "0.1 + 0.2 is less than its double");
  assert.is(segment(net(0.3), [0.1], [sum]).acts, 2);
  assert.is(regions.segmentAlong(net(0.3), [0.1], [0.2]).acts, 2);
  const found = regions.segmentAlong(net(0.5), [0], [1], { outputs: "all" });
  assert.equal([...found.knots], [0, 0.5, 1]);
  assert.throws(
    () => regions.segmentAlong(net(1), [0, 1], [1]),
    /origin has 2 coordinates, the network takes 1/,
  );
  assert.throws(() => regions.segmentAlong(net(1), [0], [NaN]), /direction\[0\] is NaN/);
  assert.throws(() => regions.segmentAlong(net(1), [0], []), /direction has 0 coordinates/);
  assert.throws(() => regions.segmentAlong(net(1), [Infinity], [1]), /origin\[0\] is Infinity/);
});

test("the number of different maps is found once, and again on each result", () => {
  const tooth = mergedSawtooth(4);
  const found = segment(tooth, [0], [1]);
  assert.equal([found.pieces, found.distinctMaps, found.distinctMaps], [16, 16, 16]);
  const repeated = ReluNetwork.of([relu([[1], [1]], [-0.25, -0.75]), linear([[1, -1]], [0])]);
  const steps = segment(repeated, [0], [1]);
  assert.equal([steps.pieces, steps.distinctMaps], [3, 3]);
  const same = ReluNetwork.of([relu([[1], [1], [1]], [-0.25, -0.5, -0.75]), linear([[1, -2, 1]], [0])]);
  const tent = segment(same, [0], [1]);
  assert.equal([tent.pieces, tent.distinctMaps, tent.flats, tent.laps], [4, 3, 2, 2]);
});

test.run();
