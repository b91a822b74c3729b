import { test } from "uvu";
import * as assert from "uvu/assert";
import { models, random, runtime } from "relu-lab";

type Tf = typeof import("@tensorflow/tfjs");
type Model = import("@tensorflow/tfjs").LayersModel;

/** Compares a model with its network on random images; biases are made random first. */
function sameFunction(tf: Tf, model: Model, shape: number[], seed: number): void {
  const g = random.generator(seed);
  const sizes = (n: number[]) => n.reduce((p, k) => p * k, 1);
  for (const layer of model.layers) {
    const old = layer.getWeights();
    layer.setWeights(
      old.map((w) =>
        tf.tensor(
          Float32Array.from({ length: w.size }, () => 0.4 * g.normal()),
          w.shape,
        ),
      ),
    );
  }
  const net = models.networkFromLayersModel(model, { softmax: "drop" });
  for (let p = 0; p < 5; p++) {
    const x = Float32Array.from({ length: sizes(shape) }, () => g.normal());
    const want = tf.tidy(() =>
      (model.predict(tf.tensor(x, [1, ...shape])) as import("@tensorflow/tfjs").Tensor).dataSync(),
    );
    const got = net.forward(x);
    assert.is(got.length, want.length);
    const size = Math.max(1, ...[...want].map(Math.abs));
    got.forEach((v, i) =>
      assert.ok(Math.abs(v - want[i]) <= 1e-5 * size, `${seed}: ${v} against ${want[i]}`),
    );
  }
  model.dispose();
}

test("convolutions with strides and padding, pools, leaky ReLUs: the network gives the model's predictions", async () => {
  await runtime.ready();
  const tf = runtime.tensorflow<Tf>();
  let seed = 0;
  for (const padding of ["valid", "same"] as const)
    for (const strides of [1, 2])
      for (const pool of ["maxPooling2d", "averagePooling2d"] as const) {
        const model = tf.sequential({
          layers: [
            tf.layers.conv2d({
              inputShape: [9, 8, 2],
              filters: 3,
              kernelSize: [3, 2],
              strides,
              padding,
              activation: "relu",
            }),
            tf.layers[pool]({ poolSize: 2, strides: seed % 3 === 0 ? 1 : 2 }),
            tf.layers.flatten(),
            tf.layers.dense({ units: 5 }),
            seed % 2 ? tf.layers.leakyReLU({ alpha: 0.2 }) : tf.layers.reLU(),
            tf.layers.dropout({ rate: 0.5 }),
            tf.layers.dense({ units: 3 }),
          ],
        });
        sameFunction(tf, model, [9, 8, 2], ++seed);
      }
});

test("an identity skip becomes a residual block", async () => {
  await runtime.ready();
  const tf = runtime.tensorflow<Tf>();
  const input = tf.input({ shape: [6, 6, 1] });
  const x = tf.layers.conv2d({ filters: 2, kernelSize: 3, padding: "same", activation: "relu" }).apply(input);
  const f = tf.layers.conv2d({ filters: 2, kernelSize: 3, padding: "same" }).apply(x);
  const sum = tf.layers.reLU().apply(tf.layers.add().apply([x, f] as never));
  const out = tf.layers.dense({ units: 2 }).apply(tf.layers.flatten().apply(sum));
  sameFunction(tf, tf.model({ inputs: input, outputs: out as never }), [6, 6, 1], 3);
});

test("what cannot be expressed is named, with its place", async () => {
  await runtime.ready();
  const tf = runtime.tensorflow<Tf>();
  const of = (layer: import("@tensorflow/tfjs").layers.Layer) =>
    tf.sequential({
      layers: [tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 2, kernelSize: 3, name: "first" }), layer],
    });
  assert.throws(
    () => models.networkFromLayersModel(of(tf.layers.layerNormalization({ name: "ln" }))),
    /layer 1 "ln" \(LayerNormalization\) divides by a size of its own input/,
  );
  assert.throws(
    () => models.networkFromLayersModel(of(tf.layers.elu({ name: "e" }))),
    /layer 1 "e" \(ELU\) is not piecewise linear/,
  );
  assert.throws(
    () =>
      models.networkFromLayersModel(of(tf.layers.conv2d({ filters: 1, kernelSize: 2, activation: "tanh" }))),
    /layer 1 .*activation "tanh"/,
  );
});

test("a convolutional classifier's network gives its logits", async () => {
  await runtime.ready();
  const model = models.ImageClassifier.random(
    models.convolutional({ filters: [2, 3], size: 3, dense: [5], rows: 14, columns: 14 }),
    random.generator(4),
  );
  const net = model.toNetwork();
  const pixels = Uint8Array.from({ length: 196 }, (_, i) => (i * 37) % 256);
  const want = (model.logits(model.batch(pixels, [0])) as import("@tensorflow/tfjs").Tensor).dataSync();
  net
    .forward(Float64Array.from(pixels, (p) => p / 255))
    .forEach((v, i) => assert.ok(Math.abs(v - want[i]) < 1e-5));
  model.dispose();
});

test.run();
