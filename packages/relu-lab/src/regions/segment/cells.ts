import type { DenseLayer, ReluNetwork } from "../../network";
import { fractionBits, quotient, scaledInteger } from "./dyadic";
import { scaleNetwork, type ScaledLayer } from "./scaled-network";

/** The points from + t direction, t in [0, 1]. */
export interface Line {
  readonly from: Float64Array;
  /** Taken as it stands where `to` is null; else to - from, rounded. */
  readonly direction: Float64Array;
  /** The end, when that is given exactly and not the direction. */
  readonly to: Float64Array | null;
}

/** A zero of one neuron along the segment, or an end of it (`cell` is null). */
export interface Knot {
  /** The parameter, |t - exact| <= error. */
  t: number;
  error: number;
  readonly cell: Cell | null;
  readonly neuron: number;
  /** numerator / denominator, denominator > 0; made when a decision needs it. */
  exact: { numerator: bigint; denominator: bigint } | null;
}

/**
 * An interval between neighbouring knots of the first `level` layers. On it every active neuron i = on[k] of that
 * layer is slope[k] * t + intercept[k], wrong by at most error[k] anywhere in [0, 1].
 */
export interface Cell {
  readonly level: number;
  readonly parent: Cell | null;
  readonly left: Knot;
  readonly right: Knot;
  readonly on: Int32Array;
  readonly slope: Float64Array;
  readonly intercept: Float64Array;
  readonly error: Float64Array;
  /** 1 where the neuron is known to vanish exactly at the left (right) end. */
  readonly zeroLeft: Uint8Array;
  readonly zeroRight: Uint8Array;
  exact: ExactRows | null;
}

/** slope[k] * t + intercept[k], times 2^bits of the layer: one entry for each active neuron of a cell. */
interface ExactRows {
  readonly slope: bigint[];
  readonly intercept: bigint[];
}

const unit = 2 ** -53;
/** Above every error that underflow can make in one row; a decision as small as this is taken exactly. */
const underflow = 1e-290;

/** The error of fl(a * b), exactly (Dekker 1971); for factors far from overflow and underflow. */
function productError(a: number, b: number, product: number): number {
  const split = 134217729;
  const ah = a * split - (a * split - a);
  const al = a - ah;
  const bh = b * split - (b * split - b);
  const bl = b - bh;
  return ah * bh - product + ah * bl + al * bh + al * bl;
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
  private integers: { layers: ScaledLayer[]; start: ExactRows } | null = null;
  private readonly network: ReluNetwork;
  private readonly line: Line;

  constructor(network: ReluNetwork, line: Line) {
    this.network = network;
    this.line = line;
    let bits = Math.max(fractionBits(line.from), fractionBits(line.to ?? line.direction));
    this.bits.push(bits);
    for (const { weights, biases } of network.layers) {
      if (bits < 53) bits += Math.max(fractionBits(weights), fractionBits(biases) - bits);
      this.bits.push(bits);
    }
  }

  /** The whole segment as one cell of the input layer. */
  start(): Cell {
    const { from, direction, to } = this.line;
    const n = from.length;
    const error = new Float64Array(n);
    for (let i = 0; i < n && to !== null; i++) {
      // Knuth's two-difference: what the subtraction to - from lost, exactly.
      const b = direction[i] - to[i];
      const exact = to[i] - (direction[i] - b) - (from[i] + b) === 0;
      error[i] = exact ? 0 : 2 * unit * Math.abs(direction[i]) + underflow;
    }
    const end = (t: number): Knot => ({
      t,
      error: 0,
      cell: null,
      neuron: -1,
      exact: { numerator: BigInt(t), denominator: 1n },
    });
    return {
      level: 0,
      parent: null,
      left: end(0),
      right: end(1),
      on: Int32Array.from({ length: n }, (_, i) => i),
      slope: direction,
      intercept: from,
      error,
      zeroLeft: Uint8Array.from(from, (v) => (v === 0 ? 1 : 0)),
      zeroRight: Uint8Array.from(from, (v, i) => ((to === null ? v === -direction[i] : to[i] === 0) ? 1 : 0)),
      exact: null,
    };
  }

  /** The cells of the next layer inside `cell`, from left to right. */
  refine(cell: Cell): Cell[] {
    const layer = this.network.layers[cell.level];
    const n = layer.outputs;
    const slope = new Float64Array(n);
    const intercept = new Float64Array(n);
    const error = new Float64Array(n);
    this.rows(cell, layer, slope, intercept, error);

    if (layer.activation === "linear") {
      const all = Int32Array.from({ length: n }, (_, i) => i);
      const none = new Uint8Array(n);
      return [
        {
          ...this.child(cell, cell.left, cell.right),
          on: all,
          slope,
          intercept,
          error,
          zeroLeft: none,
          zeroRight: none,
        },
      ];
    }

    const leftSign = new Int8Array(n);
    const rightSign = new Int8Array(n);
    const roots: Knot[] = [];
    for (let j = 0; j < n; j++) {
      leftSign[j] = this.sign(cell, layer, j, slope[j], intercept[j], error[j], cell.left);
      rightSign[j] = this.sign(cell, layer, j, slope[j], intercept[j], error[j], cell.right);
      if (leftSign[j] * rightSign[j] < 0) roots.push(this.root(cell, j, slope[j], intercept[j], error[j]));
    }
    if (roots.length > 1) roots.sort((a, b) => this.compareKnots(a, b));

    // A neuron with a zero inside is on before it (left sign 1) or after it (left sign -1).
    const active = new Uint8Array(n);
    const zeroLeft = new Uint8Array(n);
    for (let j = 0; j < n; j++) {
      active[j] = leftSign[j] > 0 || (leftSign[j] === 0 && rightSign[j] > 0) ? 1 : 0;
      zeroLeft[j] = leftSign[j] === 0 ? 1 : 0;
    }
    const cells: Cell[] = [];
    let left = cell.left;
    for (let k = 0; k <= roots.length;) {
      const right = k < roots.length ? roots[k] : cell.right;
      let next = k + 1;
      while (k < roots.length && next < roots.length && this.compareKnots(roots[k], roots[next]) === 0)
        next++;
      const on = new Int32Array(active.reduce((sum, a) => sum + a, 0));
      for (let j = 0, i = 0; j < n; j++) if (active[j]) on[i++] = j;
      const zeroRight = new Uint8Array(n);
      if (k === roots.length) for (const j of on) zeroRight[j] = rightSign[j] === 0 ? 1 : 0;
      for (let r = k; r < Math.min(next, roots.length); r++) zeroRight[roots[r].neuron] = 1;
      cells.push({
        ...this.child(cell, left, right),
        on,
        slope: Float64Array.from(on, (j) => slope[j]),
        intercept: Float64Array.from(on, (j) => intercept[j]),
        error: Float64Array.from(on, (j) => error[j]),
        zeroLeft: Uint8Array.from(on, (j) => zeroLeft[j]),
        zeroRight: Uint8Array.from(on, (j) => zeroRight[j]),
      });
      zeroLeft.fill(0);
      for (let r = k; r < Math.min(next, roots.length); r++) {
        active[roots[r].neuron] ^= 1;
        zeroLeft[roots[r].neuron] = 1;
      }
      left = right;
      k = next;
    }
    return cells;
  }

  /** -1, 0 or 1: the sign of the difference of output `o`'s slopes on two cells of the last level, or on one alone. */
  slopeSign(o: number, cell: Cell, minus: Cell | null): number {
    const [a, b] = [cell, minus].map((c) => (c === null ? -1 : c.on.indexOf(o)));
    const sa = a < 0 ? 0 : cell.slope[a];
    const sb = b < 0 || minus === null ? 0 : minus.slope[b];
    const ea = a < 0 ? 0 : cell.error[a];
    const eb = b < 0 || minus === null ? 0 : minus.error[b];
    // An affine error of at most e on [0, 1] has a slope of at most 2 e.
    const difference = sa - sb;
    if (Math.abs(difference) * (1 - 4 * unit) > 2 * (ea + eb)) return Math.sign(difference);
    if (ea === 0 && eb === 0) return 0;
    this.exactDecisions++;
    const ia = a < 0 ? 0n : this.exactRows(cell).slope[a];
    const ib = b < 0 || minus === null ? 0n : this.exactRows(minus).slope[b];
    return ia > ib ? 1 : ia < ib ? -1 : 0;
  }

  private child(cell: Cell, left: Knot, right: Knot) {
    return { level: cell.level + 1, parent: cell, left, right, exact: null };
  }

  private rows(
    cell: Cell,
    layer: DenseLayer,
    slope: Float64Array,
    intercept: Float64Array,
    error: Float64Array,
  ): void {
    const { on } = cell;
    const { inputs, outputs, weights, biases } = layer;
    const m = on.length;
    const gamma = (m + 4) * unit * 1.001;
    // All numbers are multiples of 2^-bits: sums below 2^53 such units are exact.
    const bits = this.bits[cell.level + 1];
    const exactBelow = bits < 53 && cell.error.every((e) => e === 0) ? 2 ** (53 - bits) : 0;
    for (let j = 0; j < outputs; j++) {
      const row = j * inputs;
      let s = 0;
      let c = biases[j];
      let inherited = 0;
      let magnitude = Math.abs(c);
      let terms = 0;
      for (let k = 0; k < m; k++) {
        const w = weights[row + on[k]];
        if (w === 0) continue;
        terms++;
        const ws = w * cell.slope[k];
        const wc = w * cell.intercept[k];
        s += ws;
        c += wc;
        inherited += Math.abs(w) * cell.error[k];
        magnitude += Math.abs(ws) + Math.abs(wc);
      }
      slope[j] = s;
      intercept[j] = c;
      const exact = terms === 0 || magnitude < exactBelow;
      error[j] = exact ? 0 : (inherited + gamma * magnitude) * (1 + (m + 8) * 4 * unit) + underflow;
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
    const row = this.exactRow(cell, j);
    const { numerator, denominator } = this.exactKnot(knot);
    const exact = row.slope * numerator + row.intercept * denominator;
    return exact > 0n ? 1 : exact < 0n ? -1 : 0;
  }

  /** The sign where all inputs that count vanish at the knot: that of the bias. Null where this does not apply. */
  private structuralSign(cell: Cell, layer: DenseLayer, j: number, knot: Knot): number | null {
    const zero = knot === cell.left ? cell.zeroLeft : cell.zeroRight;
    const row = j * layer.inputs;
    for (let k = 0; k < cell.on.length; k++) {
      if (zero[k] === 0 && layer.weights[row + cell.on[k]] !== 0) return null;
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
    if (!(knot.error < 1e-3)) this.exactKnot(knot);
    return knot;
  }

  private compareKnots(a: Knot, b: Knot): number {
    if (a === b) return 0;
    const difference = a.t - b.t;
    if (Math.abs(difference) > (a.error + b.error) * (1 + 8 * unit)) return Math.sign(difference);
    if (a.error === 0 && b.error === 0) return 0;
    this.exactDecisions++;
    const p = this.exactKnot(a);
    const q = this.exactKnot(b);
    const l = p.numerator * q.denominator;
    const r = q.numerator * p.denominator;
    return l > r ? 1 : l < r ? -1 : 0;
  }

  private exactKnot(knot: Knot): { numerator: bigint; denominator: bigint } {
    if (knot.exact !== null) return knot.exact;
    const { slope, intercept } = this.exactRow(knot.cell as Cell, knot.neuron);
    knot.exact =
      slope > 0n
        ? { numerator: -intercept, denominator: slope }
        : { numerator: intercept, denominator: -slope };
    if (knot.error > 0) {
      knot.t = quotient(knot.exact.numerator, knot.exact.denominator);
      knot.error = 2 * unit * Math.abs(knot.t) + underflow;
    }
    return knot.exact;
  }

  /** Neuron j of the layer above `cell`, on that cell, in integers. */
  private exactRow(cell: Cell, j: number): { slope: bigint; intercept: bigint } {
    const rows = this.exactRows(cell);
    const { inputs, weights, biases } = this.scaled().layers[cell.level];
    let slope = 0n;
    let intercept = biases[j];
    for (let k = 0; k < cell.on.length; k++) {
      const w = weights[j * inputs + cell.on[k]];
      if (w === 0n) continue;
      slope += w * rows.slope[k];
      intercept += w * rows.intercept[k];
    }
    return { slope, intercept };
  }

  private exactRows(cell: Cell): ExactRows {
    if (cell.exact === null) {
      if (cell.parent === null) {
        cell.exact = this.scaled().start;
      } else {
        const rows: ExactRows = { slope: [], intercept: [] };
        for (const j of cell.on) {
          const { slope, intercept } = this.exactRow(cell.parent, j);
          rows.slope.push(slope);
          rows.intercept.push(intercept);
        }
        cell.exact = rows;
      }
    }
    return cell.exact;
  }

  private scaled() {
    if (this.integers === null) {
      const bits = this.bits[0];
      const { from, direction, to } = this.line;
      const intercept = Array.from(from, (v) => scaledInteger(v, bits));
      const slope =
        to === null
          ? Array.from(direction, (v) => scaledInteger(v, bits))
          : Array.from(to, (v, i) => scaledInteger(v, bits) - intercept[i]);
      this.integers = { layers: scaleNetwork(this.network, bits), start: { slope, intercept } };
    }
    return this.integers;
  }
}
