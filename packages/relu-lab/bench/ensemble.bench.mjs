// npm run bench -- ensemble: trial-steps a second on one core, sampling, targets and optimiser (Adam) included, against one
// batched TensorFlow.js program on the wasm backend in the same run. Networks that live: from the perturbed sawtooth, from
// random breakpoints, from He's weights.
import { createRequire } from "node:module";
import process from "node:process";
import { fastest, processor, wall } from "./fastest.mjs";

const require = createRequire(import.meta.url);
const { ensemble, network, random, runtime, sawtooth } = require("relu-lab");
const optimiser = ensemble.adam({ rate: 1e-3 });

/** Naive sawtooth, n = 6, all parameters perturbed by 1 %; the identity that reads out is trained too. */
function sawtoothCase(trials) {
  const [n, batch] = [6, 10];
  const tape = new ensemble.Tape();
  const net = ensemble.chain(tape, n, 2, { outerRelu: true, readout: true });
  const x = tape.uniform(1, batch);
  const program = tape.compile(tape.meanSquare(net.apply(x).output, x.tents(n)));
  const naive = sawtooth.sawtoothNetwork(n, "naive");
  const start = (trial) => {
    const own = random.generator("bench").split(trial);
    return sawtooth.perturb(naive, sawtooth.parameterNoise(naive, own.split("noise")), 0.01);
  };
  return {
    name: `naive sawtooth n = 6, batch 10`,
    trials,
    program,
    net,
    start,
    batch,
    inputs: 1,
    low: 0,
    levels: n,
  };
}

/** SPEC 8.1: blocks 1-8-1 from random breakpoints, depth-graded loss. */
function gradedCase(trials) {
  const [blocks, width, batch] = [6, 8, 32];
  const tape = new ensemble.Tape();
  const net = ensemble.chain(tape, blocks, width);
  const x = tape.uniform(1, batch);
  const levels = ensemble.blockOutputs(net.apply(x));
  const program = tape.compile(
    tape.depthGraded(
      levels,
      levels.map((_, l) => x.tents(l + 1)),
    ),
  );
  const start = (trial) => {
    const own = random.generator("bench").split(trial);
    return network.ReluNetwork.of(
      Array.from({ length: blocks }, () => {
        const w = Array.from({ length: width }, () => (own.uniform() < 0.5 ? -1 : 1));
        const hidden = {
          W: w.map((sign) => [sign]),
          b: w.map((sign) => -sign * own.uniform()),
          activation: "relu",
        };
        const v = w.map(() => Math.sqrt(2 / width) * own.normal());
        return [hidden, { W: [v], b: [0.5], activation: "linear" }];
      }).flat(),
    );
  };
  return {
    name: "1-8-1 blocks x 6, batch 32",
    trials,
    program,
    net,
    start,
    batch,
    inputs: 1,
    low: 0,
    graded: true,
  };
}

/** A dense network learns sin(pi x) sin(pi y) on [-1, 1]^2. */
function planeCase(trials) {
  const [sizes, batch] = [[2, 16, 16, 1], 64];
  const tape = new ensemble.Tape();
  const net = ensemble.dense(tape, sizes);
  const x = tape.uniform(2, batch, -1, 1);
  const target = x
    .rowsAt([0])
    .sinPi()
    .mul(x.rowsAt([1]).sinPi());
  const program = tape.compile(tape.meanSquare(net.apply(x).output, target));
  const start = (trial) => network.heNetwork(sizes, random.generator("bench").split(trial), 0.3);
  return { name: "2-16-16-1, batch 64", trials, program, net, start, batch, inputs: 2, low: -1 };
}

/** The same training as one TensorFlow.js program with all trials in one batch; returns a function that takes steps. */
function batched(tf, { trials, start, batch, inputs, low, levels, graded }) {
  const nets = Array.from({ length: trials }, (_, trial) => start(trial));
  const layers = nets[0].layers.map(({ inputs, outputs, activation }, l) => ({
    W: tf.variable(
      tf.tensor3d(
        nets.flatMap((net) => [...net.layers[l].weights]),
        [trials, outputs, inputs],
      ),
    ),
    b: tf.variable(
      tf.tensor3d(
        nets.flatMap((net) => [...net.layers[l].biases]),
        [trials, outputs, 1],
      ),
    ),
    activation,
  }));
  const adam = tf.train.adam(1e-3);
  const tent = (y) => tf.minimum(tf.mul(y, 2), tf.sub(2, tf.mul(y, 2)));
  const meanSquare = (a, b) => tf.div(tf.sum(tf.square(tf.sub(a, b))), batch); // the sum over trials: they do not meet
  const loss = () => {
    const x = tf.randomUniform([trials, inputs, batch], low, 1);
    const outputs = [];
    let here = x;
    for (const { W, b, activation } of layers) {
      here = tf.add(tf.matMul(W, here), b);
      if (activation === "relu") here = tf.relu(here);
      outputs.push(here);
    }
    if (graded) {
      let target = x;
      return outputs
        .filter((_, l) => l % 2 === 1)
        .map((u, l) => tf.mul(meanSquare(u, (target = tent(target))), 4 ** -(l + 1)))
        .reduce((sum, term) => tf.add(sum, term));
    }
    let target = x;
    if (levels) for (let l = 0; l < levels; l++) target = tent(target);
    else {
      const [p, q] = tf.split(tf.sin(tf.mul(x, Math.PI)), 2, 1);
      target = tf.mul(p, q);
    }
    return meanSquare(here, target);
  };
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
  for (const [workload, must] of [
    [sawtoothCase(90), 400e3],
    [gradedCase(20), 80e3],
    [planeCase(20), 30e3],
  ]) {
    const { name, program, net, start } = workload;
    const trials = Array.from({ length: workload.trials }, (_, trial) => ({
      parameters: net.parameters(start(trial)),
      random: random.generator("bench").split(trial),
    }));
    const own = (steps) => () => ensemble.trainSync(program, { trials, steps, optimiser });
    const stepsFor = { simd: 200, tfjs: 4 };
    const tensors = batched(tf, workload);
    tensors(20); // its first steps are slow
    own(1000)();
    const ways = [own(stepsFor.simd), () => tensors(stepsFor.tfjs)];
    const seconds = await fastest(ways, processor, 25);
    const rates = Object.values(stepsFor).map((steps, i) => (steps * trials.length) / seconds[i]);
    const [simd, tfjs] = rates;
    const unit = "trial-steps/s";
    rows.push(
      { name: `${name}, ${trials.length} trials`, value: simd, unit, against: must, ratio: simd / must },
      {
        name: "  over one batched TensorFlow.js program, wasm",
        value: simd,
        unit,
        against: tfjs,
        ratio: simd / tfjs,
      },
    );
    const { loss } = own(3000)().reduce((a, b) => (b.loss > a.loss ? b : a));
    if (!Number.isFinite(loss)) throw new Error(`${name}: a trial diverged`);
  }
  const { program, net, start } = sawtoothCase(90);
  const trials = Array.from({ length: 90 }, (_, trial) => ({
    parameters: net.parameters(start(trial)),
    random: random.generator("bench").split(trial),
  }));
  const spread = (workers) => () => ensemble.train(program, { trials, steps: 5000, optimiser, workers });
  await spread(2)();
  const [one, two] = await fastest([spread(1), spread(2)], wall, 5);
  rows.push({
    name: "naive sawtooth, 90 trials x 5000 steps: 2 workers over 1",
    value: two,
    unit: "s",
    against: one,
    ratio: two / one,
  });
  return rows;
}
