import { test } from "uvu";
import * as assert from "uvu/assert";
import { functionPieces } from "@relu-lab/notebook";
import { pictureDigest } from "./tiling";

test("the function has its stored picture", () => {
  assert.is(pictureDigest(functionPieces([0, 0.25, 0.5, 0.75, 1], [0, 1, 0, 1, 0])), "7168a5229eca0e73");
});

test("each piece is one row with its slope, neighbours differ in colour", () => {
  /* eslint-disable-next-line @typescript-eslint/no-explicit-any -- a specification is looked into freely */
  const spec = functionPieces(Float64Array.of(0, 0.5, 1, 3), Float64Array.of(0, 1, 0, 0)) as any;
  const rows = spec.layer[0].data.values as { piece: number; slope: number; parity: string }[];
  assert.equal(
    rows.map((row) => row.slope),
    [2, -2, 0],
  );
  assert.equal(
    rows.map((row) => row.parity),
    ["odd", "even", "odd"],
  );
  assert.is(spec.layer[1].data.values.length, 4);
});

test("ends that doubles cannot tell apart are allowed, descending ones are not", () => {
  /* eslint-disable-next-line @typescript-eslint/no-explicit-any -- a specification is looked into freely */
  const spec = functionPieces([0, 0.5, 0.5, 1], [0, 1, 1, 0]) as any;
  assert.is(spec.layer[0].data.values.length, 2);
  assert.throws(() => functionPieces([0, 1, 0.5], [0, 0, 0]), /x\[2\] = 0\.5 lies below 1/);
  assert.throws(() => functionPieces([0, 1], [0]), /2 values of x, but 1 of y/);
  assert.throws(() => functionPieces([0], [0]), /1 points; one piece has two ends/);
  assert.throws(() => functionPieces([0, 1], [0, NaN]), /point 1 is \(1, NaN\)/);
});

test.run();
