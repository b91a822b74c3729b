import { test } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import * as tf from "@tensorflow/tfjs";
import { disableTraining, enableTraining } from "tfjs-wasm-training";
import { close, numbers, randomTensor, start } from "./both-backends";

test.before(start);

/** A model from fixed weights, trained on given numbers: its losses and its weights afterwards. */
async function trained(
  shape: { inputs: number; classes: number; rows: number; activation: "softmax" | "relu" },
  labels: Float32Array,
  loss: string | string[] = "categoricalCrossentropy",
) {
  const { inputs, classes, rows, activation } = shape;
  const model = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [inputs], units: classes, activation })],
  });
  model.compile({ optimizer: tf.train.momentum(0.1, 0.5), loss });
  const start = [randomTensor<tf.Rank.R2>([inputs, classes], 1), randomTensor<tf.Rank.R1>([classes], 2)];
  model.setWeights(start);
  const [x, y] = [randomTensor<tf.Rank.R2>([rows, inputs], 3), tf.tensor2d(labels, [rows, classes])];
  const { history } = await model.fit(x, y, { epochs: 3, batchSize: 4, shuffle: false, verbose: 0 });
  const weights = model.getWeights().map((w) => Float32Array.from(w.dataSync()));
  tf.dispose([x, y, ...start]);
  model.dispose();
  return [Float32Array.from(history.loss as number[]), ...weights];
}

async function agreesWithStock(work: () => Promise<Float32Array[]>, what: string): Promise<void> {
  const mine = await work();
  disableTraining();
  const stock = await work();
  assert.is(enableTraining().active, true);
  close(mine, stock, what, 2e-5);
}

test('"categoricalCrossentropy" trains to the same losses and weights as without the package', async () => {
  const shapes = fc.record({
    inputs: fc.integer({ min: 1, max: 7 }),
    classes: fc.integer({ min: 2, max: 9 }),
    rows: fc.integer({ min: 1, max: 11 }),
  });
  await fc.assert(
    fc.asyncProperty(shapes, fc.boolean(), async (shape, soft) => {
      const labels = numbers(shape.rows * shape.classes, 4).map((v, i) => {
        const hot = i % shape.classes === Math.floor(i / shape.classes) % shape.classes;
        return soft ? (v + 1) / 2 : Number(hot);
      });
      await agreesWithStock(
        () => trained({ ...shape, activation: "softmax" }, labels),
        JSON.stringify(shape),
      );
    }),
    { seed: 8, numRuns: 15 },
  );
});

test("outputs at the clip and NaN labels go as without the package", async () => {
  const shape = { inputs: 3, classes: 4, rows: 8, activation: "relu" as const };
  const labels = numbers(32, 5).map((v) => Number(v > 0));
  await agreesWithStock(() => trained(shape, labels), "ReLU outputs, many of them 0");
  labels[5] = NaN;
  await agreesWithStock(() => trained(shape, labels, ["categoricalCrossentropy"]), "NaN");
});

test("other losses, metrics and evaluate stay tf.layers' own", async () => {
  const shape = { inputs: 3, classes: 4, rows: 8, activation: "softmax" as const };
  const labels = numbers(32, 5).map((v) => Number(v > 0));
  await agreesWithStock(() => trained(shape, labels, "meanSquaredError"), "squared error");
  const model = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [3], units: 4, activation: "softmax" })],
  });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  const [x, y] = [randomTensor<tf.Rank.R2>([8, 3], 3), tf.tensor2d(labels, [8, 4])];
  const profile = await tf.profile(async () => {
    await model.trainOnBatch(x, y);
    return tf.scalar(0);
  });
  assert.ok(profile.kernelNames.includes("TrainingCrossentropy"), profile.kernelNames.join(" "));
  const before = (model.evaluate(x, y) as tf.Scalar[]).map((t) => t.dataSync()[0]);
  disableTraining();
  const after = (model.evaluate(x, y) as tf.Scalar[]).map((t) => t.dataSync()[0]);
  enableTraining();
  for (const [i, v] of before.entries()) assert.ok(Math.abs(v - after[i]) < 1e-5);
  tf.dispose([x, y]);
  model.dispose();
});

test.run();
