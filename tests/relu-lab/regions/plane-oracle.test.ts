import { test } from "uvu";
import { compareDegenerate, compareRandom } from "./against-oracle";

test("150 random networks: every count equals rational arithmetic", () => {
  compareRandom(0, 150);
});

test("240 degenerate networks: every count equals rational arithmetic", () => {
  compareDegenerate(0, 240);
});

test.run();
