// Trains the two networks of this folder with TensorFlow.js and writes them in every format but ONNX (make-onnx.py does):
//   npm run build && node data/networks/make.mjs && python3 data/networks/make-onnx.py
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const { models, network, random, runtime } = require("relu-lab");
const folder = path.dirname(fileURLToPath(import.meta.url));
await runtime.ready();
const tf = runtime.tensorflow();

/** A model of these layers with seeded first weights, trained on seeded batches by Adam. */
async function trained(layers, batch, steps, seed) {
  const model = tf.sequential({ layers });
  const g = random.generator(seed).split("weights");
  model.setWeights(
    model.getWeights().map(({ shape, size }) => {
      const fanIn = shape.slice(0, -1).reduce((p, d) => p * d, 1);
      return tf.tensor(
        Float32Array.from({ length: size }, () => (shape.length > 1 ? Math.sqrt(2 / fanIn) * g.normal() : 0)),
        shape,
      );
    }),
  );
  model.compile({ optimizer: tf.train.adam(5e-3), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  const samples = random.generator(seed).split("samples");
  for (let step = 0; step < steps; step++) {
    const { x, y } = batch(samples);
    const logits = await model.trainOnBatch(x, y);
    if (step === steps - 1) console.log(`loss ${logits[0].toFixed(4)}, accuracy ${logits[1].toFixed(3)}`);
    tf.dispose([x, y]);
  }
  return model;
}

/** Points of the square [-1.5, 1.5]²; class 1 is a ring around the origin. */
function ringBatch(g) {
  const points = Array.from({ length: 256 }, () => [3 * g.uniform() - 1.5, 3 * g.uniform() - 1.5]);
  const inside = ([a, b]) => Math.abs(Math.hypot(a, b) - 0.9) < 0.35;
  return { x: tf.tensor2d(points), y: tf.tensor2d(points.map((p) => (inside(p) ? [0, 1] : [1, 0]))) };
}

/** Images of 8 x 8 with noisy stripes; class 0 lies, class 1 stands. */
function stripeBatch(g) {
  const images = Array.from({ length: 128 }, () => {
    const [stands, phase, period] = [g.uniform() < 0.5, 6 * g.uniform(), 2 + 2 * g.uniform()];
    const pixel = (row, column) =>
      0.5 + 0.5 * Math.sin((2 * Math.PI * (stands ? column : row)) / period + phase) + 0.3 * g.normal();
    return { stands, pixels: Array.from({ length: 64 }, (_, i) => pixel(Math.floor(i / 8), i % 8)) };
  });
  return {
    x: tf.tensor4d(images.flatMap(({ pixels }) => pixels), [128, 8, 8, 1]),
    y: tf.tensor2d(images.map(({ stands }) => (stands ? [0, 1] : [1, 0]))),
  }; // prettier-ignore
}

/** What tfjs saves of a model: its topology, the description of its weights and their bytes. */
async function artifacts(model) {
  let saved;
  await model.save(tf.io.withSaveHandler(async (made) => ((saved = made), { modelArtifactsInfo: {} })));
  return { topology: saved.modelTopology, specs: saved.weightSpecs, bytes: new Uint8Array(saved.weightData) };
}

function write(name, content) {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

function writeTfjs(name, format, modelTopology, weights, bytes, more = {}) {
  const paths = ["group1-shard1of1.bin"];
  const json = { format, generatedBy: "relu-lab data/networks/make.mjs", ...more, modelTopology, weightsManifest: [{ paths, weights }] };
  write(`${name}/model.json`, JSON.stringify(json));
  write(`${name}/${paths[0]}`, bytes);
} // prettier-ignore

const { dense, conv2d, maxPooling2d, flatten } = tf.layers;
const rings = await trained(
  [
    dense({ units: 16, activation: "relu", inputShape: [2], name: "dense" }),
    dense({ units: 16, activation: "relu", name: "dense_1" }),
    dense({ units: 2, activation: "softmax", name: "dense_2" }),
  ],
  ringBatch,
  3000,
  11,
);
const stripes = await trained(
  [
    conv2d({ filters: 3, kernelSize: 3, activation: "relu", inputShape: [8, 8, 1], name: "conv2d" }),
    maxPooling2d({ poolSize: 2, name: "max_pooling2d" }),
    flatten({ name: "flatten" }),
    dense({ units: 8, activation: "relu", name: "dense" }),
    dense({ units: 2, activation: "softmax", name: "dense_1" }),
  ],
  stripeBatch,
  400,
  12,
);

const saved = await artifacts(rings);
writeTfjs("rings-tfjs", "layers-model", saved.topology, saved.specs, saved.bytes);
const cnn = await artifacts(stripes);
writeTfjs("stripes-tfjs", "layers-model", cnn.topology, cnn.specs, cnn.bytes);

// As `tensorflowjs_converter --input_format=keras` lays it out.
writeTfjs(
  "rings-keras",
  "layers-model",
  { keras_version: "2.15.0", backend: "tensorflow", model_config: saved.topology },
  saved.specs,
  saved.bytes,
);

// As the converter lays out a SavedModel: a graph of fused nodes.
const type = { T: { type: "DT_FLOAT" } };
const fused = (...operations) => ({
  fused_ops: { list: { s: operations.map((word) => Buffer.from(word).toString("base64")) } },
  ...type,
});
const node = (name, op, input = [], attr = {}) => ({ name, op, input, attr });
const dim = (...sizes) => ({ shape: { dim: sizes.map((size) => ({ size: String(size) })) } });
writeTfjs(
  "rings-graph",
  "graph-model",
  {
    node: [
      ...saved.specs.map(({ name }) => node(name, "Const", [], { dtype: type.T })),
      node("x", "Placeholder", [], { dtype: type.T, shape: dim(-1, 2) }),
      node("first", "_FusedMatMul", ["x", "dense/kernel", "dense/bias"], fused("BiasAdd", "Relu")),
      node("second", "_FusedMatMul", ["first", "dense_1/kernel", "dense_1/bias"], fused("BiasAdd", "Relu")),
      node("third", "_FusedMatMul", ["second", "dense_2/kernel", "dense_2/bias"], fused("BiasAdd")),
      node("Identity", "Softmax", ["third"], type),
    ],
    versions: { producer: 1645 },
  },
  saved.specs,
  saved.bytes,
);

// As `--quantize_uint8` keeps weights: whole numbers with a scale and a least value for each tensor.
const floats = new Float32Array(saved.bytes.buffer);
let at = 0;
const quantised = saved.specs.map((spec) => {
  const values = floats.subarray(at, (at += spec.shape.reduce((p, d) => p * d, 1)));
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const scale = (max - min) / 255 || 1;
  const bytes = Uint8Array.from(values, (v) => Math.round((v - min) / scale));
  return {
    spec: { ...spec, quantization: { min, scale, dtype: "uint8", original_dtype: "float32" } },
    bytes,
  };
});
writeTfjs("rings-uint8", "layers-model", saved.topology, quantised.map(({ spec }) => spec), Buffer.concat(quantised.map(({ bytes }) => bytes))); // prettier-ignore

const net = models.networkFromLayersModel(rings, { softmax: "drop" });
const written = network.networkToJson(net, { name: "rings", domain: { type: "box", lo: [-1.5, -1.5], hi: [1.5, 1.5] } }); // prettier-ignore
const asked = { line: { p: [-1.5, 0], d: [3, 0] }, distance_to_boundary: [{ x: [0, 0] }, { x: [1, 0.5] }] };
write("rings.json", `${JSON.stringify({ ...written, ...asked })}\n`);

// As PyTorch's nn.Sequential(Linear, ReLU, Linear, ReLU, Linear) is saved by safetensors.
const header = {};
const parts = [];
let end = 0;
net.layers.forEach(({ inputs, outputs, weights, biases }, l) => {
  for (const [name, shape, values] of [
    [`${2 * l}.weight`, [outputs, inputs], weights],
    [`${2 * l}.bias`, [outputs], biases],
  ]) {
    header[name] = { dtype: "F32", shape, data_offsets: [end, (end += 4 * values.length)] };
    parts.push(Buffer.from(Float32Array.from(values).buffer));
  }
});
const text = Buffer.from(JSON.stringify(header));
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(text.length));
write("rings.safetensors", Buffer.concat([length, text, ...parts]));
