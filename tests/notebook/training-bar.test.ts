import { test } from "uvu";
import * as assert from "uvu/assert";
import { trainingBar, type ProgressState } from "@relu-lab/notebook";
import { models, random, runtime } from "relu-lab";
import { progressLine } from "../../packages/notebook/dist/progress";
import { blobs } from "../relu-lab/models/blobs";

function recorder() {
  const drawn: ProgressState[] = [];
  let now = 0;
  const options = {
    sink: { interval: 0, draw: (state: ProgressState) => drawn.push(state) },
    clock: () => now,
  };
  return { drawn, options, wait: (ms: number) => (now += ms) };
}
const state = { epochs: 2, batches: 4, loss: 0.5, accuracy: 0.875 };

test("the bar says epoch, batch, loss, accuracy, rate and time left", () => {
  const { drawn, options, wait } = recorder();
  const bar = trainingBar("784-128-10", options);
  wait(0);
  bar({ ...state, epoch: 1, batch: 1 });
  wait(2000);
  bar({ ...state, epoch: 1, batch: 2 });
  const line = progressLine(drawn.at(-1)!);
  for (const part of [
    "784-128-10: █",
    "2/8 batches",
    "1/s",
    "6.0 s left",
    "epoch 1/2, batch 2/4",
    "loss 0.5000",
    "accuracy 87.5 %",
  ])
    assert.ok(line.includes(part), `${part} is not in ${line}`);
});

test("it closes after the last batch, and earlier on request", () => {
  const first = recorder();
  const whole = trainingBar("a", first.options);
  whole({ ...state, epoch: 1, batch: 1 });
  whole({ ...state, epoch: 2, batch: 4 });
  assert.ok(first.drawn.at(-1)!.finished);
  assert.match(progressLine(first.drawn.at(-1)!), /8 batches in .*epoch 2\/2 · loss 0\.5000/);
  const second = recorder();
  const stopped = trainingBar("b", second.options);
  stopped.done(); // nothing was shown yet: harmless
  stopped({ ...state, epoch: 1, batch: 3 });
  stopped.done();
  assert.match(progressLine(second.drawn.at(-1)!), /stopped at /);
});

test("a run that goes on from a checkpoint counts its own batches", () => {
  const { drawn, options } = recorder();
  trainingBar("resumed", options)({ ...state, epoch: 2, batch: 1 });
  assert.is(drawn[0].total, 4);
  assert.is(drawn.at(-1)!.done, 1);
});

test("the training loop drives it", async () => {
  await runtime.ready();
  const { drawn, options } = recorder();
  const generator = random.generator(1);
  const model = models.ImageClassifier.random(models.feedforward([4, 4], 12, 12), generator);
  await models.train(model, blobs(100, 4, 12, 1), {
    epochs: 2,
    batchSize: 32,
    generator,
    onProgress: trainingBar("small", options),
  });
  model.dispose();
  assert.is(drawn.at(-1)!.done, 8);
  assert.ok(drawn.at(-1)!.finished);
});

test.run();
