import type { ReluNetwork } from "../network";
import { decodeNumbers, elementSize } from "./elements";
import { networkFromTensors, type ChainNetwork, type NamedFormat } from "./named/chain";
import type { ChainOptions, NamedTensor } from "./named/tensor";

export type { NamedTensor };

const headerLimit = 100_000_000;

function fail(what: string): never {
  throw new TypeError(`safetensors: ${what}`);
}

function wholeNumbers(value: unknown, place: string): number[] {
  if (!Array.isArray(value)) fail(`${place} must be an array of whole numbers`);
  for (const v of value) {
    if (!Number.isSafeInteger(v) || (v as number) < 0) fail(`${place} holds ${JSON.stringify(v)}`);
  }
  return value as number[];
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  if (bytes.length < 8) fail(`${bytes.length} bytes are too few for a header`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > headerLimit || 8 + length > bytes.length) {
    fail(`the header claims ${length} bytes, but the file has ${bytes.length - 8} after its first eight`);
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch {
    fail("the header is not JSON: is this a safetensors file?");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    fail("the header must be an object of tensors");
  }
  return { header: header as Record<string, unknown>, start: 8 + length };
}

/**
 * The tensors of a safetensors file, as doubles.
 *
 * @param bytes the whole file
 * @returns name to shape and values, in the order of the header; F64, F32, F16, BF16 and integers become doubles exactly
 *   (64-bit integers where they are at most 2^53)
 * @throws TypeError that names the tensor and what is wrong with it
 * @example
 * readSafetensors(fs.readFileSync("model.safetensors")).get("0.weight")?.shape; // [16, 2]
 */
export function readSafetensors(bytes: Uint8Array): Map<string, NamedTensor> {
  const { header, start } = readHeader(bytes);
  const tensors = new Map<string, NamedTensor>();
  let taken = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    if (typeof entry !== "object" || entry === null) fail(`tensor "${name}" must be an object`);
    const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
    const dimensions = wholeNumbers(shape, `tensor "${name}": shape`);
    const [from, to, ...more] = wholeNumbers(offsets, `tensor "${name}": data_offsets`);
    const type = typeof dtype === "string" ? dtype : "";
    const size = elementSize(type);
    if (size === undefined)
      fail(`tensor "${name}" has the type ${JSON.stringify(dtype)}, which is not known`);
    const count = dimensions.reduce((product, d) => product * d, 1);
    if (to === undefined || more.length > 0 || to - from !== count * size || start + to > bytes.length) {
      fail(
        `tensor "${name}" of shape [${dimensions}] (${type}) does not fill bytes ${from} to ${to} of ${bytes.length - start}`,
      );
    }
    // Else a small file could name the same bytes a million times, and each time they would become doubles.
    taken += to - from;
    if (taken > bytes.length - start) fail(`tensor "${name}" shares its bytes with another tensor`);
    tensors.set(name, {
      shape: dimensions,
      values: decodeNumbers(type, bytes.subarray(start + from, start + to)),
    });
  }
  return tensors;
}

/** What the names of safetensors say: they are PyTorch's, or those of who else writes this format. */
const named: NamedFormat = { format: "safetensors", weightsAreRows: true, mayHoldOthers: false };

/**
 * As {@link networkFromSafetensors}, with what was assumed.
 *
 * @throws TypeError or RangeError that names the tensor which is no part of a chain of dense layers
 */
export function chainFromSafetensors(bytes: Uint8Array, options: ChainOptions = {}): ChainNetwork {
  return networkFromTensors(readSafetensors(bytes), options, named);
}

/**
 * The network of dense layers and batch normalisations whose weights a safetensors file holds.
 *
 * The file holds no activations: a ReLU is taken after every layer but the last, unless the options say otherwise.
 *
 * @param bytes the whole file: pairs `NAME.weight` of shape [outputs][inputs] (or `NAME.kernel` of shape
 *   [inputs][outputs], as Flax saves it) and `NAME.bias` of shape [outputs] (zeros when missing), in the order of the
 *   numbers in their names, or in the only order in which their shapes fit
 * @param options activations and order of layers
 * @returns the network in doubles
 * @throws TypeError that names the tensor which is no dense layer, or the orders that are possible
 * @example
 * networkFromSafetensors(fs.readFileSync("model.safetensors")).sizes; // [2, 16, 16, 1]
 */
export function networkFromSafetensors(bytes: Uint8Array, options: ChainOptions = {}): ReluNetwork {
  return chainFromSafetensors(bytes, options).network;
}
