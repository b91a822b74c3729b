import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, results } from "relu-lab";

// SPEC 6.2, with the number of trials that a verdict needs. Its own figures come from ten trials (laps) or thirty
// (grid): three standard errors of theirs and ours together is what they may differ by.
const { relearning } = experiments;
const options = { seed: 0, keep: false, say: () => {} };

function agree(found: number, said: number, deviation: number, ours: number, theirs: number, what: string) {
  const tolerance = 3 * deviation * Math.sqrt(1 / ours + 1 / theirs) + 1;
  assert.ok(
    Math.abs(found - said) <= tolerance,
    `${what}: ${found.toFixed(1)}, SPEC ${said} (within ${tolerance.toFixed(1)})`,
  );
}

for (const [reading, figures] of [
  [
    "deviation",
    { 0: [63.0, 60.5, 57.4, 53.7, 50.1, 46.5, 42.8, 39.8, 36.8], 1000: [58, 57, 56, 43, 46, 43, 36, 28, 24] },
  ],
  ["variance", { 0: [34], 1000: [22] }],
] as ["deviation" | "variance", Record<number, number[]>][]) {
  test(`${reading}: laps before and after training are SPEC's`, async () => {
    const { rows } = await results.run(relearning, experiments.relearningFrom(reading), {
      ...options,
      trials: 200,
    });
    const summary = experiments.relearningSummary(rows);
    for (const [step, laps] of Object.entries(figures)) {
      const at = summary.filter((row) => row.step === Number(step));
      const theirs = step === "0" && reading === "deviation" ? 400 : 10;
      laps.forEach((said, i) =>
        agree(at[i].laps, said, at[i].lapsDeviation, 200, theirs, `${at[i].start}, step ${step}`),
      );
    }
    for (const outcome of experiments.relearningOutcomes(rows, 64)) assert.ok(outcome.below, outcome.start);
  });
}

test("the optimiser grid's laps are SPEC's", async () => {
  const { rows } = await results.run(relearning, experiments.relearningOptimisers(), {
    ...options,
    trials: 100,
  });
  const summary = experiments.relearningSummary(rows).filter((row) => row.step === 1000);
  const said: Record<string, [number, number]> = {
    "SGD 0.001": [1, 1],
    "SGD 0.01": [0, 0],
    "SGD 0.05": [0, 0],
    "Adam 0.0001": [63, 36],
    "Adam 0.001": [60, 31],
    "Adam 0.01": [0, 0],
  };
  for (const [optimiser, laps] of Object.entries(said)) {
    ["deviation 0.01", "deviation 0.09"].forEach((start, i) => {
      const row = summary.find((r) => r.optimiser === optimiser && r.start === start)!;
      agree(row.laps, laps[i], row.lapsDeviation, 100, 30, `${optimiser}, ${start}`);
    });
  }
});

test("no random start reaches the sawtooth", async () => {
  const { rows } = await results.run(relearning, experiments.relearningRandomStart(), {
    ...options,
    trials: 20,
  });
  const end = rows.filter((row) => row.step === 5000);
  assert.is(end.length, 80);
  for (const row of end)
    assert.ok(row.laps < 64 && row.error > 0.0825 * 0.9, `${row.start}: ${row.laps}, ${row.error}`);
});

test.run();
