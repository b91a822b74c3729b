/** A node of a TensorFlow graph in JSON. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

/** An attribute's value; 64-bit numbers are texts, texts are base64. */
interface AttributeValue {
  readonly b?: boolean;
  readonly f?: number;
  readonly s?: string;
  readonly list?: { readonly i?: readonly (string | number)[]; readonly s?: readonly string[] };
  readonly shape?: { readonly dim?: readonly { readonly size?: string | number }[] };
}

/** ASCII words; `atob` is there in Node and in a page. */
const text = (base64: string) => atob(base64);

/** A node's attributes by their kinds. */
export class NodeAttributes {
  constructor(private readonly node: GraphNode) {}

  private get(name: string): AttributeValue | undefined {
    return this.node.attr[name] as AttributeValue | undefined;
  }

  flag(name: string): boolean {
    return this.get(name)?.b === true;
  }

  number(name: string, otherwise: number): number {
    return this.get(name)?.f ?? otherwise;
  }

  numbers(name: string, otherwise: readonly number[]): readonly number[] {
    return this.get(name)?.list?.i?.map(Number) ?? otherwise;
  }

  word(name: string, otherwise: string): string {
    const value = this.get(name)?.s;
    return value === undefined ? otherwise : text(value);
  }

  words(name: string): readonly string[] {
    return this.get(name)?.list?.s?.map(text) ?? [];
  }

  /** Sizes of a shape; -1 where one is open. */
  shape(name: string): readonly number[] {
    return this.get(name)?.shape?.dim?.map(({ size }) => Number(size)) ?? [];
  }
}
