import { checkDepth } from "../../network/json-depth";
import type { ReadBeside } from "../beside";
import { compile, type Compiled } from "../graph/compile";
import { compileKeras } from "../keras/compile";
import { NamedWeights, versionOf, type KerasModel } from "../keras/model";
import { TopologyReader } from "../keras/topology";
import type { NamedTensor } from "../named/tensor";
import { graphOf } from "./graph";
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
 * Layers models (as tfjs saves them and Keras is exported to them): any graph of the layers in `keras/operators`. Graph
 * models (as SavedModels are converted): any graph of the operators in `tfjs/operators`. Quantised weights become the float32 numbers that tfjs computes with.
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
    return compile(
      graph,
      tensorflowOperators,
      output === undefined ? output : (graph.signature.get(output) ?? output),
    );
  }
  return compileKeras("tfjs", layersModel(topology, weights), { output });
}

/** The layers model of a topology, as tfjs saves it or as Keras is exported. */
function layersModel(
  topology: Readonly<Record<string, unknown>>,
  weights: ReadonlyMap<string, NamedTensor>,
): KerasModel {
  const { model_config: exported } = topology;
  const model = exported === undefined ? topology : fieldsOf(exported, "model_config");
  const named = new NamedWeights(weights);
  const reader: TopologyReader = new TopologyReader("tfjs", versionOf(topology.keras_version), {
    of: (path) =>
      named.of(
        path[path.length - 1].name,
        path.slice(0, -1).map(({ name }) => name),
        (what): never => reader.fail(what),
      ),
  });
  return reader.read(typeof model.class_name === "string" ? model.class_name : "?", model.config);
}
