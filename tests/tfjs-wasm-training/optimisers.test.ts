import { test } from "uvu";
import * as assert from "uvu/assert";
import * as tf from "@tensorflow/tfjs";
import { adam, disableTraining, enableTraining, momentum } from "tfjs-wasm-training";
import { close, randomTensor, start } from "./both-backends";

test.before(start);

/** A few steps on |x - target|^2 weighted by position; what x becomes. */
function descend(optimiser: tf.Optimizer, steps: number): Float32Array[] {
  const x = tf.variable(randomTensor<tf.Rank.R1>([13], 1));
  const weights = randomTensor<tf.Rank.R1>([13], 2);
  const path: Float32Array[] = [];
  for (let i = 0; i < steps; i++) {
    optimiser.minimize(() => x.mul(weights).sub(0.3).square().sum() as tf.Scalar);
    path.push(Float32Array.from(x.dataSync()));
  }
  optimiser.dispose();
  tf.dispose([x, weights]);
  return path;
}

test("momentum takes the same steps as tf.train.momentum, Nesterov too", () => {
  close(descend(momentum(0.05, 0.9), 40), descend(tf.train.momentum(0.05, 0.9), 40), "momentum");
  close(descend(momentum(0.05, 0.9, true), 40), descend(tf.train.momentum(0.05, 0.9, true), 40), "Nesterov");
});

test("Adam takes the same steps as tf.train.adam", () => {
  close(descend(adam(0.02), 40), descend(tf.train.adam(0.02, 0.9, 0.999, 1e-8), 40), "Adam", 5e-5);
});

test("tf.train.adam and tf.train.momentum take the same steps with the package as without", async () => {
  const all = () => [
    ...descend(tf.train.adam(0.02), 40),
    ...descend(tf.train.adam(0.05, 0.8, 0.99, 1e-3), 40),
    ...descend(tf.train.momentum(0.05, 0.9), 40),
    ...descend(tf.train.momentum(0.05, 0.9, true), 40),
  ];
  const [mine, kernels] = [all(), (await tf.profile(() => void descend(tf.train.adam(0.02), 3))).kernelNames];
  assert.ok(kernels.includes("TrainingAdam"), kernels.join(" "));
  disableTraining();
  const stock = all();
  const stockKernels = (await tf.profile(() => void descend(tf.train.adam(0.02), 3))).kernelNames;
  enableTraining();
  assert.not.ok(stockKernels.includes("TrainingAdam"));
  close(mine, stock, "stock optimisers", 1e-5);
});

test("the stock optimisers' state goes out and in, and survives switching the package off and on", async () => {
  const x = tf.variable(randomTensor<tf.Rank.R1>([9], 1));
  const at = x.clone();
  const run = (optimiser: tf.Optimizer, between: () => void) => {
    x.assign(at);
    for (let i = 0; i < 12; i++) {
      if (i === 6) between();
      optimiser.minimize(() => x.sub(0.3).mul(x).square().sum() as tf.Scalar);
    }
    return Float32Array.from(x.dataSync());
  };
  for (const make of [() => tf.train.adam(0.02), () => tf.train.momentum(0.05, 0.9)]) {
    const first = make();
    const wanted = run(first, () => undefined);
    close([run(make(), disableTraining)], [wanted], "switched off half-way");
    close([run(make(), () => enableTraining())], [wanted], "switched on");
    const weights = await first.getWeights();
    const second = make();
    await second.setWeights(weights.map(({ name, tensor }) => ({ name, tensor: tensor.clone() })));
    assert.equal(
      (await second.getWeights()).map(({ name, tensor }) => [name, [...tensor.dataSync()]]),
      weights.map(({ name, tensor }) => [name, [...tensor.dataSync()]]),
    );
  }
  tf.dispose([x, at]);
});

test("a clone of a moment keeps what it was made with while the moment moves on", async () => {
  for (const make of [() => tf.train.adam(0.02), () => tf.train.momentum(0.05, 0.9), () => adam(0.02)]) {
    const x = tf.variable(randomTensor<tf.Rank.R1>([9], 1));
    const optimiser = make();
    const step = () => optimiser.minimize(() => x.sub(0.3).square().sum() as tf.Scalar);
    step();
    const clones = (await optimiser.getWeights()).map(({ tensor }) => tensor.clone());
    const before = clones.map((t) => [...t.dataSync()]);
    step();
    assert.equal(
      clones.map((t) => [...t.dataSync()]),
      before,
    );
    optimiser.dispose();
    tf.dispose([x, ...clones]);
  }
});

test("on the cpu backend the same optimisers take the same steps", async () => {
  const wasm = [...descend(adam(0.02), 20), ...descend(momentum(0.05), 20)];
  await tf.setBackend("cpu");
  const cpu = [...descend(adam(0.02), 20), ...descend(momentum(0.05), 20)];
  await tf.setBackend("wasm");
  close(wasm, cpu, "backends", 5e-5);
});

test("weights taken out and put back continue to the same result, bit for bit", async () => {
  for (const make of [() => adam(0.02), () => momentum(0.05)]) {
    const x = tf.variable(randomTensor<tf.Rank.R1>([9], 1), true, undefined);
    const step = (o: tf.Optimizer) => o.minimize(() => x.sub(0.3).square().sum() as tf.Scalar);
    const first = make();
    for (let i = 0; i < 5; i++) step(first);
    const saved = (await first.getWeights()).map(({ name, tensor }) => ({
      name,
      tensor: tf.tensor(tensor.dataSync().slice(), tensor.shape, tensor.dtype),
    }));
    const at = x.clone();
    for (let i = 0; i < 5; i++) step(first);
    const wanted = x.dataSync();
    x.assign(at);
    const second = make();
    await second.setWeights(saved);
    for (let i = 0; i < 5; i++) step(second);
    assert.equal(x.dataSync(), wanted);
    first.dispose();
    second.dispose();
    tf.dispose([x, at, saved.map(({ tensor }) => tensor)]);
  }
});

test("a moment without gradient ends at zero, not at a denormal", () => {
  const x = tf.variable(tf.ones([8]));
  const on = tf.scalar(1);
  const off = tf.scalar(0);
  const optimiser = momentum(0.1, 0.5);
  optimiser.minimize(() => x.sum().mul(on) as tf.Scalar);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 200; i++) optimiser.minimize(() => x.sum().mul(off) as tf.Scalar);
  assert.is(tf.memory().numTensors, before);
  const velocity = (optimiser as unknown as { moments: Map<string, tf.Variable[]> }).moments.get(x.name)![0];
  assert.equal([...velocity.dataSync()], new Array(8).fill(0));
  optimiser.dispose();
  tf.dispose([x, on, off]);
});

test("stock kernels see the new weights after a step", () => {
  const w = tf.variable(tf.ones<tf.Rank.R4>([1, 1, 1, 1]));
  const image = tf.ones<tf.Rank.R4>([1, 2, 2, 1]);
  const answer = () => tf.tidy(() => tf.conv2d(image, w, 1, "valid").dataSync()[0]);
  assert.is(answer(), 1);
  const optimiser = momentum(0.25, 0);
  optimiser.minimize(() => w.sum() as tf.Scalar);
  assert.is(answer(), 0.75);
  optimiser.dispose();
  tf.dispose([w, image]);
});

test.run();
