import { networkFromJson, ReluNetwork, type NetworkJson } from "../network";
import type { ReadBeside } from "./beside";
import type { Port } from "./graph/compile";
import { parseFields } from "./json-text";
import type { ChainOptions } from "./named/tensor";
import { networkFromHdf5, networkFromKeras } from "./keras/files";
import { networkFromNnet } from "./nnet";
import { networkFromNpz } from "./numpy/network";
import { networkFromOnnx } from "./onnx/network";
import { formatOf, refuseFolder, type Format } from "./recognise";
import { chainFromSafetensors } from "./safetensors";
import { networkFromTfjs } from "./tfjs/network";
import { networkFromTorch } from "./torch/network";

/** A network that was read from a file. */
export interface NetworkFile {
  readonly network: ReluNetwork;
  /** "json", "safetensors", "onnx", "tfjs", "torch" (.pt, .pth), "npz", "nnet", "h5" or "keras". */
  readonly format: Format;
  /** What was assumed, left out or rounded, a sentence each. */
  readonly notes: readonly string[];
  /** The inputs by the file's names, in the order in which the network takes their numbers, and their shapes. */
  readonly inputs: readonly Port[];
  /** The output that was read, and its shape. */
  readonly outputs: readonly Port[];
  /** What stands beside the network in its file, such as its domain; empty for formats that hold no such thing. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How a file is read. */
export interface ReadOptions extends ChainOptions {
  /** The name of the output that is wanted, where a file has several; the first when not given. */
  readonly output?: string;
  /** Whether the normalisation that a .nnet file holds beside its layers is left out. */
  readonly raw?: boolean;
}

/** Bytes that a packed file may have, so that a small one cannot fill the memory. */
const mostUnpacked = 2 ** 30;

/** The bytes of a file packed with gzip, and its name without the ending that says so. */
async function unpacked(file: string, bytes: Uint8Array): Promise<[name: string, bytes: Uint8Array]> {
  if (!/\.gz$/i.test(file) && !(bytes[0] === 0x1f && bytes[1] === 0x8b)) return [file, bytes];
  const zlib = await import("node:zlib");
  try {
    return [file.replace(/\.gz$/i, ""), zlib.gunzipSync(bytes, { maxOutputLength: mostUnpacked })];
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

type Read = Pick<NetworkFile, "network"> & Partial<NetworkFile>;

/** Formats that hold weights alone, so that their reader has to be told more. */
const withoutGraph: ReadonlySet<Format> = new Set<Format>(["safetensors", "torch", "npz"]);

async function parsed(
  format: Format,
  bytes: Uint8Array,
  beside: ReadBeside,
  options: ReadOptions,
): Promise<Read> {
  switch (format) {
    case "safetensors":
      return chainFromSafetensors(bytes, options);
    case "torch":
      return networkFromTorch(bytes, options);
    case "npz":
      return networkFromNpz(bytes, options);
    case "nnet": {
      const { lo, hi, ...read } = networkFromNnet(new TextDecoder().decode(bytes), options);
      return { ...read, fields: { domain: { type: "box", lo, hi } } };
    }
    case "onnx":
      return networkFromOnnx(bytes, beside, options);
    case "h5":
    case "keras":
      return (format === "h5" ? networkFromHdf5 : networkFromKeras)(bytes, options);
  }
  const fields = parseFields(new TextDecoder().decode(bytes));
  if (fields?.modelTopology !== undefined || fields?.weightsManifest !== undefined)
    return { format: "tfjs", ...networkFromTfjs(fields, beside, options) };
  if (typeof fields?.class_name === "string" && fields.config !== undefined)
    throw new TypeError(
      'the file is the architecture of a Keras model without its weights: save both with model.save("model.keras")',
    );
  return { network: networkFromJson(fields as unknown as NetworkJson), fields: fields ?? {} };
}

/** A ReLU behind the output. */
function capped(network: ReluNetwork): ReluNetwork {
  const specs = network.specs();
  const last = specs[specs.length - 1];
  return ReluNetwork.of([...specs.slice(0, -1), { ...last, activation: "relu" }]);
}

/** Refuses what is asked of a format that says it itself, and puts a ReLU behind the output where it is asked for. */
function withOptions(read: Read, format: Format, options: ReadOptions): Read {
  const fail = (what: string): never => {
    throw new TypeError(`${format}: ${what}`);
  };
  if (options.output !== undefined && !read.outputs)
    fail(`the file has one output without a name, so "${options.output}" is none`);
  if (options.raw !== undefined && options.raw && format !== "nnet")
    fail("the file holds no normalisation beside its layers, so there is none to leave out (raw, --raw)");
  // An .h5 may hold a model, with names of its inputs, or weights alone.
  if (withoutGraph.has(format) || (format === "h5" && read.inputs === undefined)) return read;
  if (options.activation !== undefined)
    fail("the file says its activations itself (activation, --activation)");
  if (options.layers !== undefined) fail("the file says the order of its layers itself (layers, --layers)");
  if (options.last === undefined) return read;
  const isCapped = read.network.layers.at(-1)!.activation === "relu";
  if (options.last === "linear" && isCapped) fail("the file has a ReLU on its output (last, --last)");
  return options.last === "linear" || isCapped
    ? read
    : {
        ...read,
        network: capped(read.network),
        notes: [...(read.notes ?? []), "a ReLU stands behind the output, as it was asked for"],
      };
}

/**
 * The network in a file, whatever its format: ONNX (.onnx), safetensors, a PyTorch state dict (.pt, .pth), Keras (.keras,
 * .h5), a TensorFlow.js model.json with its weights beside it, NumPy arrays (.npz), .nnet, or this package's own JSON;
 * each of them also packed with gzip (.gz). What a file is follows from what it holds, not only from its name.
 *
 * @param file its path
 * @param options which output, and what a file of weights alone does not say
 * @returns the network, the names of its inputs and of its output, and what its reader should know about it
 * @throws Error when the file, or one that lies beside it, cannot be read; TypeError, RangeError or SyntaxError that names
 *   the layer, node or number which is not right, or what a file of another kind is and what to do
 * @example
 * const { network, notes } = await formats.readNetwork("model.onnx");
 */
export async function readNetwork(file: string, options: ReadOptions = {}): Promise<NetworkFile> {
  const [fs, path] = await Promise.all([import("node:fs"), import("node:path")]); // the readers themselves run in a page too
  if (fs.statSync(file).isDirectory()) refuseFolder(fs.readdirSync(file));
  const [name, bytes] = await unpacked(file, fs.readFileSync(file));
  const beside = (other: string) => {
    const at = path.join(path.dirname(file), other);
    return fs.existsSync(at) ? fs.readFileSync(at) : undefined;
  };
  const format = formatOf(bytes, path.extname(name).toLowerCase());
  const read = withOptions(await parsed(format, bytes, beside, options), format, options);
  return { format, notes: [], fields: {}, ...unnamed(read.network), ...read };
}
