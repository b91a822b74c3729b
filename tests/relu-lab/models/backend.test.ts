import { test } from "uvu";
import * as assert from "uvu/assert";
import { models, random, runtime } from "relu-lab";
import { blobs } from "./blobs";

// A process of its own, in which nobody has chosen a backend yet.
test("a model made before a backend was chosen is trained on the chosen one, to the same weights", async () => {
  delete process.env.RELU_LAB_BACKEND;
  const set = blobs(100, 4, 12, 1);
  const run = async () => {
    const generator = random.generator(3);
    const model = models.ImageClassifier.random(
      models.feedforward([6, 4], 12, 12),
      generator.split("weights"),
    );
    await models.train(model, set, { epochs: 2, batchSize: 16, generator });
    const weights = model.weights().map((values) => Buffer.from(values.buffer).toString("base64"));
    const { accuracy } = model.evaluate(set);
    model.dispose();
    return { weights, accuracy };
  };
  const early = await run();
  const { backend } = await runtime.ready();
  const names = { native: "tensorflow", wasm: "wasm", cpu: "cpu" };
  assert.is(runtime.tensorflow().getBackend(), names[backend]);
  assert.equal(await run(), early);
});

test.run();
