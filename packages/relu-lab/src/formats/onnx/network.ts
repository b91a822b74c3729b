import type { ReadBeside } from "../beside";
import { compile, type Compiled } from "../graph/compile";
import { onnxOperators } from "../graph/operators";
import { graphOf } from "./graph";
import { readModel } from "./messages";

/** A network that was read, with the names of its inputs and outputs, and what its reader should know about it. */
export type OnnxNetwork = Compiled;

/** How an ONNX file is read. */
export interface FromOnnxOptions {
  /** The name of the output that is wanted; the graph's first when not given. */
  readonly output?: string;
}

/**
 * The network that an ONNX file describes, without rounding a weight: any graph of the operators in `graph/operators`,
 * lowered to sparse layers of ReLUs.
 *
 * Exact are all weights that are moved, added or negated; rounded to doubles (and said so in the notes) are reciprocals
 * and the factors of a batch normalisation; constants of float32 that the graph computes are rounded as float32 is.
 *
 * @param bytes the whole file, as `torch.onnx.export` writes it
 * @param beside reads a file that lies beside the model, for weights kept outside of it
 * @param options which output
 * @returns the network, taking the input in the file's order, for a batch of one where the batch is open
 * @throws TypeError or RangeError that names the node or tensor which is not understood, the reason and the remedy
 * @example
 * networkFromOnnx(fs.readFileSync("model.onnx")).network.sizes;
 */
export function networkFromOnnx(
  bytes: Uint8Array,
  beside?: ReadBeside,
  { output }: FromOnnxOptions = {},
): OnnxNetwork {
  return compile(graphOf(readModel(bytes), beside), onnxOperators, output);
}
