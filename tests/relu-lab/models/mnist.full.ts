import { test } from "uvu";
import * as assert from "uvu/assert";
import { datasets, models } from "relu-lab";

const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

async function accuracies(architecture: models.Architecture, epochs: number, rest: Partial<models.SweepRun>) {
  const mnist = await datasets.loadMnist({ log: () => {} });
  if (mnist.train.count !== 60_000) {
    console.log(`skipped: accuracy on the full MNIST: ${mnist.provenance.description}`);
    return undefined;
  }
  const runs = [0, 1, 2].map((seed) => ({ architecture, seed, epochs, ...rest }));
  const results = await models.sweep(runs, mnist.train, mnist.test);
  return results.map(({ history }) => history.map((h) => 100 * h.validationAccuracy!));
}

test("784-128-10 reaches 97.5 % in 12 epochs, mean of three seeds (SPEC 1.2)", async () => {
  const curves = await accuracies(models.feedforward([128, 10]), 12, { batchSize: 128 });
  if (!curves) return;
  const final = mean(curves.map((curve) => curve[11]));
  assert.ok(final >= 97.5 && final < 98.3, `${final}`);
});

test("the CNN reaches 98.2 % in 3 epochs and 98.7 % within 10, mean of three seeds (SPEC 1.3)", async () => {
  const optimiser = { name: "momentum", rate: 1e-2, momentum: 0.9 } as const;
  const curves = await accuracies(models.convolutional(), 10, { batchSize: 64, optimiser });
  if (!curves) return;
  const [third, best] = [mean(curves.map((c) => c[2])), mean(curves.map((c) => Math.max(...c)))];
  assert.ok(third >= 98.2, `after 3 epochs ${third}`);
  assert.ok(best >= 98.7, `best ${best}`);
});

test.run();
