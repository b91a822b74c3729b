// npm run bench -- losses: trial-steps a second on one core with a loss beside the fit, sampling, target and Adam included; the
// Kac-Rice loss against the same training of all trials as one TensorFlow.js program on the wasm backend, in the same run.
import { createRequire } from "node:module";
import process from "node:process";
import { fastest, processor } from "./fastest.mjs";

const require = createRequire(import.meta.url);
const { ensemble, losses, network, random, runtime } = require("relu-lab");
const optimiser = ensemble.adam({ rate: 1e-3 });
const [batch, samples, bandwidth, weight, count] = [64, 64, 0.15, 0.03, 20];
const start = (sizes, trial) => network.heNetwork(sizes, random.generator("bench").split(trial), 0.3);

/** Fit of sin(pi x) sin(pi y), and a loss beside it. */
function programOf(sizes, loss) {
  const tape = new ensemble.Tape();
  const net = ensemble.dense(tape, sizes);
  const x = tape.uniform(2, batch, -1, 1);
  const target = x
    .rowsAt([0])
    .sinPi()
    .mul(x.rowsAt([1]).sinPi());
  const fit = tape.meanSquare(net.apply(x).output, target);
  const beside = loss(tape, net.layers.slice(0, -1)).mul(weight);
  const trials = Array.from({ length: count }, (_, trial) => ({
    parameters: net.parameters(start(sizes, trial)),
    random: random.generator("bench").split(trial),
  }));
  const program = tape.compile(fit.add(beside));
  return (steps) => ensemble.trainSync(program, { trials, steps, optimiser });
}

/** The Kac-Rice training as one TensorFlow.js program with all trials in one batch; returns a function that takes steps. */
function batched(tf, sizes) {
  const nets = Array.from({ length: count }, (_, trial) => start(sizes, trial));
  const layers = nets[0].layers.map(({ inputs, outputs }, l) => {
    const of = (part, shape) =>
      tf.variable(
        tf.tensor3d(
          nets.flatMap((net) => [...net.layers[l][part]]),
          shape,
        ),
      );
    return { W: of("weights", [count, outputs, inputs]), b: of("biases", [count, outputs, 1]) };
  });
  const [first, second, last] = layers;
  const through = (x, { W, b }) => tf.add(tf.matMul(W, x), b);
  const square = (side) => tf.randomUniform([count, 2, side], -1, 1);
  const near = (z, gx, gy) => {
    const length = tf.sqrt(tf.add(tf.add(tf.square(gx), tf.square(gy)), 1e-12));
    const kernel = tf.exp(tf.mul(tf.square(tf.div(z, length)), -0.5 / bandwidth ** 2));
    const scale = tf.div(kernel, length);
    return [tf.mul(scale, gx), tf.mul(scale, gy)];
  };
  const kacRice = () => {
    const z1 = through(square(samples), first);
    const active = tf.step(z1);
    const columns = tf.split(first.W, 2, 2);
    const z2 = through(tf.relu(z1), second);
    const below = near(z1, columns[0], columns[1]);
    const above = near(z2, ...columns.map((column) => tf.matMul(second.W, tf.mul(active, column))));
    const [x, y] = [0, 1].map((d) => tf.concat([below[d], above[d]], 1));
    const products = tf.mul(tf.expandDims(x, 2), tf.expandDims(y, 1));
    const crossing = tf.sum(tf.abs(tf.sub(products, tf.transpose(products, [0, 2, 1, 3]))), [1, 2, 3]);
    const factor = 4 / samples / (2 * 2 * Math.PI * bandwidth ** 2); // every pair comes twice
    return tf.neg(tf.sum(tf.log(tf.add(tf.mul(crossing, factor), 1e-12))));
  };
  const loss = () => {
    const x = square(batch);
    const [p, q] = tf.split(tf.sin(tf.mul(x, Math.PI)), 2, 1);
    const out = through(tf.relu(through(tf.relu(through(x, first)), second)), last);
    const fit = tf.div(tf.sum(tf.square(tf.sub(out, tf.mul(p, q)))), batch); // the sum over trials: they do not meet
    return tf.add(fit, tf.mul(weight, kacRice()));
  };
  const adam = tf.train.adam(1e-3);
  return (steps) => {
    for (let step = 0; step < steps; step++) adam.minimize(loss);
    layers[0].W.dataSync();
  };
}

export default async function bench() {
  process.env.RELU_LAB_BACKEND ??= "wasm";
  await runtime.ready();
  const tf = runtime.tensorflow();
  const rows = [];
  const unit = "trial-steps/s";
  for (const [hidden, must] of [
    [[8, 8], 8e3],
    [[16, 16], 1e6 / 227], // what the first prototype reached
  ]) {
    const sizes = [2, ...hidden, 1];
    const points = (tape, many) => tape.uniform(2, many, -1, 1);
    const own = [
      programOf(sizes, (tape, layers) =>
        losses.kacRiceOnTape(tape, layers, { points: points(tape, samples) }),
      ),
      programOf(sizes, (tape, layers) =>
        losses.lengthOnTape(tape, layers, { points: points(tape, samples) }),
      ),
      programOf(sizes, (tape, layers) =>
        losses.intersectionOnTape(tape, layers, { points: points(tape, 8) }),
      ),
    ];
    const tensors = batched(tf, sizes);
    const steps = [100, 100, 100, 3];
    const ways = [...own, tensors].map((way, i) => () => way(steps[i]));
    for (const way of ways) for (let i = 0; i < 4; i++) way(); // the first steps are slow
    const seconds = await fastest(ways, processor, 15);
    const [kacRice, length, intersection, tfjs] = seconds.map((s, i) => (steps[i] * count) / s);
    const name = sizes.join("-");
    rows.push(
      { name: `${name}, Kac-Rice, 64 samples`, value: kacRice, unit, against: must, ratio: kacRice / must },
      {
        name: "  over one batched TensorFlow.js program, wasm",
        value: kacRice,
        unit,
        against: tfjs,
        ratio: kacRice / tfjs,
      },
      { name: `${name}, length, 64 samples`, value: length, unit, against: kacRice, ratio: length / kacRice },
      {
        name: `${name}, intersection penalty, 8 regions`,
        value: intersection,
        unit,
        against: kacRice,
        ratio: intersection / kacRice,
      },
    );
    const worst = own[0](300).reduce((a, b) => (b.loss > a.loss ? b : a));
    if (worst.failedAt !== null) throw new Error(`${name}: trial ${worst.trial} diverged`);
  }
  return rows;
}
