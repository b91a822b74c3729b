import type { Archive } from "../archive/zip";
import { decodeNumbers, elementSize } from "../elements";
import type { NamedTensor } from "../named/tensor";
import { Persistent, PythonName, type Call, type Dictionary } from "./pickle";

/** A tensor of a state dict. */
export class TorchTensor implements NamedTensor {
  constructor(
    readonly shape: readonly number[],
    readonly values: Float64Array,
  ) {}
}

/** Types of storages and of tensors, as the elements that they hold. */
const types: Readonly<Record<string, string>> = {
  DoubleStorage: "F64",
  FloatStorage: "F32",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  LongStorage: "I64",
  IntStorage: "I32",
  ShortStorage: "I16",
  CharStorage: "I8",
  ByteStorage: "U8",
  BoolStorage: "U8",
  float64: "F64",
  float32: "F32",
  float16: "F16",
  bfloat16: "BF16",
  int64: "I64",
  int32: "I32",
  int16: "I16",
  int8: "I8",
  uint8: "U8",
  bool: "U8",
};

const typeOf = (name: unknown): string | undefined => {
  const own = name instanceof PythonName ? /^torch\.(\w+)$/.exec(name.name)?.[1] : undefined;
  return own !== undefined && Object.prototype.hasOwnProperty.call(types, own) ? types[own] : undefined;
};

/** Numbers that all tensors may hold together, beside what their storages do: some share one. */
const mostNumbers = 2 ** 27;

/** Rebuilds tensors from the storages in an archive. */
export class Tensors {
  private readonly storages = new Map<string, Float64Array>();
  private stored = 0;
  private given = 0;

  constructor(
    private readonly archive: Archive,
    private readonly prefix: string,
    private readonly fail: (what: string) => never,
  ) {}

  private storage(pointer: unknown, type: string | undefined): Float64Array {
    const key = pointer instanceof Persistent ? pointer.key : undefined;
    if (!Array.isArray(key) || key[0] !== "storage" || typeof key[2] !== "string")
      return this.fail("the pickle rebuilds a tensor from what is no storage");
    const own = type ?? typeOf(key[1]);
    const shown = key[1] instanceof PythonName ? key[1].name : "a type without a name";
    if (own === undefined)
      return this.fail(
        `the pickle holds a tensor of ${shown}: floating point, integers and truth values are read`,
      );
    const name = `${own} ${key[2]}`;
    const known = this.storages.get(name);
    if (known) return known;
    const bytes = this.archive.read(`${this.prefix}data/${key[2]}`);
    const count = Math.floor(bytes.length / elementSize(own)!);
    this.stored += count;
    if (this.stored > mostNumbers) this.fail(`its storages hold more than ${mostNumbers} numbers`);
    const values = decodeNumbers(own, bytes.subarray(0, count * elementSize(own)!));
    this.storages.set(name, values);
    return values;
  }

  /** A tensor by its storage, offset, sizes and strides. */
  private rebuild([pointer, offset, sizes, strides]: readonly unknown[], type?: string): TorchTensor {
    const whole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
    const list = (value: unknown): value is number[] => Array.isArray(value) && value.every(whole);
    if (
      !whole(offset) ||
      !list(sizes) ||
      !list(strides) ||
      sizes.length !== strides.length ||
      sizes.length > 16
    )
      return this.fail("the pickle rebuilds a tensor from sizes that are none");
    const storage = this.storage(pointer, type);
    const count = sizes.reduce((product, d) => product * d, 1);
    const last = sizes.reduce((sum, d, k) => sum + (d - 1) * strides[k], offset);
    if (count > 0 && !(last < storage.length))
      this.fail(
        `a tensor of shape [${sizes}] reaches to number ${last + 1} of a storage of ${storage.length}`,
      );
    this.given += count;
    // Strides of 0 and shared storages could make a million numbers of each that is kept.
    if (count > storage.length || this.given > 4 * this.stored + 65_536)
      this.fail(`a tensor of shape [${sizes}] repeats the numbers of its storage: save it with .clone()`);
    const values = new Float64Array(count);
    const at = new Array<number>(sizes.length).fill(0);
    let from = offset;
    for (let i = 0; i < count; i++) {
      values[i] = storage[from];
      for (let d = sizes.length - 1; d >= 0; d--) {
        from += strides[d];
        if (++at[d] < sizes[d]) break;
        from -= strides[d] * sizes[d];
        at[d] = 0;
      }
    }
    return new TorchTensor(sizes, values);
  }

  private readonly calls: Readonly<Record<string, Call | "refer">> = {
    "collections.OrderedDict": (args) => this.ordered(args),
    "torch._utils._rebuild_tensor": (args) => this.rebuild(args),
    "torch._utils._rebuild_tensor_v2": (args) => this.rebuild(args),
    "torch._utils._rebuild_tensor_v3": (args) =>
      this.rebuild(
        args,
        typeOf(args[6]) ?? this.fail("the pickle rebuilds a tensor of a type that is not known"),
      ),
    "torch._utils._rebuild_parameter": (args) => args[0],
    "torch._utils._rebuild_parameter_with_state": (args) => args[0],
    "torch.Size": (args) => args[0],
    "torch.device": (args) => args[0],
    "torch.storage.UntypedStorage": "refer",
    "torch.storage._UntypedStorage": "refer",
  };

  private ordered([pairs]: readonly unknown[]): Dictionary {
    const list: readonly unknown[] = Array.isArray(pairs) ? (pairs as unknown[]) : [];
    return new Map(
      list.map((pair): [unknown, unknown] =>
        Array.isArray(pair) && pair.length === 2
          ? [pair[0], pair[1]]
          : this.fail("the pickle makes a dictionary of what are no pairs"),
      ),
    );
  }

  /** What a name of a pickle is called with. */
  readonly known = (name: string): Call | "refer" | undefined => {
    if (Object.prototype.hasOwnProperty.call(this.calls, name)) return this.calls[name];
    return /^torch\.(\w+Storage|(float|bfloat|u?int|bool|complex|q?u?int)\d*(_t)?)$/.test(name)
      ? "refer"
      : undefined;
  };
}
