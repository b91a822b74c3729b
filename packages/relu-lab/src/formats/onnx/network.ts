import { fromBlocks, ReluNetwork, type ImageShape } from "../../network";
import type { ReadBeside } from "../beside";
import { readGraph } from "./messages";
import { ourPlace } from "./state";
import { Walk } from "./walk";

/** A network that was read, and what its reader should know about it. */
export interface OnnxNetwork {
  /** Takes the model's input in the file's own order (channel, row, column). */
  readonly network: ReluNetwork;
  /** What was left out or rounded, a sentence each. */
  readonly notes: readonly string[];
}

/** The same network with its inputs in the file's order. */
function inFileOrder(network: ReluNetwork, shape: ImageShape): ReluNetwork {
  if (shape[2] === 1) return network;
  const [first, ...rest] = network.specs();
  const { inputs, outputs, weights } = network.layers[0];
  const W = new Float64Array(weights.length);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) W[o * inputs + i] = weights[o * inputs + ourPlace(shape, i)];
  return ReluNetwork.of([{ ...first, W }, ...rest]);
}

/**
 * The network that an ONNX file describes, without rounding a weight: dense layers, convolutions, average and max
 * pooling, ReLU and leaky ReLU, identity skips.
 *
 * @param bytes the whole file, as `torch.onnx.export` writes it
 * @param beside reads a file that lies beside the model, for weights kept outside of it
 * @returns the network, taking the input in the file's order (channel, row, column), and notes on what was left out
 * @throws TypeError that names the node or tensor which is not understood
 * @example
 * networkFromOnnx(fs.readFileSync("model.onnx")).network.sizes;
 */
export function networkFromOnnx(bytes: Uint8Array, beside?: ReadBeside): OnnxNetwork {
  const graph = readGraph(bytes);
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name));
  if (inputs.length !== 1) throw new TypeError(`ONNX: the model has ${inputs.length} inputs: one is needed`);
  const walk = new Walk(graph, inputs[0].name, inputs[0].shape, beside);
  const network = fromBlocks(walk.all(), walk.input);
  return {
    network: typeof walk.input === "number" ? network : inFileOrder(network, walk.input),
    notes: walk.notes,
  };
}
