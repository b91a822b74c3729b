import { exactProduct } from "../../network/exact-product";
import { exactSum } from "../../network/exact-sum";

/**
 * Affine forms over wires (the inputs, and the outputs of rows that stand in layers): form i is the constant i plus the
 * entries `starts[i]` to `starts[i + 1]`.
 */
export class Forms {
  private plain: boolean | undefined;

  constructor(
    readonly starts: Int32Array,
    readonly wires: Int32Array,
    readonly weights: Float64Array,
    readonly constants: Float64Array,
  ) {}

  /** Wires as they are. */
  static of(wires: Int32Array): Forms {
    const starts = Int32Array.from({ length: wires.length + 1 }, (_, i) => i);
    const forms = new Forms(
      starts,
      wires,
      new Float64Array(wires.length).fill(1),
      new Float64Array(wires.length),
    );
    forms.plain = true;
    return forms;
  }

  /** Constants alone. */
  static constant(values: Float64Array): Forms {
    return new Forms(new Int32Array(values.length + 1), new Int32Array(0), new Float64Array(0), values);
  }

  get count(): number {
    return this.constants.length;
  }

  /** Whether form i is one wire as it is, or nothing at all. */
  isPlainAt(i: number): boolean {
    const [from, to] = [this.starts[i], this.starts[i + 1]];
    return this.constants[i] === 0 && (to === from || (to === from + 1 && this.weights[from] === 1));
  }

  get isPlain(): boolean {
    if (this.plain === undefined) {
      this.plain = true;
      for (let i = 0; i < this.count && this.plain; i++) this.plain = this.isPlainAt(i);
    }
    return this.plain;
  }

  /** The longest form. */
  get longest(): number {
    let most = 0;
    for (let i = 0; i < this.count; i++) most = Math.max(most, this.starts[i + 1] - this.starts[i]);
    return most;
  }

  /** The forms of these numbers in this order; -1 gives the constant `fill`. */
  pick(index: Int32Array, fill = 0): Forms {
    const starts = new Int32Array(index.length + 1);
    const constants = new Float64Array(index.length);
    for (let i = 0; i < index.length; i++) {
      const from = index[i];
      starts[i + 1] = starts[i] + (from < 0 ? 0 : this.starts[from + 1] - this.starts[from]);
      constants[i] = from < 0 ? fill : this.constants[from];
    }
    const wires = new Int32Array(starts[index.length]);
    const weights = new Float64Array(starts[index.length]);
    for (let i = 0; i < index.length; i++) {
      if (index[i] < 0) continue;
      for (let k = this.starts[index[i]], to = starts[i]; to < starts[i + 1]; k++, to++) {
        wires[to] = this.wires[k];
        weights[to] = this.weights[k];
      }
    }
    return new Forms(starts, wires, weights, constants);
  }

  /** Several lists of forms, one behind the other. */
  static join(parts: readonly Forms[]): Forms {
    const starts = new Int32Array(parts.reduce((sum, part) => sum + part.count, 0) + 1);
    const entries = parts.reduce((sum, part) => sum + part.wires.length, 0);
    const wires = new Int32Array(entries);
    const weights = new Float64Array(entries);
    const constants = new Float64Array(starts.length - 1);
    let [form, entry] = [0, 0];
    for (const part of parts) {
      wires.set(part.wires, entry);
      weights.set(part.weights, entry);
      constants.set(part.constants, form);
      for (let i = 0; i < part.count; i++) starts[form + i + 1] = entry + part.starts[i + 1];
      form += part.count;
      entry += part.wires.length;
    }
    return new Forms(starts, wires, weights, constants);
  }

  /** factor form + shift, form by form; undefined when a number would be rounded. */
  scaled(factors: Float64Array, shifts: Float64Array): Forms | undefined {
    const weights = new Float64Array(this.weights.length);
    const constants = new Float64Array(this.count);
    for (let i = 0; i < this.count; i++) {
      for (let k = this.starts[i]; k < this.starts[i + 1]; k++) {
        const product = exactProduct(this.weights[k], factors[i]);
        if (product === undefined) return undefined;
        weights[k] = product;
      }
      const product = exactProduct(this.constants[i], factors[i]);
      const sum = product === undefined ? undefined : exactSum(product, shifts[i]);
      if (sum === undefined) return undefined;
      constants[i] = sum;
    }
    return new Forms(this.starts, this.wires, weights, constants);
  }

  negated(): Forms {
    return new Forms(
      this.starts,
      this.wires,
      this.weights.map((w) => -w),
      this.constants.map((c) => -c),
    );
  }
}

/** Collects forms one by one; entries of one wire are added up, exactly. */
export class FormsBuilder {
  private readonly starts: Int32Array;
  private readonly constants: Float64Array;
  private wires: Int32Array;
  private weights: Float64Array;
  private form = 0;
  private used = 0;
  private readonly placeOf: Int32Array;

  /**
   * @param count how many forms
   * @param entries how many entries they have at most
   * @param wireCount how many wires there are
   */
  constructor(count: number, entries: number, wireCount: number) {
    this.starts = new Int32Array(count + 1);
    this.constants = new Float64Array(count);
    this.wires = new Int32Array(entries);
    this.weights = new Float64Array(entries);
    this.placeOf = new Int32Array(wireCount).fill(-1);
  }

  /** factor * form i of `forms`, added to the form at hand; false when a number would be rounded. */
  add(forms: Forms, i: number, factor: number): boolean {
    const begin = this.starts[this.form];
    for (let k = forms.starts[i]; k < forms.starts[i + 1]; k++) {
      const product = exactProduct(forms.weights[k], factor);
      if (product === undefined) return false;
      const wire = forms.wires[k];
      const known = this.placeOf[wire];
      if (known >= begin && known < this.used && this.wires[known] === wire) {
        const sum = exactSum(this.weights[known], product);
        if (sum === undefined) return false;
        this.weights[known] = sum;
        continue;
      }
      this.placeOf[wire] = this.used;
      this.wires[this.used] = wire;
      this.weights[this.used++] = product;
    }
    const product = exactProduct(forms.constants[i], factor);
    return product !== undefined && this.shift(product);
  }

  /** A constant, added to the form at hand; false when the sum would be rounded. */
  shift(by: number): boolean {
    const sum = exactSum(this.constants[this.form], by);
    if (sum === undefined) return false;
    this.constants[this.form] = sum;
    return true;
  }

  /** Ends the form at hand; entries that cancelled are left out. */
  end(): void {
    let to = this.starts[this.form];
    for (let k = to; k < this.used; k++) {
      if (this.weights[k] === 0) continue;
      this.wires[to] = this.wires[k];
      this.weights[to++] = this.weights[k];
    }
    this.used = to;
    this.starts[++this.form] = this.used;
  }

  done(): Forms {
    if (this.used < this.wires.length) {
      this.wires = this.wires.slice(0, this.used);
      this.weights = this.weights.slice(0, this.used);
    }
    return new Forms(this.starts, this.wires, this.weights, this.constants);
  }
}
