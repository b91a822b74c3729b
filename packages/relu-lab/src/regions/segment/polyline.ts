import type { ReluNetwork } from "../../network";
import { ExactMap } from "../maps/exact-map";
import { CellRefinement } from "./cells";
import { LapCounter } from "./laps";
import { point, segment, type SegmentOptions } from "./segment";

/** A network along a polyline; the parameter k + t stands for the point at t on edge k. */
export interface PolylineResult {
  /** Maximal stretches of one activation pattern. */
  readonly acts: number;
  /** Maximal stretches of one affine map of the input: bends of the line itself make no piece. */
  readonly pieces: number;
  /** Maximal runs on which the first output goes in one strict direction; flat stretches do not separate them. */
  readonly laps: number;
  /** Maximal stretches on which the first output is constant. */
  readonly flats: number;
  /** Ends of the pieces, from 0 to the number of edges; length pieces + 1. */
  readonly knots: Float64Array;
  /** Ends of the activation intervals; length acts + 1. */
  readonly activationKnots: Float64Array;
  /** Corners of the polyline and ends of the pieces together: between two of them the outputs are affine in the parameter. */
  readonly joints: Float64Array;
  /** Outputs at the joints: one number a joint, or with `outputs: "all"` as many as the network has outputs. */
  readonly values: Float64Array;
  /** Their change per unit of the parameter between neighbouring joints, in the same layout. */
  readonly slopes: Float64Array;
  readonly certified: boolean;
}

/** What of the outputs {@link polyline} gives. */
export type PolylineOptions = Pick<SegmentOptions, "outputs">;

/** Lists of active neurons as one byte a neuron. */
function states(network: ReluNetwork, pattern: readonly Int32Array[]): Uint8Array[] {
  return network.layers.map(({ outputs }, l) => {
    const on = new Uint8Array(outputs);
    for (const i of pattern[l]) on[i] = 1;
    return on;
  });
}

/**
 * The exact pieces of a network along a polyline: a trajectory through input space.
 *
 * @param network dense layers with ReLU or linear activations
 * @param points at least two points of `inputs` coordinates; a closed line repeats its first point at the end
 * @param options `outputs: "all"` for the values of every output, not of the first alone
 * @returns counts, ends of pieces and of activation intervals, values and slopes
 * @throws RangeError when there are too few points, or one has the wrong length or a coordinate that is not finite
 * @see Raghu, Poole, Kleinberg, Ganguli, Sohl-Dickstein, On the expressive power of deep neural networks, 2017
 * @example
 * polyline(network, [[0, 0], [1, 0], [1, 1]]).acts;
 */
export function polyline(
  network: ReluNetwork,
  points: readonly ArrayLike<number>[],
  options: PolylineOptions = {},
): PolylineResult {
  if (points.length < 2)
    throw new RangeError(`polyline: ${points.length} points make no line; give 2 or more`);
  const corners = points.map((p, i) => point(p, `points[${i}]`, network.inputs));
  const knots: number[] = [0];
  const activationKnots: number[] = [0];
  const joints: number[] = [];
  const values: number[] = [];
  const slopes: number[] = [];
  const shown = options.outputs === "all" ? network.outputs : 1;
  const lap = new LapCounter();
  let certified = true;
  let before: Int32Array[] | null = null;
  let maps: ExactMap | undefined;
  for (let k = 0; k + 1 < corners.length; k++) {
    const [from, to] = [corners[k], corners[k + 1]];
    const direction = to.map((v, i) => v - from[i]);
    const edge = segment(network, from, to, options);
    const refinement = new CellRefinement(network, { from, direction, to });
    if (before !== null) {
      const after = refinement.patternAt("start");
      const unchanged = before.every(
        (on, l) => on.length === after[l].length && on.every((j, i) => j === after[l][i]),
      );
      if (!unchanged) activationKnots.push(k);
      if (
        !unchanged &&
        !(maps ??= new ExactMap(network)).equal(states(network, before), states(network, after))
      )
        knots.push(k);
    }
    before = refinement.patternAt("end");
    for (const t of edge.activationKnots.subarray(1, edge.acts)) activationKnots.push(k + t);
    for (const t of edge.knots.subarray(1, edge.pieces)) knots.push(k + t);
    for (const t of edge.knots.subarray(0, edge.pieces)) joints.push(k + t);
    // The next edge gives the values at the corner they share.
    const last = k + 2 === corners.length ? edge.values.length : edge.pieces * shown;
    for (const value of edge.values.subarray(0, last)) values.push(value);
    for (const slope of edge.slopes) slopes.push(slope);
    for (const sign of edge.directions) lap.add(sign);
    certified &&= edge.certified;
  }
  return {
    acts: activationKnots.length,
    pieces: knots.length,
    laps: lap.laps,
    flats: lap.flats,
    knots: Float64Array.from([...knots, corners.length - 1]),
    activationKnots: Float64Array.from([...activationKnots, corners.length - 1]),
    joints: Float64Array.from([...joints, corners.length - 1]),
    values: Float64Array.from(values),
    slopes: Float64Array.from(slopes),
    certified,
  };
}
