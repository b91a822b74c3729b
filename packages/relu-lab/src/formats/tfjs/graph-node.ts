import type { Attribute } from "../graph/attributes";

/** A node of a TensorFlow graph in JSON. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** A node's attributes by their kinds, checked as they are read; 64-bit numbers are texts, texts are base64. */
class NodeAttributes {
  constructor(private readonly node: GraphNode) {}

  private refuse(name: string, what: string): never {
    throw new TypeError(`tfjs: node "${this.node.name}" (${this.node.op}): the attribute ${name} ${what}`);
  }

  private fields(name: string, value: unknown): Fields {
    if (typeof value !== "object" || value === null) this.refuse(name, `is ${JSON.stringify(value)}`);
    return value as Fields;
  }

  private list(name: string, value: unknown): readonly unknown[] {
    return Array.isArray(value) ? value : this.refuse(name, "is no list");
  }

  /** ASCII words; `atob` is there in Node and in a page. */
  private decoded(name: string, base64: unknown): string {
    if (typeof base64 !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 === 1)
      this.refuse(name, "is no text in base64");
    return atob(base64.replace(/=+$/, ""));
  }

  private numeric(name: string, value: unknown): number {
    if (typeof value === "boolean") return value ? 1 : 0;
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number)
      ? number
      : this.refuse(name, "holds no number");
  }

  private listOf(name: string, value: unknown): Attribute {
    const { s, i, f, b } = this.fields(name, value);
    if (s !== undefined) return { texts: this.list(name, s).map((one) => this.decoded(name, one)) };
    const numbers = i ?? f ?? b;
    return {
      numbers: numbers === undefined ? [] : this.list(name, numbers).map((one) => this.numeric(name, one)),
    };
  }

  /** Sizes of a shape; -1 where one is open, and no numbers where even their count is. */
  private shape(name: string, value: unknown): Attribute {
    const { dim, unknownRank } = this.fields(name, value);
    if (unknownRank === true) return {};
    const sizes = dim === undefined ? [] : this.list(name, dim);
    return { numbers: sizes.map((size) => this.numeric(name, this.fields(name, size).size)) };
  }

  /** The attribute of a name, or undefined for one that tells nothing about what is computed. */
  read(name: string): Attribute | undefined {
    const attribute = this.fields(name, this.node.attr[name]);
    const given = (kind: string) => attribute[kind] !== undefined && attribute[kind] !== null;
    if (given("s")) return { text: this.decoded(name, attribute.s) };
    if (given("list")) return this.listOf(name, attribute.list);
    if (given("shape")) return this.shape(name, attribute.shape);
    if (given("type")) {
      const { type } = attribute;
      return typeof type === "object" ? this.refuse(name, "is no type") : { text: String(type) };
    }
    const number = ["i", "f", "b"].find(given);
    return number === undefined ? undefined : { number: this.numeric(name, attribute[number]) };
  }
}

/** Attributes of a node; those that begin with an underscore are hints to TensorFlow's own machinery. */
export function attributesOf(node: GraphNode): Map<string, Attribute> {
  const reader = new NodeAttributes(node);
  const attributes = new Map<string, Attribute>();
  for (const name of Object.keys(node.attr)) {
    const attribute = name.startsWith("_") ? undefined : reader.read(name);
    if (attribute) attributes.set(name, attribute);
  }
  return attributes;
}
