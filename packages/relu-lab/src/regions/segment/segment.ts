import type { ReluNetwork } from "../../network";
import { CellRefinement, type Cell } from "./cells";

/** What {@link segment} is told beside the segment itself. */
export interface SegmentOptions {
  /** "first" (the default): values and slopes of the first output. "all": of every output, row after row. */
  readonly outputs?: "first" | "all";
}

/** A network along the segment from + t (to - from), t in [0, 1]. Three different counts, never confused. */
export interface SegmentResult {
  /** Activation intervals: neighbours differ in some neuron. */
  readonly acts: number;
  /** Maximal affine pieces of the output (of all outputs together). */
  readonly pieces: number;
  /** Maximal runs of strictly monotone pieces of the first output; flat pieces do not separate equal directions. */
  readonly laps: number;
  /** Maximal intervals on which the first output is constant. */
  readonly flats: number;
  /** Ends of the affine pieces, from 0 to 1; length pieces + 1. */
  readonly knots: Float64Array;
  /** Ends of the activation intervals, from 0 to 1; length acts + 1. */
  readonly activationKnots: Float64Array;
  /** Outputs at the knots: one number a knot, or with `outputs: "all"` as many as the network has outputs. */
  readonly values: Float64Array;
  /** dy/dt on each piece, in the same layout. */
  readonly slopes: Float64Array;
  /** True when every decision was certain: the counts are those of the network exactly as given. */
  readonly certified: boolean;
}

function point(values: ArrayLike<number>, name: string, inputs: number): Float64Array {
  if (values.length !== inputs) {
    throw new RangeError(`segment: ${name} has ${values.length} coordinates, the network takes ${inputs}`);
  }
  const p = Float64Array.from(values);
  const bad = p.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) throw new RangeError(`segment: ${name}[${bad}] is ${p[bad]}: coordinates must be finite`);
  return p;
}

/**
 * The exact pieces of a network along a line segment in input space.
 *
 * Every sign, order and equality is decided certainly, by a proven error bound or else in integers, so the counts
 * are those of the network as given; positions and values are rounded to doubles.
 *
 * @param network dense layers with ReLU or linear activations
 * @param from start of the segment, as many coordinates as the network has inputs
 * @param to end of the segment
 * @returns counts, knots (as t in [0, 1]), values and slopes
 * @throws RangeError when an end has the wrong length or a coordinate that is not finite
 * @example
 * segment(sawtooth.merged(6), [0], [1]).laps; // 64
 */
export function segment(
  network: ReluNetwork,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  options: SegmentOptions = {},
): SegmentResult {
  const refinement = new CellRefinement(
    network,
    point(from, "from", network.inputs),
    point(to, "to", network.inputs),
  );
  let cells: Cell[] = [refinement.start()];
  for (let l = 0; l < network.layers.length; l++) cells = cells.flatMap((cell) => refinement.refine(cell));
  return summary(network, cells, refinement, options.outputs ?? "first");
}

function summary(
  network: ReluNetwork,
  cells: readonly Cell[],
  refinement: CellRefinement,
  which: "first" | "all",
): SegmentResult {
  const differs = (a: Cell, b: Cell): boolean => {
    for (let o = 0; o < network.outputs; o++) if (refinement.slopeSign(o, a, b) !== 0) return true;
    return false;
  };
  const pieces = cells.filter((cell, i) => i === 0 || differs(cells[i - 1], cell));
  let laps = 0;
  let flats = 0;
  let direction = 0;
  let before = 1;
  for (const piece of pieces) {
    const sign = refinement.slopeSign(0, piece, null);
    if (sign === 0 && before !== 0) flats++;
    if (sign !== 0 && sign !== direction) {
      laps++;
      direction = sign;
    }
    before = sign;
  }
  const shown = which === "all" ? network.outputs : 1;
  const values = new Float64Array((pieces.length + 1) * shown);
  const slopes = new Float64Array(pieces.length * shown);
  for (const [i, piece] of pieces.entries()) {
    for (let o = 0; o < shown; o++) {
      const k = piece.on.indexOf(o);
      if (k < 0) continue; // an output with a ReLU that is off: slope and values stay 0
      slopes[i * shown + o] = piece.slope[k];
      values[i * shown + o] = piece.slope[k] * piece.left.t + piece.intercept[k];
    }
  }
  const last = cells[cells.length - 1];
  for (let o = 0; o < shown; o++) {
    const k = last.on.indexOf(o);
    if (k >= 0) values[pieces.length * shown + o] = last.slope[k] + last.intercept[k];
  }
  return {
    acts: cells.length,
    pieces: pieces.length,
    laps,
    flats,
    knots: Float64Array.from([...pieces.map((piece) => piece.left.t), 1]),
    activationKnots: Float64Array.from([...cells.map((cell) => cell.left.t), 1]),
    values,
    slopes,
    certified: true,
  };
}
