import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as Tfjs from "@tensorflow/tfjs";
import { ensemble, losses, network, random, regions, runtime } from "relu-lab";
import * as scalar from "../../oracle/ensemble";
import * as references from "../../oracle/losses";
import { constantNeuron, degenerate, mixedOfConstantNeuron, rescaled } from "./networks";

// The losses on a tape: against the references in doubles, against central differences, against the forms for TensorFlow.js.
const tf = runtime.tensorflow<typeof Tfjs>();
const t = tf as unknown as runtime.TensorFlow;
const g = random.generator("losses on a tape");

test.before(async () => void (await runtime.ready()));

type Layers = readonly network.DenseLayer[];
type Build = (
  tape: ensemble.Tape,
  layers: readonly ensemble.LayerValues[],
  points: ensemble.Value,
) => ensemble.Value;

interface Loss {
  readonly name: string;
  readonly onTape: Build;
  readonly reference: (layers: Layers, points: number[][]) => number;
  readonly tensors: (layers: losses.LayerTensors[], points: number[][]) => losses.TensorLike;
}

/** A loss of a network's hidden layers at points that are drawn on the tape, with all weights as parameters. */
function programOf(net: network.ReluNetwork, build: Build, count: number, box: losses.Box) {
  const tape = new ensemble.Tape();
  const model = ensemble.dense(tape, net.sizes);
  const points = tape.uniform(net.inputs, count, box.min, box.max);
  const program = tape.compile(build(tape, model.layers.slice(0, -1), points), { points });
  return { program, model, start: { parameters: model.parameters(net), random: g.split("points") } };
}

function pointsOf({ watched }: ensemble.Derivative, inputs: number): number[][] {
  const count = watched.points.length / inputs;
  return Array.from({ length: count }, (_, s) =>
    Array.from({ length: inputs }, (_, d) => watched.points[d * count + s]),
  );
}

/** tf's gradient in the order of the tape's parameters: W [outputs, inputs] row by row, b, layer by layer. */
function tensorGradient(
  layers: Layers,
  loss: (tensors: losses.LayerTensors[]) => losses.TensorLike,
): number[] {
  return tf.tidy(() => {
    const list = layers.flatMap(({ weights, biases, inputs, outputs }) => [
      tf.tensor2d(Float32Array.from(weights), [outputs, inputs]),
      tf.tensor1d(Float32Array.from(biases)),
    ]);
    const of = (...p: Tfjs.Tensor[]) => {
      const pairs = layers.map((_, l) => ({ kernel: tf.transpose(p[2 * l]), bias: p[2 * l + 1] }));
      // tf.grads wants every parameter to take part; not all do in every loss.
      return p.reduce((sum, q) => sum.add(q.sum().mul(0)), loss(pairs) as unknown as Tfjs.Tensor);
    };
    return tf
      .grads(of)(list)
      .flatMap((gradient) => [...gradient.dataSync()]);
  });
}

const rounded = (net: network.ReluNetwork) =>
  network.ReluNetwork.of(
    net.layers.map(({ weights, biases, activation }) => ({
      W: weights.map(Math.fround),
      b: biases.map(Math.fround),
      activation,
    })),
  );

/** Value against the doubles, gradient against central differences (1e-7) and against TensorFlow.js (1e-6). */
function agrees(net: network.ReluNetwork, loss: Loss, count: number, box: losses.Box, name: string) {
  net = rounded(net); // tensors hold 32-bit numbers: all forms start from the same
  const { program, start } = programOf(net, loss.onTape, count, box);
  const hidden = net.layers.slice(0, -1);
  const [own, oracle] = [ensemble, scalar].map((engine) => engine.differentiate(program, start));
  assert.equal([...own.gradient], [...oracle.gradient], `${name}: the engines differ`);
  const points = pointsOf(own, net.inputs);
  const wanted = loss.reference(hidden, points);
  assert.ok(
    Math.abs(own.loss - wanted) < 1e-11 * (1 + Math.abs(wanted)),
    `${name}: ${own.loss}, not ${wanted}`,
  );
  const largest = Math.max(...own.gradient.map(Math.abs));
  assert.ok(largest > 1e-3, `${name}: there is no gradient to check`);
  const at = (p: number, shift: number) => {
    const parameters = Float64Array.from(start.parameters);
    parameters[p] += shift;
    return ensemble.differentiate(program, { ...start, parameters }).loss;
  };
  own.gradient.forEach((slope, p) => {
    const difference = (at(p, 1e-6) - at(p, -1e-6)) / 2e-6;
    assert.ok(
      Math.abs(difference - slope) < 1e-7 * Math.max(1, largest),
      `${name}, parameter ${p}: ${slope}, differences say ${difference}`,
    );
  });
  // Triples multiply three kernel values: 32 bits lose another digit there.
  const float = net.inputs === 3 ? 1e-5 : 1e-6;
  const theirs = tensorGradient(hidden, (tensors) => loss.tensors(tensors, points));
  theirs.forEach((slope, p) =>
    assert.ok(
      Math.abs(slope - own.gradient[p]) < float * (1 + largest),
      `${name}, parameter ${p}: ${own.gradient[p]}, TensorFlow.js says ${slope}`,
    ),
  );
}

const box: losses.Box = { min: [-1, 0], max: [2, 1.5] };

const density = (kind: "length" | "kacRice", options: { bandwidth: number; box: losses.Box }): Loss => ({
  name: kind,
  onTape: (tape, layers, points) => losses[`${kind}OnTape`](tape, layers, { ...options, points }),
  reference: (layers, points) => references[`${kind}Reference`](layers, { ...options, points }),
  tensors: (layers, points) => losses[`${kind}Loss`](t, layers, { ...options, points }),
});

const intersection = (options: { pairs?: losses.PairKind[]; box?: losses.Box }): Loss => ({
  name: `intersection ${options.pairs ?? "all"}`,
  onTape: (tape, layers, points) => losses.intersectionOnTape(tape, layers, { ...options, points }),
  reference: (layers, points) => references.intersectionReference(layers, { ...options, points }),
  tensors: (layers, points) => losses.intersectionPenalty(t, layers, { ...options, points }),
});

test("length and Kac-Rice: any depth, one to three inputs, another box", () => {
  for (const sizes of [
    [2, 5, 1],
    [2, 8, 8, 1],
    [2, 4, 4, 4, 1],
    [1, 4, 3, 1],
    [3, 4, 4, 1],
  ]) {
    const net = network.heNetwork(sizes, g.split(`density ${sizes}`), 0.3);
    const domain = sizes[0] === 2 ? box : losses.unitBox(sizes[0]);
    for (const kind of ["length", "kacRice"] as const)
      agrees(net, density(kind, { bandwidth: 0.3, box: domain }), 16, domain, `${kind} ${sizes.join("-")}`);
  }
});

test("the intersection penalty: each kind of pairs and all of them, two boxes", () => {
  for (const sizes of [
    [2, 5, 4, 1],
    [2, 3, 6, 1],
    [2, 8, 8, 1],
  ]) {
    const net = network.heNetwork(sizes, g.split(`intersection ${sizes}`), 0.3);
    for (const pairs of [...losses.pairKinds.map((kind) => [kind]), [...losses.pairKinds]])
      for (const domain of [box, losses.unitBox(2)])
        agrees(
          net,
          intersection({ pairs, box: domain }),
          8,
          domain,
          `intersection ${sizes.join("-")} ${pairs}`,
        );
  }
});

const planeLosses = [
  density("length", { bandwidth: 0.15, box: losses.unitBox(2) }),
  density("kacRice", { bandwidth: 0.15, box: losses.unitBox(2) }),
  intersection({}),
];
const derivative = (net: network.ReluNetwork, loss: Loss, count = 8) => {
  const { program, start } = programOf(net, loss.onTape, count, losses.unitBox(2));
  return ensemble.differentiate(program, start);
};

test("scaling a neuron by a positive number changes nothing", () => {
  const net = network.heNetwork([2, 5, 4, 1], g.split("scaled"), 0.3);
  const last = net.specs()[2];
  const scaled = network.ReluNetwork.of([...rescaled(net.layers), last]);
  for (const loss of planeLosses) {
    const [a, b] = [net, scaled].map((of) => derivative(of, loss, 20).loss);
    // 1e-12 and 1e-10 stand beside squared slopes: equal to about that.
    assert.ok(Math.abs(a - b) < 1e-9, `${loss.name}: ${a} and ${b}`);
  }
});

test("finite with finite gradients at parallel lines and at neurons that are off everywhere", () => {
  const out = { W: [[1, 1]], b: [0], activation: "linear" as const };
  for (const [what, layers] of Object.entries(degenerate)) {
    const net = network.ReluNetwork.of([...layers, out]);
    for (const loss of planeLosses) {
      const { loss: value, gradient } = derivative(net, loss);
      // Where all lines are parallel the logarithm's slope is up to 1e12: finite, no more is asked.
      assert.ok(Math.abs(value) < 1e4, `${loss.name}, ${what}: ${value}`);
      for (const v of gradient) assert.ok(Number.isFinite(v), `${loss.name}, ${what}: ${v}`);
    }
  }
});

/** A loss's value for first-layer lines. */
const ofLines = (W: number[][], b: number[], loss: Loss, count = 1) =>
  derivative(
    network.ReluNetwork.of([
      { W, b, activation: "relu" },
      { W: [b.map(() => 1)], b: [0.1], activation: "relu" },
      { W: [[1]], b: [0], activation: "linear" },
    ]),
    loss,
    count,
  ).loss;

test("first-layer pairs: 0 for x = 0, y = 0, x = y; positive for a crossing outside the box", () => {
  const first = intersection({ pairs: ["first"] });
  assert.is(
    ofLines(
      [
        [1, 0],
        [0, 1],
        [1, -1],
      ],
      [0, 0, 0],
      first,
    ),
    0,
  );
  // x = 1.98 and y = 0 meet at (1.98, 0): |p_1| - 0.95 |p_3| = 1.03, for the one pair there is.
  assert.ok(
    Math.abs(
      ofLines(
        [
          [1, 0],
          [0, 1],
        ],
        [-1.98, 0],
        first,
      ) - 1.03,
    ) < 1e-9,
  );
  assert.ok(
    Math.abs(
      ofLines(
        [
          [70, 0],
          [0, 0.02],
        ],
        [-1.98 * 70, 0],
        first,
      ) - 1.03,
    ) < 1e-8,
  );
});

/** The penalty of a network's hidden layers at one given point. */
function penaltyAt(specs: network.LayerSpec[], point: number[], options: Partial<losses.IntersectionOnTape>) {
  const tape = new ensemble.Tape();
  const net = network.ReluNetwork.of([...specs, { W: [specs[1].b], b: [0], activation: "linear" }]);
  const model = ensemble.dense(tape, net.sizes);
  const points = tape.constant(2, 1, point);
  const loss = losses.intersectionOnTape(tape, model.layers.slice(0, -1), { ...options, points });
  return ensemble.differentiate(tape.compile(loss), { parameters: model.parameters(net), random: g }).loss;
}

test("a constant neuron is no facet; a box may be off centre in one direction; no pairs cost nothing", () => {
  for (const [point, wanted] of mixedOfConstantNeuron) {
    const found = penaltyAt(constantNeuron, point, { pairs: ["mixed"] });
    assert.ok(Math.abs(found - wanted) < 1e-11, `at ${point}: ${found}, not ${wanted}`);
  }
  const net = network.heNetwork([2, 4, 3, 1], g.split("off centre"), 0.3);
  const off = { min: [-1, 0], max: [1, 1.5] };
  const options = { points: [[0.25, 0.5]], box: off };
  const wanted = references.intersectionReference(net.layers.slice(0, -1), options);
  const found = penaltyAt(net.specs().slice(0, -1), options.points[0], { box: off });
  assert.ok(Math.abs(found - wanted) < 1e-11, `${found}, not ${wanted}`);
  const tape = new ensemble.Tape();
  const { layers } = ensemble.dense(tape, [2, 3, 1, 1]);
  const points = tape.uniform(2, 4);
  for (const pairs of [[], ["second" as const]]) {
    // One neuron meets no other.
    assert.is(losses.intersectionOnTape(tape, layers.slice(0, -1), { points, pairs }).shape, "[1, 1]");
  }
});

test("Kac-Rice on the two axes counts their one crossing", () => {
  const tape = new ensemble.Tape();
  const net = ensemble.dense(tape, [2, 2]);
  const grid = Array.from({ length: 64 * 64 }, (_, i) => [
    (i % 64) / 32 - 63 / 64,
    Math.floor(i / 64) / 32 - 63 / 64,
  ]);
  const points = tape.constant(
    2,
    grid.length,
    [0, 1].flatMap((d) => grid.map((p) => p[d])),
  );
  const layer = { ...net.layers[0], activation: "relu" as const };
  const loss = losses.kacRiceOnTape(tape, [layer], { points, bandwidth: 0.05 });
  const trial = { parameters: [1, 0, 0, 1, 0, 0], random: g };
  const found = Math.exp(-ensemble.differentiate(tape.compile(loss), trial).loss);
  assert.ok(Math.abs(found - 1) < 1e-3, `${found} crossings`);
});

test("the critical-orbit hinge agrees with the doubles, differences and TensorFlow.js, with and without outer ReLU", () => {
  for (const outerRelu of [true, false]) {
    for (const [n, deviation] of [
      [1, 0.5],
      [3, 0.3],
      [6, 0.05],
    ]) {
      const tape = new ensemble.Tape();
      const model = ensemble.chain(tape, n, 2, { outerRelu });
      const options = { margin: 0.31, slope: 2.5 };
      const program = tape.compile(losses.criticalOrbitOnTape(tape, model.layers, options));
      const noise = g.split(`orbit ${n} ${outerRelu}`);
      const off = (v: number) => Math.fround(v + deviation * noise.normal());
      const parameters = Array.from({ length: n }, () => [
        ...[off(1), off(1), Math.abs(off(0)), off(-0.5)],
        ...[off(1.9), off(-3.8), Math.abs(off(0)) / 9].map(Math.fround),
      ]).flat();
      const at = (values: readonly number[]) =>
        ensemble.differentiate(program, { parameters: values, random: g });
      const { loss, gradient } = at(parameters);
      const { layers } = model.network(Float64Array.from(parameters));
      const maps = Array.from({ length: n }, (_, k) => [layers[2 * k], layers[2 * k + 1]] as const);
      const wanted = references.criticalOrbitReference(maps, { ...options, outerRelu });
      assert.ok(Math.abs(loss - wanted) < 1e-12 * (1 + wanted), `n = ${n}: ${loss}, not ${wanted}`);
      const largest = Math.max(...gradient.map(Math.abs));
      assert.ok(largest > 0.1);
      gradient.forEach((slope, p) => {
        const [up, down] = [1e-6, -1e-6].map((h) => at(parameters.map((v, q) => (q === p ? v + h : v))).loss);
        assert.ok(
          Math.abs((up - down) / 2e-6 - slope) < 1e-7 * Math.max(1, largest),
          `n = ${n}, ${p}: ${slope}`,
        );
      });
      const theirs = tensorGradient(layers, (tensors) => {
        const chain = maps.map((_, k) => ({ inner: tensors[2 * k], outer: tensors[2 * k + 1] }));
        return losses.criticalOrbitLoss(t, chain, { ...options, outerRelu });
      });
      theirs.forEach((slope, p) =>
        assert.ok(Math.abs(slope - gradient[p]) < 2e-6 * Math.max(1, largest), `n = ${n}, ${p}: tf ${slope}`),
      );
    }
  }
});

test("slices: Kac-Rice on a plane through four inputs is that of the network seen along the plane", () => {
  const net = rounded(network.heNetwork([4, 6, 5, 1], g.split("slice"), 0.3));
  const [origin, u, v] = ["origin", "u", "v"].map((name) => {
    const own = g.split(name);
    return Array.from({ length: 4 }, () => Math.fround(own.normal()));
  });
  const [, second, last] = net.specs();
  const W = Array.from({ length: 6 }, (_, i) =>
    [u, v].map((d) => d.reduce((sum, x, k) => sum + x * net.layers[0].weights[4 * i + k], 0)),
  );
  const b = net.layers[0].biases.map((c, i) =>
    origin.reduce((sum, x, k) => sum + x * net.layers[0].weights[4 * i + k], c),
  );
  const seen = network.ReluNetwork.of([{ W, b, activation: "relu" }, second, last]);
  const tape = new ensemble.Tape();
  const model = ensemble.dense(tape, net.sizes);
  const points = tape.uniform(2, 12, 0, 1);
  const layers = losses.sliceOnTape(
    tape,
    model.layers.slice(0, -1),
    tape.constant(4, 1, origin),
    tape.constant(
      4,
      2,
      origin.flatMap((_, k) => [u[k], v[k]]),
    ),
  );
  const domain = { min: [0, 0], max: [1, 1] };
  const program = tape.compile(losses.kacRiceOnTape(tape, layers, { points, box: domain }), { points });
  const own = ensemble.differentiate(program, { parameters: model.parameters(net), random: g });
  const at = pointsOf(own, 2);
  const wanted = references.kacRiceReference(seen.layers.slice(0, -1), { points: at, box: domain });
  assert.ok(Math.abs(own.loss - wanted) < 1e-11 * (1 + Math.abs(wanted)), `${own.loss}, not ${wanted}`);
  const largest = Math.max(...own.gradient.map(Math.abs));
  const theirs = tensorGradient(net.layers.slice(0, -1), (tensors) =>
    losses.kacRiceLoss(t, losses.sliceLayers(t, tensors, origin, [u, v]), { points: at, box: domain }),
  );
  theirs.forEach((slope, p) =>
    assert.ok(
      Math.abs(slope - own.gradient[p]) < 1e-5 * (1 + largest),
      `${p}: ${own.gradient[p]}, tf ${slope}`,
    ),
  );
  assert.is(layers[0].preactivation(points).shape, "[6, 12]");
  const column = tape.constant(4, 1, origin);
  assert.throws(() => losses.sliceOnTape(tape, model.layers, column, points), /directions \[2, 12\]/);
  assert.throws(
    () => losses.sliceOnTape(tape, model.layers, points, tape.constant(4, 2, new Array(8).fill(1))),
    /origin \[2, 12\]/,
  );
  assert.throws(
    () => losses.sliceOnTape(tape, [], column, points),
    /sliceOnTape: there are no hidden layers/,
  );
  assert.throws(() => losses.sliceOnTape(tape, model.layers, points, points), /origin \[2, 12\]/);
  assert.throws(() => losses.sliceLayers(t, [], [], [[], []]), /no hidden layers/);
});

test("a weight is switched off on the tape when its schedule says so", () => {
  const tape = new ensemble.Tape();
  const p = tape.parameter(1, 1);
  const weight = losses.weightOnTape(tape, losses.switchedOff(0.5, 0.1), 10);
  const program = tape.compile(p.square().sum(), { weight });
  const trials = [{ parameters: [1], random: g }];
  const readOuts = [1, 5, 6, 10];
  const [{ readOuts: seen }] = ensemble.trainSync(program, {
    trials,
    steps: 10,
    readOuts,
    optimiser: ensemble.sgd({ rate: 0.1 }),
  });
  assert.equal(
    seen.map(({ watched }) => watched.weight[0]),
    [0.1, 0.1, 0, 0],
  );
  assert.throws(() => losses.weightOnTape(tape, losses.always(1), 0), /0 steps/);
  assert.is(losses.weightOnTape(tape, losses.always(1), 1).shape, "[1, 1]");
});

test("some steps on each loss alone make more regions, by the exact counter", () => {
  for (const loss of planeLosses) {
    const nets = Array.from({ length: 10 }, (_, i) =>
      network.heNetwork([2, 8, 8, 1], g.split(`more ${i}`), 0.3),
    );
    const { program, model } = programOf(nets[0], loss.onTape, 32, losses.unitBox(2));
    const ends = ensemble.trainSync(program, {
      trials: nets.map((net, i) => ({ parameters: model.parameters(net), random: g.split(i) })),
      steps: 150,
      optimiser: ensemble.adam({ rate: 1e-2 }),
    });
    const square = { lo: [-1, -1], hi: [1, 1] };
    const sum = (of: readonly network.ReluNetwork[]) =>
      of.reduce((total, net) => total + regions.countPlaneSync(net, square).regions, 0);
    const [before, after] = [sum(nets), sum(ends.map(({ parameters }) => model.network(parameters)))];
    assert.ok(after > 1.5 * before, `${loss.name}: ${before} regions before, ${after} after`);
  }
});

test("what does not fit is named", () => {
  const tape = new ensemble.Tape();
  const { layers } = ensemble.dense(tape, [3, 4, 4, 1]);
  const points = tape.uniform(3, 4);
  const hidden = layers.slice(0, -1);
  assert.throws(() => losses.intersectionOnTape(tape, hidden, { points }), /weights are \[4, 3\], \[4, 4\]/);
  assert.throws(() => losses.kacRiceOnTape(tape, layers, { points }), /layer 2 is linear/);
  assert.throws(
    () => losses.lengthOnTape(tape, hidden, { points: tape.uniform(2, 4) }),
    /points are \[2, 4\]/,
  );
  assert.throws(() => losses.lengthOnTape(tape, hidden, { points, bandwidth: 0 }), /bandwidth is 0/);
  assert.throws(() => losses.lengthOnTape(tape, hidden, { points, box: losses.unitBox(2) }), /3 dimensions/);
  assert.throws(() => losses.lengthOnTape(tape, [], { points }), /no hidden layers/);
  assert.throws(
    () =>
      losses.kacRiceOnTape(
        tape,
        ensemble.dense(tape, [3, 2]).layers.map((l) => ({ ...l, activation: "relu" as const })),
        { points },
      ),
    /2 neurons/,
  );
  const four = ensemble.dense(tape, [4, 5, 1]).layers.slice(0, -1);
  assert.throws(() => losses.kacRiceOnTape(tape, four, { points: tape.uniform(4, 2) }), /4 inputs/);
  assert.throws(() => losses.criticalOrbitOnTape(tape, []), /0 layers/);
  assert.throws(
    () => losses.criticalOrbitOnTape(tape, hidden),
    /map 1 has the weights \[4, 3\] and \[4, 4\]/,
  );
  const chain = ensemble.chain(tape, 1, 2, { outerRelu: true });
  assert.throws(
    () => losses.criticalOrbitOnTape(tape, chain.layers.slice(0, 1)),
    /criticalOrbitOnTape: 1 layers/,
  );
  const linear = chain.layers.map((l) => ({ ...l, activation: "linear" as const }));
  assert.throws(() => losses.criticalOrbitOnTape(tape, linear), /map 1 has the weights .* \(linear\)/);
  assert.throws(
    () => losses.lengthOnTape(tape, [{ ...hidden[0], activation: "linear" }], { points }),
    /lengthOnTape: layer 0 is linear/,
  );
  assert.throws(() => losses.kacRiceOnTape(tape, [], { points }), /kacRiceOnTape: there are no hidden/);
  const plane = ensemble.dense(tape, [2, 4, 4, 4, 1]).layers.slice(0, -1);
  const at = tape.uniform(2, 4);
  assert.throws(
    () => losses.intersectionOnTape(tape, plane, { points: at }),
    /\[4, 2\], \[4, 4\], \[4, 4\], but it/,
  );
  for (const domain of [
    { min: [-1], max: [1, 1] },
    { min: [-1, -1], max: [1] },
    { min: [-1, -1], max: [1, 1, 1] },
    { min: [-1, 1], max: [1, 1] },
    { min: [1, -1], max: [-1, 1] },
  ]) {
    const penalty = () => losses.intersectionOnTape(tape, plane.slice(0, 2), { points: at, box: domain });
    assert.throws(penalty, /intersectionOnTape: the box .* is not a box in 2 dimensions/);
  }
});

test.run();
