import { test } from "uvu";
import { compareDegenerate, compareRandom } from "./against-oracle";

test("10,000 random networks: counts are those of rational arithmetic", () => compareRandom(0, 10_000));

test("10,000 degenerate networks: counts are those of rational arithmetic", () =>
  compareDegenerate(0, 10_000));

test.run();
