import type { NamedTensor } from "../named/tensor";

/** What is read of an HDF5 file: the texts among its attributes, and its arrays by their paths. */
export interface Hdf5 {
  readonly attributes: ReadonlyMap<string, string>;
  readonly arrays: ReadonlyMap<string, NamedTensor>;
}

/** Whether bytes begin as an HDF5 file does. */
export const isHdf5 = (bytes: Uint8Array): boolean =>
  [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);

/** Groups and arrays of one file, and how deep they lie. */
const mostEntries = 20_000;
const deepest = 30;

/** What is used of h5wasm, whose own types are those of a module of another kind. */
interface Library {
  readonly ready: Promise<{ readonly FS: MemoryFiles; activate_throwing_error_handler?: () => unknown }>;
  readonly Group: new (...of: never[]) => Group;
  readonly Dataset: new (...of: never[]) => Dataset;
  readonly File: new (
    name: string,
    mode: "r",
  ) => Group & { readonly attrs: Readonly<Record<string, Dataset>>; close(): void };
}
/** Files in the library's own memory. */
interface MemoryFiles {
  writeFile(name: string, bytes: Uint8Array): void;
  unlink(name: string): void;
}
interface Group {
  keys(): string[];
  get(path: string): unknown;
}
interface Dataset {
  readonly metadata: {
    readonly type: number;
    readonly size: number;
    readonly shape: readonly number[] | null;
    readonly total_size: number;
  };
  readonly value: unknown;
}

let loaded: Promise<{ library: Library; files: MemoryFiles }> | undefined;
let count = 0;
/** Whether a damaged file has made the library's code fail: what is in its memory then is not to be trusted. */
let isBroken = false;

/** Traps of WebAssembly and overflows of its stack, other than what the library itself finds wrong. */
const isTrap = (error: unknown) =>
  error instanceof RangeError || (error as Error | undefined)?.name === "RuntimeError";

/** The HDF5 library, compiled to WebAssembly (4 MB, half a second): loaded when a file first wants it. */
function load(): NonNullable<typeof loaded> {
  loaded ??= import("h5wasm").then(async (module) => {
    const library = module as unknown as Library;
    const { FS: files, activate_throwing_error_handler: throwing } = await library.ready;
    throwing?.(); // else the library prints what it finds wrong
    return { library, files };
  });
  return loaded;
}

/** Reads the arrays below a group. */
class Walk {
  readonly arrays = new Map<string, NamedTensor>();
  private entries = 0;

  constructor(
    private readonly library: Library,
    private budget: number,
    private readonly wanted: (path: string) => boolean,
    private readonly fail: (what: string) => never,
  ) {}

  visit(entity: unknown, path: string, depth: number): void {
    if (++this.entries > mostEntries || depth > deepest) this.fail("the HDF5 holds groups without end");
    const { Group, Dataset } = this.library;
    if (entity instanceof Dataset) {
      if (this.wanted(path)) this.array(entity, path);
    } else if (entity instanceof Group) {
      for (const name of entity.keys()) {
        const below = path === "" ? name : `${path}/${name}`;
        if (this.wanted(below)) this.visit(entity.get(name), below, depth + 1);
      }
    }
  }

  private array(dataset: Dataset, path: string): void {
    const { type, size, shape, total_size: total } = dataset.metadata;
    // Texts and structures stand beside the weights, and are none.
    if (type !== 0 && type !== 1) return;
    const own = [...(shape ?? [])].map(Number);
    const numbers = own.reduce((product, d) => product * d, 1);
    if (!(numbers >= 0) || own.length > 16 || !(size >= 1 && size <= 8) || Number(total) !== numbers)
      this.fail(`the array "${path}" has the shape [${own}]`);
    // An array may claim numbers that were never written: the file does not grow by them.
    this.budget -= numbers;
    if (this.budget < 0)
      this.fail(`the array "${path}" of shape [${own}] holds more numbers than the file has room for`);
    const value = dataset.value as ArrayLike<number | bigint> | number | bigint | null;
    const list = typeof value === "number" || typeof value === "bigint" ? [value] : (value ?? []);
    const values = Float64Array.from(list as ArrayLike<number>, Number);
    if (values.length !== numbers)
      this.fail(`the array "${path}" of shape [${own}] has ${values.length} numbers`);
    this.arrays.set(path, { shape: own, values });
  }
}

/** Reads an HDF5 file, once the library is there. */
export type ReadHdf5 = (
  bytes: Uint8Array,
  wanted: (path: string) => boolean,
  fail: (what: string) => never,
) => Hdf5;

/** What an exception of the library says: the last line of its report is the cause. */
function saidBy(error: unknown): string {
  const lines = String((error as Error | undefined)?.message ?? error).split("\n");
  const cause = lines
    .filter((line) => /^\s*#\d+: /.test(line))
    .at(-1)
    ?.replace(/^.*\(\): /, "");
  return (cause ?? lines[0]).slice(0, 100);
}

/**
 * Loads the HDF5 library.
 *
 * @returns a function of a whole file's bytes, of which groups and arrays are wanted (by their paths), and of what refuses
 *   the file
 */
export async function openHdf5(): Promise<ReadHdf5> {
  const { library, files } = await load();
  return (bytes, wanted, fail) => {
    if (!isHdf5(bytes)) return fail("the weights are no HDF5: are they damaged?");
    if (isBroken)
      return fail(
        "a damaged HDF5 before this one has stopped the library that reads them: start the program anew",
      );
    const name = `${++count}.h5`;
    files.writeFile(name, bytes);
    let file: InstanceType<Library["File"]> | undefined;
    let refusal: string | undefined;
    const refuse = (what: string): never => {
      refusal = what;
      throw new Error(what);
    };
    try {
      file = new library.File(name, "r");
      // Compressed zeros are the most that a file of this size can hold.
      const walk = new Walk(library, Math.min(2 ** 27, 2 ** 20 + 25 * bytes.length), wanted, refuse);
      walk.visit(file.get("/"), "", 0);
      return { attributes: texts(file.attrs), arrays: walk.arrays };
    } catch (error) {
      if (refusal === undefined && isTrap(error)) {
        isBroken = true;
        return fail("the HDF5 is damaged, and the library that reads it has broken off");
      }
      return fail(refusal ?? `the HDF5 cannot be read, as it is damaged or cut off (${saidBy(error)})`);
    } finally {
      try {
        if (!isBroken) file?.close();
      } catch {
        // What is damaged may not close either.
      }
      files.unlink(name);
    }
  };
}

/** Attributes that are one text. */
function texts(attributes: Readonly<Record<string, Dataset>>): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, attribute] of Object.entries(attributes)) {
    const { type, total_size: total } = attribute.metadata;
    if (type !== 3 || Number(total) !== 1) continue;
    const { value } = attribute;
    if (typeof value === "string") found.set(key, value);
  }
  return found;
}
