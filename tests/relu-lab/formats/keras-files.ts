// A tfjs model as the files that Keras would write of it.
import type * as tfjs from "@tensorflow/tfjs";
import { hdf5File, zipFile } from "./archive-writers";
import { savedFiles, type ModelFiles } from "./tfjs-files";

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

export interface KerasFiles {
  readonly tfjs: ModelFiles;
  readonly h5: Buffer;
  readonly keras: Buffer;
}

const floats = (tensor: tfjs.Tensor) => ({
  shape: tensor.shape,
  values: Float32Array.from(tensor.dataSync()),
});
const nested = (layer: unknown) => (layer as { layers?: tfjs.layers.Layer[] }).layers;

/** The classes' names in the weights of a .keras file; those that the tests use, spelt out. */
const folders: Readonly<Record<string, string>> = {
  Dense: "dense",
  Conv2D: "conv2d",
  Conv1D: "conv1d",
  DepthwiseConv2D: "depthwise_conv2d",
  SeparableConv2D: "separable_conv2d",
  BatchNormalization: "batch_normalization",
  PReLU: "p_re_lu",
  Sequential: "sequential",
  Functional: "functional",
  Model: "functional",
};

/** Variables by the paths of Keras 3: class and number within each model. */
function variables(
  entries: Json[],
  layers: readonly tfjs.layers.Layer[],
  start: string,
  found: Record<string, ReturnType<typeof floats>>,
) {
  const seen = new Map<string, number>();
  for (const entry of entries) {
    const folder = folders[entry.class_name] ?? entry.class_name.toLowerCase();
    const number = seen.get(folder) ?? 0;
    seen.set(folder, number + 1);
    const layer = layers.find(({ name }) => name === entry.config.name);
    if (!layer) continue;
    const place = `${start}layers/${folder}${number > 0 ? `_${number}` : ""}/`;
    const inner = nested(layer);
    if (inner) variables(entry.config.layers, inner, place, found);
    else layer.getWeights().forEach((weight, i) => (found[`${place}vars/${i}`] = floats(weight)));
  }
  return found;
}

/** The files of a model that tfjs, Keras 2 (.h5) and Keras 3 (.keras) would write. */
export async function kerasFiles(tf: typeof tfjs, model: tfjs.LayersModel): Promise<KerasFiles> {
  const files = await savedFiles(tf, model);
  const topology: Json = files.json.modelTopology;
  const config = { class_name: topology.class_name, config: topology.config };
  const arrays: Record<string, ReturnType<typeof floats>> = {};
  for (const layer of model.layers)
    for (const weight of layer.weights)
      arrays[`model_weights/${layer.name}/${weight.originalName}:0`] = floats(weight.read());
  const h5 = await hdf5File({
    attributes: { model_config: JSON.stringify(config), keras_version: "2.15.0", backend: "tensorflow" },
    arrays,
  });
  const keras = zipFile({
    "metadata.json": JSON.stringify({ keras_version: "2.15.0" }),
    "config.json": JSON.stringify(config),
    "model.weights.h5": await hdf5File({
      arrays: variables(config.config.layers, model.layers, "", {}),
      compression: 4,
    }),
  });
  return { tfjs: files, h5, keras };
}
