import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareWithPatterns } from "./compare";

test("thirty thousand random and degenerate networks have the oracle's counts, in a box and on the whole space", () => {
  const compared = compareWithPatterns("full", 30_000, 250);
  assert.ok(compared >= 30_000, `${compared} compared`);
});

test.run();
