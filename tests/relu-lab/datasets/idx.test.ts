import { test } from "uvu";
import * as assert from "uvu/assert";
import { datasets } from "relu-lab";

const { readIdx } = datasets;
/** An IDX file of two images of 2 x 3. */
const images = Uint8Array.of(
  0,
  0,
  8,
  3,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  3,
  ...Array.from({ length: 12 }, (_, i) => i),
);

test("extents and numbers are read, also from the middle of a buffer", () => {
  const shifted = new Uint8Array([9, 9, 9, ...images]).subarray(3);
  for (const bytes of [images, shifted]) {
    const { dimensions, data } = readIdx(bytes, "x", 3);
    assert.equal(dimensions, [2, 2, 3]);
    assert.equal(
      [...data],
      Array.from({ length: 12 }, (_, i) => i),
    );
  }
});

test("truncated, oversized and wrong files are refused by name and byte", () => {
  assert.throws(
    () => readIdx(images.subarray(0, 27), "t10k", 3),
    "t10k is truncated at byte 27: 2 x 2 x 3 needs 28 bytes",
  );
  assert.throws(
    () => readIdx(images.subarray(0, 9), "t10k", 3),
    /t10k is truncated at byte 9: an IDX header/,
  );
  assert.throws(() => readIdx(new Uint8Array(0), "t10k", 1), /t10k is truncated at byte 0/);
  assert.throws(
    () => readIdx(Uint8Array.of(...images, 0), "t10k", 3),
    /t10k is oversized: 2 x 2 x 3 ends at byte 28, but the file has 29 bytes/,
  );
  assert.throws(() => readIdx(images, "t10k", 1), /byte 3 \(the number of dimensions\) is 3 instead of 1/);
  const floats = images.slice();
  floats[2] = 13;
  assert.throws(() => readIdx(floats, "t10k", 3), /byte 2 \(the type: unsigned bytes\) is 13 instead of 8/);
});

test.run();
