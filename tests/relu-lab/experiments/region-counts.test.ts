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

test.run();
