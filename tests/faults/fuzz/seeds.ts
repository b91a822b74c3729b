// Small right files of every format, for the mutations to damage.
import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { generator } from "relu-lab/random";
import { randomGraph } from "../../relu-lab/formats/random-graph";
import {
  fusedAttributes,
  graphFiles,
  node,
  placeholder,
  windowAttributes,
} from "../../relu-lab/formats/tfjs-files";
import { hdf5File, zipFile } from "../../relu-lab/formats/archive-writers";
import { counting, npyFile } from "../../relu-lab/formats/tensor-writers";
import { Storages, orderedDict, torchFile } from "../../relu-lab/formats/torch-writer";

const fixtures = path.join(__dirname, "../../fixtures");
const idx = (...extents: number[]) => {
  const size = extents.reduce((product, n) => product * n, 1);
  return Buffer.concat([
    Buffer.from([0, 0, 8, extents.length, ...extents.flatMap((n) => [0, 0, n >> 8, n & 255])]),
    Buffer.from(Array.from({ length: size }, (_, i) => (i * 37) & 255)),
  ]);
};

export const idxFiles: Buffer[] = [idx(5, 2, 2), idx(3, 4, 1)].flatMap((bytes) => [bytes, gzipSync(bytes)]);

export const networks: object[] = [
  {
    name: "mirror",
    sizes: [1, 2, 1],
    layers: [
      { W: [[1], [1]], b: [0, -0.5], activation: "relu" },
      { W: [[2, -4]], b: [0], activation: "linear" },
    ],
    domain: { type: "box", lo: [0], hi: [1] },
  },
  {
    input: [4, 4, 1],
    layers: [
      {
        type: "convolution",
        kernel: [1, 2, 3, 4],
        size: [2, 2],
        b: [0.5],
        stride: 1,
        padding: "same",
        activation: "relu",
      },
      { type: "max-pool", size: 2 },
      { type: "dense", W: [[1, 2, 3, 4]], b: [1], activation: "linear" },
    ],
  },
  {
    input: 2,
    layers: [
      {
        W: [
          [1, 0],
          [0, 1],
        ],
        b: [0, 0],
        activation: "relu",
      },
      {
        type: "residual",
        blocks: [
          {
            W: [
              [1, 2],
              [3, 4],
            ],
            b: [0, 1],
            activation: { leaky: 0.1 },
          },
          {
            W: [
              [1, 2],
              [3, 4],
            ],
            b: [0, 1],
            activation: "linear",
          },
        ],
      },
      { type: "activation", activation: "relu" },
    ],
  },
];

export function safetensors(entries: Record<string, [shape: number[], values: number[]]>): Buffer {
  let at = 0;
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  for (const [name, [shape, values]] of Object.entries(entries))
    header[name] = { dtype: "F32", shape, data_offsets: [at, (at += 4 * values.length)] };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const numbers = Object.values(entries).flatMap(([, values]) => values);
  return Buffer.concat([length, text, Buffer.from(Float32Array.from(numbers).buffer)]);
}

export const tensorFiles: Buffer[] = [
  safetensors({
    "0.weight": [
      [2, 1],
      [1, 1],
    ],
    "0.bias": [[2], [0, -0.5]],
    "2.weight": [
      [1, 2],
      [2, -4],
    ],
  }),
];

const stored = fs
  .readdirSync(path.join(fixtures, "formats"))
  .filter((name) => name.endsWith(".onnx"))
  .map((name) => fs.readFileSync(path.join(fixtures, "formats", name)));
/** Graphs over all operators, so that each one meets damaged attributes and shapes. */
const graphs = Array.from({ length: 40 }, (_, i) => randomGraph(generator("fuzz").split(i)).file);
export const onnxFiles: Buffer[] = [...stored, ...graphs.map((bytes) => Buffer.from(bytes))];

const weights = (...specs: [name: string, ...shape: number[]][]) =>
  specs.map(([name, ...shape]) => ({ name, shape, dtype: "float32" }));
const layer = (class_name: string, name: string, config: object = {}, reads?: string[]) => ({
  class_name,
  config: { name, ...config },
  ...(reads ? { name, inbound_nodes: reads.length ? [reads.map((from) => [from, 0, 0, {}])] : [] } : {}),
});

const values = (count: number) => Float32Array.from({ length: count }, (_, i) => ((i * 7) % 11) / 8 - 0.5);

/** Models of TensorFlow.js; every shard holds the 128 numbers of `shard`, as many of them as the model needs. */
export const tfjsModels: { json: object; shards: Record<string, Uint8Array> }[] = [
  {
    json: {
      modelTopology: {
        class_name: "Sequential",
        config: {
          name: "s",
          layers: [
            layer("Conv2D", "c", {
              batch_input_shape: [null, 4, 4, 1],
              kernel_size: [2, 2],
              filters: 2,
              strides: [1, 1],
              padding: "valid",
              activation: "relu",
              use_bias: true,
              data_format: "channels_last",
            }),
            layer("MaxPooling2D", "p", { pool_size: [2, 2], strides: [1, 1], padding: "valid" }),
            layer("Flatten", "f"),
            layer("Dropout", "d", { rate: 0.5 }),
            layer("Dense", "e", { units: 3, activation: "softmax", use_bias: true }),
          ],
        },
      },
      weightsManifest: [
        {
          paths: ["a.bin"],
          weights: weights(["c/kernel", 2, 2, 1, 2], ["c/bias", 2], ["e/kernel", 8, 3], ["e/bias", 3]),
        },
      ],
    },
    shards: { "a.bin": new Uint8Array(values(37).buffer) },
  },
  {
    json: {
      modelTopology: {
        model_config: {
          class_name: "Functional",
          config: {
            name: "m",
            layers: [
              layer("InputLayer", "i", { batch_input_shape: [null, 2] }, []),
              layer("Dense", "a", { units: 2, activation: "relu" }, ["i"]),
              layer("Dense", "b", { units: 2, activation: "linear" }, ["a"]),
              layer("Add", "s", {}, ["a", "b"]),
              layer("LeakyReLU", "l", { alpha: 0.25 }, ["s"]),
              layer("Dense", "o", { units: 1, activation: "linear" }, ["l"]),
            ],
          },
        },
      },
      weightsManifest: [
        {
          paths: ["a.bin", "b.bin"],
          weights: weights(
            ["a/kernel", 2, 2],
            ["a/bias", 2],
            ["b/kernel", 2, 2],
            ["b/bias", 2],
            ["o/kernel", 2, 1],
            ["o/bias", 1],
          ),
        },
      ],
    },
    shards: { "a.bin": new Uint8Array(values(10).buffer), "b.bin": new Uint8Array(values(5).buffer) },
  },
  graphFiles(
    [
      placeholder("x", 4, 4, 1),
      node("conv", "_FusedConv2D", ["x", "k", "kb"], {
        ...windowAttributes([1, 1], "SAME"),
        ...fusedAttributes("BiasAdd", "Relu"),
      }),
      node("pool", "MaxPool", ["conv"], windowAttributes([2, 2], "VALID", [2, 2])),
      node("flatten", "Reshape", ["pool", "flat"]),
      node("dense", "MatMul", ["flatten", "w"]),
      node("shift", "BiasAdd", ["dense", "b"]),
      node("same", "Identity", ["shift"]),
    ],
    {
      k: { shape: [2, 2, 1, 2], values: values(8) },
      kb: { shape: [2], values: values(2) },
      flat: { shape: [2], values: Int32Array.of(-1, 8) },
      w: { shape: [8, 3], values: values(24) },
      b: { shape: [3], values: values(3) },
    },
  ),
];

const state = (storages: Storages) =>
  orderedDict(
    new Map([
      ["fc1.weight", storages.floats([2, 2], [1, 2, 3, 4])],
      ["fc1.bias", storages.floats([2], [0, 1])],
      ["fc_out.weight", storages.floats([1, 2], [1, -1])],
    ]),
  );
const torch = (value: (storages: Storages) => unknown, deflated: boolean) => {
  const storages = new Storages();
  return torchFile(value(storages), storages, {}, { deflated });
};

export const torchFiles: Buffer[] = [
  torch(state, false),
  torch(
    (storages) =>
      new Map<string, unknown>([
        ["epoch", 3],
        ["lr", 0.5],
        ["model", state(storages)],
      ]),
    true,
  ),
];

const arrays = {
  "W0.npy": npyFile(counting(2, 3)),
  "b0.npy": npyFile(counting(3), ">f8"),
  "W1.npy": npyFile(counting(3, 1), "<f2", true),
};

export const npzFiles: Buffer[] = [zipFile(arrays), zipFile(arrays, { deflated: true })];

export const nnetFile =
  "// a comment\n2,2,1,3,\n2,3,1,\n0,\n-1,-1,\n1,1,\n0,1,2,\n1,2,4,\n1,2,\n-1,0.5,\n0,1,\n0.5,\n-1,\n0,\n1,-1,2,\n0.25,\n";

const kerasModel = {
  class_name: "Functional",
  config: {
    name: "m",
    layers: [
      layer("InputLayer", "i", { batch_shape: [null, 2, 2, 1] }, []),
      layer("ZeroPadding2D", "z", { padding: 1 }, ["i"]),
      layer("Conv2D", "c", { kernel_size: [2, 2], filters: 2, activation: "relu" }, ["z"]),
      layer("BatchNormalization", "n", { axis: [3], epsilon: 0.001 }, ["c"]),
      layer("GlobalAveragePooling2D", "g", {}, ["n"]),
      layer(
        "Sequential",
        "s",
        {
          layers: [
            layer("Dense", "d", { units: 2, activation: "relu" }),
            layer("ReLU", "r", { max_value: 6 }),
          ],
        },
        ["g"],
      ),
      layer("Concatenate", "j", { axis: -1 }, ["g", "s"]),
      layer("Dense", "o", { units: 1, activation: "sigmoid" }, ["j"]),
    ],
    input_layers: [["i", 0, 0]],
    output_layers: [["o", 0, 0]],
  },
};

const kerasWeights: [path: string, shape: number[]][] = [
  ["c/kernel", [2, 2, 1, 2]],
  ["c/bias", [2]],
  ["n/gamma", [2]],
  ["n/beta", [2]],
  ["n/moving_mean", [2]],
  ["n/moving_variance", [2]],
  ["d/kernel", [2, 2]],
  ["d/bias", [2]],
  ["o/kernel", [4, 1]],
  ["o/bias", [1]],
];
const size = (shape: readonly number[]) => shape.reduce((product, d) => product * d, 1);
const positive = (count: number) => values(count).map((v) => v + 1);

tfjsModels.push({
  json: {
    modelTopology: kerasModel,
    weightsManifest: [
      {
        paths: ["a.bin"],
        weights: weights(...kerasWeights.map(([name, shape]): [string, ...number[]] => [name, ...shape])),
      },
    ],
  },
  shards: {
    "a.bin": new Uint8Array(positive(kerasWeights.reduce((sum, [, shape]) => sum + size(shape), 0)).buffer),
  },
});

export const h5Files: Buffer[] = [];
export const kerasFiles: Buffer[] = [];

/** Writes the files that hold HDF5: its library has to be loaded for them. */
export async function writeHdf5Seeds(): Promise<void> {
  if (h5Files.length > 0) return;
  const attributes = { model_config: JSON.stringify(kerasModel), keras_version: "2.15.0" };
  const named = Object.fromEntries(
    kerasWeights.map(([name, shape]) => [
      `model_weights/${name[0]}/${name}:0`,
      { shape, values: positive(size(shape)) },
    ]),
  );
  h5Files.push(
    await hdf5File({ attributes, arrays: named }),
    await hdf5File({ attributes, arrays: named, compression: 4 }),
  );
  const folder: Record<string, string> = {
    c: "conv2d",
    n: "batch_normalization",
    d: "sequential/layers/dense",
    o: "dense",
  };
  const seen: Record<string, number> = {};
  const placed = Object.fromEntries(
    kerasWeights.map(([name, shape]) => [
      `layers/${folder[name[0]]}/vars/${(seen[name[0]] = (seen[name[0]] ?? -1) + 1)}`,
      { shape, values: positive(size(shape)) },
    ]),
  );
  kerasFiles.push(
    zipFile({
      "metadata.json": '{"keras_version":"3.5.0"}',
      "config.json": JSON.stringify(kerasModel),
      "model.weights.h5": await hdf5File({ arrays: placed }),
    }),
  );
}

export const notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" },
    relu_lab: { profiles: { full: { trials: 60, widths: [8, 16] } } },
  },
  cells: [
    { cell_type: "markdown", id: "title", metadata: {}, source: ["# A title\n", "Words and $x^2$."] },
    {
      cell_type: "code",
      id: "parameters",
      metadata: { tags: ["parameters"] },
      execution_count: null,
      outputs: [],
      source: 'const trials = 10;\nconst widths = [2, 4];\nconst name = "a";\nconst fast = true;',
    },
    {
      cell_type: "code",
      id: "shown",
      metadata: { tags: [] },
      execution_count: 1,
      outputs: [
        { output_type: "stream", name: "stdout", text: ["a\n", "b"] },
        {
          output_type: "display_data",
          metadata: {},
          data: {
            "text/plain": ["x"],
            "text/html": "<b>x</b>",
            "application/vnd.vegalite.v5+json": { mark: "bar", data: { values: [{ a: 1 }] } },
          },
        },
        { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
      ],
      source: "claims([]);",
    },
  ],
};
