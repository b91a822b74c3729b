import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments } from "relu-lab";

test("gates: rounding stays below its bound, and the best scale lies where SPEC has it", () => {
  const lambdas = Array.from({ length: 25 }, (_, i) => 10 ** (-6 + i / 4));
  const rows = experiments.gateErrors({ lambdas });
  for (const row of rows) assert.ok(row.error <= 1.05 * (row.truncation + row.rounding), JSON.stringify(row));
  const double = experiments.bestGate(rows, "float64");
  assert.ok(double.lambda > 1e-4 && double.lambda < 2e-3 && double.error < 1e-7, JSON.stringify(double));
  const single = experiments.bestGate(rows, "float32");
  assert.ok(
    single.lambda > 0.02 && single.lambda < 0.07 && single.error > 1e-4 && single.error < 7e-4,
    JSON.stringify(single),
  );
});

test("costs of powers and monomials", () => {
  for (const row of experiments.powerCosts({ powers: [1, 7, 16], lambda: 0.01 }))
    assert.ok(row.neurons <= row.bound && row.layeredNeurons <= row.bound);
  const [row] = experiments.monomialCosts({ monomials: [[2, 2, 2]] });
  assert.equal(
    [row.monomial, row.shallow, row.shallowLeast, row.deepBound, row.deep],
    ["x₁²x₂²x₃²", 27, 27, 33, 17],
  );
  const product = experiments
    .neuronsAgainstDegree({ largest: 12 })
    .filter((r) => r.family === "x₁x₂…x_d" && r.degree === 12);
  assert.equal(
    product.map((r) => r.neurons),
    [4096, 44, 48],
  );
});

test.run();
