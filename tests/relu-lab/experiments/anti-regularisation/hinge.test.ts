import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, results } from "relu-lab";

const run = (configuration: experiments.HingeConfiguration, trials: number | readonly number[]) =>
  results.run(experiments.criticalOrbitHinge, configuration, { trials, seed: 1, keep: false, workers: 1 });

test("without noise all three trainings keep all laps, and the hinge moves nothing", async () => {
  const { rows } = await run({ ...experiments.hingeTrainings(20), n: 3, variances: [0] }, 1);
  for (const row of rows) assert.ok(row.full && row.laps === 8 && row.lapsBefore === 8, row.training);
  assert.is(rows.find(({ training }) => training === "hinge only")!.error, 0);
});

test("the hinge alone brings back laps that noise took; trials are those of any batch", async () => {
  const configuration = { ...experiments.hingeTrainings(1500), n: 4, variances: [0.04] };
  const all = await run(configuration, 6);
  const one = await run(configuration, [4]);
  assert.equal(all.trials[4], one.trials[0]);
  const alone = all.rows.filter(({ training }) => training === "hinge only");
  const sum = (of: (row: experiments.HingeRow) => number) => alone.reduce((total, row) => total + of(row), 0);
  assert.ok(sum((row) => row.lapsBefore) < 80, "noise takes laps");
  assert.ok(sum((row) => row.laps) > sum((row) => row.lapsBefore) + 5, `${sum((row) => row.laps)} laps`);
});

test.run();
