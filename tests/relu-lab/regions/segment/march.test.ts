// The march itself: its events against the network, its norms and error bounds from both sides, and when it gives up.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { March, type Events } from "../../../../packages/relu-lab/src/regions/segment/march";
import { linear, relu } from "../layers";
import { between as line } from "./exact-line";
import { inRows } from "../../../rows";

const { ReluNetwork, heNetwork } = network;
const u = 2 ** -53;

const length = (v: number[]) => Math.hypot(...v);

interface Norms {
  row: number;
  frobenius: number;
  spectral: number;
  bias: number;
}
const normsOf = (net: network.ReluNetwork) => (March.of(net) as unknown as { norms: Norms[] }).norms;

/** The events are those of the network: between two of them it is the affine map that the rows say. */
function checkEvents(net: network.ReluNetwork, from: number[], to: number[], where: string): Events {
  const events = March.of(net)!.run(line(from, to));
  assert.ok(events, `${where}: certain`);
  const { times, changes, rows, slopeError } = events!;
  const n = net.outputs;
  const ends = [0, ...times, 1];
  assert.is(changes.length, times.length + 1);
  assert.is(rows.length, (times.length + 1) * 2 * n);
  assert.is(changes[0] & 1, 1);
  for (let i = 0; i < changes.length; i++) {
    assert.ok(ends[i] < ends[i + 1], `${where}: in order`);
    const row = rows.subarray(2 * n * i, 2 * n * (i + 1));
    for (const part of [0.25, 0.75]) {
      const t = ends[i] + part * (ends[i + 1] - ends[i]);
      const y = net.forward(from.map((v, k) => v + t * (to[k] - v)));
      for (let o = 0; o < n; o++)
        assert.ok(Math.abs(row[o] * t + row[n + o] - y[o]) < 1e-11, `${where}: output ${o} after event ${i}`);
    }
    if (i === 0) continue;
    const before = rows.subarray(2 * n * (i - 1), 2 * n * i);
    const differs = row.subarray(0, n).some((s, o) => Math.abs(s - before[o]) > 2 * slopeError);
    assert.is(changes[i] & 1, differs ? 1 : 0, `${where}: event ${i} changes the map`);
  }
  const cells = regions.segment(net, from, to, { method: "cells" });
  assert.is(times.length + 1, cells.acts, where);
  assert.is(changes.filter((change) => change & 1).length, cells.pieces, where);
  times.forEach((t, i) => assert.ok(Math.abs(t - cells.activationKnots[i + 1]) < 1e-10, where));
  return events!;
}

for (const sizes of [
  [1, 1, 1],
  [1, 7, 1],
  [2, 8, 8, 1],
  [2, 9, 7, 2],
  [3, 17, 5, 16, 3],
  [5, 3, 33, 1],
  [1, 20, 20, 20, 20, 1],
  [2, 65, 10, 4],
]) {
  test(`events of ${sizes} are those of the network, and nothing is left open`, () => {
    for (let seed = 0; seed < 4; seed++) {
      const r = random.generator(`march events ${sizes} ${seed}`);
      const net = heNetwork(sizes, r, 0.3);
      const [from, to] = [0, 1].map(() => Array.from({ length: sizes[0] }, () => r.normal()));
      checkEvents(net, from, to, `${seed}`);
    }
  });
}

test("networks take turns in one memory, larger and smaller ones, and each gets its own events", () => {
  const nets = [
    [2, 12, 12, 2],
    [1, 40, 3, 1],
    [4, 5, 5, 5, 1],
  ].map((sizes, i) => heNetwork(sizes, random.generator(`turns ${i}`), 0.3));
  const run = (i: number) => {
    const n = nets[i].inputs;
    return March.of(nets[i])!.run(line(new Array<number>(n).fill(-1), new Array<number>(n).fill(0.9)))!;
  };
  const first = nets.map((_, i) => run(i));
  for (const i of [1, 0, 2, 2, 1, 0, 1, 2]) {
    const again = run(i);
    for (const key of ["times", "changes", "rows"] as const)
      assert.equal([...again[key]], [...first[i][key]]);
    assert.is(again.slopeError, first[i].slopeError);
  }
});

test("a network has one marcher; networks that end in a ReLU, have linear layers inside or no hidden layer have none", () => {
  const net = heNetwork([2, 5, 1], random.generator("one marcher"));
  assert.ok(March.of(net));
  assert.is(March.of(net), March.of(net));
  assert.is(March.of(ReluNetwork.of([linear([[1]], [0])])), null);
  assert.is(March.of(ReluNetwork.of([relu([[1]], [0])])), null);
  assert.is(March.of(ReluNetwork.of([relu([[1]], [0]), relu([[1]], [0])])), null);
  assert.is(March.of(ReluNetwork.of([linear([[1]], [0]), relu([[1]], [0]), linear([[1]], [0])])), null);
  assert.is(March.of(ReluNetwork.of([relu([[1]], [0]), linear([[1]], [0]), linear([[1]], [0])])), null);
  assert.is(March.of(ReluNetwork.of([linear([[1]], [0]), linear([[1]], [0])])), null);
  // 2,048 events of so many outputs would take more than 2^31 bytes.
  const wide = (outputs: number) =>
    ReluNetwork.of([
      relu([[1]], [0]),
      { W: new Float64Array(outputs), b: new Float64Array(outputs), activation: "linear" },
    ]);
  assert.is(March.of(wide(66_000)), null);
  assert.ok(March.of(wide(60_000)));
});

test("norms are upper bounds of the true ones, and no more than 2e-9 above", () => {
  const cases: [W: number[][], b: number[], norms: Norms][] = [
    [inRows(2, [3, 4, 0, -12]), [3, -4], { row: 12, frobenius: 13, spectral: 13, bias: 5 }],
    [inRows(2, [0, -12, 3, 4]), [0, 0], { row: 12, frobenius: 13, spectral: 13, bias: 0 }],
    // The smaller of the Frobenius norm and the root of the largest sums of a row and of a column.
    [
      inRows(3, [2, 0, 0, 0, -2, 0, 0, 0, 2]),
      [1, 1, 1],
      { row: 2, frobenius: Math.sqrt(12), spectral: 2, bias: Math.sqrt(3) },
    ],
    [
      inRows(2, [1, 0, 0, -1, 1, 0]),
      [2, -3, 6],
      { row: 1, frobenius: Math.sqrt(3), spectral: Math.SQRT2, bias: 7 },
    ],
    [
      inRows(3, [1, 0, -1, 0, 1, 0]),
      [0, 1],
      { row: Math.SQRT2, frobenius: Math.sqrt(3), spectral: Math.SQRT2, bias: 1 },
    ],
    [[[1, -1, 1, -1]], [-2], { row: 2, frobenius: 2, spectral: 2, bias: 2 }],
    [
      inRows(2, [5, 0, 3, 0, 0, 1]),
      [0, 0, 1],
      { row: 5, frobenius: Math.sqrt(35), spectral: Math.sqrt(35), bias: 1 },
    ],
    [[[0, 0]], [0], { row: 0, frobenius: 0, spectral: 0, bias: 0 }],
  ];
  for (const [W, b, expected] of cases) {
    const [found] = normsOf(ReluNetwork.of([relu(W, b), linear([b.map(() => 1)], [0])]));
    for (const key of ["row", "frobenius", "spectral", "bias"] as const) {
      assert.ok(found[key] > expected[key], `${key} of ${JSON.stringify(W)}: ${found[key]}`);
      assert.ok(
        found[key] <= expected[key] * (1 + 2e-9) + 1e-149,
        `${key} of ${JSON.stringify(W)}: ${found[key]}`,
      );
    }
  }
  // Squares that underflow are not lost.
  const [small] = normsOf(ReluNetwork.of([relu([[1e-170, 0]], [1e-170]), linear([[1]], [0])]));
  for (const norm of Object.values(small)) assert.ok(norm >= 1e-170 && norm < 1e-140);
});

test("the bound of the spectral norm holds for random matrices and vectors", () => {
  const r = random.generator("spectral");
  for (let trial = 0; trial < 20; trial++) {
    const [rows, columns] = [1 + r.integer(6), 1 + r.integer(6)];
    const W = Array.from({ length: rows }, () => Array.from({ length: columns }, () => r.normal()));
    const [{ spectral, frobenius, row }] = normsOf(
      ReluNetwork.of([
        relu(
          W,
          W.map(() => 0),
        ),
        linear([W.map(() => 1)], [0]),
      ]),
    );
    assert.ok(row <= spectral * (1 + 1e-9) && spectral <= frobenius * (1 + 1e-9));
    let x = Array.from({ length: columns }, () => r.normal());
    for (let step = 0; step < 30; step++) {
      const y = W.map((w) => w.reduce((sum, v, k) => sum + v * x[k], 0));
      assert.ok(length(y) <= spectral * length(x));
      x = x.map((_, k) => y.reduce((sum, v, i) => sum + v * W[i][k], 0));
      const size = length(x);
      x = x.map((v) => v / size);
    }
  }
});

test("a sign at the start is certain above the first layer's bound, and given up below it", () => {
  // |from| = 5 and |direction| = 13; rows of length 10 and 1, biases of length sqrt(400 + 9): E = 8 u (10 * 18 + that).
  const E = (2 + 6) * u * (10 * (5 + 13) + Math.sqrt(400 + 9));
  for (const first of [true, false]) {
    for (const side of [1, -1]) {
      const run = (part: number) => {
        const [W, b] = [inRows(2, [6, 8, 1, 0]), [20, -3 + side * part * E]];
        if (!first) [W[0], W[1], b[0], b[1]] = [W[1], W[0], b[1], b[0]];
        const net = ReluNetwork.of([relu(W, b), linear([[1, 1]], [0])]);
        return March.of(net)!.run(line([3, 4], [8, 16]));
      };
      assert.ok(run(1.03), `${side}: decides above the bound`);
      assert.is(run(0.97), null, `${side}: gives up below it`);
    }
  }
});

test("the outputs' error is that of the proof: 2 R A, where A is of the first layer's 2-norm", () => {
  // 200 inputs of 1 along rows of alternating signs: terms that are large and cancel, so that values stay small.
  const inputs = 200;
  const W = [1, 2, 3].map((scale) => Array.from({ length: inputs }, (_, k) => (k % 2 ? scale : -scale)));
  const b = [1, 2, 2];
  for (const [out, R] of [
    [[[1, 0, 0]], 1],
    [inRows(3, [3, 4, 0, 1, 0, 0]), 5],
    [inRows(3, [1, 0, 0, 0, -12, 5]), 13],
  ] as const) {
    const net = ReluNetwork.of([
      relu(W, b),
      linear(
        out.map((row) => [...row]),
        out.map(() => 0),
      ),
    ]);
    const from = new Array<number>(inputs).fill(1);
    const to = from.map((v, k) => v + (k < 2 ? 1 : 2));
    const events = March.of(net)!.run(line(from, to))!;
    const size = Math.sqrt(inputs) + Math.sqrt(2 + 4 * (inputs - 2));
    const A = (inputs + 6) * u * (Math.sqrt(14 * inputs) * size + 3);
    assert.ok(events.slopeError >= 2 * R * A, `${R}`);
    assert.ok(events.slopeError <= 2 * R * A * 1.01, `${R}: ${events.slopeError / (2 * R * A)}`);
  }
});

test("more events than one buffer holds are put together", () => {
  const neurons = 2100;
  const W = new Float64Array(neurons).fill(1);
  const b = W.map((_, i) => -(i + 0.5) / neurons);
  const out = W.map((_, i) => 2 * (i % 3)); // nobody listens to every third
  const net = ReluNetwork.of([
    { W, b, activation: "relu" },
    { W: out, b: [7], activation: "linear" },
  ]);
  const { times, changes, rows } = March.of(net)!.run(line([0], [1]))!;
  assert.is(times.length, neurons);
  assert.ok(times.every((t, i) => Math.abs(t - (i + 0.5) / neurons) < 1e-12));
  assert.ok(changes.every((change, i) => change === (i === 0 ? 3 : i % 3 === 1 ? 0 : 1)));
  let slope = 0;
  for (let i = 0; i <= neurons; i++) {
    assert.ok(Math.abs(rows[2 * i] - slope) < 1e-9);
    slope += 2 * (i % 3);
  }
  assert.is(rows[1], 7);
});

test("where no neuron of the last hidden layer is on, the outputs are told to be constant", () => {
  // relu(1/4 - t) and relu(t - 3/4): on, none, on.
  const net = ReluNetwork.of([
    relu([[-1], [1]], [0.25, -0.75]),
    linear(
      [
        [1, 2],
        [3, 1],
      ],
      [5, 6],
    ),
  ]);
  const { times, changes, rows } = March.of(net)!.run(line([0], [1]))!;
  assert.equal([...times], [0.25, 0.75]);
  assert.equal([...changes], [1, 3, 1]);
  assert.equal([...rows], [-1, -3, 5.25, 6.75, 0, 0, 5, 6, 2, 1, 3.5, 5.25]);
  const back = March.of(ReluNetwork.of([relu([[1]], [-0.5]), linear([[1]], [5])]))!.run(line([0], [1]))!;
  assert.equal([...back.changes], [3, 1]);
});

test("neurons that no output listens to make events without a change; one output that listens is enough", () => {
  for (const used of [[0], [4], [1, 3], [0, 1, 2, 3, 4]]) {
    for (const outputs of [1, 2, 3]) {
      const out = Array.from({ length: outputs }, (_, o) =>
        Array.from({ length: 5 }, (_v, k) =>
          used.includes(k) && (used.indexOf(k) + o) % outputs === 0 ? 1 + k : 0,
        ),
      );
      const net = ReluNetwork.of([
        relu([[1], [1], [1], [1], [1]], [-0.15, -0.35, -0.55, -0.75, -0.95]),
        linear(
          out,
          out.map(() => 0),
        ),
      ]);
      const found = regions.segment(net, [0.05], [1], { method: "march", outputs: "all" });
      assert.is(found.method, "march", `${used}, ${outputs} outputs`);
      assert.equal([found.acts, found.pieces], [6, used.length + 1]);
      const events = March.of(net)!.run(line([0.05], [1]))!;
      assert.equal(
        [...events.changes].slice(1).map((change) => change & 1),
        [0, 1, 2, 3, 4].map((k) => (used.includes(k) ? 1 : 0)),
      );
    }
  }
  // The same one layer below: what reaches only neurons that nobody listens to changes nothing.
  const net = ReluNetwork.of([
    relu([[1], [1], [1], [1]], [-0.25, -0.5, -0.75, 3]),
    relu(inRows(4, [1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1]), [1, 1, 1]),
    linear(inRows(3, [0, 0, 1, 0, 0, 2]), [0, 0]),
  ]);
  const found = regions.segment(net, [0], [1], { method: "march" });
  assert.equal([found.method, found.acts, found.pieces], ["march", 4, 3]);
});

test("zeros that coincide, or outputs that cancel, are given up", () => {
  const run = (net: network.ReluNetwork) => March.of(net)!.run(line([0], [1]));
  assert.is(run(ReluNetwork.of([relu([[1], [2]], [-0.3, -0.6]), linear([[1, 1]], [0])])), null);
  assert.is(run(ReluNetwork.of([relu([[1], [-1]], [-0.5, 0.5]), linear([[1, 1]], [0])])), null);
  assert.ok(run(ReluNetwork.of([relu([[1], [2]], [-0.3, -0.6 + 1e-13]), linear([[1, 1]], [0])])));
  // A jump of the slope that cancels through two ways: not certain, and no zero weight to explain it.
  const cancel = (w: number) =>
    ReluNetwork.of([
      relu([[1], [1]], [-0.5, 3]),
      relu(
        [
          [1, 1],
          [1, 2],
        ],
        [1, 1],
      ),
      linear([[1, w]], [0]),
    ]);
  assert.is(run(cancel(-1)), null);
  assert.ok(run(cancel(-1 + 1e-12)));
});

test("numbers whose squares leave the doubles are given up", () => {
  const run = (w: number) =>
    March.of(ReluNetwork.of([relu([[w]], [-w / 3]), linear([[1]], [0])]))!.run(line([0], [1]));
  assert.ok(run(1e9));
  assert.is(run(1e150), null);
  assert.is(run(1e200), null);
  assert.ok(run(1e-100));
});

test.run();
