import { ReluNetwork, type SparseRows } from "../../network";
import { Forms, FormsBuilder } from "./forms";
import { layersOf, type Rows } from "./layers";

/** Entries of all rows together: 768 MiB with their columns. */
const mostEntries = 2 ** 26;
/** Numbers of one value: as many as an image of 1,024 x 1,024 has. */
const mostValues = 2 ** 20;
/** A sum is written out into what reads it while that makes no more than twice the entries. */
const mostGrowth = 2;

/**
 * Lowers a graph of values to layers: every value is a list of affine forms over wires, and a form becomes a row of a
 * layer where a ReLU reads it, or where numbers would be rounded if it were written out into what reads it.
 *
 * What is exact: weights are moved, negated and added only where no bit is lost by it. Where one would be lost, the value
 * gets linear rows of its own, and the product is left to the layers. So the network's function is that of the graph
 * with its constants as doubles, without a rounding.
 */
export class Lowering {
  private readonly rows: Rows[] = [];
  private readonly materialised = new WeakMap<Forms, Forms>();
  private levels: Int32Array;
  private nonNegative: Uint8Array;
  private wireCount = 0;
  private entries = 0;

  constructor(private readonly format: string) {
    this.levels = new Int32Array(1024);
    this.nonNegative = new Uint8Array(1024);
  }

  /** Refuses a value of more numbers than can be lowered, before it is made. */
  checkValues(count: number, what: string): void {
    if (!(count >= 1 && count <= mostValues))
      throw new RangeError(
        `${this.format}: ${what} would have ${count} values: 1 to ${mostValues} can be lowered to layers`,
      );
  }

  /** Refuses rows that would take more memory than there may be, before they are made. */
  reserve(entries: number, what: string): void {
    if (!(this.entries + entries <= mostEntries))
      throw new RangeError(
        `${this.format}: ${what} needs ${entries} weights, ${this.entries + entries} with those before it: ` +
          `at most ${mostEntries} can be lowered (take a smaller image, fewer filters, or larger strides)`,
      );
  }

  private newWires(count: number): Int32Array {
    const first = this.wireCount;
    this.wireCount += count;
    if (this.wireCount > this.levels.length) {
      const length = Math.max(this.wireCount, 2 * this.levels.length);
      const [levels, nonNegative] = [new Int32Array(length), new Uint8Array(length)];
      levels.set(this.levels);
      nonNegative.set(this.nonNegative);
      [this.levels, this.nonNegative] = [levels, nonNegative];
    }
    return Int32Array.from({ length: count }, (_, i) => first + i);
  }

  /** The network's inputs; to be asked for before anything else. */
  input(count: number): Forms {
    this.checkValues(this.wireCount + count, "the input");
    return Forms.of(this.newWires(count));
  }

  /** Rows in a layer for these forms. */
  private addRows(forms: Forms, isRelu: boolean): Forms {
    this.entries += forms.wires.length;
    this.reserve(0, "the network");
    const wires = this.newWires(forms.count);
    for (let i = 0; i < forms.count; i++) {
      let level = 0;
      for (let k = forms.starts[i]; k < forms.starts[i + 1]; k++)
        level = Math.max(level, this.levels[forms.wires[k]]);
      this.levels[wires[i]] = level + 1;
      this.nonNegative[wires[i]] = isRelu || this.signAt(forms, i) > 0 ? 1 : 0;
    }
    this.rows.push({ first: wires[0], forms, isRelu });
    return Forms.of(wires);
  }

  /** 1 where a form is surely not negative, -1 where it is surely not positive, 0 where that is not known. */
  private signAt(forms: Forms, i: number): number {
    let sign = Math.sign(forms.constants[i]);
    for (let k = forms.starts[i]; k < forms.starts[i + 1]; k++) {
      if (!this.nonNegative[forms.wires[k]]) return 0;
      const own = Math.sign(forms.weights[k]);
      if (sign !== 0 && own !== sign) return 0;
      sign = own;
    }
    return sign === 0 ? 1 : sign;
  }

  /** max(0, z); what cannot be negative passes, without a neuron. */
  relu(forms: Forms): Forms {
    const neurons: number[] = [];
    const place = new Int32Array(forms.count);
    for (let i = 0; i < forms.count; i++) {
      const sign = this.signAt(forms, i);
      place[i] = sign > 0 ? i : sign < 0 ? -1 : forms.count + neurons.push(i) - 1;
    }
    if (neurons.length === forms.count) return this.addRows(forms, true);
    if (neurons.length === 0) return forms.pick(place);
    return Forms.join([forms, this.addRows(forms.pick(Int32Array.from(neurons)), true)]).pick(place);
  }

  /** The same values, each one wire: sums get linear rows of their own. */
  plain(forms: Forms): Forms {
    if (forms.isPlain) return forms;
    const known = this.materialised.get(forms);
    if (known) return known;
    const sums: number[] = [];
    const place = Int32Array.from({ length: forms.count }, (_, i) =>
      forms.isPlainAt(i) ? i : forms.count + sums.push(i) - 1,
    );
    const own = this.addRows(forms.pick(Int32Array.from(sums)), false);
    const plain = sums.length === forms.count ? own : Forms.join([forms, own]).pick(place);
    this.materialised.set(forms, plain);
    return plain;
  }

  /** factor z + shift, value by value. */
  scale(forms: Forms, factors: Float64Array, shifts: Float64Array): Forms {
    return forms.scaled(factors, shifts) ?? this.plain(forms).scaled(factors, shifts)!;
  }

  /** The sum of two lists of values. */
  sum(a: Forms, b: Forms): Forms {
    [a, b] = [this.narrowed(a, b), this.narrowed(b, a)];
    return this.exactSum(a, b) ?? this.exactSum(this.plain(a), this.plain(b))!;
  }

  private exactSum(a: Forms, b: Forms): Forms | undefined {
    const builder = new FormsBuilder(a.count, a.wires.length + b.wires.length, this.wireCount);
    for (let i = 0; i < a.count; i++) {
      if (!builder.add(a, i, 1) || !builder.add(b, i, 1)) return undefined;
      builder.end();
    }
    return builder.done();
  }

  private depth(forms: Forms): number {
    return forms.wires.reduce((deepest, wire) => Math.max(deepest, this.levels[wire]), 0);
  }

  /** Of the two ways to carry a value up to another that lies deeper, the one with fewer rows: its wires, or its sums. */
  private narrowed(forms: Forms, other: Forms): Forms {
    if (forms.isPlain || this.depth(forms) >= this.depth(other)) return forms;
    return new Set(forms.wires).size > forms.count ? this.plain(forms) : forms;
  }

  /** max(a, b) = b + relu(a - b), value by value. */
  maximum(a: Forms, b: Forms): Forms {
    [a, b] = [a, b].map((forms) => (forms.longest > 3 ? this.plain(forms) : forms));
    const above = this.relu(this.sum(a, b.negated()));
    if (above.wires.length === 0 && above.constants.every((c) => c === 0)) return b;
    return this.sum(this.carried(b), above);
  }

  /** Sums as one row each, constants as they are. */
  private carried(forms: Forms): Forms {
    return forms.longest > 1 ? this.plain(forms) : forms;
  }

  /** The largest of each window's values, in a tournament; contests that two windows share are held once. */
  maxima(forms: Forms, windows: readonly (readonly number[])[]): Forms {
    let values = forms.longest > 1 ? this.plain(forms) : forms;
    let left = windows;
    while (left.some((window) => window.length > 1)) {
      const [first, second]: [number[], number[]] = [[], []];
      const contests = new Map<number, number>();
      const { count } = values;
      left = left.map((window) => {
        const winners: number[] = [];
        for (let i = 0; i < window.length; i += 2) {
          if (i + 1 === window.length) {
            winners.push(window[i]);
            continue;
          }
          const key = window[i] * count + window[i + 1];
          let contest = contests.get(key);
          if (contest === undefined) {
            contests.set(key, (contest = first.push(window[i + 1]) - 1));
            second.push(window[i]);
          }
          winners.push(count + contest);
        }
        return winners;
      });
      values = Forms.join([
        values,
        this.maximum(values.pick(Int32Array.from(first)), values.pick(Int32Array.from(second))),
      ]);
    }
    return values.pick(Int32Array.from(left, ([winner]) => winner));
  }

  /** A linear map: `rows` over the values, and a constant each. */
  linear(forms: Forms, rows: SparseRows, constants: Float64Array): Forms {
    return (
      this.composed(forms, rows, constants) ??
      this.composed(this.plain(forms), rows, constants) ??
      this.composed(this.addRows(forms, false), rows, constants)! // values that share a wire: one of its own for each
    );
  }

  private composed(forms: Forms, { starts, columns, values }: SparseRows, constants: Float64Array) {
    if (forms.isPlain) {
      const wires = this.distinctWires(forms);
      if (wires)
        return new Forms(
          starts,
          columns.map((column) => wires[column]),
          values,
          constants,
        );
    }
    let entries = 0;
    for (const column of columns) entries += forms.starts[column + 1] - forms.starts[column];
    if (!forms.isPlain && entries > mostGrowth * columns.length) return undefined;
    this.reserve(entries, "a linear map");
    const builder = new FormsBuilder(constants.length, entries, this.wireCount);
    for (let i = 0; i < constants.length; i++) {
      for (let k = starts[i]; k < starts[i + 1]; k++)
        if (!builder.add(forms, columns[k], values[k])) return undefined;
      if (!builder.shift(constants[i])) return undefined;
      builder.end();
    }
    return builder.done();
  }

  /** The wire of each value when no two values share one; undefined otherwise. */
  private distinctWires(forms: Forms): Int32Array | undefined {
    if (forms.wires.length < forms.count) return undefined;
    const seen = new Uint8Array(this.wireCount);
    for (const wire of forms.wires) {
      if (seen[wire]) return undefined;
      seen[wire] = 1;
    }
    return forms.wires;
  }

  /** The network whose outputs are these values. */
  network(outputs: Forms, inputs: number): ReluNetwork {
    return ReluNetwork.of(layersOf(this.rows, this.levels, this.nonNegative, inputs, outputs));
  }
}
