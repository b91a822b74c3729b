import { isNameBeside, type ReadBeside } from "../beside";
import { decodeNumbers, elementSize } from "../elements";
import type { NamedTensor } from "../safetensors";

/** A weight as tfjs restores it. */
export interface Weight extends NamedTensor {
  /** "float32", "int32" or "bool". */
  readonly type: string;
}

/** tfjs's names of types, as far as weights and shapes use them. */
const types: Readonly<Record<string, string>> = {
  float32: "F32",
  int32: "I32",
  bool: "U8",
  float16: "F16",
  uint8: "U8",
  uint16: "U16",
};

function fail(what: string): never {
  throw new TypeError(`tfjs: ${what}`);
}

type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; a TypeError that names the place otherwise. */
export function fieldsOf(value: unknown, place: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(`${place} must be an object`);
  return value as Fields;
}

/** The value as an array; a TypeError that names the place otherwise. */
export function listOf(value: unknown, place: string): readonly unknown[] {
  return Array.isArray(value) ? value : fail(`${place} must be an array`);
}

function shard(path: unknown, beside: ReadBeside | undefined): Uint8Array {
  if (!isNameBeside(path)) {
    fail(`the weights lie in ${JSON.stringify(path)}, which is not a file beside the model`);
  }
  return beside?.(path) ?? fail(`the weights lie in ${path}, which is missing beside the model`);
}

/** The value as a text; a TypeError that names the place otherwise. */
export function textOf(value: unknown, place: string): string {
  return typeof value === "string" ? value : fail(`${place} must be a text`);
}

/** Numbers as tfjs gives them: what was quantised comes back as float32. */
function values(name: string, type: string, quantization: Fields | undefined, bytes: Uint8Array) {
  if (!quantization) return decodeNumbers(types[type], bytes);
  const { dtype, scale, min } = quantization;
  if (dtype === "float16") {
    if (type !== "float32") fail(`weight "${name}" is ${type} kept as float16, which tfjs has not`);
    return decodeNumbers("F16", bytes);
  }
  if (typeof scale !== "number" || typeof min !== "number" || typeof dtype !== "string") {
    fail(`weight "${name}" is kept as ${JSON.stringify(dtype)} without a scale and a min`);
  }
  const restore = type === "int32" ? Math.round : Math.fround;
  return decodeNumbers(types[dtype], bytes).map((v) => restore(v * scale + min));
}

/**
 * The weights of a tfjs model's manifest.
 *
 * @param manifest `weightsManifest` of model.json: groups of shards (`paths`) and the weights that lie in them
 * @param beside reads a shard
 * @returns name to shape and values; quantised weights as the float32 numbers that tfjs computes with
 * @throws TypeError that names the weight or shard which is missing, too short or of a type that is not known
 */
export function readManifest(manifest: unknown, beside?: ReadBeside): Map<string, Weight> {
  const found = new Map<string, Weight>();
  const read = new Set<unknown>();
  for (const [g, entry] of listOf(manifest, "weightsManifest").entries()) {
    const group = fieldsOf(entry, `weightsManifest[${g}]`);
    const shards = listOf(group.paths, `weightsManifest[${g}].paths`).map((path) => {
      // Else a model.json of some lines could ask for the same bytes a million times.
      if (read.has(path)) fail(`the shard ${JSON.stringify(path)} is named twice`);
      read.add(path);
      return shard(path, beside);
    });
    const bytes = new Uint8Array(shards.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of shards) {
      bytes.set(part, at);
      at += part.length;
    }
    at = 0;
    for (const [w, weight] of listOf(group.weights, `weightsManifest[${g}].weights`).entries()) {
      const spec = fieldsOf(weight, `weightsManifest[${g}].weights[${w}]`);
      const name = textOf(spec.name, `weightsManifest[${g}].weights[${w}].name`);
      const type = textOf(spec.dtype, `weight "${name}": dtype`);
      const shape = listOf(spec.shape, `weight "${name}": shape`) as number[];
      if (!shape.every((d) => Number.isSafeInteger(d) && d >= 0))
        fail(`weight "${name}" has the shape ${JSON.stringify(shape)}`);
      const quantization =
        spec.quantization === undefined
          ? undefined
          : fieldsOf(spec.quantization, `weight "${name}": quantization`);
      const kept = textOf(quantization?.dtype ?? type, `weight "${name}": quantization.dtype`);
      const allowed = quantization ? ["uint8", "uint16", "float16"] : ["float32", "int32", "bool"];
      if (!allowed.includes(kept) || !["float32", "int32", "bool"].includes(type)) {
        fail(
          `weight "${name}" has the type ${kept === type ? kept : `${type} kept as ${kept}`}, which is not known`,
        );
      }
      if (shape.length > 1 && shape.includes(0))
        fail(`weight "${name}" of shape [${shape}] holds no numbers`);
      const length = shape.reduce((product, d) => product * d, 1) * elementSize(types[kept])!;
      if (at + length > bytes.length) {
        fail(
          `weight "${name}" of shape [${shape}] ends at byte ${at + length}, but the shards ${group.paths} have ${bytes.length}: are they cut off?`,
        );
      }
      if (found.has(name)) fail(`weight "${name}" stands twice`);
      found.set(name, {
        type,
        shape,
        values: values(name, type, quantization, bytes.subarray(at, at + length)),
      });
      at += length;
    }
    if (at !== bytes.length) {
      fail(`the shards ${group.paths} have ${bytes.length} bytes, but their weights take ${at}`);
    }
  }
  return found;
}
