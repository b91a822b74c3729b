import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, regions, results, sawtooth } from "relu-lab";
import { table } from "./perturbation-table";

const options = { seed: 0, keep: false, say: () => {} };

test("laps at three strengths of noise are SPEC's, within three standard errors of both samples", async () => {
  const variances = [0.0001, 0.0025, 0.01];
  const points = experiments.perturbationPoints({ n: [6], deviations: variances.map(Math.sqrt) });
  const { rows } = await results.run(
    experiments.perturbationExperiment,
    { points },
    { ...options, trials: 200 },
  );
  for (const row of experiments.perturbationSummary(rows)) {
    const variance = variances.find((v) => Math.abs(v - row.variance) < 1e-9)!;
    const [mean, deviation] = table[variance][row.network as "naive" | "merged"];
    const tolerance = 3 * deviation * Math.sqrt(2 / 200) + 0.1;
    assert.ok(Math.abs(row.laps - mean) < tolerance, `${row.network} ${variance}: ${row.laps}, SPEC ${mean}`);
    if (row.network === "naive") assert.equal([row.predicted, row.agreed], [row.predicted, row.predicted]);
  }
});

test("one worker and two give the same rows", async () => {
  const points = experiments.perturbationPoints({
    n: [3, 5],
    parts: ["all", "layer 2"],
    deviations: [0.05, 0.2],
  });
  const run = (workers: number) =>
    results.run(experiments.perturbationExperiment, { points }, { ...options, trials: 30, workers });
  const [one, two] = [await run(1), await run(2)];
  assert.is(one.rows.length, 30 * points.length);
  assert.equal(one.rows, two.rows);
});

test("it can be stopped", async () => {
  const stop = new AbortController();
  const points = experiments.perturbationPoints({ n: [8], deviations: [0.01] });
  const going = results.run(
    experiments.perturbationExperiment,
    { points },
    {
      ...options,
      trials: 100_000,
      workers: 1,
      signal: stop.signal,
      onProgress: (done) => void (done > 50 && stop.abort()),
    },
  );
  const reason = await going.then(
    () => undefined,
    (error: Error) => error.name,
  );
  assert.is(reason, "AbortError");
});

test("the sup distance to the sawtooth is taken at corners of both", () => {
  const at = (network: Parameters<typeof regions.segment>[0], n: number) =>
    experiments.distanceToSawtooth(regions.segment(network, [0], [1]), n);
  assert.is(at(sawtooth.sawtoothNetwork(5), 5), 0);
  assert.is(at(sawtooth.sawtoothNetwork(1), 2), 1); // at 1/2 the tent is 1, two maps give 0
  assert.is(at(sawtooth.sawtoothNetwork(3), 1), 1);
});

test("no noise, no damage; every layer can be reached", async () => {
  const layers = [...experiments.layerPoints("naive", 4, 0), ...experiments.layerPoints("merged", 4, 0)];
  assert.is(layers.length, 8 + 5);
  const { rows } = await results.run(
    experiments.perturbationExperiment,
    { points: layers },
    { ...options, trials: 1 },
  );
  for (const row of rows) assert.equal([row.laps, row.pieces, row.flats, row.supError], [16, 16, 0, 0]);
});

test.run();
