import { networkFromJson, type NetworkJson, type ReluNetwork } from "../network";
import type { Port } from "./graph/compile";
import { parseFields } from "./json-text";
import { networkFromOnnx } from "./onnx/network";
import { chainFromSafetensors } from "./safetensors";
import type { ChainOptions } from "./named/tensor";
import { networkFromTfjs } from "./tfjs/network";

/** A network that was read from a file. */
export interface NetworkFile {
  readonly network: ReluNetwork;
  /** "json", "safetensors", "onnx" or "tfjs". */
  readonly format: "json" | "safetensors" | "onnx" | "tfjs";
  /** What was assumed, left out or rounded, a sentence each. */
  readonly notes: readonly string[];
  /** The inputs by the file's names, in the order in which the network takes their numbers, and their shapes. */
  readonly inputs: readonly Port[];
  /** The output that was read, and its shape. */
  readonly outputs: readonly Port[];
  /** What stands beside the network in a JSON file of ours, such as its domain; empty for other formats. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How a file is read. */
export interface ReadOptions extends ChainOptions {
  /** The name of the output that is wanted, where a file has several; the first when not given. */
  readonly output?: string;
  /** Whether the normalisation that a file holds beside its layers (.nnet) is left out. */
  readonly raw?: boolean;
}

/** Bytes that a packed file may have, so that a small one cannot fill the memory. */
const mostUnpacked = 2 ** 30;

/** The bytes of a `.gz` file, and its name without that ending. */
async function unpacked(file: string, bytes: Uint8Array): Promise<[name: string, bytes: Uint8Array]> {
  if (!/\.gz$/i.test(file)) return [file, bytes];
  const zlib = await import("node:zlib");
  try {
    return [file.slice(0, -3), zlib.gunzipSync(bytes, { maxOutputLength: mostUnpacked })];
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    const what = tooLarge ? `it unpacks to more than ${mostUnpacked} bytes` : "it is damaged or no gzip file";
    throw new TypeError(`gzip: the file cannot be unpacked: ${what}`, { cause: error });
  }
}

/** What formats without names say of a network's inputs and outputs. */
const unnamed = ({ inputs, outputs }: ReluNetwork) => ({
  inputs: [{ name: "input", shape: [inputs] }],
  outputs: [{ name: "output", shape: [outputs] }],
});

/**
 * The network in a file, whatever its format: safetensors (.safetensors), ONNX (.onnx), a TensorFlow.js model.json with
 * its weights beside it, or this package's own JSON; each of them also packed with gzip (.gz).
 *
 * @param file its path
 * @param options which output
 * @returns the network, the names of its inputs and of its output, and what its reader should know about it
 * @throws Error when the file, or one that lies beside it, cannot be read; TypeError, RangeError or SyntaxError that names
 *   the layer, node or number which is not right
 * @example
 * const { network, notes } = await formats.readNetwork("model.onnx");
 */
export async function readNetwork(file: string, options: ReadOptions = {}): Promise<NetworkFile> {
  const [fs, path] = await Promise.all([import("node:fs"), import("node:path")]); // the readers themselves run in a page too
  const [name, bytes] = await unpacked(file, fs.readFileSync(file));
  const beside = (name: string) => {
    const other = path.join(path.dirname(file), name);
    return fs.existsSync(other) ? fs.readFileSync(other) : undefined;
  };
  const nothing = { notes: [], fields: {} };
  const onlyOutput = (format: string) => {
    if (options.output === undefined) return;
    throw new TypeError(`${format}: the file has one output without a name, so "${options.output}" is none`);
  };
  switch (path.extname(name).toLowerCase()) {
    case ".safetensors": {
      onlyOutput("safetensors");
      const read = chainFromSafetensors(bytes, options);
      return { ...nothing, ...unnamed(read.network), format: "safetensors", ...read };
    }
    case ".onnx":
      return { ...nothing, format: "onnx", ...networkFromOnnx(bytes, beside, options) };
  }
  const fields = parseFields(new TextDecoder().decode(bytes));
  if (fields?.modelTopology !== undefined || fields?.weightsManifest !== undefined) {
    return { ...nothing, format: "tfjs", ...networkFromTfjs(fields, beside, options) };
  }
  onlyOutput("network JSON");
  const network = networkFromJson(fields as unknown as NetworkJson);
  return { ...nothing, ...unnamed(network), format: "json", network, fields: fields ?? {} };
}
