import type { Tensor } from "./tensor";

/** One attribute of a node, as its format keeps it: absent fields are undefined. */
export interface Attribute {
  readonly number?: number;
  readonly numbers?: readonly number[];
  readonly text?: string;
  readonly texts?: readonly string[];
  /** Read when it is asked for: a constant that nobody uses may be of any type. */
  readonly tensor?: () => Tensor;
}

/** A node's attributes; those that nobody asked for are known afterwards, so that none is passed over in silence. */
export class Attributes {
  private readonly asked = new Set<string>();

  constructor(
    private readonly all: ReadonlyMap<string, Attribute>,
    private readonly refuse: (what: string) => never,
  ) {}

  has(name: string): boolean {
    this.asked.add(name);
    return this.all.has(name);
  }

  private get(name: string): Attribute | undefined {
    this.asked.add(name);
    return this.all.get(name);
  }

  number(name: string, otherwise: number): number {
    const given = this.get(name);
    if (!given) return otherwise;
    if (given.number === undefined || !Number.isFinite(given.number))
      this.refuse(`has the attribute ${name}, which is no finite number`);
    return given.number;
  }

  whole(name: string, otherwise: number): number {
    const number = this.number(name, otherwise);
    if (!Number.isSafeInteger(number)) this.refuse(`has ${name} ${number}: a whole number is needed`);
    return number;
  }

  flag(name: string, otherwise = false): boolean {
    return this.number(name, otherwise ? 1 : 0) !== 0;
  }

  wholes(name: string): readonly number[] | undefined {
    const given = this.get(name);
    if (!given) return undefined;
    const numbers = given.numbers ?? (given.number === undefined ? [] : [given.number]);
    const bad = numbers.find((number) => !Number.isFinite(number) || !Number.isInteger(number));
    if (bad !== undefined) this.refuse(`has ${name} [${numbers}]: whole numbers are needed`);
    return numbers;
  }

  /** Numbers of any kind. */
  numbers(name: string): readonly number[] | undefined {
    return this.get(name)?.numbers;
  }

  text(name: string, otherwise: string): string {
    const given = this.get(name);
    if (!given) return otherwise;
    return given.text ?? this.refuse(`has the attribute ${name}, which is no text`);
  }

  texts(name: string): readonly string[] {
    return this.get(name)?.texts ?? [];
  }

  tensor(name: string): Tensor | undefined {
    return this.get(name)?.tensor?.();
  }

  /** Attributes that change nothing for what is done here. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.asked.add(name);
  }

  /** Those that nobody asked for. */
  unread(): string[] {
    return [...this.all.keys()].filter((name) => !this.asked.has(name));
  }
}
