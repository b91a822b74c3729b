import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, network, random } from "relu-lab";

const net = network.ReluNetwork.of([
  {
    W: [
      [1, -1],
      [2, 0],
    ],
    b: [0, -1],
    activation: "relu",
  },
  { W: [[1, 3]], b: [0.5], activation: "linear" },
]);
const near = (a: number, b: number, tolerance: number) =>
  assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b} +- ${tolerance}`);

test("the specification's vector of the forward and the backward pass (SPEC 0)", () => {
  const { cost, layers, gradients } = experiments.backpropagate(net, [1, 2], [1]);
  assert.equal([...layers[0].z], [-1, 1]);
  assert.equal([...layers[0].a], [0, 1]);
  assert.equal([...layers[1].a], [3.5]);
  assert.is(cost, 3.125);
  assert.equal([...gradients[1].weights], [0, 2.5]);
  assert.equal([...gradients[1].biases], [2.5]);
  assert.equal(
    [...gradients[0].weights].map((v) => v + 0),
    [0, 0, 7.5, 15],
  );
  assert.equal(
    [...gradients[0].biases].map((v) => v + 0),
    [0, 7.5],
  );
  assert.equal([...net.forward([1, 2])], [3.5]);
});

test("each derivative three times, named by its place", async () => {
  const rows = await experiments.compareGradients(net, [1, 2], [1]);
  assert.equal(
    rows.map(({ parameter }) => parameter),
    ["W1[0][0]", "W1[0][1]", "W1[1][0]", "W1[1][1]", "b1[0]", "b1[1]", "W2[0][0]", "W2[0][1]", "b2[0]"],
  );
  for (const row of rows) {
    near(row.automatic, row.backpropagation, 0);
    near(row.difference, row.backpropagation, 1e-8);
  }
});

test("backpropagation agrees on random networks, and a wrong gradient would be found", async () => {
  const rows = await experiments.gradientErrors(
    {
      shapes: [
        [2, 3, 2],
        [3, 6, 5, 4],
      ],
      costs: ["half squares", "cross-entropy"],
      trials: 4,
    },
    random.generator(3),
  );
  assert.is(rows.length, 16);
  for (const row of rows) {
    assert.ok(row.difference < 1e-6 && row.difference > 0, `${row.network}: ${row.difference}`);
    assert.ok(row.automatic < 1e-5 && row.automatic > 0, `${row.network}: ${row.automatic}`);
  }
  await experiments
    .gradientErrors({ shapes: [[2, 3, 1]], costs: ["cross-entropy"], trials: 1 }, random.generator(0))
    .then(
      () => assert.unreachable(),
      (error: Error) => assert.match(error.message, /2-3-1 has one class only/),
    );
});

test("difference quotients err by h and h² above their best step, by 1/h below it", () => {
  const steps = [1e-10, 1e-9, 1e-4, 1e-3];
  const rows = experiments.differenceErrors([4, 8, 8, 3], steps, random.generator(0));
  const slope = (quotient: string, i: number) => {
    const [a, b] = rows.filter((row) => row.quotient === quotient).slice(i, i + 2);
    return Math.log10(b.error / a.error);
  };
  near(slope("one-sided", 2), 1, 0.05);
  near(slope("central", 2), 2, 0.1);
  near(slope("central", 0), -1, 0.7);
});

test("costs: exact values, huge logits, wrong lengths", () => {
  near(experiments.costOf([0, 0, 0, 0], [0, 1, 0, 0], "cross-entropy"), Math.log(4), 1e-15);
  near(experiments.costOf([1000, 0], [0, 1], "cross-entropy"), 1000, 1e-9);
  assert.is(experiments.costOf([3, 1], [1, 2], "half squares"), 2.5);
  near(experiments.softmax([1000, 1000])[0], 0.5, 1e-15);
  assert.throws(
    () => experiments.costOf([1], [1, 2], "half squares"),
    /the output has 1 numbers, the target 2/,
  );
  assert.throws(() => experiments.costOf([1], [1], "hinge" as never), /"hinge" is not a cost/);
  assert.throws(() => experiments.forwardPass(net, [1]), /the input has 1 numbers, the network takes 2/);
  const bent = network.ReluNetwork.of([{ W: [[1]], b: [0], activation: "relu" }]);
  assert.throws(() => experiments.backpropagate(bent, [1], [1]), /the last layer must be affine/);
});

test("convolution and pooling: the specification's example, and TensorFlow.js", async () => {
  const image = experiments.featureMap([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);
  const answer = experiments.convolve(
    image,
    experiments.featureMap([
      [-1, 0],
      [0, 1],
    ]),
  );
  assert.equal(experiments.patch(answer, 0, 0, 2), [
    [4, 4],
    [4, 4],
  ]);
  const pooled = experiments.maxPool(experiments.rectify(answer));
  assert.equal([pooled.rows, pooled.columns, ...pooled.values], [1, 1, 4]);
  const g = random.generator(2);
  const noise = { rows: 11, columns: 9, values: Float64Array.from({ length: 99 }, () => g.normal()) };
  for (const row of await experiments.compareConvolutions(noise, experiments.edgeKernels())) {
    assert.ok(row.convolution < 1e-5 && row.pooling < 1e-5, JSON.stringify(row));
  }
  const shifted = experiments.shiftMap(image, 1, -1);
  assert.equal([...shifted.values], [0, 0, 0, 2, 3, 0, 5, 6, 0]);
  assert.equal(experiments.strongestPlace(image, experiments.featureMap([[1]])), {
    row: 2,
    column: 2,
    answer: 9,
  });
});

test("images and filters that do not fit are refused", () => {
  const image = experiments.featureMap([
    [1, 2],
    [3, 4],
  ]);
  assert.throws(
    () => experiments.convolve(image, experiments.featureMap([[1, 1, 1]])),
    /1 x 3 does not fit on 2 x 2/,
  );
  assert.throws(() => experiments.maxPool(image, 3), /no window of 3 fits on 2 x 2/);
  assert.throws(() => experiments.featureMap([[1, 2], [3]]), /row 1 has 1 numbers, row 0 has 2/);
  assert.throws(() => experiments.imageMap(new Uint8Array(30)), /30 pixels make no picture of 28 columns/);
  assert.throws(() => experiments.patch(image, 1, 1, 2), /leave a map of 2 x 2/);
});

test("a neuron's cost has the derivatives that backpropagation gives", () => {
  const g = random.generator(4);
  const data = experiments.neuronData(g, { count: 7 });
  const { byW, byB, cost } = experiments.neuronCost(data, 0.7, -0.2);
  const neuron = network.ReluNetwork.of([
    { W: [[0.7]], b: [-0.2], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  const parts = Array.from(data.x, (x, i) => experiments.backpropagate(neuron, [x], [data.y[i]]));
  const mean = (of: (part: (typeof parts)[0]) => number) => parts.reduce((s, part) => s + of(part), 0) / 7;
  near(
    byW,
    mean(({ gradients }) => gradients[0].weights[0]),
    1e-12,
  );
  near(
    byB,
    mean(({ gradients }) => gradients[0].biases[0]),
    1e-12,
  );
  near(
    cost,
    mean((part) => part.cost),
    1e-12,
  );
});

test("descent: downhill, dead where no point is active, noisy with small batches", () => {
  const data = experiments.neuronData(random.generator(5));
  const go = (options: Partial<experiments.DescentOptions>) =>
    experiments.descend(data, { name: "d", start: [-0.5, 2.5], rate: 0.3, steps: 100, ...options });
  const whole = go({});
  for (let i = 1; i < whole.length; i++) assert.ok(whole[i].cost <= whole[i - 1].cost + 1e-12);
  near(whole[100].w, 1.5, 0.2);
  near(whole[100].b, 0.5, 0.2);
  const dead = go({ start: [-0.7, -2.2] });
  assert.equal([dead[100].w, dead[100].b], [-0.7, -2.2]);
  const batches = { batchSize: 1, generator: random.generator(6) };
  assert.equal(go(batches), go(batches), "the same generator, the same path");
  assert.ok(go(batches)[100].cost > whole[100].cost);
  assert.throws(() => go({ batchSize: 2 }), /a generator is needed/);
  assert.throws(
    () => go({ batchSize: 61, generator: random.generator(0) }),
    /batch size is 61; there are 60 points/,
  );
  for (const row of experiments.batchNoise(data, [0.5, 0], [1, 16], 4000, random.generator(7))) {
    near(row.measured / row.predicted, 1, 0.06);
  }
});

test("a cost surface holds the cost at its corners", () => {
  const data = experiments.neuronData(random.generator(5));
  const { values, columns, rows } = experiments.costSurface(data, [-1, -2], [3, 2], 5);
  assert.equal([columns, rows, values.length], [5, 5, 25]);
  assert.is(values[0], experiments.neuronCost(data, -1, -2).cost);
  assert.is(values[4], experiments.neuronCost(data, 3, -2).cost);
  assert.is(values[24], experiments.neuronCost(data, 3, 2).cost);
});

test.run();
