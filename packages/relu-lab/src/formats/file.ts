import { networkFromJson, type NetworkJson, type ReluNetwork } from "../network";
import { parseFields } from "./json-text";
import { networkFromOnnx } from "./onnx/network";
import { networkFromSafetensors } from "./safetensors";
import { networkFromTfjs } from "./tfjs/network";

/** A network that was read from a file. */
export interface NetworkFile {
  readonly network: ReluNetwork;
  /** "json", "safetensors", "onnx" or "tfjs". */
  readonly format: "json" | "safetensors" | "onnx" | "tfjs";
  /** What was left out or rounded, a sentence each. */
  readonly notes: readonly string[];
  /** What stands beside the network in a JSON file of ours, such as its domain; empty for other formats. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * The network in a file, whatever its format: safetensors (.safetensors), ONNX (.onnx), a TensorFlow.js model.json with
 * its weights beside it, or this package's own JSON.
 *
 * @param file its path
 * @returns the network and what its reader should know about it
 * @throws Error when the file, or one that lies beside it, cannot be read; TypeError, RangeError or SyntaxError that names
 *   the layer, node or number which is not right
 * @example
 * const { network } = await formats.readNetwork("model.onnx");
 */
export async function readNetwork(file: string): Promise<NetworkFile> {
  const [fs, path] = await Promise.all([import("node:fs"), import("node:path")]); // the readers themselves run in a page too
  const bytes = fs.readFileSync(file);
  const beside = (name: string) => {
    const other = path.join(path.dirname(file), name);
    return fs.existsSync(other) ? fs.readFileSync(other) : undefined;
  };
  const nothing = { notes: [], fields: {} };
  switch (path.extname(file).toLowerCase()) {
    case ".safetensors":
      return { ...nothing, format: "safetensors", network: networkFromSafetensors(bytes) };
    case ".onnx":
      return { ...nothing, format: "onnx", ...networkFromOnnx(bytes, beside) };
  }
  const fields = parseFields(bytes.toString("utf8"));
  if (fields?.modelTopology !== undefined || fields?.weightsManifest !== undefined) {
    return { ...nothing, format: "tfjs", ...networkFromTfjs(fields, beside) };
  }
  const network = networkFromJson(fields as unknown as NetworkJson);
  return { ...nothing, format: "json", network, fields: fields ?? {} };
}
