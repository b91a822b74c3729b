/** A node of a TensorFlow graph in JSON. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** A node's attributes by their kinds, checked as they are read; 64-bit numbers are texts, texts are base64. */
export class NodeAttributes {
  constructor(private readonly node: GraphNode) {}

  private refuse(name: string, what: string): never {
    throw new TypeError(`tfjs: node "${this.node.name}" (${this.node.op}): the attribute ${name} ${what}`);
  }

  /** A field of an attribute that has fields itself, such as `list` or `shape`; undefined where it has none. */
  private fields(name: string, value: unknown): Fields | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "object") this.refuse(name, `is ${JSON.stringify(value)}`);
    return value as Fields;
  }

  private get(name: string): Fields | undefined {
    return this.fields(name, this.node.attr[name]);
  }

  private list(name: string, value: unknown): readonly unknown[] | undefined {
    if (value === undefined || value === null) return undefined;
    return Array.isArray(value) ? value : this.refuse(name, "is no list");
  }

  /** ASCII words; `atob` is there in Node and in a page. */
  private decoded(name: string, base64: unknown): string {
    if (typeof base64 !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 === 1)
      this.refuse(name, "is no text in base64");
    return atob(base64.replace(/=+$/, ""));
  }

  private numeric(name: string, value: unknown): number {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number)
      ? number
      : this.refuse(name, "holds no number");
  }

  flag(name: string): boolean {
    return this.get(name)?.b === true;
  }

  number(name: string, otherwise: number): number {
    const value = this.get(name)?.f;
    return value === undefined ? otherwise : this.numeric(name, value);
  }

  numbers(name: string, otherwise: readonly number[]): readonly number[] {
    const values = this.list(name, this.fields(name, this.get(name)?.list)?.i);
    return values?.map((value) => this.numeric(name, value)) ?? otherwise;
  }

  word(name: string, otherwise: string): string {
    const value = this.get(name)?.s;
    return value === undefined ? otherwise : this.decoded(name, value);
  }

  words(name: string): readonly string[] {
    const values = this.list(name, this.fields(name, this.get(name)?.list)?.s);
    return values?.map((value) => this.decoded(name, value)) ?? [];
  }

  /** Sizes of a shape; -1 where one is open. */
  shape(name: string): readonly number[] {
    const sizes = this.list(name, this.fields(name, this.get(name)?.shape)?.dim) ?? [];
    return sizes.map((size) => this.numeric(name, this.fields(name, size)?.size));
  }
}
