import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareLinearDistances } from "./linear";

test("thousands of distances to the linear region's boundary", () => {
  assert.ok(compareLinearDistances("full", 600) > 1500);
});

test.run();
