import { compile } from "./compile";
import type { ParameterPlace, Program } from "./program";
import { asFunction, type Schedule } from "./schedule";
import { Value, type Node } from "./value";

/** How a parameter is trained. */
export interface ParameterOptions {
  /** It keeps its first value; gradients still flow through what is made of it. */
  readonly frozen?: boolean;
  /** Parameters of a group share a learning rate; "all" when not given. */
  readonly group?: string;
}

/** A bound of a uniform distribution: for all rows, for each row, or a value of the tape (a curriculum's interval). */
export type Bound = number | readonly number[] | Value;

function positive(name: string, ...sizes: number[]): void {
  const wrong = sizes.find((size) => !Number.isInteger(size) || size < 1);
  if (wrong !== undefined)
    throw new RangeError(`${name}: a size is ${wrong}: it must be a positive whole number`);
}

/**
 * A loss, written down once: a static tape of matrix operations, which engines run forward and, by reverse
 * differentiation, backward, for hundreds of trials.
 *
 * Values are matrices [features, samples]. What has one column is shared by all samples. To **add a loss**, write a function
 * that takes values (weights, a network's outputs, samples) and returns a [1, 1] value; add it to the others with a weight.
 * The gradient of an input gradient needs no second reverse pass: with the activation pattern fixed, the slope of the second
 * layer along input d is `W2 (mask * W1_d)`, an ordinary expression.
 *
 * @example
 * const tape = new ensemble.Tape();
 * const x = tape.uniform(2, 64, -1, 1); // 64 fresh points of the square each step
 * const net = ensemble.dense(tape, [2, 8, 8, 1]); // weights as parameters
 * const target = x.rowsAt([0]).sinPi().mul(x.rowsAt([1]).sinPi());
 * const fit = tape.meanSquare(net.apply(x).output, target);
 * // an own loss: the mean squared slope of the second layer along the first input, at points of its own
 * const [first, second] = net.layers;
 * const mask = first.preactivation(tape.uniform(2, 64, -1, 1)).step(); // [8, 64], a constant of differentiation
 * const slope = tape.product(second.W, mask.mul(first.W.columnsAt([0]))); // W2 (mask * W1_0): [8, 64]
 * const weight = tape.scheduled(ensemble.until(0.01, 1500));
 * const program = tape.compile(fit.add(slope.square().mean().mul(weight)), { fit });
 */
export class Tape {
  private readonly entries: Node[] = [];
  private readonly places: ParameterPlace[] = [];
  private readonly numbers = new Map<number, Value>();
  private size = 0;

  /** All entries so far, in order; for the compiler. */
  get nodes(): readonly Node[] {
    return this.entries;
  }

  /** Where each parameter stands among a trial's parameters, in the order they were made. */
  get parameters(): readonly ParameterPlace[] {
    return this.places;
  }

  /** Numbers of a trial's parameters. */
  get parameterCount(): number {
    return this.size;
  }

  /** Adds an entry; for {@link Value} and this class. */
  record(node: Node): Value {
    for (const input of node.inputs) input.on(this);
    this.entries.push(node);
    return new Value(this, this.entries.length - 1, node.rows, node.columns, node.differentiable);
  }

  private from(
    by:
      | "uniform"
      | "draw"
      | "dense"
      | "meanSquare"
      | "boundaries"
      | "crossings"
      | "smallest"
      | "outsideRegion"
      | "concatRows"
      | "concatColumns",
    inputs: readonly Value[],
    rows: number,
    columns: number,
    relu = false,
  ): Value {
    const constant = by === "uniform" || by === "draw" || by === "smallest";
    const differentiable = !constant && inputs.some((input) => input.differentiable);
    return this.record({ made: { by, relu }, inputs, rows, columns, differentiable });
  }

  /**
   * Numbers that a trial starts with and trains. Use the value in several places to tie weights.
   *
   * @param rows,columns its shape; a trial's parameters are one array: these numbers row by row, after those made before
   */
  parameter(rows: number, columns: number, { frozen = false, group = "all" }: ParameterOptions = {}): Value {
    positive("parameter", rows, columns);
    this.places.push({ at: this.size, rows, columns, frozen, group });
    this.size += rows * columns;
    const made = { by: "parameter", place: this.places.length - 1 } as const;
    return this.record({ made, inputs: [], rows, columns, differentiable: !frozen });
  }

  /**
   * Fixed numbers, row by row; the same for all trials.
   *
   * @throws RangeError when there are not rows times columns of them, or one is not finite
   */
  constant(rows: number, columns: number, values: ArrayLike<number>): Value {
    positive("constant", rows, columns);
    if (values.length !== rows * columns)
      throw new RangeError(`constant: ${values.length} numbers for [${rows}, ${columns}]`);
    const made = { by: "constant", values: Float64Array.from(values) } as const;
    const wrong = made.values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new RangeError(`constant: number ${wrong} is ${made.values[wrong]}: it must be finite`);
    return this.record({ made, inputs: [], rows, columns, differentiable: false });
  }

  /** One fixed number, [1, 1]. */
  number(value: number): Value {
    const known = this.numbers.get(value);
    if (known) return known;
    const made = this.constant(1, 1, [value]);
    this.numbers.set(value, made);
    return made;
  }

  /** A number for each step, [1, 1]: a loss's weight, the end of a curriculum's interval. */
  scheduled(schedule: Schedule): Value {
    const made = { by: "scheduled", schedule: asFunction(schedule) } as const;
    return this.record({ made, inputs: [], rows: 1, columns: 1, differentiable: false });
  }

  /**
   * Fresh samples each step, uniform between two bounds, from the trial's own generator.
   *
   * @param rows features
   * @param columns samples
   * @param low lower bound, and
   * @param high upper bound: numbers, one number a row, or [1, 1] or [rows, 1] values
   * @returns [rows, columns]
   * @throws RangeError when a bound has another shape or depends on trained parameters
   */
  uniform(rows: number, columns: number, low: Bound = 0, high: Bound = 1): Value {
    positive("uniform", rows, columns);
    const bound = (b: Bound): Value => {
      const value =
        typeof b === "number" ? this.number(b) : b instanceof Value ? b : this.constant(b.length, 1, b);
      if (value.columns !== 1 || (value.rows !== 1 && value.rows !== rows) || value.differentiable)
        throw new RangeError(
          `uniform: a bound of shape ${value.shape}: [1, 1] or [${rows}, 1], made of no trained parameter`,
        );
      return value;
    };
    const [from, to] = [bound(low), bound(high)];
    return this.from("uniform", [from, to.sub(from)], rows, columns);
  }

  /**
   * Columns of a table drawn at random each step, with replacement: samples with targets that only the host can compute.
   *
   * @param table [features, how many there are]
   * @param columns samples a step
   * @returns [features, columns]
   * @example
   * const drawn = tape.draw(tape.constant(3, points.length / 2, [...x, ...y, ...points.map(f)]), 64);
   */
  draw(table: Value, columns: number): Value {
    positive("draw", columns);
    return this.from("draw", [table], table.rows, columns);
  }

  /**
   * W X + b, and a ReLU after it when wanted.
   *
   * @param X [inputs, samples]
   * @param W [outputs, inputs]
   * @param b [outputs, 1], or null
   * @throws RangeError when the shapes do not fit
   */
  dense(X: Value, W: Value, b: Value | null, activation: "relu" | "linear" = "linear"): Value {
    if (W.columns !== X.rows) throw new RangeError(`dense: W ${W.shape} does not fit the inputs ${X.shape}`);
    if (b && (b.rows !== W.rows || b.columns !== 1))
      throw new RangeError(`dense: the biases ${b.shape} do not fit W ${W.shape}: [${W.rows}, 1]`);
    return this.from("dense", b ? [W, X, b] : [W, X], W.rows, X.columns, activation === "relu");
  }

  /** The matrix product A B. */
  product(A: Value, B: Value): Value {
    return this.dense(B, A, null);
  }

  /**
   * Values below each other.
   *
   * @throws RangeError when they have not all the same columns, or there are none
   */
  concatRows(values: readonly Value[]): Value {
    const columns = values[0]?.columns ?? 0;
    const wrong = values.find((value) => value.columns !== columns);
    if (wrong || values.length === 0)
      throw new RangeError(
        `concatRows: ${wrong ? `${wrong.shape} has not ${columns} columns` : "no values"}`,
      );
    const rows = values.reduce((sum, value) => sum + value.rows, 0);
    return this.from("concatRows", values, rows, columns);
  }

  /**
   * Values beside each other.
   *
   * @throws RangeError when they have not all the same rows, or there are none
   */
  concatColumns(values: readonly Value[]): Value {
    const rows = values[0]?.rows ?? 0;
    const wrong = values.find((value) => value.rows !== rows);
    if (wrong || values.length === 0)
      throw new RangeError(`concatColumns: ${wrong ? `${wrong.shape} has not ${rows} rows` : "no values"}`);
    const columns = values.reduce((sum, value) => sum + value.columns, 0);
    return this.from("concatColumns", values, rows, columns);
  }

  /**
   * The mean of (a - b)^2 over all entries, [1, 1].
   *
   * @throws RangeError when the shapes differ
   */
  meanSquare(a: Value, b: Value): Value {
    if (a.rows !== b.rows || a.columns !== b.columns)
      throw new RangeError(`meanSquare: ${a.shape} and ${b.shape} are not of one shape`);
    return this.from("meanSquare", [a, b, this.number(1 / (a.rows * a.columns))], 1, 1);
  }

  /**
   * Sum over levels of weight^l times the mean of (u_l - target_l)^2, l from 1: supervision that grades depth. The weight 1/4
   * cancels the squared growth of slopes, so that coarse levels come first (specification, 8.1).
   *
   * @param levels u_1, u_2, ...
   * @param targets of the same shapes; for the sawtooth `x.tents(l)`
   * @param weight 1/4 when not given
   * @returns [1, 1]
   * @throws RangeError when the numbers of levels and targets differ, or two shapes
   */
  depthGraded(levels: readonly Value[], targets: readonly Value[], weight = 1 / 4): Value {
    if (levels.length !== targets.length || levels.length === 0)
      throw new RangeError(`depthGraded: ${levels.length} levels and ${targets.length} targets`);
    return levels
      .map((level, l) => this.meanSquare(level, targets[l]).mul(weight ** (l + 1)))
      .reduce((sum, term) => sum.add(term));
  }

  /**
   * Sum over pairs i < j of rows of k_i k_j |x_i y_j - y_i x_j|, [1, samples]: with k the kernel values of distances and
   * (x, y) unit normals, the Kac-Rice density of crossings at each sample. A fused form of what gathers could say. The slope
   * of |0| is taken for 1.
   *
   * @param k [neurons, samples], not negative
   * @param x first part of the unit normals, [neurons, samples]
   * @param y second part
   * @throws RangeError when the shapes differ
   */
  crossings(k: Value, x: Value, y: Value): Value {
    for (const value of [x, y])
      if (value.rows !== k.rows || value.columns !== k.columns)
        throw new RangeError(`crossings: ${value.shape} is not of the shape ${k.shape}`);
    return this.from("crossings", [k.mul(x), k.mul(y)], 1, k.columns);
  }

  /**
   * Smoothed boundaries of neurons with two inputs, in one pass: K_h(d) with d = z / |(x, y)| the distance to the boundary,
   * and K_h(d) times the unit normal. Same as `z.div(length).square()...exp()` and `x.div(length)`.
   *
   * @param z pre-activations, [neurons, samples]
   * @param x their slopes along the first input
   * @param y and along the second
   * @param bandwidth h of the Gaussian K_h
   * @param least added to the square of the length: a neuron that is off everywhere has none
   * @returns `[3 neurons, samples]`: kernel values, then the first and the second part of the normals times them
   * @throws RangeError when the shapes differ or the bandwidth is not positive
   */
  boundaries(z: Value, x: Value, y: Value, bandwidth: number, least = 1e-12): Value {
    for (const value of [x, y])
      if (value.rows !== z.rows || value.columns !== z.columns)
        throw new RangeError(`boundaries: ${value.shape} is not of the shape ${z.shape}`);
    if (!(bandwidth > 0))
      throw new RangeError(`boundaries: the bandwidth is ${bandwidth}: it must be positive`);
    const numbers = [-0.5 / bandwidth ** 2, 1 / (Math.sqrt(2 * Math.PI) * bandwidth), least];
    const inputs = [z, x, y, ...numbers.map((value) => this.number(value))];
    return this.from("boundaries", inputs, 3 * z.rows, z.columns);
  }

  /**
   * {@link Tape.crossings} of {@link Tape.boundaries}: the Kac-Rice density at each sample, [1, samples].
   *
   * @throws RangeError when the rows are not three times as many as neurons
   */
  boundaryCrossings(boundaries: Value): Value {
    if (boundaries.rows % 3 !== 0)
      throw new RangeError(`boundaryCrossings: ${boundaries.shape} is not what boundaries() gives`);
    return this.from("crossings", [boundaries], 1, boundaries.columns);
  }

  /**
   * How far homogeneous points p lie outside the sides of a region: sum over lines l_k of (m |p_3| - s_k sgn(p_3) l_k . p)_+,
   * [how many points, samples]. With p_3 = 0 no side is asked. A fused form: gathers would need points x lines of room.
   *
   * @param points [3 x how many, samples]: all first numbers, then all second, then all third
   * @param lines [3 x how many, 1], in the same order
   * @param signs [lines, samples], constants: 1 or -1, the side that is asked for, or 0 for none
   * @param margin m
   * @param parallel |p_3| up to which p counts as infinitely far: no side is asked
   * @throws RangeError when the shapes do not fit, or the signs depend on trained parameters
   */
  outsideRegion(points: Value, lines: Value, signs: Value, margin: number, parallel: number): Value {
    if (points.rows % 3 !== 0 || lines.rows !== 3 * signs.rows || lines.columns !== 1)
      throw new RangeError(
        `outsideRegion: points ${points.shape}, lines ${lines.shape}, signs ${signs.shape} do not fit: [3p, s], [3k, 1], [k, s]`,
      );
    if (signs.columns !== points.columns || signs.differentiable)
      throw new RangeError(
        `outsideRegion: the signs ${signs.shape} must be constants, ${points.columns} columns of them`,
      );
    const inputs = [points, lines, signs, this.number(margin), this.number(parallel)];
    return this.from("outsideRegion", inputs, points.rows / 3, points.columns);
  }

  /** 1 at the smallest entry of each column (the first of equal ones), else 0: a constant of differentiation. */
  smallest(a: Value): Value {
    return this.from("smallest", [a], a.rows, a.columns);
  }

  /**
   * Turns the tape into a program: what the loss needs forward, and its gradient backward.
   *
   * @param loss [1, 1]
   * @param watches values to be read at read-outs, by name
   * @returns a program for {@link train}
   * @throws RangeError when the loss is not one number, or no trained parameter reaches it
   */
  compile(loss: Value, watches: Readonly<Record<string, Value>> = {}): Program {
    return compile(this, loss, watches);
  }
}
