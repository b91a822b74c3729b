import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, network, random, regions, results } from "relu-lab";

const square = { lo: [-1, -1], hi: [1, 1] };
const short = (configuration: experiments.AntiRegularisationConfiguration) => ({
  ...configuration,
  steps: 60,
  readOuts: [0, 60],
});
const run = (
  configuration: experiments.AntiRegularisationConfiguration,
  trials: number | readonly number[],
  workers: number,
) => results.run(experiments.antiRegularisation, configuration, { trials, seed: 3, keep: false, workers });

test("losses have their names", () => {
  assert.equal(experiments.pairedLosses("sin").losses.map(experiments.lossName), [
    ...["plain", "intersection .01 until .5", "length .03", "Kac-Rice .01", "Kac-Rice .03"],
    "Kac-Rice .1 until .5",
  ]);
});

test("trials are paired, and do not depend on the batch they are in", async () => {
  const configuration = short(experiments.pairedLosses("sin"));
  const [all, one] = [await run(configuration, 3, 1), await run(configuration, [2], 1)];
  assert.equal(all.trials[2], one.trials[0]);
  for (const rows of all.trials) {
    const starts = rows.filter(({ step }) => step === 0);
    assert.is(starts.length, 6);
    assert.is(
      new Set(starts.map((row) => `${row.regions} ${row.error}`)).size,
      1,
      "one start for all losses",
    );
    assert.is(new Set(rows.filter(({ step }) => step > 0).map(({ error }) => error)).size, 6);
  }
});

test("a loss of weight 0 is plain training, to the bit: all losses see the same samples", async () => {
  const kinds = ["plain", "intersection", "length", "Kac-Rice"] as const;
  const losses = kinds.map((kind) => ({ kind, weight: 0, until: 1 }));
  const ways = await experiments.planeNetworks(
    { ...short(experiments.pairedLosses("disk")), losses },
    1,
    "seed",
  );
  const [plain, ...others] = ways.map((readOuts) => readOuts[1].network.specs());
  for (const other of others) assert.equal(other, plain);
});

test("a loss that is switched off at once is plain training; one that stays on is not", async () => {
  const losses = [1, 0].map((until) => ({ kind: "Kac-Rice" as const, weight: 0.1, until }));
  const configuration = { ...short(experiments.pairedLosses("sin2")), losses };
  const [on, off] = await experiments.planeNetworks(configuration, 0, 1);
  const [plain] = await experiments.planeNetworks(
    { ...configuration, losses: [{ kind: "plain", weight: 0, until: 1 }] },
    0,
    1,
  );
  assert.equal(off[1].network.specs(), plain[1].network.specs());
  assert.not.equal(on[1].network.specs(), plain[1].network.specs());
});

test("rows hold the exact count, and the error is that of the target", async () => {
  const configuration = short(experiments.pairedLosses("disk"));
  const { rows } = await run(configuration, 1, 1);
  const random1 = random.generator(3).split("anti-regularisation").split(0);
  const start = network.heNetwork([2, 8, 8, 1], random1.split("weights"), 0.3);
  assert.is(rows[0].regions, regions.countPlaneSync(start, square).regions);
  assert.ok(rows[0].linearRegions <= rows[0].regions);
  assert.is(rows[0].error, experiments.planeError(start, "disk"));
  const zero = network.ReluNetwork.of([
    { W: [[0, 0]], b: [0], activation: "relu" },
    { W: [[0]], b: [0], activation: "linear" },
  ]);
  assert.ok(Math.abs(experiments.planeError(zero, "disk") - 1) < 1e-12);
  assert.ok(Math.abs(experiments.planeError(zero, "sin") - 1 / 4) < 1e-9);
  assert.ok(Math.abs(experiments.planeError(zero, "sin2") - 1 / 4) < 1e-9);
});

test("paired ratios: the interval holds the ratio, and is a point where all pairs agree", () => {
  assert.equal(experiments.pairedRatio([20, 22], [10, 11]), { ratio: 2, low: 2, high: 2 });
  const g = random.generator("pairs");
  let inside = 0;
  for (let i = 0; i < 100; i++) {
    const reference = Array.from({ length: 30 }, () => 100 + 10 * g.normal());
    const values = reference.map((r) => 2 * r + 20 * g.normal());
    const { low, high, ratio } = experiments.pairedRatio(values, reference);
    assert.ok(low < ratio && ratio < high);
    if (low < 2 && 2 < high) inside++;
  }
  assert.ok(inside >= 85, `${inside} of 100 intervals hold the truth`);
  assert.throws(() => experiments.pairedRatio([1], []), /1 values and 0/);
});

test("the summary compares with plain training of the same target, network, step and trial", () => {
  const row = (trial: number, kind: "plain" | "length", count: number, error: number) => ({
    trial,
    target: "sin" as const,
    network: "8-8",
    loss: kind,
    kind,
    weight: 0,
    until: 1,
    step: 9,
    regions: count,
    linearRegions: count,
    error,
  });
  const rows = [
    row(0, "plain", 10, 1),
    row(0, "length", 30, 1),
    row(1, "plain", 10, 3),
    row(1, "length", 10, 1),
  ];
  const [, length] = experiments.antiRegularisationSummary(rows);
  assert.is(length.gain, 2);
  assert.is(length.cost, 0.5);
  assert.is(length.wins, 0.5);
  assert.throws(() => experiments.antiRegularisationSummary([rows[1]]), /no plain training/);
});

test("crossing lines: chords and crossings of the first layer", () => {
  const net = network.ReluNetwork.of([
    {
      W: [
        [1, 0],
        [0, 2],
        [1, 1],
        [0, 0],
      ].slice(0, 3),
      b: [0, 0, -3],
      activation: "relu",
    },
    { W: [[1, 1, 1]], b: [0], activation: "linear" },
  ]);
  const { lines, crossings } = experiments.crossingLines(net, 2, "now");
  assert.is(lines.length, 3);
  assert.ok(lines.every(({ when }) => when === "now: 1 of 3 crossings inside"));
  const [axis] = lines;
  assert.equal([axis.x, axis.x2, Math.abs(axis.y), Math.abs(axis.y2)], [0, 0, 2, 2]);
  assert.equal(
    crossings.map(({ inside }) => inside),
    [true],
  ); // (0, 3) and (3, 0) are out of the picture
});

test("the smoothed crossings of two axes are their one crossing", () => {
  const net = network.ReluNetwork.of([
    {
      W: [
        [1, 0],
        [0, 1],
      ],
      b: [0, 0],
      activation: "relu",
    },
    { W: [[1, 1]], b: [0], activation: "linear" },
  ]);
  const found = experiments.crossingEstimate(net, 20_000, random.generator(2));
  assert.ok(Math.abs(found - 1) < 0.05, String(found));
});

test("Kac-Rice training ends with more regions than plain training in every one of four pairs", async () => {
  const configuration = { ...experiments.pairedLosses("sin"), steps: 400, readOuts: [400] };
  const chosen = configuration.losses.filter(({ kind, weight }) => kind === "plain" || weight === 0.03);
  const { rows } = await run({ ...configuration, losses: chosen }, 4, 2);
  for (const row of experiments.antiRegularisationSummary(rows).slice(1))
    assert.ok(row.gain > 1.4 && row.wins === 1, `${row.loss}: ${row.gain}, wins ${row.wins}`);
});

test("block means average 4 x 4 pixels", () => {
  const images = new Uint8Array(784);
  images[0] = 255;
  images[28 * 27 + 27] = 51;
  const means = experiments.blockMeans({ images, labels: Uint8Array.of(0), count: 1 });
  assert.is(means.length, 49);
  assert.ok(Math.abs(means[0] - 1 / 16) < 1e-15 && Math.abs(means[48] - 0.2 / 16) < 1e-15);
});

test("digits: plain training is the same whatever stands beside it, and slices gain regions", async () => {
  const configuration = { ...experiments.digitLosses(150), triangles: 3 };
  const chosen = configuration.losses.filter(({ kind, weight }) => kind === "plain" || weight === 0.1);
  const options = { trials: 1, seed: 0, keep: false, workers: 1 };
  const [both, alone] = [
    await results.run(experiments.antiRegularisedDigits, { ...configuration, losses: chosen }, options),
    await results.run(
      experiments.antiRegularisedDigits,
      { ...configuration, losses: chosen.slice(0, 1) },
      options,
    ),
  ];
  assert.equal(both.rows[0], alone.rows[0]);
  assert.ok(both.rows[1].regions > 1.3 * both.rows[0].regions);
  assert.ok(both.rows[0].accuracy > 0.5);
});

test.run();
