// npm run bench -- training: a training step, ours against the stock wasm backend, in one run on one core.
import { createRequire } from "node:module";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { digits, flops, layersDense, ownCnn, ownDense, plainCnn, rewrittenCnn } from "./networks.mjs";

const require = createRequire(import.meta.url);
const stepsPerEpoch = Math.ceil(60000 / 64);

/** Seconds an epoch, by variant. */
const goals = { 0: 2.5, 1: 4.5, 3: 12, 4: 18 };

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** GFLOP/s of stock products 128 x 784 x 128: what this machine can do, now. */
function productRate(tf) {
  const [a, b] = [tf.randomNormal([128, 784]), tf.randomNormal([784, 128])];
  const times = [];
  for (let i = 0; i < 60; i++) {
    const start = performance.now();
    for (let j = 0; j < 5; j++) tf.matMul(a, b).dispose();
    times.push((performance.now() - start) / 5);
  }
  tf.dispose([a, b]);
  return (2 * 128 * 784 * 128) / median(times) / 1e6;
}

export default async function bench() {
  const tf = require("@tensorflow/tfjs");
  const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm");
  const folder = path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
  setWasmPaths(path.join(folder, "dist") + path.sep);
  const own = require("tfjs-wasm-training");
  tf.findBackend("cpu").firstUse = false; // no banner
  await tf.setBackend("wasm");
  const data = digits(4096);

  /** name, network, whether the own kernels are on, steps a round, and the step; several timings of a step come out. */
  const variants = [
    ["784-128-10, our loop", "dense", true, 40, ownDense(tf, own, data)],
    [
      "784-128-10, unchanged tf.layers with the overrides",
      "dense",
      true,
      0,
      layersDense(tf, data, stepsPerEpoch),
    ],
    ["784-128-10, unchanged tf.layers on stock wasm", "dense", false, 0, layersDense(tf, data, 20)],
    ["CNN, our loop", "cnn", true, 25, ownCnn(tf, own, data)],
    ["CNN, unchanged tfjs operations with the overrides", "cnn", true, 25, plainCnn(tf, data)],
    ["CNN, rewritten for stock wasm", "cnn", false, 10, rewrittenCnn(tf, data)],
  ];
  const times = variants.map(() => []);
  const rates = [];
  const rounds = 6;
  for (let round = -1; round < rounds; round++) {
    own.disableTraining();
    const rate = productRate(tf);
    if (round >= 0) rates.push(rate);
    for (const [i, [, , on, steps, step]] of variants.entries()) {
      if (on) own.enableTraining();
      else own.disableTraining();
      const found = [];
      // One timing a call: the loops of single steps are timed here, fit() times itself.
      for (let s = 0; s < Math.max(steps, 1); s++) {
        const start = performance.now();
        const own_ = await step();
        found.push(steps > 0 ? performance.now() - start : own_);
      }
      if (round >= 0) times[i].push(...found); // the first round warms up
    }
  }
  // The cpu backend takes seconds a step: two steps tell enough.
  await tf.setBackend("cpu");
  const slow = plainCnn(tf, data);
  const slowTimes = [0, 1].map(() => {
    const start = performance.now();
    slow();
    return performance.now() - start;
  });
  await tf.setBackend("wasm");
  own.enableTraining();

  const peak = median(rates);
  const step = times.map(median);
  const against = { dense: step[2], cnn: step[5] };
  const rows = [{ name: "stock product 128 x 784 x 128", value: peak, unit: "GFLOP/s" }];
  for (const [i, [name, network, on]] of variants.entries()) {
    const seconds = (step[i] * stepsPerEpoch) / 1000;
    const stock = (against[network] * stepsPerEpoch) / 1000;
    rows.push({
      name: `${name}: epoch of 60,000`,
      value: seconds,
      unit: "s",
      ...(on ? { against: stock, ratio: seconds / stock } : {}),
    });
  }
  // The goals stand for a machine where the stock product runs at 16 GFLOP/s.
  for (const [i, goal] of Object.entries(goals)) {
    const seconds = (step[i] * stepsPerEpoch * peak) / 16 / 1000;
    const name = `${variants[i][0]}: epoch, on a machine with a product of 16 GFLOP/s, against the goal`;
    rows.push({ name, value: seconds, unit: "s", against: goal, ratio: seconds / goal });
  }
  rows.push({
    name: "CNN on the cpu backend: epoch of 60,000",
    value: (median(slowTimes) * stepsPerEpoch) / 1000,
    unit: "s",
  });
  for (const [i, [name, network]] of variants.entries()) {
    const rate = flops[network] / step[i] / 1e6;
    rows.push({
      name: `${name}: rate of a step, against the plain product`,
      value: rate,
      unit: "GFLOP/s",
      against: peak,
      ratio: rate / peak,
    });
  }
  return rows;
}
