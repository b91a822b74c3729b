import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, network, random, regions, results } from "relu-lab";

process.env.RELU_LAB_OFFLINE = "1"; // whatever images there are will do here

const vector = (g: random.Generator, n: number) => Float64Array.from({ length: n }, () => g.normal());

test("counts in stages are those of one walk", () => {
  const g = random.generator(5);
  for (const widths of [[30], [12, 12], [8, 8, 8]]) {
    const net = network.heNetwork([20, ...widths, 3], g.split(widths.join()), 1e-3);
    const zero = new Float64Array(20);
    const [u, v] = [vector(g, 20), vector(g, 20)];
    const line = experiments.countLine(net, zero, u, 1000);
    assert.is(
      line,
      regions.segmentAlong(
        net,
        u.map((x) => -1000 * x),
        u.map((x) => 2000 * x),
      ).acts,
    );
    const bounds = { lo: [-1000, -1000], hi: [1000, 1000] };
    const square = experiments.countSquare(net, zero, [u, v], 1000);
    assert.is(square, regions.countPlaneSync(net, { origin: zero, directions: [u, v], bounds }).regions);
    if (widths.length === 1) {
      assert.is(line, 31);
      assert.is(square, Number(regions.zaslavsky(30, 2)));
    }
  }
});

test("the experiment: one worker and two agree; one layer meets its bounds at every time; it learns", async () => {
  const probes = { lines: 2, segments: 3, planes: 1, triangles: 1, points: 4 };
  const configuration = { networks: [[30], [8, 8]], epochs: [0, 0.02, 0.1], probes };
  const run = (workers: number) =>
    results.run(experiments.regionsInPractice, configuration, {
      trials: 2,
      seed: 3,
      keep: false,
      workers,
      say: () => {},
    });
  const [one, two] = [await run(1), await run(2)];
  assert.equal(one.rows, two.rows);
  assert.is(one.rows.length, 2 * 3 * 8);
  const of = (name: string, measure: string) =>
    one.rows.filter((row) => row.network === name && row.measure === measure).map((row) => row.value);
  assert.equal(of("30", "plane")[0], 466 / 900);
  for (const value of of("30", "plane")) assert.ok(value <= 466 / 900);
  for (const measure of ["data line", "random line", "segment"]) {
    for (const value of of("30", measure)) assert.ok(value <= 31 / 30 + 1e-12, `${measure}: ${value}`);
  }
  const accuracy = of("30", "accuracy");
  assert.ok(accuracy[2] > accuracy[0] + 0.3, `accuracy ${accuracy}`);
});

test("sums: courses, growth laws", () => {
  const rows = [0, 1, 2].flatMap((epoch) =>
    [0, 1].map((run) => ({
      network: "30",
      depth: 1,
      neurons: 30,
      run,
      epoch,
      measure: "segment" as const,
      value: [4, 2, 3][epoch] + run,
    })),
  );
  const summary = experiments.practiceSummary(rows);
  assert.equal(
    summary.map((row) => [row.mean, row.low, row.high, row.runs]),
    [
      [4.5, 4, 5, 2],
      [2.5, 2, 3, 2],
      [3.5, 3, 4, 2],
    ],
  );
  const [course] = experiments.practiceCourses(summary, "segment");
  assert.equal([course.start, course.least, course.end], [4.5, 2.5, 3.5]);
  const law = experiments.growthLaw(
    [10, 20, 40].map((neurons) => ({ neurons, value: 0.5 })),
    2,
  );
  assert.ok(Math.abs(law.exponent - 2) < 1e-12 && law.error < 1e-9);
  assert.throws(() => experiments.growthLaw([{ neurons: 1, value: 1 }], 1), /1 rows/);
});

test("lengths of curves: kept at He's variance, powers of 2 and 1/2 beside it", async () => {
  const configuration = { widths: [64], depths: [1, 8], variances: [1, 2, 4], points: 64 };
  const { rows } = await results.run(experiments.trajectoryLength, configuration, {
    trials: 6,
    keep: false,
    workers: 1,
    say: () => {},
  });
  const mean = (depth: number, variance: number) =>
    experiments.summary(
      rows.filter((row) => row.depth === depth && row.variance === variance).map((row) => row.ratio),
    ).mean;
  assert.ok(Math.abs(mean(1, 2) - 0.98) < 0.15, `depth 1: ${mean(1, 2)}`);
  assert.ok(mean(8, 2) > 0.5 && mean(8, 2) < 1.4, `depth 8: ${mean(8, 2)}`);
  assert.ok(
    Math.abs(mean(8, 4) / mean(8, 2) - 16) < 1e-9 && Math.abs(mean(8, 1) / mean(8, 2) - 1 / 16) < 1e-9,
  );
});

test.run();
