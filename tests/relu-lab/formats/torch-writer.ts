// Pickles and PyTorch files, as the tests make them.
import { zipFile, type ZipOptions } from "./archive-writers";

/** A name of Python's. */
export class Name {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}
}
/** A call of a name. */
export class Reduce {
  constructor(
    readonly name: Name,
    readonly args: unknown[],
    /** What is set on the result, as a state dict's metadata is. */
    readonly state?: unknown,
  ) {}
}
/** What lies outside of the pickle. */
export class Outside {
  constructor(readonly key: unknown[]) {}
}

const text = (value: string) => {
  const bytes = Buffer.from(value);
  const head = Buffer.from([0x58, 0, 0, 0, 0]);
  head.writeUInt32LE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
};

/** Instructions that leave a value on the stack: tuples are arrays, lists are sets. */
function instructions(value: unknown): Buffer {
  if (value === null) return Buffer.from("N");
  if (typeof value === "boolean") return Buffer.from([value ? 0x88 : 0x89]);
  if (typeof value === "string") return text(value);
  if (typeof value === "number" && Number.isInteger(value)) {
    const bytes = Buffer.from([0x4a, 0, 0, 0, 0]);
    bytes.writeInt32LE(value, 1);
    return bytes;
  }
  if (typeof value === "number") {
    const bytes = Buffer.from([0x47, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  const all = (list: Iterable<unknown>) => Buffer.concat([...list].map(instructions));
  if (Array.isArray(value)) return Buffer.concat([Buffer.from("("), all(value), Buffer.from("t")]);
  if (value instanceof Set) return Buffer.concat([Buffer.from("]("), all(value), Buffer.from("e")]);
  if (value instanceof Map)
    return Buffer.concat([Buffer.from("}("), all([...value].flat()), Buffer.from("u")]);
  if (value instanceof Name) return Buffer.from(`c${value.module}\n${value.name}\n`);
  if (value instanceof Outside) return Buffer.concat([instructions(value.key), Buffer.from("Q")]);
  if (value instanceof Reduce) {
    const made = Buffer.concat([instructions(value.name), instructions(value.args), Buffer.from("R")]);
    return value.state === undefined
      ? made
      : Buffer.concat([made, instructions(value.state), Buffer.from("b")]);
  }
  throw new TypeError(`no pickle of ${String(value)}`);
}

export const pickle = (value: unknown): Buffer =>
  Buffer.concat([Buffer.from([0x80, 2]), instructions(value), Buffer.from(".")]);

export const orderedDict = (entries: Map<string, unknown>): Reduce =>
  new Reduce(new Name("collections", "OrderedDict"), [new Set([...entries])]);

/** Storages of a file, and tensors in them. */
export class Storages {
  readonly files: Record<string, Uint8Array> = {};

  /** A storage of a type such as "FloatStorage"; its key. */
  add(bytes: Uint8Array): string {
    const key = String(Object.keys(this.files).length);
    this.files[key] = bytes;
    return key;
  }

  /** A tensor in a storage. */
  static tensor(
    key: string,
    type: string,
    offset: number,
    sizes: readonly number[],
    strides: readonly number[],
  ): Reduce {
    const storage = new Outside(["storage", new Name("torch", type), key, "cpu", 1]);
    return new Reduce(new Name("torch._utils", "_rebuild_tensor_v2"), [
      storage,
      offset,
      [...sizes],
      [...strides],
      false,
      orderedDict(new Map()),
    ]);
  }

  /** A tensor of float32 in a storage of its own. */
  floats(shape: readonly number[], values: readonly number[]): Reduce {
    const key = this.add(new Uint8Array(Float32Array.from(values).buffer));
    const strides = shape.map((_, d) => shape.slice(d + 1).reduce((product, size) => product * size, 1));
    return Storages.tensor(key, "FloatStorage", 0, shape, strides);
  }
}

/** A PyTorch file. */
export function torchFile(
  value: unknown,
  { files }: Storages,
  more: Readonly<Record<string, string>> = {},
  options: ZipOptions = {},
): Buffer {
  const data = Object.entries(files).map(([key, bytes]): [string, Uint8Array] => [
    `model/data/${key}`,
    bytes,
  ]);
  return zipFile(
    {
      "model/data.pkl": pickle(value),
      "model/byteorder": "little",
      ...Object.fromEntries(data),
      "model/version": "3\n",
      ...more,
    },
    options,
  );
}
