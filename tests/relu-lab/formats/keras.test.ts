// Keras's layers: random models, in memory and through each file, against what TensorFlow.js computes.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as tfjs from "@tensorflow/tfjs";
import { networkFromHdf5, networkFromKeras, networkFromTfjs } from "relu-lab/formats";
import { networkFromLayersModel } from "relu-lab/models";
import type { ReluNetwork } from "relu-lab/network";
import { generator } from "relu-lab/random";
import { ready, tensorflow } from "relu-lab/runtime";
import { hdf5File, zipFile } from "./archive-writers";
import { kerasFiles } from "./keras-files";

type Sym = tfjs.SymbolicTensor;
let tf: typeof tfjs;
test.before(async () => {
  await ready();
  tf = tensorflow() as unknown as typeof tfjs;
});

const random = generator(23);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random.uniform() * list.length)];

/** Weights that are all different; variances are positive. */
function fill(model: tfjs.LayersModel) {
  for (const layer of model.layers) {
    const inner = (layer as { layers?: unknown }).layers;
    if (inner) {
      fill(layer as unknown as tfjs.LayersModel);
      continue;
    }
    const isNorm = layer.getClassName() === "BatchNormalization";
    layer.setWeights(
      layer.getWeights().map((weight, i, all) => {
        const isVariance = isNorm && i === all.length - 1;
        const values = Float32Array.from({ length: weight.size }, () =>
          isVariance ? 0.3 + random.normal() ** 2 : random.normal() / 2,
        );
        return tf.tensor(values, weight.shape);
      }),
    );
  }
}

function agrees(model: tfjs.LayersModel, network: ReluNetwork, what: string) {
  const sizes = model.inputs.map(({ shape }) => shape.slice(1) as number[]);
  for (let p = 0; p < 6; p++) {
    const parts = sizes.map((shape) =>
      Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => 2 * random.normal()),
    );
    const x = parts.map((part, i) => tf.tensor(part, [1, ...sizes[i]]));
    const want = [...(model.predict(x.length === 1 ? x[0] : x) as tfjs.Tensor).dataSync()];
    const found = network.forward(parts.flatMap((part) => [...part]));
    const scale = Math.max(1, ...want.map(Math.abs));
    assert.is(found.length, want.length, what);
    want.forEach((v, i) =>
      assert.ok(Math.abs(v - found[i]) < 1e-5 * scale, `${what}: output ${i} is ${found[i]}, not ${v}`),
    );
  }
}

/** In memory, and from the three files that hold the model. */
async function everyWay(model: tfjs.LayersModel, what: string) {
  fill(model);
  const files = await kerasFiles(tf, model);
  const network = networkFromLayersModel(model, { softmax: "drop" });
  agrees(model, network, what);
  const specs = network.specs();
  assert.equal(
    networkFromTfjs(files.tfjs.json, (name) => files.tfjs.shards[name]).network.specs(),
    specs,
    `${what}, model.json`,
  );
  assert.equal((await networkFromHdf5(files.h5)).network.specs(), specs, `${what}, .h5`);
  assert.equal((await networkFromKeras(files.keras)).network.specs(), specs, `${what}, .keras`);
}

/** Layers for images, each of which may follow each. */
const images: (() => tfjs.layers.Layer)[] = [
  () =>
    tf.layers.conv2d({
      filters: pick([1, 2, 3]),
      kernelSize: pick([1, 2, [2, 1], 3]) as number,
      strides: pick([1, 2]),
      padding: pick(["same", "valid"]),
      useBias: pick([true, false]),
      activation: pick(["relu", "linear"]),
    }),
  () =>
    tf.layers.conv2d({ filters: 2, kernelSize: 2, dilationRate: 2, padding: "same", activation: "relu6" }),
  () =>
    tf.layers.depthwiseConv2d({
      kernelSize: 2,
      depthMultiplier: pick([1, 2]),
      padding: pick(["same", "valid"]),
      strides: pick([1, 2]),
    }),
  () =>
    tf.layers.separableConv2d({
      filters: 3,
      kernelSize: 2,
      depthMultiplier: pick([1, 2]),
      padding: pick(["same", "valid"]),
      useBias: pick([true, false]),
    }),
  () =>
    tf.layers.batchNormalization({
      epsilon: pick([1e-3, 0.1]),
      scale: pick([true, false]),
      center: pick([true, false]),
    }),
  () =>
    tf.layers.zeroPadding2d({
      padding: pick([
        1,
        [
          [1, 0],
          [0, 2],
        ],
      ]) as number,
    }),
  () =>
    tf.layers.cropping2D({
      cropping: pick([
        [
          [1, 0],
          [0, 0],
        ],
        [
          [0, 0],
          [0, 1],
        ],
      ]) as [[number, number], [number, number]],
    }),
  () =>
    tf.layers.upSampling2d({
      size: pick([
        [2, 1],
        [1, 2],
      ]) as [number, number],
    }),
  () => tf.layers.maxPooling2d({ poolSize: 2, strides: pick([1, 2]), padding: pick(["same", "valid"]) }),
  () =>
    tf.layers.averagePooling2d({ poolSize: pick([2, [2, 1]]) as number, padding: pick(["same", "valid"]) }),
  () => tf.layers.permute({ dims: [2, 1, 3] }),
  () => tf.layers.dense({ units: 3, activation: pick(["relu", "linear"]) }),
  () => tf.layers.prelu({ sharedAxes: pick([[1, 2], undefined]) }),
  () => tf.layers.leakyReLU({ alpha: 0.2 }),
  () => tf.layers.reLU({ maxValue: pick([1, 6]) }),
  () => tf.layers.activation({ activation: pick(["relu", "hardSigmoid", "relu6"]) }),
  () => tf.layers.gaussianNoise({ stddev: 0.5 }),
  () => tf.layers.spatialDropout1d?.({ rate: 0.5 } as never) ?? tf.layers.dropout({ rate: 0.5 }),
  () => tf.layers.rescaling({ scale: 1 / 255, offset: 0.5 }),
];

test("random sequential models of images: in memory, model.json, .h5 and .keras", async () => {
  for (let trial = 0; trial < 40; trial++) {
    const model = tf.sequential();
    model.add(
      tf.layers.inputLayer({
        inputShape: pick([
          [6, 5, 2],
          [5, 6, 1],
        ]),
      }),
    );
    const kinds: string[] = [];
    for (let i = 0; i < 4; i++) {
      const layer = pick(images)();
      try {
        model.add(layer);
        if ((model.outputs[0].shape as number[]).slice(1).every((size) => size > 0))
          kinds.push(layer.getClassName());
        else model.pop();
      } catch {
        // A window that does not fit: another layer takes its place.
      }
    }
    const end = pick([tf.layers.flatten, tf.layers.globalAveragePooling2d, tf.layers.globalMaxPooling2d]) as (
      c: object,
    ) => tfjs.layers.Layer;
    model.add(end({}));
    model.add(tf.layers.dense({ units: 4, activation: "relu" }));
    model.add(tf.layers.dense({ units: 2 }));
    await everyWay(model, kinds.join(", "));
    model.dispose();
  }
});

test("signals: 1-D convolutions and pools, reshaping, repeating", async () => {
  for (const padding of ["valid", "same"] as const) {
    const model = tf.sequential({
      layers: [
        tf.layers.reshape({ targetShape: [-1, 2], inputShape: [18] }),
        tf.layers.conv1d({
          filters: 3,
          kernelSize: 3,
          padding,
          dilationRate: padding === "same" ? 2 : 1,
          activation: "relu",
        }),
        tf.layers.maxPooling1d({ poolSize: 2, padding: padding === "same" ? "same" : "valid" }),
        tf.layers.averagePooling1d({ poolSize: 2, strides: 1 }),
        padding === "same" ? tf.layers.globalAveragePooling1d() : tf.layers.globalMaxPooling1d({}),
        tf.layers.repeatVector({ n: 3 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 2 }),
      ],
    });
    await everyWay(model, padding);
    model.dispose();
  }
});

test("functional models: every merge, two inputs, nested models that are called twice, shared layers", async () => {
  const merges: [string, (parts: Sym[]) => Sym][] = [
    ["add", (parts) => tf.layers.add().apply(parts) as Sym],
    ["average", (parts) => tf.layers.average().apply(parts) as Sym],
    ["maximum", (parts) => tf.layers.maximum().apply(parts) as Sym],
    ["minimum", (parts) => tf.layers.minimum().apply(parts) as Sym],
    ["concatenate", (parts) => tf.layers.concatenate().apply(parts) as Sym],
  ];
  for (const [name, merge] of merges) {
    const x = tf.input({ shape: [4] });
    const y = tf.input({ shape: [3] });
    const inner = tf.sequential({
      layers: [
        tf.layers.dense({ units: 5, activation: "relu", inputShape: [6] }),
        tf.layers.batchNormalization(),
        tf.layers.dense({ units: 6 }),
      ],
    });
    const shared = tf.layers.dense({ units: 6, activation: "relu" });
    const p = tf.layers.dense({ units: 6 }).apply(x) as Sym;
    const q = tf.layers.dense({ units: 6, activation: "relu" }).apply(y) as Sym;
    const once = inner.apply(shared.apply(p) as Sym) as Sym;
    const twice = inner.apply(once) as Sym;
    const joined = merge([once, shared.apply(q) as Sym, twice]);
    const outputs = tf.layers.dense({ units: 2 }).apply(tf.layers.reLU().apply(joined)) as Sym;
    const model = tf.model({ inputs: [x, y], outputs });
    await everyWay(model, name);
    model.dispose();
  }
});

test("a sequential model that begins with a model", async () => {
  const features = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 2, activation: "relu", inputShape: [4, 3, 1] }),
      tf.layers.batchNormalization(),
    ],
  });
  const model = tf.sequential({
    layers: [features, tf.layers.flatten(), tf.layers.dense({ units: 2, activation: "softmax" })],
  });
  fill(model);
  const files = await kerasFiles(tf, model);
  const { network, notes } = await networkFromHdf5(files.h5);
  assert.match(notes.at(-1)!, /the Softmax at the end is left out: outputs are the logits/);
  assert.equal((await networkFromKeras(files.keras)).network.specs(), network.specs());
  assert.equal(networkFromLayersModel(model, { softmax: "drop" }).specs(), network.specs());
  const logits = tf.model({ inputs: model.inputs, outputs: model.layers[2].input as Sym });
  const x = Float32Array.from({ length: 12 }, () => random.normal());
  const flat = Float32Array.from((logits.predict(tf.tensor(x, [1, 4, 3, 1])) as tfjs.Tensor).dataSync());
  const [kernel, bias] = model.layers[2].getWeights().map((weight) => weight.dataSync());
  network
    .forward(x)
    .forEach((v, o) =>
      assert.ok(Math.abs(v - flat.reduce((sum, z, i) => sum + z * kernel[2 * i + o], bias[o])) < 1e-5),
    );
  assert.throws(() => networkFromLayersModel(model), /ends in a softmax.*softmax: "drop"/);
});

type Entry = { class_name: string; config: Record<string, unknown> };
/** A Sequential model of two inputs, given by its layers alone. */
function described(
  layers: Entry[],
  weights: Record<string, { shape: number[]; values: number[] }> = {},
  version = "2.15.0",
) {
  const specs = Object.entries(weights).map(([name, { shape }]) => ({ name, shape, dtype: "float32" }));
  const bytes = new Uint8Array(
    Float32Array.from(Object.values(weights).flatMap(({ values }) => values)).buffer,
  );
  const input = { class_name: "InputLayer", config: { name: "in", batch_shape: [null, 2] } };
  const json = {
    modelTopology: {
      keras_version: version,
      model_config: { class_name: "Sequential", config: { name: "s", layers: [input, ...layers] } },
    },
    weightsManifest: [{ paths: ["w"], weights: specs }],
  };
  return networkFromTfjs(json, () => bytes);
}
const one = (class_name: string, config: object = {}): Entry => ({
  class_name,
  config: { name: "it", ...config },
});

test("settings that tfjs has not: slopes and limits, the forms of Keras 3, normalisation", () => {
  const at = (
    entry: Entry,
    x: number[],
    ...rest: [Record<string, { shape: number[]; values: number[] }>?, string?]
  ) => [...described([entry], ...rest).network.forward(x)];
  const near = (found: number[], want: number[]) =>
    found.forEach((v, i) => assert.ok(Math.abs(v - want[i]) < 1e-7, `${v}, not ${want[i]}`));
  near(at(one("ReLU", { max_value: 2, negative_slope: 0.5 }), [-1, 3]), [-0.5, 2]);
  near(at(one("ReLU", { max_value: null, negative_slope: 0.25, threshold: 0 }), [-1, 3]), [-0.25, 3]);
  near(at(one("LeakyReLU", { negative_slope: 0.1 }), [-1, 3]), [-0.1, 3]);
  near(at(one("LeakyReLU", {}), [-1, 3]), [-0.3, 3]);
  near(at(one("RandomContrast", { factor: 0.5 }), [-1, 3]), [-1, 3]);
  near(at(one("Activation", { activation: "leaky_relu" }), [-1, 3]), [-0.2, 3]);
  near(at(one("Activation", { activation: "hard_sigmoid" }), [-1, 9]), [0.3, 1]);
  near(at(one("Activation", { activation: "hard_sigmoid" }), [-1, 9], {}, "3.5.0"), [0.5 - 1 / 6, 1]);
  near(
    at(one("Activation", { activation: { class_name: "ReLU", config: { max_value: 1 } } }), [-1, 3]),
    [0, 1],
  );
  near(
    at(
      one("Activation", { activation: { class_name: "function", config: "relu", module: "builtins" } }),
      [-1, 3],
    ),
    [0, 3],
  );
  near(at(one("Rescaling", { scale: [2, 4], offset: [1, 0] }), [-1, 3]), [-1, 12]);
  near(at(one("Normalization", { axis: -1, mean: [[1, 2]], variance: [[4, 0.25]] }), [-1, 3]), [-1, 2]);
  near(
    at(one("Normalization", { axis: [-1], invert: true }), [-1, 3], {
      "it/mean": { shape: [2], values: [1, 2] },
      "it/variance": { shape: [2], values: [4, 0.25] },
    }),
    [-1, 3.5],
  );
  const groups = {
    "c/kernel": { shape: [1, 1, 4], values: [1, 2, 3, 4] },
    "c/bias": { shape: [4], values: [0, 0, 0, 1] },
  };
  const grouped = described(
    [
      one("Reshape", { target_shape: [1, 2] }),
      { class_name: "Conv1D", config: { name: "c", filters: 4, kernel_size: [1], groups: 2 } },
    ],
    groups,
  );
  assert.equal([...grouped.network.forward([5, 7])], [5, 10, 21, 29]);
  const late = { "c/kernel": { shape: [2, 1, 1], values: [10, 1] } };
  const causal = described(
    [
      one("Reshape", { target_shape: [2, 1] }),
      {
        class_name: "Conv1D",
        config: { name: "c", filters: 1, kernel_size: 2, padding: "causal", use_bias: false },
      },
    ],
    late,
  );
  assert.equal([...causal.network.forward([5, 7])], [5, 57]);
  const first = described([
    one("Reshape", { target_shape: [2, 1] }),
    {
      class_name: "GlobalMaxPooling1D",
      config: { name: "g", data_format: "channels_first", keepdims: true },
    },
  ]);
  assert.equal([...first.network.forward([5, 7])], [5, 7]);
});

test("layers that jump, bend or are not known are refused by name, with the reason", () => {
  for (const [entry, message] of [
    [one("ReLU", { threshold: 1 }), /layer 1 "it" \(ReLU\) has the threshold 1: it jumps there/],
    [one("Dense", { units: 1, activation: "gelu" }), /has no weight "it\/kernel"/],
    [one("Activation", { activation: "gelu" }), /has the activation "gelu", which is not piecewise linear/],
    [one("Lambda"), /is a function of Python or TensorFlow, not a layer: export the model to ONNX/],
    [one("Custom>Mine"), /\(Custom>Mine\) cannot become part of a ReluNetwork/],
    [one("toString"), /cannot become part of a ReluNetwork/],
    [one("UpSampling1D", { size: 2 }), /takes values of the shape \[1,2\]/],
    [one("Reshape", { target_shape: [3] }), /reshapes \[1,2\] to \[1,3\]/],
    [one("Normalization", {}), /has no mean: it was saved before it was adapted/],
    [one("Multiply"), /multiplies two values that depend on the input/],
  ] as [Entry, RegExp][])
    assert.throws(() => described([entry]), message);
  const more = {
    "it/kernel": { shape: [2, 1], values: [1, 2] },
    "it/bias": { shape: [1], values: [0] },
    "it/kernel_scale": { shape: [1], values: [2] },
  };
  assert.throws(
    () => described([one("Dense", { units: 1 })], more),
    /has the weights kernel_scale, which are not understood/,
  );
});

test("what is given to a layer beside its inputs is not passed over", () => {
  const model = (node: object, kind = "Dropout") => {
    const layers = [
      { class_name: "InputLayer", config: { name: "in", batch_shape: [null, 2] }, inbound_nodes: [] },
      { class_name: kind, config: { name: "d" }, inbound_nodes: [node] },
    ];
    const config = { layers, input_layers: [["in", 0, 0]], output_layers: ["d", 0, 0] };
    return () =>
      networkFromTfjs({ modelTopology: { class_name: "Functional", config }, weightsManifest: [] });
  };
  const tensor = {
    class_name: "__keras_tensor__",
    config: { shape: [null, 2], keras_history: ["in", 0, 0] },
  };
  assert.equal(model({ args: [tensor], kwargs: { training: false, mask: null } })().network.sizes, [2, 2]);
  assert.throws(
    model({ args: [tensor], kwargs: { training: true } }),
    /layer 1 "d" \(Dropout\) is called with training true/,
  );
  assert.throws(model([["in", 0, 0, { training: true }]]), /is called with training true/);
  assert.throws(model({ args: [tensor, 2], kwargs: {} }, "Add"), /is given 2 beside its inputs/);
  assert.throws(model([["other", 0, 0, {}]]), /layer "d" reads "other", which is no layer/);
});

test("HDF5 and .keras that hold something else say what they are", async () => {
  const array = { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) };
  const refused = async (
    bytes: Promise<Buffer> | Buffer,
    message: RegExp,
    read: (bytes: Uint8Array) => Promise<unknown> = networkFromHdf5,
  ) => {
    let error: unknown;
    await read(await bytes).catch((one: unknown) => (error = one));
    assert.match(String(error), message);
  };
  await refused(
    hdf5File({ arrays: { temperatures: array } }),
    /the HDF5 is no Keras model: it holds temperatures; save the whole model/,
  );
  await refused(
    hdf5File({ arrays: { "layers/dense/vars/0": array } }),
    /holds the weights of a Keras model without its layers/,
  );
  await refused(
    (await hdf5File({ arrays: { a: array } })).subarray(0, 300),
    /the HDF5 cannot be read, as it is damaged or cut off \(truncated file/,
  );
  await refused(hdf5File({ attributes: { model_config: "{" }, arrays: {} }), /model_config is damaged/);
  await refused(zipFile({ "config.json": "{}" }), /the archive holds no weights/, networkFromKeras);
  const weights = await networkFromHdf5(await hdf5File({ arrays: { "dense/dense/kernel:0": array } }));
  assert.equal(weights.network.sizes, [2, 3]);
});

test.run();
