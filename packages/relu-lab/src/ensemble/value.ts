import { flatKinds, type BinaryKind, type UnaryKind } from "./instructions";

/** What a value on the tape is made by. */
export type Made =
  | { readonly by: "parameter"; readonly place: number }
  | { readonly by: "constant"; readonly values: Float64Array }
  | {
      readonly by: "scheduled";
      /** The number at a step. */
      readonly schedule: (step: number) => number;
    }
  | {
      readonly by:
        | "uniform"
        | "draw"
        | "dense"
        | "meanSquare"
        | "boundaries"
        | "crossings"
        | "smallest"
        | "outsideRegion";
      readonly relu?: boolean;
    }
  | { readonly by: "unary"; readonly kind: UnaryKind }
  | { readonly by: "binary"; readonly kind: BinaryKind }
  | { readonly by: "sumColumns" | "sumRows" | "concatRows" | "concatColumns" | "detach" }
  | { readonly by: "gather"; readonly table: Int32Array; readonly width: number };

/** An entry of the tape. */
export interface Node {
  readonly made: Made;
  readonly inputs: readonly Value[];
  readonly rows: number;
  readonly columns: number;
  /** Whether it depends on a parameter that is trained. */
  readonly differentiable: boolean;
}

/** Where values are recorded: the tape. */
export interface Recorder {
  /** Adds an entry; gives its value. */
  record(node: Node): Value;
  /** A constant [1, 1]. */
  number(value: number): Value;
}

/** Two sizes of which one may be 1. */
function broadcast(name: string, a: Value, b: Value): [number, number] {
  const fit = (p: number, q: number, what: string) => {
    if (p !== q && p !== 1 && q !== 1)
      throw new RangeError(
        `${name}: ${a.shape} and ${b.shape} do not fit: the ${what} must be equal, or 1 in one of them`,
      );
    return Math.max(p, q);
  };
  return [fit(a.rows, b.rows, "rows"), fit(a.columns, b.columns, "columns")];
}

/**
 * A matrix on the tape: rows are features, columns are samples (1 for what all samples share). Each trial has its own.
 *
 * Operations of two values stretch a side of length 1, as NumPy does.
 *
 * @example
 * const distance = z.div(slopeX.square().add(slopeY.square()).add(1e-12).sqrt());
 */
export class Value {
  constructor(
    private readonly tape: Recorder,
    /** Its place on the tape. */
    readonly id: number,
    readonly rows: number,
    readonly columns: number,
    readonly differentiable: boolean,
  ) {}

  /** Its shape in words. */
  get shape(): string {
    return `[${this.rows}, ${this.columns}]`;
  }

  /** @throws RangeError when the value belongs to another tape */
  on(tape: Recorder): this {
    if (tape !== this.tape) throw new RangeError("a value of another tape: values of two tapes do not mix");
    return this;
  }

  private unary(kind: UnaryKind): Value {
    const differentiable = this.differentiable && !flatKinds.has(kind);
    const { rows, columns } = this;
    return this.tape.record({ made: { by: "unary", kind }, inputs: [this], rows, columns, differentiable });
  }

  private binary(kind: BinaryKind, other: Value | number): Value {
    const b = typeof other === "number" ? this.tape.number(other) : other.on(this.tape);
    const [rows, columns] = broadcast(kind, this, b);
    const differentiable = this.differentiable || b.differentiable;
    return this.tape.record({
      made: { by: "binary", kind },
      inputs: [this, b],
      rows,
      columns,
      differentiable,
    });
  }

  private derived(made: Made, rows: number, columns: number, differentiable = this.differentiable): Value {
    return this.tape.record({ made, inputs: [this], rows, columns, differentiable });
  }

  /** this + other. */
  add(other: Value | number): Value {
    return this.binary("add", other);
  }
  /** this - other. */
  sub(other: Value | number): Value {
    return this.binary("sub", other);
  }
  /** this * other, entry by entry. */
  mul(other: Value | number): Value {
    return this.binary("mul", other);
  }
  /** this / other, entry by entry. */
  div(other: Value | number): Value {
    return this.binary("div", other);
  }
  /** The larger one; of two equal ones, this (which gets the whole gradient). */
  max(other: Value | number): Value {
    return this.binary("max", other);
  }
  /** The smaller one; of two equal ones, this (which gets the whole gradient). */
  min(other: Value | number): Value {
    return this.binary("min", other);
  }
  /** max(0, x): also a hinge, `margin.sub(x).relu()`. */
  relu(): Value {
    return this.unary("relu");
  }
  /** 1 where x > 0, else 0: an activation mask. A constant of differentiation. */
  step(): Value {
    return this.unary("step");
  }
  /** 1, 0 or -1. A constant of differentiation. */
  sign(): Value {
    return this.unary("sign");
  }
  /** The absolute value. Its gradient at 0 is 0. */
  abs(): Value {
    return this.unary("abs");
  }
  /** -x. */
  neg(): Value {
    return this.unary("neg");
  }
  /** x squared. */
  square(): Value {
    return this.unary("square");
  }
  /** The square root; its gradient is infinite at 0: add something small before. */
  sqrt(): Value {
    return this.unary("sqrt");
  }
  /** The exponential. */
  exp(): Value {
    return this.unary("exp");
  }
  /** The natural logarithm. */
  log(): Value {
    return this.unary("log");
  }
  /** sin(pi x). */
  sinPi(): Value {
    return this.unary("sinPi");
  }
  /** The mirror map: 2x up to 1/2, then 2(1 - x). */
  tent(): Value {
    return this.unary("tent");
  }
  /** The mirror map n times, entry by entry: the targets s_n(x). */
  tents(n: number): Value {
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    let value: Value = this;
    for (let i = 0; i < n; i++) value = value.tent();
    return value;
  }
  /** The same numbers as a constant of differentiation. */
  detach(): Value {
    return this.derived({ by: "detach" }, this.rows, this.columns, false);
  }
  /** Sum over features: [1, columns]. */
  sumRows(): Value {
    return this.derived({ by: "sumRows" }, 1, this.columns);
  }
  /** Sum over samples: [rows, 1]. */
  sumColumns(): Value {
    return this.derived({ by: "sumColumns" }, this.rows, 1);
  }
  /** Sum of all entries: [1, 1]. */
  sum(): Value {
    return this.derived({ by: "sumColumns" }, 1, 1);
  }
  /** Mean of all entries: [1, 1]. */
  mean(): Value {
    return this.sum().mul(1 / (this.rows * this.columns));
  }

  /**
   * Chosen rows (features), in any order and as often as wanted.
   *
   * @throws RangeError when there is no such row
   */
  rowsAt(indices: readonly number[]): Value {
    this.checkIndices("rowsAt", indices, this.rows);
    const table = Int32Array.from(indices, (row) => row * this.columns);
    return this.derived({ by: "gather", table, width: this.columns }, indices.length, this.columns);
  }

  /**
   * Chosen columns, in any order and as often as wanted.
   *
   * @throws RangeError when there is no such column
   */
  columnsAt(indices: readonly number[]): Value {
    this.checkIndices("columnsAt", indices, this.columns);
    const width = indices.length;
    const table = Int32Array.from(
      { length: this.rows * width },
      (_, i) => Math.floor(i / width) * this.columns + indices[i % width],
    );
    return this.derived({ by: "gather", table, width: 1 }, this.rows, width);
  }

  /** Rows as columns. */
  transpose(): Value {
    const { rows, columns } = this;
    const table = Int32Array.from(
      { length: rows * columns },
      (_, i) => (i % rows) * columns + Math.floor(i / rows),
    );
    return this.derived({ by: "gather", table, width: 1 }, columns, rows);
  }

  private checkIndices(name: string, indices: readonly number[], size: number): void {
    const wrong = indices.find((index) => !Number.isInteger(index) || index < 0 || index >= size);
    if (wrong !== undefined || indices.length === 0)
      throw new RangeError(
        `${name}: ${wrong === undefined ? "no index" : `index ${wrong}`} of ${this.shape}: 0 to ${size - 1}`,
      );
  }
}
