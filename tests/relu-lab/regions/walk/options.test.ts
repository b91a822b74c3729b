// Limits, and what a walk in the calling thread is asked now and then.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { limitOf, progressHere } from "../../../../packages/relu-lab/src/regions/walk/options";

test("limits are numbers above 0", () => {
  assert.is(limitOf({}), Infinity);
  assert.is(limitOf({ maximumRegions: 0.5 }), 0.5);
  for (const maximumRegions of [0, -1, NaN]) assert.throws(() => limitOf({ maximumRegions }), RangeError);
});

test("in the calling thread, a walk tells its progress, then looks at the signal, then answers with the limit", () => {
  const told: number[] = [];
  const controller = new AbortController();
  const progress = progressHere({
    maximumRegions: 7,
    onProgress: (n) => told.push(n),
    signal: controller.signal,
  });
  assert.is(progress(3), 7);
  controller.abort(new Error("enough"));
  assert.throws(() => progress(4), /enough/);
  assert.equal(told, [3, 4]);
  assert.is(progressHere({})(1), Infinity);
});

test.run();
