import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type * as tfjs from "@tensorflow/tfjs";
import { main } from "relu-lab/cli";
import { networkFromTfjs } from "relu-lab/formats";
import { networkFromLayersModel } from "relu-lab/models";
import { generator } from "relu-lab/random";
import { ready, tensorflow } from "relu-lab/runtime";
import { capturing } from "../cli/run-command";
import {
  fusedAttributes,
  graphFiles,
  node,
  placeholder,
  savedFiles,
  windowAttributes,
  type ModelFiles,
} from "./tfjs-files";

let tf: typeof tfjs;
test.before(async () => {
  await ready();
  tf = tensorflow() as unknown as typeof tfjs;
});

const read = ({ json, shards }: ModelFiles) => networkFromTfjs(json, (name) => shards[name]);
const random = generator(11);
const floats = (count: number) => Float32Array.from({ length: count }, () => random.normal() / 2);

/** Asserts that a network agrees with tfjs itself at random points. */
function agrees(
  model: { predict(x: tfjs.Tensor): unknown },
  network: { forwardBatch(x: Float64Array): Float64Array; inputs: number },
  shape: number[],
) {
  const x = floats(20 * network.inputs);
  const expected = (model.predict(tf.tensor(x, [20, ...shape])) as tfjs.Tensor).dataSync();
  const found = network.forwardBatch(Float64Array.from(x));
  assert.is(found.length, expected.length);
  found.forEach((v, i) =>
    assert.ok(Math.abs(v - expected[i]) < 1e-4, `output ${i}: ${v}, but tfjs gives ${expected[i]}`),
  );
}

const dense = (units: number, more: object = {}) =>
  tf.layers.dense({ units, biasInitializer: "randomNormal", kernelInitializer: "glorotNormal", ...more });
const convolutional = () =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 3,
        kernelSize: 3,
        strides: 2,
        padding: "same",
        activation: "relu",
        inputShape: [9, 8, 2],
        biasInitializer: "randomNormal",
      }),
      tf.layers.maxPooling2d({ poolSize: 2, padding: "same" }),
      tf.layers.conv2d({ filters: 2, kernelSize: 2, useBias: false }),
      tf.layers.leakyReLU({ alpha: 0.1 }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.flatten(),
      dense(3),
    ],
  });

test("a saved layers model is the network that tfjs computes, weight by weight", async () => {
  const model = tf.sequential({
    layers: [dense(6, { inputShape: [3], activation: "relu" }), dense(5), tf.layers.reLU(), dense(2)],
  });
  const files = await savedFiles(tf, model, 50); // shards cut within numbers
  assert.ok(Object.keys(files.shards).length > 3);
  const { network, notes } = read(files);
  assert.equal(notes, []);
  assert.equal(network.specs(), networkFromLayersModel(model).specs());
  agrees(model, network, [3]);
});

test("convolutions, pools that pad or do not, flattening", async () => {
  const model = convolutional();
  // 9 x 8 becomes 5 x 4, whose pooling of rows would be padded.
  assert.throws(() => read({ json: {}, shards: {} }), /weights without a topology/);
  const padded = await savedFiles(tf, model);
  assert.equal(read(padded).network.specs(), networkFromLayersModel(model).specs());
  agrees(model, read(padded).network, [9, 8, 2]);
  const even = tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 3,
        kernelSize: 3,
        padding: "same",
        activation: "relu",
        inputShape: [6, 8, 2],
      }),
      tf.layers.averagePooling2d({ poolSize: 2, padding: "same" }),
      tf.layers.flatten(),
      dense(2),
    ],
  });
  const { network } = read(await savedFiles(tf, even));
  assert.equal(network.specs(), networkFromLayersModel(even).specs());
  agrees(even, network, [6, 8, 2]);
});

test("a functional model with an identity skip, in the forms of tfjs, Keras 2 and Keras 3", async () => {
  const x = tf.input({ shape: [2] });
  const first = dense(4, { activation: "relu" }).apply(x) as tfjs.SymbolicTensor;
  const branch = dense(4).apply(dense(5, { activation: "relu" }).apply(first)) as tfjs.SymbolicTensor;
  const sum = tf.layers.reLU().apply(tf.layers.add().apply([branch, first])) as tfjs.SymbolicTensor;
  const model = tf.model({ inputs: x, outputs: dense(1).apply(sum) as tfjs.SymbolicTensor });
  const files = await savedFiles(tf, model);
  const { network } = read(files);
  agrees(model, network, [2]);
  // The Keras exporter wraps the topology and calls a model "Functional".
  const { modelTopology } = files.json;
  const keras = structuredClone(files);
  keras.json.modelTopology = {
    keras_version: "2.15.0",
    backend: "tensorflow",
    model_config: { ...modelTopology, class_name: "Functional" },
  };
  assert.equal(read(keras).network.specs(), network.specs());
  for (const layer of keras.json.modelTopology.model_config.config.layers) {
    const nodes = layer.inbound_nodes as [string, number, number][][];
    const tensor = (name: string) => ({
      class_name: "__keras_tensor__",
      config: { shape: [null, 4], dtype: "float32", keras_history: [name, 0, 0] },
    });
    layer.inbound_nodes = nodes.map((inputs) => ({
      args: inputs.length > 1 ? [inputs.map(([name]) => tensor(name))] : inputs.map(([name]) => tensor(name)),
      kwargs: {},
    }));
    if (layer.class_name === "InputLayer") {
      layer.config.batch_shape = layer.config.batch_input_shape;
      delete layer.config.batch_input_shape;
    }
  }
  for (const weight of keras.json.weightsManifest[0].weights) weight.name = `functional/${weight.name}`;
  assert.equal(read(keras).network.specs(), network.specs());
});

test("quantised weights are the float32 numbers that tfjs restores", async () => {
  const model = tf.sequential({ layers: [dense(4, { inputShape: [2], activation: "relu" }), dense(1)] });
  const { json, shards } = await savedFiles(tf, model);
  const original = new Float32Array(Object.values(shards)[0].buffer);
  for (const dtype of ["uint8", "uint16", "float16"]) {
    const [min, scale] = [-3, 6 / (dtype === "uint8" ? 255 : 65535)];
    const half = (v: number) => {
      const sign = v < 0 ? 0x8000 : 0;
      const e = Math.floor(Math.log2(Math.abs(v) || 1));
      return sign | ((e + 15) << 10) | Math.floor((Math.abs(v) / 2 ** e - 1) * 1024);
    };
    const whole = dtype === "uint8" ? Uint8Array : Uint16Array;
    const kept = whole.from(original, (v) => (dtype === "float16" ? half(v) : Math.round((v - min) / scale)));
    const files = structuredClone({ json, shards });
    const [group] = files.json.weightsManifest;
    for (const weight of group.weights)
      weight.quantization = dtype === "float16" ? { dtype } : { dtype, scale, min };
    files.shards[group.paths[0]] = new Uint8Array(kept.buffer);
    const restored = tf.io.decodeWeights(kept.buffer as ArrayBuffer, group.weights);
    const { network } = read(files);
    const numbers = network.layers.flatMap(({ biases }) => [...biases]);
    const expected = group.weights
      .filter(({ name }: { name: string }) => name.endsWith("bias"))
      .flatMap(({ name }: { name: string }) => [...restored[name].dataSync()]);
    assert.equal(numbers, expected, dtype);
  }
});

const shape4 = (...sizes: number[]) => sizes;
function convolutionGraph(): ModelFiles {
  const constants = {
    k: { shape: shape4(3, 3, 2, 3), values: floats(54) },
    kb: { shape: [3], values: floats(3) },
    k2: { shape: shape4(2, 2, 3, 2), values: floats(24) },
    flat: { shape: [2], values: Int32Array.of(-1, 12) },
    w: { shape: [12, 5], values: floats(60) },
    b: { shape: [5], values: floats(5) },
    v: { shape: [2, 5], values: floats(10) },
    c: { shape: [2], values: floats(2) },
  };
  const nodes = [
    placeholder("x", 6, 8, 2),
    node("conv", "_FusedConv2D", ["x", "k", "kb"], {
      ...windowAttributes([1, 1], "SAME"),
      ...fusedAttributes("BiasAdd", "Relu"),
    }),
    node("pool", "MaxPool", ["conv"], windowAttributes([2, 2], "VALID", [2, 2])),
    node("conv2", "Conv2D", ["pool"].concat("k2"), windowAttributes([1, 1], "VALID")),
    node("act", "LeakyRelu", ["conv2"], { alpha: { f: 0.3 } }),
    node("flatten", "Reshape", ["act", "flat"], { Tshape: { type: "DT_INT32" } }),
    node("dense", "_FusedMatMul", ["flatten", "w", "b"], {
      ...fusedAttributes("BiasAdd", "Relu"),
      transpose_a: { b: false },
      transpose_b: { b: false },
    }),
    node("mm", "MatMul", ["dense", "v"], { transpose_a: { b: false }, transpose_b: { b: true } }),
    node("sum", "AddV2", ["mm", "c"]),
    node("Identity", "Identity", ["sum"]),
  ];
  return graphFiles(nodes, constants);
}

const loadGraph = ({ json, shards }: ModelFiles) =>
  tf.loadGraphModel({
    load: async () => ({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest[0].weights,
      weightData: Object.values(shards)[0].slice().buffer as ArrayBuffer,
      format: json.format,
    }),
  });

test("a graph model is the network that tfjs computes", async () => {
  const files = convolutionGraph();
  const { network, notes } = read(files);
  assert.equal(notes, []);
  agrees(await loadGraph(files), network, [6, 8, 2]);
  // A bias of its own node is the bias of its layer: no layer more.
  assert.is(network.layers.at(-1)!.outputs, 2);
  assert.is(network.layers.at(-2)!.activation, "relu");
});

test("a graph that branches: skips, depthwise kernels, batch normalisation, slices, maxima and means", async () => {
  const int = (...values: number[]) => ({ shape: [values.length], values: Int32Array.from(values) });
  const float = (...shape: number[]) => ({ shape, values: floats(shape.reduce((n, d) => n * d, 1)) });
  const constants = {
    k: float(3, 3, 2, 2),
    kb: float(4),
    dk: float(3, 3, 4, 1),
    scale: float(4),
    shift: float(4),
    mean: float(4),
    variance: { shape: [4], values: Float32Array.of(0.5, 1, 1.5, 2) },
    pads: { shape: [4, 2], values: Int32Array.of(0, 0, 1, 0, 0, 2, 0, 0) },
    p: float(1, 1, 4, 4),
    axes: int(1, 2),
    channel: { shape: [], values: Int32Array.of(3) },
    last: { shape: [], values: Int32Array.of(-1) },
    begin: int(0, 1, 0, 0),
    end: int(0, 0, 6, 2),
    steps: int(1, 1, 2, 1),
    lo: { shape: [], values: Float32Array.of(-0.5) },
    hi: { shape: [], values: Float32Array.of(0.75) },
    alpha: float(4),
    w: float(8, 3),
  };
  const flags = { keep_dims: { b: false } };
  const nodes = [
    placeholder("x", 6, 6, 2),
    node("stem", "DepthwiseConv2dNative", ["x", "k"], windowAttributes([1, 1], "SAME")),
    node("biased", "BiasAdd", ["stem", "kb"], { data_format: { s: btoa("NHWC") } }),
    node("act", "Prelu", ["biased", "alpha"]),
    node("inner", "_FusedConv2D", ["act", "p", "kb"], {
      ...windowAttributes([1, 1], "VALID"),
      ...fusedAttributes("BiasAdd", "Relu6"),
    }),
    node("bn", "FusedBatchNormV3", ["inner", "scale", "shift", "mean", "variance"], {
      is_training: { b: false },
      epsilon: { f: 0.01 },
      data_format: { s: btoa("NHWC") },
    }),
    node("skip", "AddV2", ["bn", "act"]),
    node("padded", "Pad", ["skip", "pads"]),
    node("deep", "DepthwiseConv2dNative", ["padded", "dk"], windowAttributes([2, 2], "SAME")),
    node("max", "MaxPool", ["deep"], windowAttributes([2, 2], "SAME", [2, 2])),
    node("avg", "AvgPool", ["deep"], windowAttributes([2, 2], "SAME", [3, 3])),
    node("most", "Maximum", ["max", "avg"]),
    node("least", "Minimum", ["max", "avg"]),
    node("both", "ConcatV2", ["most", "least", "channel"]),
    node("mean1", "Mean", ["both", "axes"], flags),
    node("dense", "MatMul", ["mean1", "w"], { transpose_a: { b: false }, transpose_b: { b: false } }),
    node("part", "StridedSlice", ["x", "begin", "end", "steps"], {
      begin_mask: { i: "1" },
      end_mask: { i: "3" },
      ellipsis_mask: { i: "0" },
      new_axis_mask: { i: "0" },
      shrink_axis_mask: { i: "0" },
    }),
    node("biggest", "Max", ["part", "axes"], flags),
    node("clipped", "ClipByValue", ["biggest", "lo", "hi"]),
    node("Identity", "ConcatV2", ["dense", "clipped", "last"]),
  ];
  const files = graphFiles(nodes, constants);
  const { network, outputs } = read(files);
  assert.equal(outputs, [{ name: "Identity", shape: [1, 5] }]);
  agrees(await loadGraph(files), network, [6, 6, 2]);
});

test("what is not understood is named", async () => {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const graph = (change: (nodes: Record<string, any>) => void) => {
    const files = convolutionGraph();
    change(Object.fromEntries(files.json.modelTopology.node.map((one: { name: string }) => [one.name, one])));
    return files;
  };
  const layers = async (...more: tfjs.layers.Layer[]) =>
    savedFiles(tf, tf.sequential({ layers: [dense(4, { inputShape: [2], activation: "relu" }), ...more] }));
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const damaged = async (change: (files: ModelFiles, group: any) => void) => {
    const files = await layers();
    change(files, files.json.weightsManifest[0]);
    return files;
  };
  for (const [files, message] of [
    [graph((n) => (n.act.op = "Tanh")), /node "act" \(Tanh\) .* piecewise linear/],
    [graph((n) => Object.assign(n.act, { op: "Sigmoid", attr: {} })), /node "act" \(Sigmoid\) stands inside/],
    [graph((n) => Object.assign(n.act, { op: "Softmax", attr: {} })), /node "act" \(Softmax\) stands inside/],
    [graph((n) => (n.act.op = "Frobnicate")), /node "act" \(Frobnicate\) is an operator that is not known/],
    [
      graph((n) => (n.act.attr.surprise = { b: true })),
      /node "act" \(LeakyRelu\) has the attribute surprise, which is not understood/,
    ],
    [
      graph((n) => (n.sum.input = ["mm", "dense"])),
      /node "sum" \(AddV2\) takes values of the shapes \[1,2\] and \[1,5\], which do not broadcast/,
    ],
    [
      graph((n) => (n.dense.input[1] = "v")),
      /node "dense" \(_FusedMatMul\) multiplies values of the shapes \[1,12\] and \[2,5\]/,
    ],
    [
      graph((n) => (n.conv.attr.fused_ops = fusedAttributes("BiasAdd", "Elu").fused_ops)),
      /fuses \[BiasAdd,Elu\]/,
    ],
    [
      await layers(tf.layers.dense({ units: 2, activation: "tanh" })),
      /layer 1 "dense_Dense\d+" \(Dense\) has the activation "tanh"/,
    ],
    [await layers(tf.layers.elu()), /layer 1 "elu.*" \(ELU\) is not piecewise linear/],
    [await damaged((_, group) => (group.paths[0] = "../weights.bin")), /not a file beside the model/],
    [await damaged((_, group) => (group.paths[0] = "other.bin")), /other\.bin, which is missing beside/],
    [
      await damaged(({ shards }) => {
        for (const name in shards) shards[name] = shards[name].slice(0, 10);
      }),
      /of shape \[2,4\] ends at byte 32, but .* have 10: are they cut off/,
    ],
    [
      await damaged(({ shards }) => {
        for (const name in shards) shards[name] = new Uint8Array(100);
      }),
      /have 100 bytes, but their weights take 48/,
    ],
    [
      await damaged((_, group) => (group.weights[0].dtype = "complex64")),
      /weight ".*kernel" has the type complex64/,
    ],
    [await damaged((_, group) => (group.weights[0].shape = [2.5, 4])), /has the shape \[2\.5,4\]/],
    [
      await damaged((_, group) => (group.weights[0].name = "elsewhere/kernel")),
      /layer 0 "dense_Dense\d+" \(Dense\) has no weight "dense_Dense\d+\/kernel"/,
    ],
    [
      await damaged(({ json }) => (json.modelTopology.class_name = "Transformer")),
      /a "Transformer": a Sequential/,
    ],
  ] as [ModelFiles, RegExp][])
    assert.throws(() => read(files), message);
});

test("the command reads model.json; a softmax at the end is left out and said so", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-tfjs-"));
  const model = tf.sequential({
    layers: [dense(8, { inputShape: [2], activation: "relu" }), dense(3, { activation: "softmax" })],
  });
  const { json, shards } = await savedFiles(tf, model);
  for (const [name, bytes] of Object.entries(shards)) fs.writeFileSync(path.join(folder, name), bytes);
  const file = path.join(folder, "model.json");
  fs.writeFileSync(file, JSON.stringify(json));
  const run = capturing(main);
  const { code, out, err } = await run("regions", file, "--box", "-1,1", "--json");
  assert.is(code, 0, err.join());
  assert.match(err[0], /note: the Softmax at the end is left out: outputs are the logits/);
  const found = JSON.parse(out);
  assert.ok(found.certified && found.activation_regions > 8);
  fs.rmSync(path.join(folder, Object.keys(shards)[0]));
  assert.match(
    (await run("regions", file, "--box", "-1,1")).err[0],
    /model\.json: tfjs: the weights lie in group1-shard1of1\.bin, which is missing/,
  );
  assert.match((await run("regions", file)).err[0], /which is missing/);
  fs.rmSync(folder, { recursive: true });
});

test.run();
