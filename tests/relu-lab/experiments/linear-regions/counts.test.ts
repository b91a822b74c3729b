import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, random } from "relu-lab";

test("random lines meet Zaslavsky's number with equality", async () => {
  const rows = await experiments.arrangementCounts(
    { neurons: [1, 3, 8, 16], trials: 5 },
    random.generator(0),
  );
  assert.is(rows.length, 20);
  for (const row of rows) assert.is(row.regions, row.bound, `${row.neurons} lines, trial ${row.trial}`);
  assert.equal([...new Set(rows.map((row) => row.bound))], [2, 7, 37, 137]);
});

test("Montúfar's construction attains its bound; linear regions are fewer", async () => {
  const rows = await experiments.montufarCounts([
    [4, 4],
    [8, 8],
    [4, 4, 4],
    [6, 6, 6],
  ]);
  assert.equal(
    rows.map((row) => row.activationRegions),
    [44, 592, 176, 1782],
  );
  assert.equal(
    rows.map((row) => row.bound),
    [44, 592, 176, 1782],
  );
  for (const row of rows) assert.ok(row.linearRegions <= row.activationRegions);
});

test("the same seed gives the same rows, and shapes are averaged one by one", async () => {
  const config = { shapes: [[8], [8, 8]], trials: 3, biasDeviation: 0.5 };
  const rows = await experiments.randomNetworkCounts(config, random.generator(4));
  assert.equal(rows, await experiments.randomNetworkCounts(config, random.generator(4)));
  for (const row of rows) assert.ok(row.regions >= 1 && row.regions <= row.upper);
  const means = experiments.meanByShape(rows);
  assert.equal(
    means.map(({ widths, trials }) => [widths, trials]),
    [
      ["8", 3],
      ["8, 8", 3],
    ],
  );
  assert.is(means[0].mean, (rows[0].regions + rows[1].regions + rows[2].regions) / 3);
});

test("side by side: counts lie below the upper bounds, and the built networks on the lower one", async () => {
  const shapes = [
    [1, [3, 3]],
    [2, [8]],
    [2, [8, 8]],
    [2, [3, 2, 4]],
    [2, [1, 4]],
  ] as [number, number[]][];
  const rows = await experiments.boundsSideBySide(
    { shapes, trials: 5, biasDeviation: 0.3 },
    random.generator(0),
  );
  for (const row of rows) {
    assert.is(row.constructed, row.montufarLower, row.shape);
    const rising = [row.most, row.serraUpper, row.montufarUpper, row.raghuUpper, row.patternsUpper];
    for (let k = 1; k < rising.length; k++) assert.ok(rising[k - 1] <= rising[k], `${row.shape}: ${rising}`);
    assert.ok(row.random <= row.most);
  }
  assert.equal([rows[1].random, rows[1].oneLayer], [37, 37]);
  assert.is(rows[4].constructed, null);
  let refused = "";
  await experiments
    .boundsSideBySide({ shapes: [[3, [4]]], trials: 1, biasDeviation: 0 }, random.generator(0))
    .catch((error: Error) => (refused = error.message));
  assert.match(refused, /3 inputs/);
});

test.run();
