import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { main } from "relu-lab/cli";
import { fromBlocks, networkFromJson, type Block } from "relu-lab/network";
import { generator } from "relu-lab/random";
import { countPlaneSync } from "relu-lab/regions";
import { capturing } from "../cli/run-command";

const r = generator("json blocks");
const rows = (n: number, m: number) =>
  Array.from({ length: n }, () => Array.from({ length: m }, () => r.normal()));
const list = (n: number) => rows(1, n)[0];

const skip: Block[] = [
  { type: "dense", W: rows(5, 2), b: list(5), activation: "relu" },
  {
    type: "residual",
    blocks: [
      { type: "dense", W: rows(4, 5), b: list(4), activation: "relu" },
      { type: "dense", W: rows(5, 4), b: list(5), activation: "linear" },
    ],
  },
  { type: "dense", W: rows(3, 5), b: list(3), activation: { leaky: 0.1 } },
  { type: "dense", W: rows(1, 3), b: [0], activation: "linear" },
];

test("leaky ReLUs and skips in JSON are the networks of fromBlocks, and counted as such", async () => {
  const document = {
    sizes: [2, 5, 5, 3, 1],
    layers: skip,
    domain: { type: "box", lo: [-1, -1], hi: [1, 1] },
  };
  const own = fromBlocks(skip, 2);
  const read = networkFromJson(JSON.stringify(document));
  assert.equal(read.specs(), own.specs());
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-blocks-")), "skip.json");
  process.on("exit", () => fs.rmSync(path.dirname(file), { recursive: true, force: true }));
  fs.writeFileSync(file, JSON.stringify(document));
  const { out, code } = await capturing(main)("regions", file, "--json");
  assert.is(code, 0);
  const found = JSON.parse(out);
  assert.is(found.activation_regions, countPlaneSync(own, { lo: [-1, -1], hi: [1, 1] }).regions);
  assert.ok(found.certified && found.activation_regions > 10);
});

test('a convolution with a pool takes an image; type "dense" and no sizes are allowed', () => {
  const layers: Block[] = [
    {
      type: "convolution",
      kernel: list(8),
      size: [2, 2],
      b: list(2),
      padding: "same",
      stride: 1,
      activation: "relu",
    },
    { type: "max-pool", size: 2 },
    { type: "dense", W: rows(1, 8), b: [0.5], activation: "linear" },
  ];
  assert.equal(
    networkFromJson({ input: [4, 4, 1], layers } as never).specs(),
    fromBlocks(layers, [4, 4, 1]).specs(),
  );
  const plain = networkFromJson({
    layers: [{ type: "dense", W: [[1, 2]], b: [0], activation: "linear" }],
  } as never);
  assert.equal([...plain.sizes], [2, 1]);
});

test("strides, paddings, pools and lone activations are those of the blocks", () => {
  const conv = { type: "convolution", kernel: [1, 2], size: [1, 2], b: [1], activation: "linear" } as const;
  for (const block of [
    conv,
    { ...conv, stride: 2 },
    { ...conv, stride: [2, 1] },
    { ...conv, padding: "valid" },
    { ...conv, padding: "same" },
    { ...conv, padding: [1, 0, 0, 2] },
    { ...conv, activation: { leaky: -0.5 } },
    { type: "average-pool", size: 2 },
    { type: "average-pool", size: 2, stride: 1 },
    { type: "activation", activation: "relu" },
  ] as Block[]) {
    const read = networkFromJson({ input: [3, 4, 1], layers: [block] } as never);
    assert.equal(read.specs(), fromBlocks([block], [3, 4, 1]).specs(), JSON.stringify(block));
  }
});

test("what the first layer reads: input, else sizes, else W's columns", () => {
  const leaky = { W: [[1, 2]], b: [0], activation: { leaky: 0.5 } };
  const inputs = (document: object) => networkFromJson({ layers: [leaky], ...document } as never).inputs;
  assert.equal([inputs({}), inputs({ input: 2 }), inputs({ sizes: [2, 1] })], [2, 2, 2]);
  assert.throws(() => inputs({ input: 3 }), /1 weights? for 3|2 weights for 3 inputs/);
  assert.throws(() => inputs({ input: 0 }), /network JSON: input must be 1 whole numbers of 1 or more/);
  assert.throws(() => inputs({ sizes: [0, 1] }), /network JSON: sizes\[0\] must be 1 whole numbers/);
  assert.throws(
    () => inputs({ input: 2, sizes: [3, 1] }),
    /sizes is \[3,1\], but the layers take 2 and give 1/,
  );
  assert.throws(() => inputs({ input: 2, sizes: [2, "1"] }), /network JSON: sizes\[1\] must be a finite/);
  assert.throws(() => inputs({ layers: [{ ...leaky, W: 5 }] }), /layers\[0\]\.W must be an array of rows/);
  assert.throws(() => inputs({ layers: [{ ...leaky, W: [] }] }), /an extent of the input is 0/);
  // A plain layer with a type keeps its ReLU at the end; blocks end in a linear layer.
  const plain = { type: "dense", W: [[1, 2]], b: [0], activation: "relu" };
  assert.is(networkFromJson({ layers: [plain] } as never).layers.length, 1);
});

test("what is no such layer is refused by name", () => {
  const dense = { W: [[1, 1]], b: [0], activation: { leaky: 0.5 } };
  const conv = { type: "convolution", kernel: [1], size: [1, 1], b: [0], activation: "relu" };
  for (const [layers, message] of [
    [
      [{ ...dense, activation: { leaky: "x" } }],
      /layers\[0\]\.activation must be "relu", "linear" or \{ "leaky": slope \}/,
    ],
    [[{ ...dense, activation: { leaky: Infinity } }], /layers\[0\]\.activation must be "relu", "linear"/],
    [[dense, { type: "activation", activation: null }], /layers\[1\]\.activation must be "relu"/],
    [
      [dense, { type: "residual", blocks: [null] }],
      /layers\[1\]\.blocks\[0\] must be an object with W and b/,
    ],
    [[dense, { type: "residual", blocks: [[]] }], /layers\[1\]\.blocks\[0\] must be an object with W and b/],
    [[{ ...dense, b: 1 }], /layers\[0\]\.b must be an array/],
    [[dense, { ...conv, kernel: 1 }], /layers\[1\]\.kernel must be an array/],
    [[dense, { ...conv, b: 1 }], /layers\[1\]\.b must be an array/],
    [
      [dense, { ...conv, size: [1, 0] }],
      /layers\[1\]\.size must be 2 whole numbers of 1 or more, but is \[1,0\]/,
    ],
    [[dense, { ...conv, stride: [1, 0] }], /layers\[1\]\.stride must be 2 whole numbers/],
    [[dense, { ...conv, stride: 0 }], /layers\[1\]\.stride must be 1 whole/],
    [[dense, { ...conv, padding: "full" }], /layers\[1\]\.padding must be an array/],
    [
      [dense, { ...conv, padding: [0, 0, 0, -1] }],
      /layers\[1\]\.padding must be 4 whole numbers of 0 or more/,
    ],
    [[dense, { ...conv, activation: 1 }], /layers\[1\]\.activation must be/],
    [[dense, { type: "max-pool", size: 1, stride: 0.5 }], /layers\[1\]\.stride must be 1 whole/],
    [[{ ...dense, activation: { elu: 1 } }], /layers\[0\]\.activation must be/],
    [[dense, { type: "dropout" }], /layers\[1\]\.type is "dropout"/],
    [[dense, { type: "residual" }], /layers\[1\]\.blocks must be an array/],
    [
      [dense, { type: "residual", blocks: [{ type: "residual", blocks: [3] }] }],
      /layers\[1\]\.blocks\[0\]\.blocks\[0\] must be an object/,
    ],
    [[dense, { type: "max-pool", size: 0 }], /layers\[1\]\.size/],
    [[dense, { type: "max-pool", size: 2 }], /needs an image/],
    [
      [{ type: "convolution", kernel: [1], size: [1], b: [0], activation: "relu" }],
      /layers\[0\]\.size must be 2 whole numbers/,
    ],
    [[{ ...dense, W: [[1, null]] }], /layers\[0\]\.W\[0\]\[1\] must be a finite number, but is null/],
    [[{ ...dense, W: [[1]] }], /row 0 of a dense layer has 1 weights for 2 inputs/],
  ] as [unknown[], RegExp][]) {
    assert.throws(() => networkFromJson({ sizes: [2, 1], layers } as never), message);
  }
  assert.throws(
    () => networkFromJson({ sizes: [2, 3], layers: [dense] } as never),
    /sizes is \[2,3\], but the layers take 2 and give 1/,
  );
});

test.run();
