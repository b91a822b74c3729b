import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, results } from "relu-lab";
import { table } from "./perturbation-table";

const options = { seed: 0, keep: false, say: () => {} };
const variances = Object.keys(table).map(Number);

test("SPEC 6.1's table, 1,000 trials against its 200", async () => {
  const points = experiments.perturbationPoints({
    n: [6],
    parts: ["all", "weights", "biases"] as const,
    deviations: variances.map(Math.sqrt),
  });
  const { rows } = await results.run(
    experiments.perturbationExperiment,
    { points },
    { ...options, trials: 1000 },
  );
  for (const row of experiments.perturbationSummary(rows)) {
    if (row.network === "merged" && row.part !== "all") continue;
    const variance = variances.find((v) => Math.abs(v - row.variance) < 1e-9)!;
    const said = table[variance];
    const part = row.part as "all" | "weights" | "biases";
    const mean = part === "all" ? said[row.network as "naive" | "merged"][0] : said[part];
    // The spread measured here: SPEC gives none for the parts, and a smaller one for the merged form.
    const tolerance = 3.5 * row.lapsDeviation * Math.sqrt(1 / 200 + 1 / 1000) + 0.1;
    assert.ok(
      Math.abs(row.laps - mean) < tolerance,
      `${row.network} ${part} ${variance}: ${row.laps}, SPEC ${mean}`,
    );
  }
});

test("deviations .01 to .09, one layer alone, and depth", async () => {
  const run = async (points: experiments.PerturbationPoint[], trials: number) =>
    experiments.perturbationSummary(
      (await results.run(experiments.perturbationExperiment, { points }, { ...options, trials })).rows,
    );
  const close = (row: experiments.PerturbationSummary, said: number, theirs: number, unit = 1) => {
    const tolerance =
      (3.5 * row.lapsDeviation * Math.sqrt(1 / theirs + 1 / row.trials)) / unit + 0.15 / (unit > 1 ? 20 : 1);
    assert.ok(
      Math.abs(row.laps / unit - said) < tolerance,
      `${row.network} ${row.part} ${row.n} ${row.deviation}: ${row.laps / unit}, SPEC ${said}`,
    );
  };
  const labels = experiments.perturbationLabels;
  const said = [
    63.0, 60.5, 57.4, 53.7, 50.1, 46.5, 42.8, 39.8, 36.8, 62.7, 59.3, 54.8, 49.7, 44.9, 40.2, 35.9, 32.2,
    29.0,
  ];
  (await run(experiments.perturbationPoints({ n: [6], deviations: labels }), 1000)).forEach((row, i) =>
    close(row, said[i], 400),
  );
  const layers = await run(
    [
      ...experiments.layerPoints("naive", 6, Math.sqrt(0.05)),
      ...experiments.layerPoints("merged", 6, Math.sqrt(0.05)),
    ],
    1000,
  );
  const alone: Record<number, number> = {
    0: 45.7,
    1: 51.5,
    4: 47.6,
    5: 53.6,
    10: 62.9,
    11: 63.5,
    12: 45.7,
    13: 34.1,
    17: 55.3,
    18: 63.5,
  };
  for (const [i, mean] of Object.entries(alone)) close(layers[Number(i)], mean, 200);
  const depth = await run(
    experiments.perturbationPoints({
      networks: ["naive"],
      n: [2, 4, 6, 8, 10],
      deviations: [0.01, 0.05].map(Math.sqrt),
    }),
    400,
  );
  [0.95, 0.81, 0.74, 0.48, 0.56, 0.25, 0.42, 0.15, 0.29, 0.07].forEach((share, i) =>
    close(depth[i], share, 200, 2 ** depth[i].n),
  );
});

test.run();
