import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkBox } from "../../../../packages/relu-lab/src/regions/space/box";
import type { SpaceBox } from "../../../../packages/relu-lab/src/regions/space/types";

test("a box is its six bounds, lowest first", () => {
  assert.equal(checkBox({ lo: [-1, -2, -3], hi: [4, 5, 6] }, 3), [-1, -2, -3, 4, 5, 6]);
  assert.equal(checkBox({ lo: Float64Array.of(-1e60, 0, 0), hi: [1e60, 1, 1] }, 3)[0], -1e60);
});

test("what is no box is refused by name", () => {
  const lo = [0, 0, 0];
  const hi = [1, 1, 1];
  const refused = (box: unknown, kind: typeof RangeError | typeof TypeError, text: RegExp) =>
    assert.throws(
      () => checkBox(box as SpaceBox, 3),
      (error: Error) => error instanceof kind && text.test(error.message),
    );
  assert.throws(() => checkBox({ lo, hi }, 2), /takes 2 inputs/);
  for (const box of [undefined, null, {}, 5])
    refused(box, TypeError, /box\.lo must be an array of 3 numbers/);
  refused({ lo }, TypeError, /box\.hi must be an array of 3 numbers, but is undefined/);
  refused({ lo: "abc", hi }, TypeError, /box\.lo must be an array .* but is abc/);
  refused({ lo: () => 1, hi }, TypeError, /box\.lo must be an array/);
  refused({ lo: null, hi }, TypeError, /box\.lo must be an array .* but is null/);
  refused({ lo: [0, 0], hi }, TypeError, /box\.lo must be an array/);
  refused({ lo, hi: [1, 1, 1, 1] }, TypeError, /box\.hi must be an array/);
  for (let i = 0; i < 3; i++) {
    const with_ = (value: unknown) => hi.map((v, k) => (k === i ? value : v));
    refused({ lo, hi: with_(NaN) }, RangeError, new RegExp(`box\\.hi\\[${i}\\] is NaN: it must be`));
    refused({ lo: with_("0"), hi }, RangeError, new RegExp(`box\\.lo\\[${i}\\] is 0: it must be`));
    refused({ lo, hi: with_(1.1e60) }, RangeError, new RegExp(`box\\.hi\\[${i}\\] is 1\\.1e\\+60: at most`));
    refused({ lo: lo.map((v, k) => (k === i ? -1.1e60 : v)), hi }, RangeError, /at most 1e60/);
    refused({ lo, hi: with_(0) }, RangeError, new RegExp(`lo\\[${i}\\] = 0 is not below hi\\[${i}\\] = 0`));
    refused({ lo, hi: with_(-1) }, RangeError, new RegExp(`lo\\[${i}\\] = 0 is not below hi\\[${i}\\] = -1`));
  }
});

test.run();
