import { test } from "uvu";
import * as assert from "uvu/assert";
import { chartMessage, regionMap } from "@relu-lab/notebook";
import { patternColour } from "relu-lab/pictures";
import { pictureDigest, tiling } from "./tiling";

const regions = tiling();
const count = regions.offsets.length - 1;

test("each colouring has its stored picture", () => {
  assert.is(pictureDigest(regionMap(regions)), "7b431a37bb87f7a9");
  assert.is(pictureDigest(regionMap(regions, { colour: "gradient" })), "39a4bf2d4ddba078");
  assert.is(pictureDigest(regionMap(regions, { colour: "depth" })), "3976655c0f0217d1");
  const values = Float64Array.from({ length: count }, (_, r) => r);
  assert.is(
    pictureDigest(regionMap(regions, { colour: { values, title: "number" }, edges: 0 })),
    "616a2268148e646a",
  );
});

test("classes have names in the legend and colours that differ in grey", () => {
  const names = ["left", "middle", "right"];
  const classes = Uint8Array.from({ length: count }, (_, r) => r % 3);
  const spec = regionMap(regions, { colour: { classes, names, title: "turn" }, edges: 0 }) as {
    layer: { encoding: { color: { title: string; scale: { domain: string[]; range: string[] } } } }[];
  };
  const { title, scale } = spec.layer[1].encoding.color;
  assert.equal([title, scale.domain], ["turn", names]);
  const grey = scale.range.map((colour) =>
    [1, 3, 5].reduce((sum, at) => sum + parseInt(colour.slice(at, at + 2), 16), 0),
  );
  assert.ok(grey[1] - grey[0] > 100 && grey[2] - grey[1] > 100, grey.join());
  assert.throws(
    () => regionMap(regions, { colour: { classes: [0], names, title: "t" } }),
    /1 classes for \d+ regions/,
  );
  classes[4] = 3;
  assert.throws(
    () => regionMap(regions, { colour: { classes, names, title: "t" } }),
    /class 3 of region 4 is none of 3 names/,
  );
});

test("a pattern's colour depends on its hash alone, so that it is stable while a network trains", () => {
  const order = Array.from({ length: count }, (_, r) => count - 1 - r);
  const corners = order.map((r) => [
    ...regions.vertices.subarray(2 * regions.offsets[r], 2 * regions.offsets[r + 1]),
  ]);
  const offsets = [0];
  corners.forEach((c) => offsets.push(offsets[offsets.length - 1] + c.length / 2));
  const reversed = {
    vertices: Float64Array.from(corners.flat()),
    offsets: Uint32Array.from(offsets),
    patternHash: Uint32Array.from(order.flatMap((r) => [...regions.patternHash.subarray(4 * r, 4 * r + 4)])),
  };
  assert.is(
    pictureDigest(regionMap(reversed, { edges: 0 })),
    pictureDigest(regionMap(regions, { edges: 0 })),
  );
  assert.is(patternColour(0x12345678), patternColour(0x12345678));
  assert.is.not(patternColour(0x12345678), patternColour(0x92345678));
});

test("however many regions, the chart is one image mark, drawn in seconds", () => {
  const side = 240; // 57,600 squares
  const vertices = new Float64Array(8 * side * side);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [i % side, Math.floor(i / side)];
    vertices.set([x, y, x + 1, y, x + 1, y + 1, x, y + 1], 8 * i);
  }
  const many = {
    vertices,
    offsets: Uint32Array.from({ length: side * side + 1 }, (_, i) => 4 * i),
    patternHash: Uint32Array.from({ length: 4 * side * side }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 0),
  };
  const start = performance.now();
  const { data } = chartMessage(regionMap(many));
  assert.ok(performance.now() - start < 10_000, "a loaded machine may be slow, but not this slow");
  assert.ok(JSON.stringify(data["application/vnd.vegalite.v5+json"]).length < 4e6);
});

test("what a colouring needs and does not get is named", () => {
  const { vertices, offsets } = regions;
  assert.throws(() => regionMap({ vertices, offsets }), /colour "pattern" needs regions\.patternHash/);
  assert.throws(() => regionMap({ vertices, offsets }, { colour: "gradient" }), /needs regions\.maps/);
  assert.throws(() => regionMap({ vertices, offsets }, { colour: "depth" }), /needs regions\.edgeNeurons/);
  assert.throws(
    () => regionMap(regions, { colour: "gradient", output: 1 }),
    /output is 1; .* outputs 0 to 0/,
  );
  assert.throws(
    () => regionMap(regions, { colour: { values: [1], title: "t" } }),
    /1 values for \d+ regions/,
  );
  assert.throws(() => regionMap({ vertices: vertices.slice(2), offsets }), /offsets speak of \d+ corners/);
  assert.throws(
    () => regionMap({ vertices: Float64Array.of(0, NaN, 1, 1), offsets: Uint32Array.of(0, 2) }),
    /vertices\[1\] is NaN/,
  );
  assert.throws(() => regionMap({ vertices, offsets: Uint32Array.of(0) }), /none to draw/);
  assert.throws(
    () => regionMap(regions, { bounds: { lo: [0, 0], hi: [0, 1] } }),
    /0 by 1; it must have an inside/,
  );
});

test.run();
