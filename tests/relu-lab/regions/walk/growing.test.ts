import { test } from "uvu";
import * as assert from "uvu/assert";
import { Growing } from "../../../../packages/relu-lab/src/regions/walk/growing";

test("what was appended is kept through every growth, in parts of any size", () => {
  for (const sizes of [
    [0],
    [1],
    [1024],
    [1025],
    [1023, 1, 1, 510, 2],
    [3000, 0, 5],
    [7, 5000, 1, 1],
    new Array<number>(300).fill(37),
  ]) {
    const list = new Growing(Float64Array);
    const expected: number[] = [];
    for (const size of sizes) {
      const from = list.length;
      assert.is(from, expected.length);
      const values = list.extend(size);
      assert.is(list.length, from + size);
      assert.ok(values.length >= list.length);
      for (let i = 0; i < size; i++) {
        values[from + i] = expected.length;
        expected.push(expected.length);
      }
    }
    assert.equal([...list.finish()], expected, `${sizes.slice(0, 5)}`);
  }
});

test("the room grows by half at least: a few copies in all", () => {
  const list = new Growing(Uint8Array);
  const rooms = new Set<Uint8Array>();
  for (let i = 0; i < 20_000; i++) rooms.add(list.extend(1));
  const lengths = [...rooms].map(({ length }) => length);
  assert.is(lengths[0], 1024);
  lengths.slice(1).forEach((length, i) => assert.is(length, Math.ceil(1.5 * lengths[i])));
  assert.ok(lengths.length < 10);
  // What needs more gets what it needs.
  assert.is(list.extend(100_000).length, 120_000);
  // A room that is full to its last place has not grown.
  const full = new Growing(Uint8Array);
  assert.is(full.extend(1000), full.extend(24));
});

test("the elements are of the kind asked for", () => {
  const list = new Growing(Int32Array);
  list.extend(2).set([-1, 7], 0);
  assert.equal(list.finish(), Int32Array.of(-1, 7));
});

test.run();
