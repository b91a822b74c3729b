import type { ReluNetwork } from "../../network";
import { quotient, toInteger } from "../arithmetic/integers";
import { underflow, unit } from "../arithmetic/rounding";
import { scaleNetwork, type ScaledLayer } from "../plan/scaled-network";
import type { Cell, IntegerRows, Knot, Line } from "./cell";
import type { Rows } from "./rows";

/** Rows and knots of a refinement's cells in integers, made when a decision needs them. */
export class ExactCells {
  private integers: { layers: ScaledLayer[]; start: IntegerRows } | null = null;

  private places: { readonly cell: Cell; readonly of: ReadonlyMap<number, number> } | undefined;

  constructor(
    private readonly network: ReluNetwork,
    private readonly line: Line,
    private readonly rows: Rows,
    /** Fraction bits of the segment's own coordinates. */
    private readonly bits: number,
  ) {}

  /** The outputs' maps on a cell of the last level in integers, as text: equal exactly where the maps are. */
  mapKey(cell: Cell): string {
    const { slope, intercept } = this.rowsOf(cell);
    const parts: string[] = [];
    for (let k = 0; k < cell.count; k++) {
      if (slope[k] === 0n && intercept[k] === 0n) continue;
      parts.push(`${this.rows.neuron[cell.start + k]}:${slope[k].toString(36)},${intercept[k].toString(36)}`);
    }
    return parts.join(";");
  }

  /** The parameter of a knot; its double is made as good as a double can be. */
  knot(knot: Knot): { numerator: bigint; denominator: bigint } {
    if (knot.exact !== null) return knot.exact;
    const { slope, intercept } = this.row(knot.cell as Cell, knot.neuron);
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

  /** Which of a cell's rows each active neuron has; kept for the cell that was asked about last. */
  private placesOf(cell: Cell): ReadonlyMap<number, number> {
    if (this.places?.cell !== cell) {
      const of = new Map<number, number>();
      for (let k = 0; k < cell.count; k++) of.set(this.rows.neuron[cell.start + k], k);
      this.places = { cell, of };
    }
    return this.places.of;
  }

  /** Neuron j of the layer above `cell`, on that cell, in integers. */
  row(cell: Cell, j: number): { slope: bigint; intercept: bigint } {
    const rows = this.rowsOf(cell);
    const { inputs, weights, biases, rows: sparse } = this.scaled().layers[cell.level];
    let slope = 0n;
    let intercept = biases[j];
    if (sparse) {
      const places = this.placesOf(cell);
      for (let e = sparse.starts[j]; e < sparse.starts[j + 1]; e++) {
        const k = places.get(sparse.columns[e]);
        if (k === undefined) continue;
        slope += weights[e] * rows.slope[k];
        intercept += weights[e] * rows.intercept[k];
      }
      return { slope, intercept };
    }
    for (let k = 0; k < cell.count; k++) {
      const w = weights[j * inputs + this.rows.neuron[cell.start + k]];
      if (w === 0n) continue;
      slope += w * rows.slope[k];
      intercept += w * rows.intercept[k];
    }
    return { slope, intercept };
  }

  /** The active neurons of a cell. */
  rowsOf(cell: Cell): IntegerRows {
    if (cell.exact === null) {
      if (cell.parent === null) {
        cell.exact = this.scaled().start;
      } else {
        const rows: IntegerRows = { slope: [], intercept: [] };
        for (let k = cell.start; k < cell.start + cell.count; k++) {
          const { slope, intercept } = this.row(cell.parent, this.rows.neuron[k]);
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
      const bits = this.bits;
      const { from, direction, to } = this.line;
      const intercept = Array.from(from, (v) => toInteger(v, bits));
      const slope =
        to === null
          ? Array.from(direction, (v) => toInteger(v, bits))
          : Array.from(to, (v, i) => toInteger(v, bits) - intercept[i]);
      this.integers = { layers: scaleNetwork(this.network.layers, bits), start: { slope, intercept } };
    }
    return this.integers;
  }
}
