import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareWithOracle } from "./compare";

test("ten thousand random and degenerate networks have the oracle's counts", () => {
  const compared = compareWithOracle("full", 1500);
  assert.ok(compared >= 10_000, `${compared} compared`);
});

test.run();
