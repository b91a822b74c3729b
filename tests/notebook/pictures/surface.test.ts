import { test } from "uvu";
import * as assert from "uvu/assert";
import { chartMessage, matrices, surface } from "@relu-lab/notebook";
import { pictureDigest } from "./tiling";

const bowl = {
  lo: [-1, -1],
  hi: [1, 1],
  columns: 21,
  rows: 21,
  values: Float64Array.from({ length: 441 }, (_, i) => {
    const [x, y] = [(i % 21) / 10 - 1, Math.floor(i / 21) / 10 - 1];
    return 0.1 + x * x + 3 * y * y;
  }),
};
const paths = [
  { x: -0.9, y: 0.8, path: "left" },
  { x: -0.2, y: 0.1, path: "left" },
  { x: 0.9, y: -0.5, path: "right" },
  { x: 0.1, y: 0, path: "right" },
];

test("surfaces and matrices have their stored pictures", () => {
  assert.is(pictureDigest(surface(bowl, { size: 200 })), "4339b0d5ac872a19");
  assert.is(pictureDigest(surface(bowl, { size: 200, log: true, title: "cost", paths })), "4e5d8cfe989769f2");
  const pair = [
    {
      name: "filter",
      rows: [
        [-1, 0],
        [0, 1],
      ],
    },
    { name: "answer", rows: [[4, -0.001, 2.5]] },
  ];
  assert.is(pictureDigest(matrices(pair)), "ea8e2f16ea1f70c1");
});

test("the first row of a grid lies at the bottom", () => {
  const slope = { lo: [0, 0], hi: [1, 1], columns: 2, rows: 2, values: [0, 0, 1, 1] };
  const turned = { ...slope, values: [1, 1, 0, 0] };
  assert.not.equal(JSON.stringify(surface(slope)), JSON.stringify(surface(turned)));
  const text = JSON.stringify(chartMessage(surface(slope), { alt: "a slope" }).data);
  assert.ok(text.includes("viridis"));
});

test("no number is written as minus nought", () => {
  const spec = JSON.stringify(matrices([{ name: "m", rows: [[-0, -0.001, -0.5]] }]));
  assert.ok(spec.includes('"text":"0"') && spec.includes('"text":"−0.5"') && !spec.includes('"text":"−0"'));
});

test("what cannot be drawn is refused", () => {
  assert.throws(() => surface({ ...bowl, columns: 20 }), /441 values do not fill a grid of 20 x 21/);
  const values = bowl.values.slice();
  values[7] = NaN;
  assert.throws(() => surface({ ...bowl, values }), /values\[7\] is NaN; it must be finite/);
  values[7] = 0;
  assert.throws(() => surface({ ...bowl, values }, { log: true }), /values\[7\] is 0; it must be a positive/);
  assert.throws(() => matrices([]), /there is none/);
  assert.throws(() => matrices([{ name: "m", rows: [[1, 2], [3]] }]), /row 1 of m has 1 numbers/);
  assert.throws(() => matrices([{ name: "m", rows: [] }]), /m has no numbers/);
});

test.run();
