import { test } from "uvu";
import * as assert from "uvu/assert";
import { models } from "relu-lab";
import { blobs } from "./blobs";

const [trainSet, testSet] = [blobs(120, 4, 12, 1), blobs(60, 4, 12, 2)];
const runs: models.SweepRun[] = [
  { architecture: models.feedforward([8, 4], 12, 12), seed: 1, epochs: 2, batchSize: 16 },
  { architecture: models.feedforward([8, 4], 12, 12), seed: 2, epochs: 2, batchSize: 16 },
  {
    architecture: models.convolutional({
      filters: [2],
      size: 3,
      dense: [6],
      classes: 4,
      rows: 12,
      columns: 12,
    }),
    seed: 1,
    epochs: 2,
    optimiser: { name: "momentum", rate: 0.05, momentum: 0.9 },
  },
];
const comparable = (results: models.SweepResult[]) =>
  results.map(({ name, parameters, accuracy, confusion, weights, history }) => ({
    name,
    parameters,
    accuracy,
    confusion,
    weights: weights.map((w) => Buffer.from(w.buffer, w.byteOffset, w.byteLength).toString("base64")),
    losses: history.map((h) => [h.loss, h.validationAccuracy]),
  }));

test("a sweep gives the same in this thread and in two workers, in the order asked for", async () => {
  const done: number[] = [];
  const here = await models.sweep(runs, trainSet, testSet, { workers: 0, onDone: (n) => done.push(n) });
  const there = await models.sweep(runs, trainSet, testSet, { workers: 2 });
  assert.equal(done, [1, 2, 3]);
  assert.equal(comparable(there), comparable(here));
  assert.equal(
    here.map(({ run }) => run.seed),
    [1, 2, 1],
  );
  assert.not.equal(comparable(here)[0].weights, comparable(here)[1].weights);
  for (const { confusion, accuracy } of here) {
    const right = confusion.reduce((sum, row, c) => sum + row[c], 0);
    assert.is(right / 60, accuracy);
  }
});

test("what goes wrong in a worker arrives with its reason", async () => {
  const labels = trainSet.labels.slice();
  labels[5] = 200;
  const message = await models.sweep(runs, { ...trainSet, labels }, testSet, { workers: 2 }).then(
    () => "",
    (error: Error) => error.message,
  );
  assert.match(message, /the label of image 5 is 200/);
});

test.run();
