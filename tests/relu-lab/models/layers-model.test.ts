import { test } from "uvu";
import * as assert from "uvu/assert";
import { models, network, random, runtime } from "relu-lab";

const { networkFromLayersModel, toLayersModel } = models;
type Tf = typeof import("@tensorflow/tfjs");

test("a network survives the way to a LayersModel and back as float32", async () => {
  await runtime.ready();
  const tf = runtime.tensorflow<Tf & runtime.TensorFlow>();
  const net = network.heNetwork([3, 8, 5, 2], random.generator(1), 0.3);
  const before = tf.memory().numTensors;
  const model = toLayersModel<import("@tensorflow/tfjs").LayersModel>(tf, net);
  const back = networkFromLayersModel(model);
  assert.equal(back.sizes, net.sizes);
  for (const [l, layer] of net.layers.entries()) {
    assert.is(back.layers[l].activation, layer.activation);
    assert.equal([...back.layers[l].weights], [...layer.weights].map(Math.fround));
    assert.equal([...back.layers[l].biases], [...layer.biases].map(Math.fround));
  }
  const g = random.generator(2);
  const points = Array.from({ length: 20 }, () => [g.normal(), g.normal(), g.normal()]);
  const predicted = tf.tidy(() =>
    (model.predict(tf.tensor2d(points)) as import("@tensorflow/tfjs").Tensor).arraySync(),
  );
  for (const [p, row] of (predicted as number[][]).entries()) {
    for (const [o, value] of back.forward(points[p]).entries()) {
      assert.ok(Math.abs(value - row[o]) < 1e-5, `point ${p}: ${value} against ${row[o]}`);
    }
  }
  model.dispose();
  assert.is(tf.memory().numTensors, before);
});

test("layers that change nothing are passed over; a ReLU layer goes to the layer before it", async () => {
  await runtime.ready();
  const tf = runtime.tensorflow<Tf>();
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [2, 2] }),
      tf.layers.dense({ units: 3, useBias: false }),
      tf.layers.reLU(),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.dense({ units: 2, activation: "softmax" }),
    ],
  });
  assert.throws(() => networkFromLayersModel(model), /ends in a softmax.*softmax: "drop"/);
  const net = networkFromLayersModel(model, { softmax: "drop" });
  assert.equal(net.sizes, [4, 3, 2]);
  assert.equal(
    net.layers.map((layer) => layer.activation),
    ["relu", "linear"],
  );
  assert.equal([...net.layers[0].biases], [0, 0, 0]);
});

test("what is not piecewise linear is refused by layer", async () => {
  await runtime.ready();
  const tf = runtime.tensorflow<Tf>();
  const tanh = tf.sequential({
    layers: [tf.layers.dense({ units: 3, inputShape: [2], activation: "tanh", name: "bent" })],
  });
  assert.throws(() => networkFromLayersModel(tanh), /layer 0 "bent" \(Dense\) has the activation "tanh"/);
  const huge = network.ReluNetwork.of([{ W: [[1e300]], b: [0], activation: "relu" }]);
  assert.throws(() => toLayersModel(runtime.tensorflow(), huge), /beyond float32/);
});

test.run();
