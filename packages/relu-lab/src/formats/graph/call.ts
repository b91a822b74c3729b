import { Attributes } from "./attributes";
import type { Node } from "./graph";
import type { Lowering } from "./lowering";
import { sizeOf, type Tensor } from "./tensor";
import { formsOf, isSignal, settled, type Signal, type Value } from "./value";
import type { Forms } from "./forms";

/** What all nodes of a graph share while it is read. */
export interface Reading {
  readonly format: string;
  readonly lowering: Lowering;
  /** What was left out or rounded: each sentence with the nodes it is true of. */
  readonly notes: Map<string, string[]>;
  /** Numbers of constants that may still be made. */
  budget: number;
}

/** One node at hand: its inputs as values, and what an operator asks for. */
export class Call {
  readonly attributes: Attributes;

  constructor(
    readonly node: Node,
    readonly inputs: readonly (Value | undefined)[],
    readonly reading: Reading,
  ) {
    this.attributes = new Attributes(node.attributes, (what) => this.refuse(what));
  }

  get lowering(): Lowering {
    return this.reading.lowering;
  }

  get version(): number {
    return this.node.version;
  }

  /** The node's name for messages. */
  get place(): string {
    const { name, op, outputs, place } = this.node;
    return place ?? `node "${name || (outputs[0] ?? "")}" (${op})`;
  }

  refuse(what: string): never {
    throw new TypeError(`${this.reading.format}: ${this.place} ${what}`);
  }

  note(what: string): void {
    const { notes } = this.reading;
    notes.set(what, [...(notes.get(what) ?? []), this.place]);
  }

  /** Whether the node has an input of this number. */
  has(index: number): boolean {
    return this.inputs[index] !== undefined;
  }

  value(index: number): Value {
    return this.inputs[index] ?? this.refuse(`has no input ${index + 1}`);
  }

  /** All inputs that there are. */
  values(): Value[] {
    const given = this.inputs.filter((value): value is Value => value !== undefined);
    return given.length > 0 ? given : this.refuse("has no inputs");
  }

  constant(index: number, what: string): Tensor {
    const value = this.value(index);
    return isSignal(value)
      ? this.refuse(
          `takes its ${what} from values that depend on the input: only a constant keeps the network piecewise linear`,
        )
      : value;
  }

  /** Refuses constants that are no finite numbers where they become weights or biases. */
  finite<T extends Tensor>(...tensors: readonly T[]): void {
    for (const { values } of tensors) {
      const bad = values.find((v) => !Number.isFinite(v));
      if (bad !== undefined) this.refuse(`has the number ${bad} among its constants: weights must be finite`);
    }
  }

  /** A constant of whole numbers, such as a shape. */
  wholes(index: number, what: string): number[] {
    const values = Array.from(this.constant(index, what).values);
    if (!values.every((v) => Number.isInteger(v)))
      this.refuse(`has [${values.slice(0, 8)}] for its ${what}: whole numbers are needed`);
    return values;
  }

  /** Whole numbers that are an attribute in older versions and an input in newer ones. */
  wholesOf(name: string, index: number): readonly number[] | undefined {
    const given = this.attributes.wholes(name);
    return given ?? (this.has(index) ? this.wholes(index, name) : undefined);
  }

  /** An axis counted from the front. */
  axis(axis: number, rank: number): number {
    const own = axis < 0 ? axis + rank : axis;
    if (!(Number.isInteger(own) && own >= 0 && own < rank))
      this.refuse(`names axis ${axis} of a value of ${rank} dimensions`);
    return own;
  }

  /** Checks a shape before its numbers are made. */
  checkShape(shape: readonly number[]): readonly number[] {
    if (!shape.every((d) => Number.isSafeInteger(d) && d >= 0))
      this.refuse(`would give the shape [${shape}]`);
    if (shape.includes(0) && this.inputs.some((value) => value && isSignal(value)))
      this.refuse(`would give values of the shape [${shape}], which are none`);
    this.reading.budget -= sizeOf(shape);
    if (!(this.reading.budget >= 0))
      this.refuse(`would give the shape [${shape}]: more numbers than there is memory for`);
    return shape;
  }

  /** A value that depends on the input, or the constant it turned out to be. */
  signal(shape: readonly number[], forms: Forms, ...from: readonly Value[]): Value {
    const dropped = from.map((value) => (isSignal(value) ? value.dropped : undefined)).find(Boolean);
    return settled({ shape, forms, ...(dropped ? { dropped } : {}) });
  }

  /** Forms of an input, which may be a constant. */
  forms(value: Value): Forms {
    return formsOf(value);
  }
}

/** What a node of an operator gives: one value for each of its outputs. */
export type Operator = (call: Call) => Value | readonly Value[];

/** Operators by the names of a format. */
export type Operators = Readonly<Record<string, Operator>>;

export { isSignal, type Signal, type Value };
