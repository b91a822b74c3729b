import { test } from "uvu";
import * as assert from "uvu/assert";
import { inflateSync } from "node:zlib";
import { imageGrid } from "@relu-lab/notebook";
import { palettePng } from "../../../packages/notebook/dist/pictures/palette-png";
import { pictureDigest } from "./tiling";

/** A stroke whose slant differs from picture to picture. */
const picture = (slant: number) =>
  Float64Array.from({ length: 64 }, (_, i) =>
    Math.max(0, 1 - Math.abs((i % 8) - 3.5 - slant * (Math.floor(i / 8) - 3.5))),
  );
const signed = Float64Array.from({ length: 64 }, (_, i) => ((i % 8) - 3.5) / 3.5);

test("grids with axes, with labels and with signs have their stored pictures", () => {
  const placed = [0, 1, 2, 3].map((i) => ({ pixels: picture(i / 4), row: i >> 1, column: i & 1 }));
  assert.is(
    pictureDigest(imageGrid(placed, { columns: 8, across: "example", down: "slant" })),
    "7f644defffaa68dc",
  );
  const labelled = [0, 1, 2].map((i) => ({ pixels: picture(i / 4), label: `${i} → ${i + 1}` }));
  assert.is(pictureDigest(imageGrid(labelled, { columns: 8, perRow: 2 })), "594b3a9aa7c43775");
  assert.is(pictureDigest(imageGrid([{ pixels: signed }], { columns: 8, signed: true })), "f6d815741685ecfa");
});

test("a pixel's palette entry is its share of the largest", () => {
  const file = Buffer.from(palettePng([0, 1, 2, 4], 2));
  const at = file.indexOf("IDAT");
  const rows = inflateSync(file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4)));
  assert.equal([...rows], [0, 0, 64, 0, 128, 255]);
});

test("what is no picture is refused", () => {
  assert.throws(() => imageGrid([], { columns: 8 }), /there is no picture/);
  assert.throws(
    () => imageGrid([{ pixels: [1, 2, 3] }], { columns: 2 }),
    /3 pixels are no picture of 2 columns/,
  );
});

test.run();
