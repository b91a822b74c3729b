import { test } from "uvu";
import * as assert from "uvu/assert";
import { approximation, experiments } from "relu-lab";

const { sine, squareRoot, vee } = approximation;

test("staircases keep their rate: 1/N for Lipschitz functions, N^(-1/2) for the square root", () => {
  const rows = experiments.staircaseErrors({ targets: [sine, squareRoot, vee], widths: [20, 40, 80, 160] });
  assert.is(rows.length, 24);
  for (const row of rows) assert.ok(row.error <= row.upper && row.upper <= row.bound, JSON.stringify(row));
  for (const target of [sine, squareRoot, vee]) {
    const rate = experiments.convergenceRate(rows.filter((row) => row.target === target.name));
    const soft = experiments.convergenceRate(
      rows.filter((row) => row.target === target.name && row.steps.startsWith("smooth")),
    );
    const expected = target === squareRoot ? -0.5 : -1;
    assert.ok(
      Math.abs(soft - expected) < 0.02 && Math.abs(rate - expected) < 0.02,
      `${target.name}: ${soft}, ${rate}`,
    );
  }
});

test("curves carry their target beside every width", () => {
  const rows = experiments.staircaseCurves({ target: sine, widths: [3, 5], points: 11 });
  assert.is(rows.filter((row) => row.neurons === 5 && row.name === sine.name).length, 11);
  const curves = experiments.parabolaCurves({ seed: 0, points: 3 });
  assert.ok(
    Math.abs(curves.find((row) => row.name.startsWith("64 units") && row.x === 0)!.y - 3 / 16) < 1e-6,
  );
});

test("fits of |x|: polynomials stay at 3/16, the others pass below 1/8, certified", () => {
  const rows = experiments.oneLayerErrors({
    activations: ["tanh", "square"],
    widths: [4, 32],
    trials: 2,
    seed: 0,
  });
  for (const row of rows.filter((r) => r.activation === "square"))
    assert.ok(Math.abs(row.worst - 3 / 16) < 1e-6);
  for (const { error, best, worst } of rows) assert.ok(Math.abs(error - (best + worst) / 2) < 1e-15 * worst);
  assert.ok(rows.find((r) => r.activation === "tanh" && r.neurons === 32)!.upper < 1 / 8);
  const floor = experiments.polynomialFloor({ largest: 3 });
  assert.ok(Math.abs(floor[3].lower - 1 / 8) < 1e-12);
});

test("Yarotsky's networks overtake every single layer from 5 layers on", () => {
  const rows = experiments.yarotskyErrors({ largest: 8 });
  for (const row of rows) assert.is(row.error, row.theory);
  assert.equal(
    rows.map((row) => row.error < row.oneLayer),
    [false, false, false, false, true, true, true, true],
  );
});

test("round trips lose no knot", () => {
  for (const row of experiments.pwlRoundTrips({ trials: 40, mostKnots: 20, seed: 1 })) {
    assert.is(row.knotsFound, row.knots);
    assert.is(row.neurons, row.knots + 1);
    assert.ok(row.knotError < 1e-14 && row.valueError < 1e-9, JSON.stringify(row));
  }
});

test("training beside the constructions: the same seed gives the same rows", async () => {
  const config = { cases: ["vee", "product"], trials: 2, steps: 300, seed: 3 };
  let finished = 0;
  const first = await experiments.learnedAgainstConstructed(config, (done) => (finished = done));
  assert.is(finished, 4);
  assert.equal(await experiments.learnedAgainstConstructed(config), first);
  assert.is(first.rows[0].constructed, 0, "two ReLU units are |x|");
  // Of two networks the median lies halfway between them.
  assert.ok(first.rows.every((row) => row.best > 0 && row.learned === (row.best + row.worst) / 2));
  assert.is(first.points.length, 6);
  try {
    await experiments.learnedAgainstConstructed({ ...config, cases: ["none"] });
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), /learned case "none"/);
  }
});

test.run();
