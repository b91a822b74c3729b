import { test } from "uvu";
import * as assert from "uvu/assert";
import { datasets, experiments, results } from "relu-lab";

// SPEC 5's table: the start and the end after five epochs for each of its networks, means of two runs each.
// `fewer`: how many times fewer probes of this kind a run had there than here.
const said: Record<string, { start?: number[]; end: number[]; fewer: number }> = {
  "data line": {
    start: [1.03, 1.02, 1.07, 1.05, 1.04, 1.01, 1.07],
    end: [1.03, 1.02, 1.0, 0.95, 0.93, 0.87, 0.93],
    fewer: 1,
  },
  plane: {
    start: [0.52, 0.51, 0.54, 0.57, 0.51, 0.54, 0.54],
    end: [0.52, 0.51, 0.5, 0.44, 0.49, 0.38, 0.45],
    fewer: 2.5,
  },
  segment: {
    start: [0.4, 0.4, 0.43, 0.39, 0.37, 0.37, 0.39],
    end: [0.36, 0.36, 0.32, 0.32, 0.28, 0.29, 0.31],
    fewer: 1,
  },
  triangle: {
    start: [0.093, 0.068, 0.069, 0.063, 0.052, 0.051, 0.03],
    end: [0.054, 0.06, 0.035, 0.055, 0.021, 0.03, 0.028],
    fewer: 5,
  },
  distance: {
    start: [0.38, 0.41, 0.41, 0.4, 0.48, 0.45, 0.47],
    end: [1.21, 1.14, 1.4, 1.23, 1.4, 1.2, 1.28],
    fewer: 1,
  },
  accuracy: { end: [0.954, 0.966, 0.952, 0.96, 0.953, 0.961, 0.95], fewer: 1 },
};

test("SPEC 5: every network of the papers' size through five epochs, within the spread of its runs", async () => {
  const mnist = await datasets.loadMnist();
  const { paperNetworks: networks, paperProbes: probes } = experiments;
  const configuration = { networks, epochs: [0, 0.05, 0.2, 1, 2, 5], probes };
  const runs = 3;
  const { rows } = await results.run(experiments.regionsInPractice, configuration, {
    trials: runs * networks.length,
    seed: 0,
    data: mnist.provenance.digest,
    keep: false,
    say: () => {},
  });
  const summary = experiments.practiceSummary(rows);
  for (const [measure, { start, end, fewer }] of Object.entries(said)) {
    if (measure === "accuracy" && mnist.train.count < 60_000) continue; // SPEC's is that of full MNIST
    for (const [epoch, figures] of [
      [0, start],
      [5, end],
    ] as const) {
      const own = summary.filter((row) => row.measure === measure && row.epoch === epoch);
      assert.is(own.length, networks.length);
      // One run's deviation, pooled over the networks; half of SPEC's last digit for its rounding.
      const deviation = Math.sqrt(own.reduce((sum, row) => sum + row.deviation ** 2, 0) / own.length);
      const tolerance = 3.5 * deviation * Math.sqrt(1 / runs + fewer / 2) + 0.005;
      for (const [i, figure] of (figures ?? []).entries()) {
        const { network, mean } = own[i];
        assert.ok(
          Math.abs(mean - figure) <= tolerance,
          `${network}, ${measure}, epoch ${epoch}: ${mean.toFixed(3)}, SPEC ${figure} (within ${tolerance.toFixed(3)})`,
        );
      }
    }
  }
  for (const { network, start, least } of experiments.practiceCourses(summary, "segment")) {
    assert.ok(least < 0.8 * start, `${network}: segments fall from ${start} to ${least} only`);
  }
});

test.run();
