/** A name of Python's that a pickle refers to, such as `collections OrderedDict`. */
export class PythonName {
  constructor(readonly name: string) {}
}

/** What a pickle keeps outside of itself: the tuple that says where. */
export class Persistent {
  constructor(readonly key: unknown) {}
}

/** A call of a name that the reader knows. */
export type Call = (args: readonly unknown[]) => unknown;

/** A dictionary; its keys are texts, numbers or whatever stands there. */
export type Dictionary = Map<unknown, unknown>;

/** Values of one pickle: a memo of 2^20 takes some 100 MiB at the very most. */
const mostSteps = 2 ** 22;

/** A mark on the stack. */
const mark = Symbol("mark");

/**
 * Interprets a pickle, without running anything: numbers, texts, lists, tuples, dictionaries, and calls of the names
 * given here. Every other name is refused when it is met, and every opcode that is not listed.
 *
 * @param bytes the pickle
 * @param known the names that may be called, each with what its call gives; a name without a call may only be referred to
 * @param fail refuses the file
 * @returns its value
 */
export function readPickle(
  bytes: Uint8Array,
  known: (name: string) => Call | "refer" | undefined,
  fail: (what: string) => never,
): unknown {
  return new Machine(bytes, known, fail).run();
}

class Machine {
  private readonly view: DataView;
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();
  private readonly decoder = new TextDecoder();
  private at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly known: (name: string) => Call | "refer" | undefined,
    private readonly fail: (what: string) => never,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The place of the next `count` bytes. */
  private skip(count: number): number {
    if (!(this.at + count <= this.bytes.length)) this.fail("the pickle is cut off");
    return (this.at += count) - count;
  }

  private text(length: number): string {
    const from = this.skip(length);
    return this.decoder.decode(this.bytes.subarray(from, from + length));
  }

  private line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) this.fail("the pickle is cut off");
    const text = this.decoder.decode(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }

  private pop(): unknown {
    if (this.stack.length === 0) this.fail("the pickle takes a value from an empty stack");
    const value = this.stack.pop();
    return value === mark ? this.fail("the pickle takes a mark for a value") : value;
  }

  private get top(): unknown {
    const value = this.stack.at(-1);
    return value === undefined || value === mark
      ? this.fail("the pickle has no value where it needs one")
      : value;
  }

  /** What stands above the last mark. */
  private marked(): unknown[] {
    const from = this.stack.lastIndexOf(mark);
    if (from < 0) this.fail("the pickle has no mark where it needs one");
    const values = this.stack.splice(from);
    return values.slice(1);
  }

  private long(length: number): number {
    if (length > 8) this.fail(`the pickle holds a whole number of ${length} bytes`);
    const from = this.skip(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[from + i]);
    const number = Number(BigInt.asIntN(8 * Math.max(length, 1), value));
    return Number.isSafeInteger(number) ? number : this.fail(`the pickle holds the whole number ${value}`);
  }

  private name(module: string, name: string): PythonName {
    const full = `${module}.${name}`;
    if (this.known(full) === undefined)
      this.fail(
        `the pickle asks for ${full}, which is not run: only tensors, numbers, texts, lists, tuples and dictionaries are read`,
      );
    return new PythonName(full);
  }

  private called(name: unknown, args: unknown): unknown {
    const call = name instanceof PythonName ? this.known(name.name) : undefined;
    if (!(name instanceof PythonName) || typeof call !== "function")
      return this.fail(`the pickle calls ${name instanceof PythonName ? name.name : "what is no name"}`);
    return Array.isArray(args)
      ? call(args)
      : this.fail(`the pickle calls ${name.name} with what are no arguments`);
  }

  private setItems(values: readonly unknown[]): void {
    const target = this.top;
    if (!(target instanceof Map) || values.length % 2 !== 0)
      return this.fail("the pickle sets items of what is no dictionary");
    for (let i = 0; i < values.length; i += 2) target.set(values[i], values[i + 1]);
  }

  private append(values: readonly unknown[]): void {
    const target = this.top;
    if (!Array.isArray(target)) return this.fail("the pickle appends to what is no list");
    for (const value of values) target.push(value);
  }

  run(): unknown {
    for (let step = 0; step < mostSteps; step++) {
      const op = this.bytes[this.skip(1)];
      if (op === 0x2e) return this.pop();
      this.step(op);
    }
    return this.fail(`the pickle takes more than ${mostSteps} steps`);
  }

  private step(op: number): void {
    const { stack, view } = this;
    switch (op) {
      case 0x80: // protocol
        return void this.skip(1);
      case 0x95: // frame
        return void this.skip(8);
      case 0x28:
        return void stack.push(mark);
      case 0x30: // pop
        return void stack.pop();
      case 0x31: // pop up to the mark
        return void this.marked();
      case 0x32:
        return void stack.push(this.top);
      case 0x4e:
        return void stack.push(null);
      case 0x88:
      case 0x89:
        return void stack.push(op === 0x88);
      case 0x4a:
        return void stack.push(view.getInt32(this.skip(4), true));
      case 0x4b:
        return void stack.push(view.getUint8(this.skip(1)));
      case 0x4d:
        return void stack.push(view.getUint16(this.skip(2), true));
      case 0x8a:
        return void stack.push(this.long(view.getUint8(this.skip(1))));
      case 0x47:
        return void stack.push(view.getFloat64(this.skip(8), false));
      case 0x58:
      case 0x54: // bytes of Python 2
      case 0x42:
        return void stack.push(this.text(view.getUint32(this.skip(4), true)));
      case 0x8c:
      case 0x55:
      case 0x43:
        return void stack.push(this.text(view.getUint8(this.skip(1))));
      case 0x7d:
        return void stack.push(new Map());
      case 0x5d:
      case 0x29:
        return void stack.push([]);
      case 0x85:
        return void stack.push([this.pop()]);
      case 0x86:
      case 0x87: {
        const values = op === 0x86 ? [this.pop(), this.pop()] : [this.pop(), this.pop(), this.pop()];
        return void stack.push(values.reverse());
      }
      case 0x74:
      case 0x6c: // tuple or list of what is marked
        return void stack.push(this.marked());
      case 0x64: {
        const values = this.marked();
        stack.push(new Map());
        return this.setItems(values);
      }
      case 0x8f: // set
        return void stack.push([]);
      case 0x90: {
        const values = this.marked();
        return this.append(values);
      }
      case 0x61: {
        const value = this.pop();
        return this.append([value]);
      }
      case 0x65: {
        const values = this.marked();
        return this.append(values);
      }
      case 0x73: {
        const [value, key] = [this.pop(), this.pop()];
        return this.setItems([key, value]);
      }
      case 0x75: {
        const values = this.marked();
        return this.setItems(values);
      }
      case 0x71:
        return void this.memo.set(view.getUint8(this.skip(1)), this.top);
      case 0x72:
        return void this.memo.set(view.getUint32(this.skip(4), true), this.top);
      case 0x94:
        return void this.memo.set(this.memo.size, this.top);
      case 0x68:
        return this.get(view.getUint8(this.skip(1)));
      case 0x6a:
        return this.get(view.getUint32(this.skip(4), true));
      case 0x63: {
        const module = this.line();
        return void stack.push(this.name(module, this.line()));
      }
      case 0x93: {
        const [name, module] = [this.pop(), this.pop()];
        if (typeof name !== "string" || typeof module !== "string")
          return this.fail("the pickle refers to a name that is no text");
        return void stack.push(this.name(module, name));
      }
      case 0x52:
      case 0x81: {
        const [args, name] = [this.pop(), this.pop()];
        return void stack.push(this.called(name, args));
      }
      case 0x62:
        return this.build();
      case 0x51:
        return void stack.push(new Persistent(this.pop()));
      default:
        this.fail(`the pickle holds the instruction 0x${op.toString(16)}, which is not understood`);
    }
  }

  private get(key: number): void {
    if (!this.memo.has(key)) this.fail(`the pickle reads place ${key} of its memo, which is empty`);
    this.stack.push(this.memo.get(key));
  }

  /** Attributes of a dictionary (a state dict's `_metadata`): left out. */
  private build(): void {
    this.pop();
    if (!(this.top instanceof Map)) this.fail("the pickle sets attributes of what is no dictionary");
  }
}
