import { test } from "uvu";
import * as assert from "uvu/assert";
import { datasets, experiments, results } from "relu-lab";

// SPEC 5's table: what two runs gave there. The ranges take in its seven networks, with a margin for other seeds.
const ranges: Record<string, { start: [number, number]; end: [number, number]; all: [number, number] }> = {
  "data line": { start: [0.9, 1.2], end: [0.75, 1.15], all: [0.7, 1.3] },
  plane: { start: [0.42, 0.64], end: [0.33, 0.6], all: [0.3, 0.7] },
  segment: { start: [0.32, 0.47], end: [0.24, 0.4], all: [0.17, 0.47] },
  triangle: { start: [0.03, 0.1], end: [0.015, 0.07], all: [0.01, 0.1] },
  distance: { start: [0.33, 0.55], end: [1.0, 1.8], all: [0.33, 2.1] },
  accuracy: { start: [0, 0.25], end: [0.94, 0.975], all: [0, 1] },
};

test("SPEC 5: every network of the papers' size through five epochs", async () => {
  const mnist = await datasets.loadMnist();
  const { paperNetworks: networks, paperProbes: probes } = experiments;
  const configuration = { networks, epochs: [0, 0.05, 0.2, 1, 2, 5], probes };
  const { rows } = await results.run(experiments.regionsInPractice, configuration, {
    ...{ trials: 2 * networks.length, seed: 0, data: mnist.provenance.digest, keep: false, say: () => {} },
  });
  const summary = experiments.practiceSummary(rows);
  const within = (value: number, [low, high]: [number, number], what: string) =>
    assert.ok(value >= low && value <= high, `${what}: ${value} is not from ${low} to ${high}`);
  for (const [measure, range] of Object.entries(ranges)) {
    if (measure === "accuracy" && mnist.train.count < 60_000) continue; // SPEC's is that of full MNIST
    const courses = experiments.practiceCourses(summary, measure as experiments.PracticeRow["measure"]);
    assert.is(courses.length, networks.length);
    for (const { network, start, least, most, end } of courses) {
      within(start, range.start, `${network}, ${measure}, start`);
      within(end, range.end, `${network}, ${measure}, end`);
      within(least, range.all, `${network}, ${measure}, least`);
      within(most, range.all, `${network}, ${measure}, most`);
    }
  }
  const drops = experiments.practiceCourses(summary, "segment").map(({ start, least }) => 1 - least / start);
  for (const drop of drops) within(drop, [0.2, 0.6], "segments' first drop");
});

test.run();
