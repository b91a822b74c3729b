import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, results } from "relu-lab";

// SPEC 8: what is to be reached, with the number of trials that a verdict needs.
const options = { seed: 0, keep: false, say: () => {} };

test("depth-graded, width 8, random start: .95 for n = 6 and 8, .85 for n = 10; the final error never", async () => {
  for (const [n, least] of [
    [6, 95],
    [8, 95],
    [10, 85],
  ]) {
    const setting = experiments.depthGradedAgainstFinal([n], ["final", "graded"]);
    const { rows } = await results.run(experiments.depthGraded, setting, { ...options, trials: 100 });
    const [plain, graded] = experiments.successRates(rows, ["supervision"]);
    assert.is(plain.successes, 0);
    assert.ok(graded.successes >= least, `n = ${n}: ${graded.successes}`);
  }
});

test("frontier: exactly 2^n pieces in 50 of 50 runs up to n = 8, in 45 at n = 10", async () => {
  const { rows } = await results.run(
    experiments.frontierCurriculum,
    experiments.frontierLevels([4, 6, 8, 10]),
    {
      ...options,
      trials: 50,
    },
  );
  for (const row of experiments.successRates(rows, ["n"]))
    assert.ok(row.rate >= (row.n === 10 ? 0.9 : 1), `${row.n}`);
});

test("the plane: four blocks, at least 3 N^2 / 2 in every one of 20 runs", async () => {
  const { rows } = await results.run(experiments.planeMirrors, experiments.planeLevels([4]), {
    ...options,
    trials: 20,
  });
  const [graded, plain] = experiments.planeSummary(rows);
  assert.ok(graded.multiple >= 3, `${graded.fewest}`);
  assert.ok(plain.most < graded.squareLaw);
});

test.run();
