// Small ONNX graphs made here: what comes in, what is refused, and with which words.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { networkFromOnnx, readNetwork } from "relu-lab/formats";
import { onnxFile, type Constant, type ModelSpec, type NodeSpec } from "./onnx-writer";

const near = (found: ArrayLike<number>, expected: readonly number[]) => {
  assert.is(found.length, expected.length);
  expected.forEach((v, i) => assert.ok(Math.abs(found[i] - v) < 1e-9, `${i}: ${found[i]}, not ${v}`));
};

const W: Constant = { shape: [2, 3], values: [1, -2, 0.5, 3, 1, -1] };
const node = (
  op: string,
  inputs: string,
  outputs: string,
  attributes?: NodeSpec["attributes"],
): NodeSpec => ({ op, inputs: inputs.split(" "), outputs: outputs.split(" "), attributes });
const model = (spec: Partial<ModelSpec>) =>
  onnxFile({ nodes: [], inputs: { x: ["N", 2] }, outputs: ["y"], ...spec });
/** x W, then the nodes given, from h to y. */
const behind = (
  nodes: readonly NodeSpec[],
  constants: Record<string, Constant> = {},
  more: Partial<ModelSpec> = {},
) => model({ nodes: [node("MatMul", "x W", "h"), ...nodes], constants: { W, ...constants }, ...more });
const read = (file: Uint8Array) => networkFromOnnx(file);
const at = (file: Uint8Array, x: readonly number[]) => read(file).network.forward(x);

test("names and shapes of inputs and outputs are told; the first output is the default, and said so", () => {
  const file = behind([node("Relu", "h", "y"), node("Neg", "h", "z")], {}, { outputs: ["y", "z"] });
  const { inputs, outputs, notes } = networkFromOnnx(file);
  assert.equal(inputs, [{ name: "x", shape: [1, 2] }]);
  assert.equal(outputs, [{ name: "y", shape: [1, 3] }]);
  assert.match(notes[0], /the output is "y", the first of "y", "z"/);
  const other = networkFromOnnx(file, undefined, { output: "z" });
  assert.equal(other.notes, []);
  near(other.network.forward([1, 1]), [-4, 1, 0.5]);
  const label = behind([node("ArgMax", "h", "y"), node("Relu", "h", "z")], {}, { outputs: ["y", "z"] });
  assert.throws(() => read(label), /\(ArgMax\) jumps.*\(this is the first output; ask for another: "z"\)/);
  assert.throws(
    () => networkFromOnnx(file, undefined, { output: "w" }),
    /"w" is no output of the graph: it has "y", "z"/,
  );
});

test("a skip of the input is carried by identities, which are no neurons", () => {
  const nodes = [
    node("MatMul", "x W", "h"),
    node("Relu", "h", "r"),
    node("Concat", "r x", "y", { axis: { i: 1 } }),
  ];
  const { network } = read(model({ nodes, constants: { W } }));
  assert.is(network.neurons, 3);
  near(network.forward([-1, 2]), [5, 4, 0, -1, 2]);
  assert.equal(Array.from(network.layers[0].identities!), [0, 0, 0, 1, 1]);
});

test("what is read as a constant: shapes, casts, 64-bit bounds, columns, unused texts", () => {
  const far = { shape: [1], values: [9223372036854775807n], type: "int64" } as const;
  const one = { shape: [1], values: [1], type: "int64" } as const;
  near(at(behind([node("Slice", "h one far one", "y")], { one, far }), [1, 1]), [-1, -0.5]);
  const column = { shape: [3, 1], values: [10, 20, 30] };
  const summed = behind([node("Add", "h c", "y")], { c: column });
  assert.is(read(summed).network.outputs, 9); // [1, 3] and [3, 1] broadcast to [3, 3]
  near(at(summed, [1, 1]).subarray(0, 3), [14, 9, 9.5]);
  const text = { shape: [], values: [], raw: new Uint8Array(), type: "bool" } as const; // no number fills it
  near(at(behind([node("Relu", "h", "y")], { text }), [1, 1]), [4, 0, 0]);
});

test("halves, brain floats, doubles, quantised weights: exactly", () => {
  const matrix = (constant: Constant, ...more: NodeSpec[]) =>
    model({
      nodes: [...more, node("MatMul", `x ${more.length ? "V" : "W"}`, "y")],
      constants: { W: constant },
    });
  near(at(matrix({ shape: [2, 1], values: [0x3555, 0xc000], type: "half" }), [1, 1]), [0.333251953125 - 2]);
  near(at(matrix({ shape: [2, 1], values: [0x3eab, 0xc000], type: "brain" }), [1, 1]), [0.333984375 - 2]);
  assert.equal(at(matrix({ shape: [2, 1], values: [0.1, 0], type: "double" }), [1, 1]), Float64Array.of(0.1));
  const quantised = model({
    nodes: [node("DequantizeLinear", "W s z", "V", { axis: { i: 1 } }), node("MatMul", "x V", "y")],
    constants: {
      W: { shape: [2, 2], values: [-128, 5, 127, 7], type: "int8" },
      s: { shape: [2], values: [0.5, 0.25] },
      z: { shape: [2], values: [2, -1], type: "int8" },
    },
  });
  near(at(quantised, [1, 1]), [-65 + 62.5, 1.5 + 2]);
});

test("weights beside the file, and a packed file", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-graph-"));
  const external = { location: "w.bin", offset: 8, length: 24 };
  const outside = model({
    nodes: [node("MatMul", "x W", "h"), node("Relu", "h", "y")],
    constants: { W: { ...W, external } },
  });
  fs.writeFileSync(path.join(folder, "m.onnx"), outside);
  fs.writeFileSync(
    path.join(folder, "w.bin"),
    Buffer.concat([Buffer.alloc(8), Buffer.from(Float32Array.from(W.values, Number).buffer)]),
  );
  near((await readNetwork(path.join(folder, "m.onnx"))).network.forward([1, 1]), [4, 0, 0]);
  const packed = path.join(folder, "p.onnx.gz");
  fs.writeFileSync(packed, gzipSync(behind([node("Relu", "h", "y")])));
  const found = await readNetwork(packed);
  assert.equal([found.format, found.inputs[0].name], ["onnx", "x"]);
  fs.writeFileSync(packed, Buffer.from("no gzip"));
  let refused: unknown;
  await readNetwork(packed).catch((error: unknown) => (refused = error));
  assert.match(String(refused), /cannot be unpacked: it is damaged or no gzip file/);
  fs.rmSync(folder, { recursive: true });
});

test("functions of the model are written out, also where they call each other and pass attributes on", () => {
  const domain = "my.library";
  const functions = [
    {
      name: "Leaky",
      domain,
      inputs: ["a"],
      outputs: ["b"],
      attributes: ["slope"],
      nodes: [node("LeakyRelu", "a", "b", { alpha: { ref: "slope" } })],
    },
    {
      name: "Twice",
      domain,
      inputs: ["a"],
      outputs: ["c"],
      nodes: [{ ...node("Leaky", "a", "t", { slope: 0.5 }), domain }, node("Add", "t t", "c")],
    },
  ];
  const file = behind([{ ...node("Twice", "h", "y"), domain }], {}, { functions });
  near(at(file, [1, 1]), [8, -1, -0.5]);
  const endless = [
    { name: "F", domain, inputs: ["a"], outputs: ["b"], nodes: [{ ...node("F", "a", "b"), domain }] },
  ];
  assert.throws(
    () => read(behind([{ ...node("F", "h", "y"), domain }], {}, { functions: endless })),
    /calls functions without end/,
  );
});

test("a softmax at the end is left out, also behind others that change no number; inside it is refused", () => {
  const end = read(behind([node("Softmax", "h", "p"), node("Identity", "p", "y")]));
  assert.match(end.notes[0], /the Softmax at the end is left out: outputs are the logits/);
  near(end.network.forward([1, 1]), [4, -1, -0.5]);
  assert.throws(
    () => read(behind([node("Softmax", "h", "p"), node("Sigmoid", "p", "y")])),
    /only one such function can be left out/,
  );
  assert.match(
    read(behind([node("Cast", "h", "y", { to: { i: 10 } })])).notes[0],
    /rounds to 16 bits on the way, which is left out/,
  );
  assert.throws(
    () => read(behind([node("Softmax", "h", "p"), node("Relu", "p", "y")])),
    /"Softmax_p" \(Softmax\) stands inside of the network \(node "Relu_y" \(Relu\) reads it\)/,
  );
});

const yes: Constant = { shape: [], values: [1], type: "bool" };
const three = (value: number): Constant => ({ shape: [3], values: [value, value, value] });
const statistics = { s: three(1), b: three(0), m: three(0), v: three(1) };
for (const [what, file, words] of [
  [
    "a cast to whole numbers",
    behind([node("Cast", "h", "y", { to: { i: 7 } })]),
    /node "Cast_y" \(Cast\) casts values of the network to whole numbers/,
  ],
  ["a cast to truth values", behind([node("Cast", "h", "y", { to: { i: 9 } })]), /to truth values/],
  [
    "batch normalisation in training mode",
    behind([node("BatchNormalization", "h s b m v", "y q r", { training_mode: { i: 1 } })], statistics),
    /training mode.*evaluation mode/,
  ],
  [
    "batch normalisation before opset 7 without is_test",
    behind([node("BatchNormalization", "h s b m v", "y")], statistics, { opset: 6 }),
    /training mode.*evaluation mode/,
  ],
  [
    "dropout that is on",
    behind([node("Dropout", "h r t", "y")], { r: { shape: [], values: [0.5] }, t: yes }),
    /in training mode, so its output is random/,
  ],
  [
    "an operator of a foreign domain",
    behind([{ ...node("Relu", "h", "y"), domain: "com.example" }]),
    /belongs to the domain "com\.example", so it is not ONNX's own Relu/,
  ],
  [
    "a weight that is no number",
    behind([node("Add", "h c", "y")], { c: three(NaN) }),
    /node "Add_y" \(Add\) has the number NaN among its constants/,
  ],
  ["GELU by its Erf", behind([node("Erf", "h", "y")]), /\(Erf\) is not piecewise linear/],
  ["HardSwish", behind([node("HardSwish", "h", "y")]), /\(HardSwish\) is not piecewise linear/],
  [
    "a product of two values",
    behind([node("Mul", "h h", "y")]),
    /multiplies two values that depend on the input/,
  ],
  ["a division by values", behind([node("Div", "h h", "y")]), /divides by values that depend on the input/],
  [
    "values that are quantised on the way",
    behind([node("QuantizeLinear", "h s", "y")], { s: { shape: [], values: [0.1] } }),
    /rounds values of the network to whole numbers.*before it is quantised/,
  ],
  [
    "an attribute nobody knows",
    behind([node("Relu", "h", "y", { threshold: 0.5 })]),
    /\(Relu\) has the attribute threshold, which is not understood/,
  ],
  [
    "an operator nobody knows",
    behind([node("Frobnicate", "h", "y")]),
    /\(Frobnicate\) is an operator that is not known here/,
  ],
  [
    "shapes that do not fit",
    behind([node("Add", "h c", "y")], { c: { shape: [2], values: [1, 2] } }),
    /takes values of the shapes \[1,3\] and \[2\], which do not broadcast/,
  ],
  [
    "an input without sizes",
    model({ nodes: [node("Relu", "x", "y")], inputs: { x: ["N", "M"] } }),
    /"x" has the shape \[1,\?\], whose size 2 is open/,
  ],
  [
    "whole numbers as input",
    model({ nodes: [node("Cast", "x", "y", { to: { i: 1 } })], inputType: "int64" }),
    /"x" holds no numbers of floating point/,
  ],
  ["a circle", model({ nodes: [node("Add", "x z", "y"), node("Relu", "y", "z")] }), /runs in a circle/],
  [
    "a name that nothing gives",
    model({ nodes: [node("Add", "x z", "y")] }),
    /"z" is read, but nothing gives it/,
  ],
  [
    "a constant made larger than memory",
    behind([node("ConstantOfShape", "n", "c"), node("Add", "h c", "y")], {
      n: { shape: [2], values: [1 << 20, 1 << 20], type: "int64" },
    }),
    /more numbers than there is memory for/,
  ],
  [
    "a pool with a window beyond counting",
    model({
      nodes: [
        node("MaxPool", "x", "y", {
          kernel_shape: { ints: [2 ** 30, 2 ** 30] },
          pads: { ints: [2 ** 30, 2 ** 30, 2 ** 30, 2 ** 30] },
        }),
      ],
      inputs: { x: [1, 1, 4, 4] },
    }),
    /values|weights/,
  ],
  [
    "a matrix larger than memory",
    model({
      nodes: [node("ConstantOfShape", "n", "c"), node("MatMul", "x c", "y")],
      inputs: { x: [1000, 1000] },
      constants: { n: { shape: [2], values: [1000, 1000], type: "int64" } },
    }),
    /weights/,
  ],
] as [string, Uint8Array, RegExp][])
  test(`${what}: refused by the node's name, with the reason`, () => assert.throws(() => read(file), words));

test.run();
