import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { models, random, runtime } from "relu-lab";
import { blobs } from "./blobs";

const { ImageClassifier, convolutional, feedforward, parameterCount, train } = models;
const small = feedforward([12, 4], 12, 12);
const smallCnn = convolutional({ filters: [3], size: 3, dense: [8], classes: 4, rows: 12, columns: 12 });
const set = blobs(203, 4, 12, 1);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-train-"));

test.before(async () => {
  delete process.env.RELU_LAB_BACKEND;
  await runtime.ready();
});
test.after(() => fs.rmSync(folder, { recursive: true, force: true }));

const bytes = (weights: Float32Array[]) => weights.map((w) => Buffer.from(w.buffer).toString("base64"));
const tensors = () => runtime.tensorflow().memory().numTensors;

/** Trains from a seed; what became of it. */
async function trained(
  architecture: models.Architecture,
  seed: number,
  options: Partial<models.TrainOptions> = {},
) {
  const generator = random.generator(seed);
  const model = ImageClassifier.random(architecture, generator.split("weights"));
  try {
    const result = await train(model, set, { epochs: 3, batchSize: 32, generator, ...options });
    return { ...result, weights: bytes(model.weights()), evaluation: model.evaluate(set) };
  } finally {
    model.dispose();
  }
}

test("parameters are counted as in the specification", () => {
  assert.is(parameterCount(feedforward([128, 10])), 101_770);
  assert.is(parameterCount(convolutional()), 44_426);
  assert.is(models.architectureName(feedforward([64, 64, 10])), "784-64-64-10");
  assert.is(models.architectureName(convolutional()), "5x5x6-5x5x16-120-84-10");
});

test("both networks learn, with either optimiser, and leave no tensor behind", async () => {
  const before = tensors();
  for (const architecture of [small, smallCnn]) {
    for (const optimiser of [
      { name: "adam", rate: 0.01 },
      { name: "momentum", rate: 0.05, momentum: 0.9 },
    ] as const) {
      const { history, evaluation, ended } = await trained(architecture, 1, { epochs: 12, optimiser });
      assert.is(ended, "finished");
      assert.is(history.length, 12);
      assert.ok(Math.abs(history[0].loss - Math.log(4)) < 0.6, `first loss ${history[0].loss}`);
      assert.ok(evaluation.accuracy > 0.95, `${optimiser.name}: ${evaluation.accuracy}`);
      const right = evaluation.confusion.reduce((sum, row, c) => sum + row[c], 0);
      assert.is(right / set.count, evaluation.accuracy);
      assert.is(evaluation.predictions.filter((p, i) => p === set.labels[i]).length, right);
    }
  }
  assert.is(tensors(), before);
});

test("the same seed gives the same weights, another seed others", async () => {
  for (const architecture of [small, smallCnn]) {
    const [a, b, c] = [
      await trained(architecture, 5),
      await trained(architecture, 5),
      await trained(architecture, 6),
    ];
    assert.equal(a.weights, b.weights);
    assert.not.equal(a.weights, c.weights);
    assert.equal(
      a.history.map((h) => [h.loss, h.accuracy]),
      b.history.map((h) => [h.loss, h.accuracy]),
    );
  }
});

test("an interrupted run resumes from its checkpoint to the same weights", async () => {
  for (const [i, optimiser] of [
    { name: "adam", rate: 0.01 } as const,
    { name: "momentum", rate: 0.05, momentum: 0.9 } as const,
  ].entries()) {
    const whole = await trained(smallCnn, 7, { epochs: 4, optimiser, validation: set });
    const checkpoint = path.join(folder, `deep/run-${i}.json`);
    const abort = new AbortController();
    const first = await trained(smallCnn, 7, {
      epochs: 4,
      optimiser,
      checkpoint,
      validation: set,
      signal: abort.signal,
      onProgress: ({ epoch, batch }) => epoch === 3 && batch === 2 && abort.abort(),
    });
    assert.is(first.ended, "aborted");
    assert.is(first.history.length, 2);
    const second = await trained(smallCnn, 7, { epochs: 4, optimiser, checkpoint, validation: set });
    assert.is(second.ended, "finished");
    assert.equal(second.weights, whole.weights);
    const numbers = (h: models.EpochRecord) => [
      h.epoch,
      h.loss,
      h.accuracy,
      h.validationLoss,
      h.validationAccuracy,
    ];
    assert.equal(second.history.map(numbers), whole.history.map(numbers));
    const third = await trained(smallCnn, 7, { epochs: 4, optimiser, checkpoint });
    assert.equal(third.weights, whole.weights, "a finished run is only read");
    assert.equal(
      fs.readdirSync(path.join(folder, "deep")).filter((name) => name.endsWith(".part")),
      [],
    );
  }
});

test("a checkpoint of something else, or no checkpoint at all, is refused", async () => {
  const checkpoint = path.join(folder, "other.json");
  await trained(small, 1, { epochs: 1, checkpoint });
  const other = (options: Partial<models.TrainOptions>, architecture = small) =>
    trained(architecture, 1, { checkpoint, ...options }).then(
      () => "",
      (error: Error) => error.message,
    );
  assert.match(await other({}, smallCnn), /checkpoint of another training: its architecture is/);
  assert.match(await other({ batchSize: 16 }), /its batchSize is 32, not 16/);
  assert.match(await other({ optimiser: { name: "adam", rate: 0.5 } }), /its optimiser is/);
  fs.writeFileSync(checkpoint, "{}");
  assert.match(await other({}), /other\.json is no checkpoint .*remove it/);
  fs.writeFileSync(checkpoint, "torn");
  assert.match(await other({}), /other\.json is no checkpoint/);
});

test("training stops on request after an epoch, and says so", async () => {
  const result = await trained(small, 1, { epochs: 50, stopWhen: (history) => history.length === 2 });
  assert.is(result.ended, "stopped");
  assert.is(result.history.length, 2);
});

test("a signal given by a timer is heard within an epoch", async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 60);
  const result = await trained(smallCnn, 1, { epochs: 100_000, signal: abort.signal });
  assert.is(result.ended, "aborted");
  assert.ok(result.seconds < 30);
});

test("progress counts batches, and the last batch has what is left", async () => {
  const seen: models.TrainProgress[] = [];
  await trained(small, 1, { epochs: 2, onProgress: (p) => seen.push(p) });
  assert.is(seen.length, 14); // 203 images in batches of 32
  assert.equal(
    seen.map(({ epoch, batch }) => [epoch, batch]),
    [1, 2].flatMap((epoch) => [1, 2, 3, 4, 5, 6, 7].map((batch) => [epoch, batch])),
  );
  const last = seen.at(-1)!;
  assert.is(last.secondsLeft, 0);
  assert.ok(last.rate > 0 && last.accuracy > 0 && last.loss > 0);
});

test("a loss that is not finite ends training with the step's number, before the weights are touched", async () => {
  const generator = random.generator(1);
  const model = ImageClassifier.random(small, generator);
  const weights = model.weights();
  weights[0][3] = NaN;
  model.setWeights(weights);
  const before = tensors();
  await train(model, set, { epochs: 1, generator }).then(
    () => assert.unreachable(),
    (error: models.DivergedError) => {
      assert.ok(error instanceof models.DivergedError);
      assert.match(error.message, /the loss is NaN at step 1 \(epoch 1, batch 1\): a rate below 0\.001/);
    },
  );
  assert.is(tensors(), before);
  assert.equal(bytes(model.weights()), bytes(weights));
  model.dispose();
  const exploding = { epochs: 5, optimiser: { name: "momentum", rate: 1e20, momentum: 0.9 } as const };
  const message = await trained(small, 1, exploding).then(
    () => "",
    (error: Error) => error.message,
  );
  assert.match(message, /the loss is \S+ at step [2-9]/);
});

test("wrong input is refused by name", async () => {
  const generator = random.generator(1);
  const model = ImageClassifier.random(small, generator);
  const wrong = (changed: object, pattern: RegExp, options: object = {}) =>
    train(model, { ...set, ...changed }, { epochs: 1, generator, ...options }).then(
      () => assert.unreachable(`${pattern} was expected`),
      (error: Error) => assert.match(error.message, pattern),
    );
  const labels = set.labels.slice();
  labels[9] = 4;
  await wrong({ labels }, /the label of image 9 is 4: with 4 classes it must be 0 to 3/);
  await wrong(
    { images: set.images.subarray(0, 203 * 100) },
    /203 images have 100 bytes each, but .* 144 pixels/,
  );
  await wrong({ labels: labels.subarray(0, 10) }, /10 labels for 203 images/);
  await wrong(
    { images: new Uint8Array(0), labels: new Uint8Array(0), count: 0 },
    /the set of images is empty/,
  );
  const as = (values: unknown) => values as Uint8Array;
  await wrong(
    { images: as(Float32Array.from(set.images, (v) => v / 255)) },
    /the images are a Float32Array, but must be a Uint8Array/,
  );
  for (const value of [NaN, -1, 1.5]) {
    const odd = Array.from(set.labels);
    odd[3] = value;
    await wrong({ labels: as(odd) }, new RegExp(`the label of image 3 is ${value}: with 4 classes`));
  }
  await wrong(
    { labels: set.labels.map((label) => (label === 2 ? 1 : label)) },
    /class 2 has no image among the 203/,
  );
  await wrong({}, /the label of image 9 is 4/, { validation: { ...set, labels } });
  await wrong({}, /no generator is given/, { generator: undefined });
  assert.throws(
    () => model.setWeights([new Float32Array(3)]),
    /layer 1: 3 numbers for weights of shape \[144,12\]/,
  );
  await wrong({}, /epochs is 0/, { epochs: 0 });
  await wrong({}, /batchSize is 1\.5/, { batchSize: 1.5 });
  await wrong({}, /rate is -1/, { optimiser: { name: "adam", rate: -1 } });
  await wrong({}, /"adagrad" is not one of/, { optimiser: { name: "adagrad", rate: 1 } });
  assert.throws(() => feedforward([]), /number of classes/);
  assert.throws(() => feedforward([3, 0]), /width 1 is 0/);
  assert.throws(() => convolutional({ rows: 10, columns: 10 }), /layer 2: nothing is left of 3 x 3 pixels/);
  assert.throws(
    () => ImageClassifier.of(small, [new Float32Array(3)]),
    /layer 1: 3 numbers for weights of shape \[144,12\]/,
  );
  const before = tensors();
  assert.throws(
    () => ImageClassifier.of(small, model.weights().slice(0, 3)),
    /layer 2: no numbers for biases of shape \[4\]/,
  );
  assert.is(tensors(), before, "nothing of a refused network stays on the backend");
  model.dispose();
});

for (const architecture of [small, smallCnn]) {
  test(`${models.architectureName(architecture)}: a weight that is NaN is found in an evaluation`, () => {
    const model = ImageClassifier.random(architecture, random.generator(1));
    const weights = model.weights();
    weights[weights.length - 1][2] = NaN;
    model.setWeights(weights);
    const before = tensors();
    assert.throws(() => model.evaluate(set), /the logits of image 0 are \[.*NaN.*\]: look for a weight/);
    assert.is(tensors(), before);
    model.dispose();
  });
}

test("batches come out of the typed array: a large set is neither copied nor changed", async () => {
  const count = 60_000; // 47 MB, as MNIST
  const images = new Uint8Array(count * 784);
  for (let i = 0; i < images.length; i += 97) images[i] = i % 251;
  const large = { images, labels: Uint8Array.from({ length: count }, (_, i) => i % 10), count };
  const generator = random.generator(1);
  const model = ImageClassifier.random(feedforward([4, 10]), generator);
  const abort = new AbortController();
  const used = () => {
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    return arrayBuffers + heapUsed;
  };
  const sum = () => images.reduce((total, byte) => total + byte, 0);
  const [before, start] = [sum(), used()];
  let most = 0;
  await train(model, large, {
    epochs: 1,
    generator,
    signal: abort.signal,
    onProgress: ({ batch }) => {
      most = Math.max(most, used() - start);
      if (batch === 100) abort.abort();
    },
  });
  assert.ok(most < 20e6, `${(most / 1e6).toFixed(1)} MB more for a set of 47 MB`);
  assert.is(sum(), before);
  model.dispose();
});

test("a feedforward classifier becomes the same function in doubles", async () => {
  const model = ImageClassifier.random(feedforward([9, 7, 4], 12, 12), random.generator(3));
  const network = model.toNetwork();
  assert.equal([...network.sizes], [144, 9, 7, 4]);
  const { predictions } = model.evaluate(set);
  for (let i = 0; i < 50; i++) {
    const logits = network.forward(
      Float64Array.from(set.images.subarray(i * 144, (i + 1) * 144), (v) => v / 255),
    );
    assert.is(logits.indexOf(Math.max(...logits)), predictions[i]);
  }
  model.dispose();
  const cnn = ImageClassifier.random(smallCnn, random.generator(3));
  assert.is(cnn.toNetwork().outputs, 4);
  cnn.dispose();
});

test("the loop gives the same on the cpu backend and on stock wasm kernels, up to rounding", async () => {
  const { disableTraining, enableTraining } = await import("tfjs-wasm-training");
  const tf = runtime.tensorflow();
  if (tf.getBackend() !== "wasm") return;
  const run = (architecture: models.Architecture) => trained(architecture, 4, { epochs: 1 });
  const [dense, cnn] = [await run(small), await run(smallCnn)];
  disableTraining();
  const stock = await run(small);
  enableTraining();
  await tf.setBackend("cpu");
  const [denseCpu, cnnCpu] = [await run(small), await run(smallCnn)];
  await tf.setBackend("wasm");
  const near = (a: { history: models.EpochRecord[] }, b: { history: models.EpochRecord[] }) =>
    assert.ok(
      Math.abs(a.history[0].loss - b.history[0].loss) < 1e-4,
      `${a.history[0].loss} ${b.history[0].loss}`,
    );
  near(dense, stock);
  near(dense, denseCpu);
  near(cnn, cnnCpu);
});

test.run();
