import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareDegenerate, compareRandom } from "./against-oracle";

test("10,000 random networks: every count equals rational arithmetic", () => {
  const { networks, deep, slices } = compareRandom(0, 10_000);
  console.log(
    `${networks} random networks: ${deep} of eight layers, ${slices} on planes through 3 to 5 inputs`,
  );
  assert.ok(deep > 500 && slices === 2500);
});

test("10,000 degenerate networks: every count equals rational arithmetic", () => {
  const { networks, deep, slices, nearlyConcurrent } = compareDegenerate(0, 10_000);
  console.log(
    `${networks} degenerate networks: ${deep} of eight layers, ${slices} on planes through 3 inputs, ${nearlyConcurrent} nearly concurrent`,
  );
  assert.ok(deep > 400 && slices === 2000 && nearlyConcurrent > 1600);
});

test.run();
