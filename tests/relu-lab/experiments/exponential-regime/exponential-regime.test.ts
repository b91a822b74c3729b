import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, regions, results, sawtooth } from "relu-lab";

const options = { seed: 0, keep: false, say: () => {}, workers: 1 };

test("Wilson's interval: known values, and it holds the rate", () => {
  const { low, high } = experiments.successRate(8, 10);
  assert.ok(Math.abs(low - 0.4902) < 1e-4 && Math.abs(high - 0.9433) < 1e-4, `${low} ${high}`);
  const all = experiments.successRate(20, 20);
  assert.is(all.high, 1);
  assert.ok(Math.abs(all.low - 0.8389) < 1e-4);
  assert.is(experiments.successRate(0, 5).low, 0);
  assert.throws(() => experiments.successRate(3, 2), /3 successes of 2/);
});

test("a trial's rows do not depend on its batch, and its picture is the network that was counted", async () => {
  const configuration = experiments.depthGradedAgainstFinal([3], ["graded"]);
  const point = { ...configuration.points[0], steps: 300 };
  const all = await results.run(experiments.depthGraded, { points: [point] }, { ...options, trials: 3 });
  const one = await results.run(experiments.depthGraded, { points: [point] }, { ...options, trials: [2] });
  assert.equal(one.rows, all.trials[2]);
  const net = (await experiments.depthGradedNetwork(point, 2, 0))!;
  const { laps, pieces } = regions.segment(net, [0], [1]);
  assert.equal([one.rows[0].laps, one.rows[0].pieces], [laps, pieces]);
  const folds = experiments.frontierLevels([3]).points[0];
  const { rows } = await results.run(
    experiments.frontierCurriculum,
    { points: [folds] },
    { ...options, trials: [1] },
  );
  const folded = (await experiments.frontierNetwork(folds, 1, 0))!;
  assert.is(rows[0].pieces, regions.segment(folded, [0], [1]).pieces);
});

test("further training: small rates keep a network, large ones do not", async () => {
  const [point] = experiments.depthGradedRetention(4, 400).points;
  const further = { ...point.further!, rates: [1e-6, 0.3] };
  const { rows } = await results.run(
    experiments.depthGraded,
    { points: [{ ...point, steps: 3000, further }] },
    { ...options, trials: 2 },
  );
  const at = (rate: number | null) => rows.filter((row) => row.furtherRate === rate).map((row) => row.laps);
  assert.equal(at(1e-6), at(null));
  assert.ok(
    at(0.3).every((laps) => laps < 16),
    `${at(0.3)}`,
  );
});

test("the plane: three levels told fold more regions than the final error", async () => {
  const points = (["graded", "final"] as const).map((s) => ({
    ...experiments.planePoint(3, s),
    steps: 1500,
    batchSize: 64,
  }));
  const { rows } = await results.run(experiments.planeMirrors, { points }, { ...options, trials: 2 });
  const [graded, plain] = experiments.planeSummary(rows);
  assert.equal([graded.neurons, graded.squareLaw, graded.ideal], [48, 1152, 64]);
  assert.ok(graded.fewest > plain.most, `${graded.fewest} ${plain.most}`);
});

test("the landscape of one fold: a slit for the final loss, a funnel for all levels", () => {
  const rows = experiments.foldLandscape(7, [0.4, 0.45, 0.48, 0.5]);
  const of = (loss: string) => rows.filter((row) => row.loss.startsWith(loss)).map((row) => row.error);
  const [final, funnel] = [of("final"), of("all")];
  assert.ok(final[3] < 1e-20 && funnel[3] < 1e-20);
  assert.ok(
    final.slice(0, 3).every((error) => error > 0.8),
    `${final}`,
  );
  assert.ok(funnel[0] > funnel[1] && funnel[1] > funnel[2] && funnel[2] < 0.7 * funnel[0], `${funnel}`);
});

test("coarse versions go through the target's values; of the sawtooth they are constant", () => {
  const x = Float64Array.from({ length: 9 }, (_, i) => i / 8);
  const [coarse, middle, fine] = experiments.coarseVersions((v) => v * v, 3, "interpolants", x);
  assert.equal([coarse[2], middle[2], fine[2]], [0.125, 0.0625, 0.0625]);
  const inner = x.subarray(1, -1);
  const [means] = experiments.coarseVersions((v) => sawtooth.sawtoothValue(6, v), 2, "means", inner);
  for (const mean of means) assert.ok(Math.abs(mean - 0.5) < 0.01);
});

test("knots: positions and lengths make up the interval", () => {
  const rows = experiments.knotRows([{ name: "s", network: sawtooth.sawtoothNetwork(3) }]);
  assert.is(rows.length, 8);
  assert.is(
    rows.reduce((sum, row) => sum + row.length, 0),
    1,
  );
});

test("every experiment of the regime is known to the sweep", async () => {
  for (const name of [
    "depth-graded",
    "frontier-curriculum",
    "plane-mirrors",
    "tent-fits",
    "unknown-levels",
    "low-pass",
  ]) {
    const studies = await experiments.studiesOf(name);
    for (const study of Object.values(studies)) assert.is(study.experiment.name, name);
  }
});

test.run();
