import type { ReluNetwork } from "../../network";
import type { Cell, Line } from "./cell";
import { CellRefinement } from "./cells";
import { countDistinctMaps } from "./distinct";
import { LapCounter } from "./laps";
import { March, type Events } from "./march";

/** What {@link segment} is told beside the segment itself. */
export interface SegmentOptions {
  /** "first" (the default): values and slopes of the first output. "all": of every output, row after row. */
  readonly outputs?: "first" | "all";
  /** "march" or "cells" prefers one of the two certified ways, for comparison; "auto" (the default) the quicker one. */
  readonly method?: "auto" | "march" | "cells";
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
  /** The certain sign of the first output's slope on each piece: -1, 0 (flat) or 1. */
  readonly directions: Int8Array;
  /** True when every decision was certain: the counts are those of the network exactly as given. */
  readonly certified: boolean;
  /** The way that led to the result: a march that is not certain of one decision is dropped for cells. */
  readonly method: "march" | "cells";
  /** Number of different affine maps of t (all outputs together); at most `pieces`. Counted when it is first read. */
  readonly distinctMaps: number;
  /** Decisions taken in integers, because the bounds of double arithmetic left them open. */
  readonly fallbacks: number;
}

/** @internal */
export function point(values: ArrayLike<number>, name: string, inputs: number): Float64Array {
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
 * @param options which outputs' values, and which of the two certified ways
 * @returns counts, knots (as t in [0, 1]), values and slopes
 * @throws RangeError when an end has the wrong length or a coordinate that is not finite, or an option is unknown
 * @example
 * segment(sawtoothNetwork(6), [0], [1]).laps; // 64
 */
export function segment(
  network: ReluNetwork,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  options: SegmentOptions = {},
): SegmentResult {
  const p = point(from, "from", network.inputs);
  const q = point(to, "to", network.inputs);
  return along(network, { from: p, direction: q.map((v, i) => v - p[i]), to: q }, options);
}

/**
 * The same along origin + t direction, t in [0, 1], of exactly these doubles: their sum need not be one.
 *
 * @param network dense layers with ReLU or linear activations
 * @param origin as many coordinates as the network has inputs
 * @param direction likewise
 * @param options as in {@link segment}
 * @returns counts, knots (as t in [0, 1]), values and slopes
 * @throws RangeError when one has the wrong length or a coordinate that is not finite, or an option is unknown
 * @example
 * segmentAlong(network, [0, 0], [1, 1 / 3]).pieces;
 */
export function segmentAlong(
  network: ReluNetwork,
  origin: ArrayLike<number>,
  direction: ArrayLike<number>,
  options: SegmentOptions = {},
): SegmentResult {
  const from = point(origin, "origin", network.inputs);
  return along(
    network,
    { from, direction: point(direction, "direction", network.inputs), to: null },
    options,
  );
}

function along(network: ReluNetwork, line: Line, options: SegmentOptions): SegmentResult {
  const { method = "auto", outputs = "first" } = options;
  if (!["auto", "march", "cells"].includes(method))
    throw new RangeError(`segment: the method "${method}" is not "auto", "march" or "cells"`);
  if (!["first", "all"].includes(outputs))
    throw new RangeError(`segment: outputs "${outputs}" is not "first" or "all"`);
  const shown = outputs === "all" ? network.outputs : 1;
  const tryMarch = method === "march" || (method === "auto" && marchPays(network));
  const events = tryMarch ? March.of(network)?.run(line) : null;
  const marched = events ? fromEvents(events, network.outputs, shown) : null;
  const found = marched ?? fromCells(network, line, shown);
  let distinct: number | undefined;
  return {
    ...found,
    // Pieces far apart are compared in integers, which a march does not have: the refinement is walked for them.
    get distinctMaps() {
      return (distinct ??= countDistinctMaps(network, line));
    },
  };
}

/** Measured: below about a hundred weights the refinement is as fast, and in narrow networks rarely gives up. */
function marchPays(network: ReluNetwork): boolean {
  return network.parameters > 90;
}

type Found = Omit<SegmentResult, "distinctMaps">;

function fromEvents(events: Events, outputs: number, shown: number): Found | null {
  const { times, changes, rows, slopeError } = events;
  const knots = [0];
  const values: number[] = [];
  const slopes: number[] = [];
  const lap = new LapCounter();
  for (let i = 0; i < changes.length; i++) {
    if ((changes[i] & 1) === 0) continue;
    const row = i * 2 * outputs;
    const t = i === 0 ? 0 : times[i - 1];
    const flat = (changes[i] & 2) !== 0;
    if (!flat && !(Math.abs(rows[row]) > slopeError)) return null;
    lap.add(flat ? 0 : Math.sign(rows[row]));
    if (i > 0) knots.push(t);
    for (let o = 0; o < shown; o++) {
      slopes.push(rows[row + o]);
      values.push(rows[row + o] * t + rows[row + outputs + o]);
    }
  }
  const last = (changes.length - 1) * 2 * outputs;
  for (let o = 0; o < shown; o++) values.push(rows[last + o] + rows[last + outputs + o]);
  const activationKnots = new Float64Array(times.length + 2);
  activationKnots.set(times, 1);
  activationKnots[times.length + 1] = 1;
  return {
    acts: changes.length,
    pieces: knots.length,
    laps: lap.laps,
    flats: lap.flats,
    directions: Int8Array.from(lap.directions),
    knots: Float64Array.from([...knots, 1]),
    activationKnots,
    values: Float64Array.from(values),
    slopes: Float64Array.from(slopes),
    certified: true,
    method: "march",
    fallbacks: 0,
  };
}

function fromCells(network: ReluNetwork, line: Line, shown: number): Found {
  const refinement = new CellRefinement(network, line);
  const cells = refinement.all();
  const { rows } = refinement;
  const differs = (a: Cell, b: Cell): boolean => {
    for (let o = 0; o < network.outputs; o++) if (refinement.slopeSign(o, a, b) !== 0) return true;
    return false;
  };
  const pieces = cells.filter((cell, i) => i === 0 || differs(cells[i - 1], cell));
  const lap = new LapCounter();
  for (const piece of pieces) lap.add(refinement.slopeSign(0, piece, null));
  const values = new Float64Array((pieces.length + 1) * shown);
  const slopes = new Float64Array(pieces.length * shown);
  for (const [i, piece] of pieces.entries()) {
    for (let o = 0; o < shown; o++) {
      const k = refinement.outputRow(piece, o);
      if (k < 0) continue; // an output with a ReLU that is off: slope and values stay 0
      slopes[i * shown + o] = rows.slope[k];
      values[i * shown + o] = rows.slope[k] * piece.left.t + rows.intercept[k];
    }
  }
  const last = cells[cells.length - 1];
  for (let o = 0; o < shown; o++) {
    const k = refinement.outputRow(last, o);
    if (k >= 0) values[pieces.length * shown + o] = rows.slope[k] + rows.intercept[k];
  }
  return {
    acts: cells.length,
    pieces: pieces.length,
    laps: lap.laps,
    flats: lap.flats,
    directions: Int8Array.from(lap.directions),
    knots: Float64Array.from([...pieces.map((piece) => piece.left.t), 1]),
    activationKnots: Float64Array.from([...cells.map((cell) => cell.left.t), 1]),
    values,
    slopes,
    certified: true,
    method: "cells",
    fallbacks: refinement.exactDecisions,
  };
}
