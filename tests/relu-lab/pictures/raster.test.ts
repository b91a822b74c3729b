import { test } from "uvu";
import * as assert from "uvu/assert";
import { inflateSync } from "node:zlib";
import { Raster, rgbaPng } from "relu-lab/pictures";
import { tiling } from "../../notebook/pictures/tiling";

test("polygons that tile the plane cover every sample, and as many as their area says", () => {
  const regions = tiling();
  const raster = new Raster(300, 300, { lo: [-1, -1], hi: [1, 1] });
  raster.fill(regions);
  assert.not(raster.polygonAt.includes(-1));
  const samples = new Float64Array(regions.offsets.length - 1);
  raster.polygonAt.forEach((r) => samples[r]++);
  const { vertices: v, offsets } = regions;
  samples.forEach((found, r) => {
    let area = 0;
    for (let i = offsets[r]; i < offsets[r + 1]; i++) {
      const j = i + 1 < offsets[r + 1] ? i + 1 : offsets[r];
      area += (v[2 * i] * v[2 * j + 1] - v[2 * j] * v[2 * i + 1]) / 2;
    }
    const expected = (area / 4) * raster.columns * raster.rows;
    assert.ok(Math.abs(found - expected) < 3, `region ${r}: ${found} for ${expected}`);
  });
});

test("polygons that come in parts fill the same samples, numbered on", () => {
  const { vertices, offsets } = tiling();
  const frame = { lo: [-1, -1], hi: [1, 1] };
  const [whole, parts] = [new Raster(100, 100, frame), new Raster(100, 100, frame)];
  whole.fill({ vertices, offsets });
  const half = Math.floor(offsets.length / 2);
  parts.fill({ vertices, offsets: offsets.subarray(0, half + 1) });
  parts.fill({ vertices, offsets: offsets.subarray(half) }, half);
  assert.equal(parts.polygonAt, whole.polygonAt);
});

test("each sample belongs to the polygon that holds its centre", () => {
  const square = { vertices: Float64Array.of(0, 0, 1, 0, 1, 1, 0, 1), offsets: Uint32Array.of(0, 4) };
  const raster = new Raster(4, 4, { lo: [0, 0], hi: [2, 2] }, 1);
  raster.fill(square);
  assert.equal([...raster.polygonAt], [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, -1, -1, 0, 0, -1, -1]);
  const pixels = raster.paint(() => 0x102030, []);
  assert.equal([...pixels.subarray(32, 36)], [0x10, 0x20, 0x30, 255]);
  assert.equal([...pixels.subarray(0, 4)], [0, 0, 0, 0]);
});

test("strokes run along their line, in either direction, and stay within the picture", () => {
  const draw = (points: [number, number, number, number]) => {
    const raster = new Raster(5, 5, { lo: [0, 0], hi: [5, 5] }, 1);
    raster.stroke(...points, 1, 1);
    return [...raster.lineAt].flatMap((line, i) => (line ? [i] : []));
  };
  assert.equal(draw([0, 2.5, 5, 2.5]), [10, 11, 12, 13, 14]);
  assert.equal(draw([5, 2.5, 0, 2.5]), [10, 11, 12, 13, 14]);
  assert.equal(draw([2.5, 0, 2.5, 5]), [2, 7, 12, 17, 22]);
  assert.equal(draw([-50, 2.5, 50, 2.5]), [10, 11, 12, 13, 14]);
  assert.equal(draw([0, 9, 5, 9]), []);
  assert.equal(draw([1, 1, 1, 1]), []);
});

test("the PNG holds the pixels", () => {
  const pixels = Uint8Array.from({ length: 4 * 3 * 2 }, (_, i) => (i * 37) & 255);
  const file = Buffer.from(rgbaPng(pixels, 3));
  assert.equal([...file.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  assert.is(file.readUInt32BE(16), 3);
  assert.is(file.readUInt32BE(20), 2);
  assert.is(file.readUInt32BE(file.length - 4), 0xae426082); // the checksum of every IEND chunk
  const length = file.readUInt32BE(33);
  const rows = inflateSync(file.subarray(41, 41 + length));
  const first = rows.subarray(1, 13);
  assert.equal([...first], [...pixels.subarray(0, 12)]);
  assert.equal(
    [...rows.subarray(14, 26)].map((byte, i) => (byte + first[i]) & 255),
    [...pixels.subarray(12)],
  );
});

test.run();
