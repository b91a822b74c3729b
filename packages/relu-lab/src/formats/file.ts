import { networkFromJson, type NetworkJson, type ReluNetwork } from "../network";
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

/** Where a text has a NaN or Infinity outside of quotes, as other languages write them; JSON has no such numbers. */
function notANumber(text: string): string {
  const found = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
  for (const match of text.matchAll(found)) {
    if (match[0].startsWith('"')) continue;
    const before = text.slice(0, match.index).split("\n");
    return ` (${match[0]} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: numbers must be finite)`;
  }
  return "";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`not JSON${notANumber(text)}: ${(error as Error).message}`);
  }
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
  // Some editors begin a file with a byte order mark. A text in the file is not a document inside the document.
  const document = parsed(bytes.toString("utf8").replace(/^\uFEFF/, ""));
  const fields = (typeof document === "string" ? null : document) as Record<string, unknown> | null;
  if (fields?.modelTopology !== undefined || fields?.weightsManifest !== undefined) {
    return { ...nothing, format: "tfjs", ...networkFromTfjs(fields, beside) };
  }
  const network = networkFromJson(fields as unknown as NetworkJson);
  return { ...nothing, format: "json", network, fields: fields ?? {} };
}
