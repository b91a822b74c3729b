import type * as tfjs from "@tensorflow/tfjs";

/** The files of a model in one folder: model.json as an object, shards by name. */
export interface ModelFiles {
  json: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
  shards: Record<string, Uint8Array>;
}

/** The files that tfjs writes when it saves a model, its weights cut into shards of so many bytes. */
export async function savedFiles(
  tf: typeof tfjs,
  model: tfjs.LayersModel,
  shardBytes = 1 << 22,
): Promise<ModelFiles> {
  let saved: tfjs.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
  const bytes = new Uint8Array(tf.io.concatenateArrayBuffers([saved!.weightData as ArrayBuffer].flat()));
  return cut(bytes, shardBytes, saved!);
}

function cut(bytes: Uint8Array, size: number, saved: tfjs.io.ModelArtifacts): ModelFiles {
  const count = Math.max(1, Math.ceil(bytes.length / size));
  const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  const shards = Object.fromEntries(paths.map((path, i) => [path, bytes.slice(i * size, (i + 1) * size)]));
  const weightsManifest = [{ paths, weights: saved.weightSpecs }];
  const json = { format: "layers-model", modelTopology: saved.modelTopology, weightsManifest };
  return { json: JSON.parse(JSON.stringify(json)), shards };
}

/** A node of a graph model with its attributes in the converter's JSON. */
export function node(name: string, op: string, input: string[] = [], attr: Record<string, object> = {}) {
  return { name, op, input, attr: { T: { type: "DT_FLOAT" }, ...attr } };
}

const words = (...list: string[]) => ({ list: { s: list.map((word) => btoa(word)) } });
const numbers = (...list: number[]) => ({ list: { i: list.map(String) } });
const word = (one: string) => ({ s: btoa(one) });

/** Attributes of convolutions and pools. */
export const windowAttributes = (strides: number[], padding: string, ksize?: number[]) => ({
  strides: numbers(1, ...strides, 1),
  padding: word(padding),
  data_format: word("NHWC"),
  ...(ksize ? { ksize: numbers(1, ...ksize, 1) } : { dilations: numbers(1, 1, 1, 1) }),
});
export const fusedAttributes = (...operations: string[]) => ({
  fused_ops: words(...operations),
  num_args: { i: "1" },
  epsilon: { f: 0 },
  leakyrelu_alpha: { f: 0.2 },
});
export const placeholder = (name: string, ...sizes: number[]) =>
  node(name, "Placeholder", [], {
    dtype: { type: "DT_FLOAT" },
    shape: { shape: { dim: [-1, ...sizes].map((size) => ({ size: String(size) })) } },
  });

/** The files of a graph model: its nodes, and the values of its constants. */
export function graphFiles(
  nodes: object[],
  constants: Record<string, { shape: number[]; values: Float32Array | Int32Array }>,
): ModelFiles {
  const weights = Object.entries(constants).map(([name, { shape, values }]) => ({
    name,
    shape,
    dtype: values instanceof Int32Array ? "int32" : "float32",
  }));
  const bytes = Buffer.concat(Object.values(constants).map(({ values }) => Buffer.from(values.buffer)));
  const path = "group1-shard1of1.bin";
  const consts = weights.map(({ name, shape, dtype }) =>
    node(name, "Const", [], {
      dtype: { type: dtype === "int32" ? "DT_INT32" : "DT_FLOAT" },
      value: {
        tensor: {
          dtype: dtype === "int32" ? "DT_INT32" : "DT_FLOAT",
          tensorShape: { dim: shape.map((size) => ({ size: String(size) })) },
        },
      } as object,
    }),
  );
  return {
    json: {
      format: "graph-model",
      generatedBy: "2.15.0",
      convertedBy: "TensorFlow.js Converter",
      modelTopology: { node: [...consts, ...nodes], library: {}, versions: { producer: 987 } },
      weightsManifest: [{ paths: [path], weights }],
    },
    shards: { [path]: new Uint8Array(bytes) },
  };
}
