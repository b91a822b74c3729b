import { fromBlocks, type ReluNetwork } from "../../network";
import { checkDepth } from "../../network/json-depth";
import type { ReadBeside } from "../beside";
import { networkFromLayersModel } from "../layers-model";
import { blocksFromGraph } from "./graph";
import { layersFromTopology } from "./layers";
import { fieldsOf, readManifest } from "./weights";

/** A network that was read, and what its reader should know about it. */
export interface TfjsNetwork {
  /** Takes the model's input in the file's own order (row, column, channel). */
  readonly network: ReluNetwork;
  /** What was left out or rounded, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * The network that a TensorFlow.js `model.json` and its shards of weights describe, without loading TensorFlow.js.
 *
 * Layers models (as tfjs saves them and Keras is exported to them): dense, convolution, average and max pooling,
 * flatten, ReLU, leaky ReLU and identity skips. Graph models (as SavedModels are converted): the same kinds of nodes in
 * one chain. Quantised weights become the float32 numbers that tfjs computes with.
 *
 * @param json model.json, as text or parsed
 * @param beside reads a shard of weights, which lies beside the model
 * @returns the network, taking images in the order row, column, channel, and notes on what was left out
 * @throws TypeError that names the layer, node, weight or shard which is not understood; SyntaxError for a text that is
 *   not JSON
 * @example
 * const beside = (name) => fs.readFileSync(path.join("model", name));
 * networkFromTfjs(fs.readFileSync("model/model.json", "utf8"), beside).network.sizes;
 */
export function networkFromTfjs(json: string | object, beside?: ReadBeside): TfjsNetwork {
  const model = fieldsOf(typeof json === "string" ? JSON.parse(json) : json, "model.json");
  checkDepth(model, "tfjs: model.json");
  if (model.modelTopology === undefined || model.modelTopology === null) {
    throw new TypeError(
      "tfjs: model.json holds weights without a topology: save the model, not its weights alone",
    );
  }
  const topology = fieldsOf(model.modelTopology, "modelTopology");
  const weights = readManifest(model.weightsManifest, beside);
  if (topology.node !== undefined) {
    const { blocks, input, notes } = blocksFromGraph(topology, weights);
    return { network: fromBlocks(blocks, input), notes };
  }
  const layers = layersFromTopology(topology, weights);
  const last = layers.layers.filter((layer) => layer.getClassName() !== "Dropout").at(-1);
  const softmax = last && (last.getClassName() === "Softmax" || last.getConfig().activation === "softmax");
  return {
    network: networkFromLayersModel(layers, { softmax: "drop" }),
    notes: softmax ? [`the softmax of layer "${last.name}" is left out: outputs are the logits`] : [],
  };
}
