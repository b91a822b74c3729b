import type { DenseLayer, ReluNetwork } from "../../network";
import { isSwitched } from "../../network/relu-network";
import { commonScale } from "../arithmetic/integers";
import { productError, underflow, unit } from "../arithmetic/rounding";
import type { Cell, Knot, Line } from "./cell";
import { ExactCells } from "./exact-cells";
import { Rows } from "./rows";

function scratchRows(n: number) {
  return {
    slope: new Float64Array(n),
    intercept: new Float64Array(n),
    error: new Float64Array(n),
    leftSign: new Int8Array(n),
    rightSign: new Int8Array(n),
    active: new Uint8Array(n),
    zeroLeft: new Uint8Array(n),
    zeroRight: new Uint8Array(n),
  };
}

/**
 * Refines a segment layer by layer, each decision certain.
 *
 * Every pre-activation is affine on a cell of the layers below. Its row is computed in doubles with a proven bound
 * of its error; a sign or an order that the bound leaves open is decided in integers, made only then. Where all
 * numbers are short binary fractions (dyadic sawteeth) the doubles themselves are exact and the bound is zero.
 * The proof of the bounds is in exactness.md beside this file.
 */
export class CellRefinement {
  /** Decisions that needed integers. */
  exactDecisions = 0;
  private readonly bits: number[] = [];
  private readonly network: ReluNetwork;
  private readonly line: Line;
  /** The active neurons of all cells. */
  readonly rows = new Rows();
  /** The same in integers. */
  readonly exact: ExactCells;
  /** All neurons of the layer at hand on the cell at hand. */
  private readonly scratch: ReturnType<typeof scratchRows>;

  /** Of the cell that was asked about last. */
  private places: { readonly cell: Cell | null; readonly of: Int32Array } = {
    cell: null,
    of: new Int32Array(),
  };

  constructor(network: ReluNetwork, line: Line) {
    this.network = network;
    this.line = line;
    this.scratch = scratchRows(Math.max(...network.sizes));
    let bits = Math.max(commonScale(line.from), commonScale(line.to ?? line.direction));
    this.bits.push(bits);
    for (const layer of network.layers) {
      const { rows, biases } = layer;
      if (bits < 53)
        bits += Math.max(commonScale(rows ? rows.values : layer.weights), commonScale(biases) - bits);
      this.bits.push(bits);
    }
    this.exact = new ExactCells(network, line, this.rows, this.bits[0]);
  }

  /** The whole segment as one cell of the input layer. */
  start(): Cell {
    const { from, direction, to } = this.line;
    const n = from.length;
    const { rows } = this;
    const start = rows.reserve(n);
    for (let i = 0; i < n; i++) {
      rows.neuron[start + i] = i;
      rows.slope[start + i] = direction[i];
      rows.intercept[start + i] = from[i];
      rows.zeroLeft[start + i] = from[i] === 0 ? 1 : 0;
      rows.zeroRight[start + i] = (to === null ? from[i] === -direction[i] : to[i] === 0) ? 1 : 0;
      rows.error[start + i] = 0;
      if (to === null) continue;
      // Knuth's two-difference: what the subtraction to - from lost, exactly.
      const b = direction[i] - to[i];
      const exact = to[i] - (direction[i] - b) - (from[i] + b) === 0;
      if (!exact) rows.error[start + i] = 2 * unit * Math.abs(direction[i]) + underflow;
    }
    const end = (t: number): Knot => ({
      t,
      error: 0,
      cell: null,
      neuron: -1,
      exact: { numerator: BigInt(t), denominator: 1n },
    });
    return { level: 0, parent: null, left: end(0), right: end(1), start, count: n, exact: null };
  }

  /** The cells of the last layer, from left to right. */
  all(): Cell[] {
    let cells: Cell[] = [this.start()];
    for (let l = 0; l < this.network.layers.length; l++) {
      const finer: Cell[] = [];
      for (const cell of cells) this.refine(cell, finer);
      cells = finer;
    }
    return cells;
  }

  /** Appends the cells of the next layer inside `cell`, from left to right. */
  refine(cell: Cell, cells: Cell[]): void {
    const layer = this.network.layers[cell.level];
    const n = layer.outputs;
    const { slope, intercept, error, leftSign, rightSign, active, zeroLeft, zeroRight } = this.scratch;
    this.evaluate(cell, layer);

    if (layer.activation === "linear") {
      active.fill(1, 0, n);
      zeroLeft.fill(0, 0, n);
      zeroRight.fill(0, 0, n);
      cells.push(this.child(cell, cell.left, cell.right, n));
      return;
    }

    const roots: Knot[] = [];
    for (let j = 0; j < n; j++) {
      if (!isSwitched(layer, j)) {
        active[j] = leftSign[j] = rightSign[j] = 1;
        zeroLeft[j] = zeroRight[j] = 0;
        continue;
      }
      const l = this.sign(cell, layer, j, slope[j], intercept[j], error[j], cell.left);
      const r = this.sign(cell, layer, j, slope[j], intercept[j], error[j], cell.right);
      leftSign[j] = l;
      rightSign[j] = r;
      // A neuron with a zero inside is on before it (left sign 1) or after it (left sign -1).
      active[j] = l > 0 || (l === 0 && r > 0) ? 1 : 0;
      zeroLeft[j] = l === 0 ? 1 : 0;
      zeroRight[j] = 0;
      if (l * r < 0) roots.push(this.root(cell, j, slope[j], intercept[j], error[j]));
    }
    if (roots.length > 1) roots.sort((a, b) => this.compareKnots(a, b));

    let left = cell.left;
    for (let k = 0; k < roots.length;) {
      const right = roots[k];
      let next = k + 1;
      while (next < roots.length && this.compareKnots(right, roots[next]) === 0) next++;
      for (let r = k; r < next; r++) zeroRight[roots[r].neuron] = 1;
      cells.push(this.child(cell, left, right, n));
      for (let j = 0; j < n; j++) zeroLeft[j] = zeroRight[j] = 0;
      for (let r = k; r < next; r++) {
        active[roots[r].neuron] ^= 1;
        zeroLeft[roots[r].neuron] = 1;
      }
      left = right;
      k = next;
    }
    for (let j = 0; j < n; j++) zeroRight[j] = rightSign[j] === 0 ? 1 : 0;
    cells.push(this.child(cell, left, cell.right, n));
  }

  /** The active neurons of every layer near the start (or the end) of the segment. */
  patternAt(end: "start" | "end"): Int32Array[] {
    const pattern: Int32Array[] = [];
    let cell = this.start();
    for (let l = 0; l < this.network.layers.length; l++) {
      const finer: Cell[] = [];
      this.refine(cell, finer);
      cell = finer[end === "start" ? 0 : finer.length - 1];
      pattern.push(this.rows.neuron.slice(cell.start, cell.start + cell.count));
    }
    return pattern;
  }

  /** The row of output `o` on a cell of the last level, or -1 where the output is off. */
  outputRow(cell: Cell, o: number): number {
    for (let k = cell.start; k < cell.start + cell.count; k++) if (this.rows.neuron[k] === o) return k;
    return -1;
  }

  /** -1, 0 or 1: the sign of the difference of output `o`'s slopes on two cells of the last level, or on one alone. */
  slopeSign(o: number, cell: Cell, minus: Cell | null): number {
    const { slope, error } = this.rows;
    const a = this.outputRow(cell, o);
    const b = minus === null ? -1 : this.outputRow(minus, o);
    const difference = (a < 0 ? 0 : slope[a]) - (b < 0 ? 0 : slope[b]);
    const bound = (a < 0 ? 0 : error[a]) + (b < 0 ? 0 : error[b]);
    // An affine error of at most e on [0, 1] has a slope of at most 2 e.
    if (Math.abs(difference) * (1 - 4 * unit) > 2 * bound) return Math.sign(difference);
    if (bound === 0) return 0;
    this.exactDecisions++;
    const ia = a < 0 ? 0n : this.exact.rowsOf(cell).slope[a - cell.start];
    const ib = b < 0 || minus === null ? 0n : this.exact.rowsOf(minus).slope[b - minus.start];
    return ia > ib ? 1 : ia < ib ? -1 : 0;
  }

  /** A cell with the active neurons of the scratch rows. */
  private child(cell: Cell, left: Knot, right: Knot, n: number): Cell {
    const { rows, scratch } = this;
    const start = rows.reserve(n);
    let at = start;
    for (let j = 0; j < n; j++) {
      if (scratch.active[j] === 0) continue;
      rows.neuron[at] = j;
      rows.slope[at] = scratch.slope[j];
      rows.intercept[at] = scratch.intercept[j];
      rows.error[at] = scratch.error[j];
      rows.zeroLeft[at] = scratch.zeroLeft[j];
      rows.zeroRight[at] = scratch.zeroRight[j];
      at++;
    }
    rows.release(at);
    return { level: cell.level + 1, parent: cell, left, right, start, count: at - start, exact: null };
  }

  /** For a layer with sparse rows: where the row of each input stands, -1 for those that are off on the cell. */
  private placesOf(cell: Cell, { rows, inputs }: DenseLayer): Int32Array {
    if (this.places.cell === cell) return this.places.of;
    const of = new Int32Array(rows ? inputs : 0).fill(-1);
    if (rows) for (let k = cell.start; k < cell.start + cell.count; k++) of[this.rows.neuron[k]] = k;
    this.places = { cell, of };
    return of;
  }

  /** Every neuron of the layer on the cell, into the scratch rows. */
  private evaluate(cell: Cell, layer: DenseLayer): void {
    const { neuron, slope, intercept, error } = this.rows;
    const { scratch } = this;
    const { inputs, outputs, biases, rows } = layer;
    const weights = rows ? rows.values : layer.weights;
    const end = cell.start + cell.count;
    const placeOf = this.placesOf(cell, layer);
    const gamma = (cell.count + 4) * unit * 1.001;
    // All numbers are multiples of 2^-bits: sums below 2^53 such units are exact.
    const bits = this.bits[cell.level + 1];
    let exactBelow = bits < 53 ? 2 ** (53 - bits) : 0;
    for (let k = cell.start; k < end; k++) if (error[k] !== 0) exactBelow = 0;
    for (let j = 0; j < outputs; j++) {
      const row = j * inputs;
      let s = 0;
      let c = biases[j];
      let inherited = 0;
      let magnitude = Math.abs(c);
      let terms = 0;
      const [from, to] = rows ? [rows.starts[j], rows.starts[j + 1]] : [cell.start, end];
      for (let e = from; e < to; e++) {
        const k = rows ? placeOf[rows.columns[e]] : e;
        const w = k < 0 ? 0 : weights[rows ? e : row + neuron[k]];
        if (w === 0) continue;
        terms++;
        const ws = w * slope[k];
        const wc = w * intercept[k];
        s += ws;
        c += wc;
        inherited += Math.abs(w) * error[k];
        magnitude += Math.abs(ws) + Math.abs(wc);
      }
      scratch.slope[j] = s;
      scratch.intercept[j] = c;
      const exact = terms === 0 || magnitude < exactBelow;
      scratch.error[j] = exact
        ? 0
        : (inherited + gamma * magnitude) * (1 + (cell.count + 8) * 4 * unit) + underflow;
    }
  }

  private sign(
    cell: Cell,
    layer: DenseLayer,
    j: number,
    s: number,
    c: number,
    e: number,
    knot: Knot,
  ): number {
    const product = s * knot.t;
    const value = product + c;
    if (e === 0 && knot.error === 0) {
      const lost = knot.t === 0 || knot.t === 1 ? 0 : productError(s, knot.t, product);
      if (product === -c) return Math.sign(lost);
      if (Math.abs(value) > 2 * Math.abs(lost)) return Math.sign(value);
    } else {
      const bound = e + Math.abs(s) * knot.error + 4 * unit * (Math.abs(product) + Math.abs(c));
      if (Math.abs(value) > bound * (1 + 8 * unit)) return Math.sign(value);
    }
    const known = this.structuralSign(cell, layer, j, knot);
    if (known !== null) return known;
    this.exactDecisions++;
    const row = this.exact.row(cell, j);
    const { numerator, denominator } = this.exact.knot(knot);
    const exact = row.slope * numerator + row.intercept * denominator;
    return exact > 0n ? 1 : exact < 0n ? -1 : 0;
  }

  /** The sign where all inputs that count vanish at the knot: that of the bias. Null where this does not apply. */
  private structuralSign(cell: Cell, layer: DenseLayer, j: number, knot: Knot): number | null {
    const zero = knot === cell.left ? this.rows.zeroLeft : this.rows.zeroRight;
    const { neuron } = this.rows;
    const row = j * layer.inputs;
    const { rows } = layer;
    if (rows) {
      const places = this.placesOf(cell, layer);
      for (let e = rows.starts[j]; e < rows.starts[j + 1]; e++) {
        const k = places[rows.columns[e]];
        if (k >= 0 && zero[k] === 0) return null;
      }
      return Math.sign(layer.biases[j]);
    }
    for (let k = cell.start; k < cell.start + cell.count; k++) {
      if (zero[k] === 0 && layer.weights[row + neuron[k]] !== 0) return null;
    }
    return Math.sign(layer.biases[j]);
  }

  private root(cell: Cell, neuron: number, s: number, c: number, e: number): Knot {
    const t = -c / s;
    const product = t * s;
    const exact = e === 0 && product === -c && productError(t, s, product) === 0;
    const knot: Knot = {
      t,
      error: exact ? 0 : (e / Math.abs(s) + 2 * unit * Math.abs(t)) * (1 + 8 * unit) + underflow,
      cell,
      neuron,
      exact: null,
    };
    if (!(knot.error < 1e-3)) this.exact.knot(knot);
    return knot;
  }

  private compareKnots(a: Knot, b: Knot): number {
    if (a === b) return 0;
    const difference = a.t - b.t;
    if (Math.abs(difference) > (a.error + b.error) * (1 + 8 * unit)) return Math.sign(difference);
    if (a.error === 0 && b.error === 0) return 0;
    this.exactDecisions++;
    const p = this.exact.knot(a);
    const q = this.exact.knot(b);
    const l = p.numerator * q.denominator;
    const r = q.numerator * p.denominator;
    return l > r ? 1 : l < r ? -1 : 0;
  }
}
