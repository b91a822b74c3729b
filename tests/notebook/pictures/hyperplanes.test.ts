import { test } from "uvu";
import * as assert from "uvu/assert";
import { hyperplanes } from "@relu-lab/notebook";
import { pictureDigest } from "./tiling";

const bounds = { lo: [-1, -1], hi: [1, 1] };
const polylines = [
  { layer: 1, neuron: 0, points: Float64Array.of(-1, -0.5, 1, 0.75) },
  { layer: 1, neuron: 1, points: Float64Array.of(0.25, -1, -0.25, 1) },
  { layer: 2, neuron: 2, points: Float64Array.of(-1, 0.5, 0, 0.125, 1, -0.25) },
  { layer: 3, neuron: 3, points: Float64Array.of(-0.5, -1, -0.25, 0, 0.5, 0.25, 0.75, 1) },
];

test("the panels have their stored picture", () => {
  assert.is(pictureDigest(hyperplanes(polylines, { bounds })), "95dacbc20070f163");
});

test("there is a panel for each depth asked for, and each adds lines", () => {
  const panels = (depth?: number) =>
    (hyperplanes(polylines, { bounds, depth }) as { hconcat: object[] }).hconcat;
  assert.is(panels().length, 3);
  assert.is(panels(2).length, 2);
  assert.is(panels(9).length, 3);
  const images = panels().map((panel) => JSON.stringify(panel));
  assert.is(new Set(images).size, 3);
});

test("wrong polylines are named", () => {
  const wrong = (change: object) => () => hyperplanes([{ ...polylines[0], ...change }], { bounds });
  assert.throws(wrong({ layer: 0 }), /layer of polyline 0 is 0/);
  assert.throws(wrong({ points: Float64Array.of(0, NaN) }), /points\[1\] = NaN/);
  assert.throws(() => hyperplanes([], { bounds }), /lines reach layer 0/);
});

test.run();
