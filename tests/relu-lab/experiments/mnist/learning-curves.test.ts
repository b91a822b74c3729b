import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, models } from "relu-lab";

const result = (seed: number, accuracies: number[], widths: number[], confusion: number[][]) =>
  ({
    run: { architecture: models.feedforward(widths), seed, epochs: accuracies.length },
    name: models.architectureName(models.feedforward(widths)),
    parameters: models.parameterCount(models.feedforward(widths)),
    history: accuracies.map((a, i) => ({ epoch: i + 1, validationAccuracy: a })),
    accuracy: accuracies.at(-1),
    confusion,
  }) as unknown as models.SweepResult;
const results = [
  result(
    0,
    [0.9, 0.96, 0.94],
    [4, 2],
    [
      [3, 1],
      [0, 4],
    ],
  ),
  result(
    1,
    [0.8, 0.88, 0.96],
    [4, 2],
    [
      [4, 0],
      [2, 2],
    ],
  ),
  result(
    0,
    [0.5, 0.6, 0.7],
    [2],
    [
      [1, 3],
      [1, 3],
    ],
  ),
];

test("curves have a row a network, seed and epoch", () => {
  const rows = experiments.learningCurves(results);
  assert.is(rows.length, 9);
  assert.equal(rows[4], { network: "784-4-2", seed: 1, epoch: 2, percent: 88 });
});

test("bands reach from the worst seed to the best, around the mean", () => {
  const rows = experiments.learningCurveBands(results);
  assert.is(rows.length, 6);
  const { percent, ...rest } = rows[1];
  assert.equal(rest, { network: "784-4-2", epoch: 2, lowest: 88, highest: 96 });
  assert.ok(Math.abs(percent - 92) < 1e-9);
});

test("networks are compared by mean, deviation and best over seeds, after any number of epochs", () => {
  const [wide, small] = experiments.compareNetworks(results);
  assert.equal([wide.network, wide.parameters, wide.seeds, wide.epochs], ["784-4-2", 3150, 2, 3]);
  assert.ok(Math.abs(wide.percent - 95) < 1e-9 && Math.abs(wide.deviation - Math.SQRT2) < 1e-9);
  assert.ok(Math.abs(wide.best - 96) < 1e-9);
  assert.equal([small.network, small.deviation], ["784-2", 0]);
  assert.ok(Math.abs(experiments.compareNetworks(results, 2)[0].percent - 92) < 1e-9);
  assert.throws(() => experiments.compareNetworks(results, 4), /784-4-2 was not trained for 4 epochs/);
});

test("confusion matrices are added", () => {
  assert.equal(experiments.totalConfusion(results.slice(0, 2)), [
    [7, 1],
    [2, 6],
  ]);
});

test("filters of the first layer are its weights, neuron by neuron", () => {
  const dense = models.feedforward([2, 2], 2, 3);
  const filters = models.firstLayerFilters(dense, [Float32Array.from({ length: 12 }, (_, i) => i)]);
  assert.equal([...filters[1].pixels], [1, 3, 5, 7, 9, 11]);
  assert.is(filters[1].columns, 3);
  const cnn = models.convolutional({ filters: [3], size: 2, dense: [], rows: 6, columns: 6 });
  const [first] = models.firstLayerFilters(cnn, [Float32Array.from({ length: 12 }, (_, i) => i)], 1);
  assert.equal([first.columns, ...first.pixels], [2, 0, 3, 6, 9]);
  assert.throws(() => models.firstLayerFilters(cnn, [new Float32Array(5)]), /5 weights for a first layer/);
});

test.run();
