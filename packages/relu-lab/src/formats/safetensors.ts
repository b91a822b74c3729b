import { ReluNetwork, type LayerSpec } from "../network";
import { decodeNumbers, elementSize } from "./elements";

/** A named array of numbers, row-major. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

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

/** Names in the order a reader expects: "2.weight" before "10.weight". */
const byNumber = new Intl.Collator("en", { numeric: true }).compare;

/**
 * The network of dense layers whose weights a safetensors file holds, as PyTorch's `nn.Sequential` saves them.
 *
 * The file holds no activations: a ReLU is taken after every layer but the last.
 *
 * @param bytes the whole file: pairs `NAME.weight` of shape [outputs][inputs] and `NAME.bias` of shape [outputs] (zeros
 *   when missing), in the order of the numbers in their names
 * @returns the network in doubles
 * @throws TypeError that names the tensor which is no dense layer; RangeError when consecutive shapes do not fit
 * @example
 * networkFromSafetensors(fs.readFileSync("model.safetensors")).sizes; // [2, 16, 16, 1]
 */
export function networkFromSafetensors(bytes: Uint8Array): ReluNetwork {
  const tensors = readSafetensors(bytes);
  const names = [...tensors.keys()].filter((name) => /(^|\.)weight$/.test(name)).sort(byNumber);
  if (names.length === 0) {
    fail(`no tensor is called weight: there are ${[...tensors.keys()].slice(0, 5).join(", ") || "none"}`);
  }
  const used = new Set<string>();
  const specs = names.map((name, index): LayerSpec => {
    const { shape, values } = tensors.get(name)!;
    if (shape.length === 4) {
      fail(
        `"${name}" of shape [${shape}] is a convolution, whose stride and padding such a file does not hold: export ONNX`,
      );
    }
    if (shape.length !== 2 || values.length === 0)
      fail(`"${name}" of shape [${shape}] is not the weight of a dense layer`);
    const biasName = name.replace(/weight$/, "bias");
    const bias = tensors.get(biasName);
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== shape[0])) {
      fail(`"${biasName}" has the shape [${bias.shape}], but "${name}" gives ${shape[0]} outputs`);
    }
    used.add(name).add(biasName);
    return {
      W: values,
      b: bias?.values ?? new Float64Array(shape[0]),
      activation: index < names.length - 1 ? "relu" : "linear",
    };
  });
  const stray = [...tensors.keys()].find((name) => !used.has(name));
  if (stray !== undefined)
    fail(`"${stray}" belongs to no dense layer, so its part in the network is unknown`);
  return ReluNetwork.of(specs);
}
