import { checkDepth } from "../../network/json-depth";
import type { ReadBeside } from "../beside";
import { compile, type Compiled } from "../graph/compile";
import { networkFromLayersModel } from "../layers-model";
import { graphOf } from "./graph";
import { layersFromTopology } from "./layers";
import { tensorflowOperators } from "./operators";
import { fieldsOf, readManifest } from "./weights";

/** A network that was read, taking images in the file's own order (row, column, channel). */
export type TfjsNetwork = Compiled;

/** How a model is read. */
export interface FromTfjsOptions {
  /** The name of the output that is wanted, where a graph model has several; the first when not given. */
  readonly output?: string;
}

/**
 * The network that a TensorFlow.js `model.json` and its shards of weights describe, without loading TensorFlow.js.
 *
 * Layers models (as tfjs saves them and Keras is exported to them): dense, convolution, average and max pooling,
 * flatten, ReLU, leaky ReLU and identity skips. Graph models (as SavedModels are converted): any graph of the operators in
 * `tfjs/operators`. Quantised weights become the float32 numbers that tfjs computes with.
 *
 * @param json model.json, as text or parsed
 * @param beside reads a shard of weights, which lies beside the model
 * @param options which output
 * @returns the network, taking images in the order row, column, channel, the names of inputs and outputs, and notes
 * @throws TypeError that names the layer, node, weight or shard which is not understood; SyntaxError for a text that is
 *   not JSON
 * @example
 * const beside = (name) => fs.readFileSync(path.join("model", name));
 * networkFromTfjs(fs.readFileSync("model/model.json", "utf8"), beside).network.sizes;
 */
export function networkFromTfjs(
  json: string | object,
  beside?: ReadBeside,
  { output }: FromTfjsOptions = {},
): TfjsNetwork {
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
    const graph = graphOf(model, weights);
    return compile(graph, tensorflowOperators, output === undefined ? output : (graph.signature.get(output) ?? output)); // prettier-ignore
  }
  const layers = layersFromTopology(topology, weights);
  const last = layers.layers.filter((layer) => layer.getClassName() !== "Dropout").at(-1);
  const name = layers.layers.at(-1)?.name ?? "output";
  if (output !== undefined && output !== name)
    throw new TypeError(`tfjs: "${output}" is no output of the model: it has "${name}"`);
  const softmax = last && (last.getClassName() === "Softmax" || last.getConfig().activation === "softmax");
  const network = networkFromLayersModel(layers, { softmax: "drop" });
  return {
    network,
    notes: softmax ? [`the softmax of layer "${last.name}" is left out: outputs are the logits`] : [],
    inputs: [{ name: layers.layers[0].name, shape: [network.inputs] }],
    outputs: [{ name, shape: [network.outputs] }],
  };
}
