import type { SegmentResult } from "../segment";

/** Numbers that describe the activation intervals along a segment. */
export interface SegmentStatistics {
  /** Activation intervals; each is convex, and has a pattern of its own. */
  readonly regions: number;
  readonly totalLength: number;
  readonly meanLength: number;
  readonly smallestLength: number;
  /** The largest size of the first output's slope, per unit of length. */
  readonly steepestSlope: number;
  /** Pairs of intervals with a common end. */
  readonly adjacentPairs: number;
  /** Intervals at an end of the segment. */
  readonly atBorder: number;
}

/** The length of the shortest interval between neighbouring knots, in the parameter they are given in. */
export function shortestInterval(knots: ArrayLike<number>): number {
  let least = Infinity;
  for (let i = 1; i < knots.length; i++) least = Math.min(least, knots[i] - knots[i - 1]);
  return least;
}

/**
 * Lengths and slopes of the activation intervals along a segment.
 *
 * @param found the pieces of a network along a segment
 * @param length the segment's length, in units of the input
 * @returns counts, lengths in the same units, the steepest slope
 * @example
 * segmentStatistics(segment(network, [-1], [1]), 2).smallestLength;
 */
export function segmentStatistics(
  { acts, slopes, activationKnots }: SegmentResult,
  length: number,
): SegmentStatistics {
  return {
    regions: acts,
    totalLength: length,
    meanLength: length / acts,
    smallestLength: shortestInterval(activationKnots) * length,
    steepestSlope: slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0) / length,
    adjacentPairs: acts - 1,
    atBorder: Math.min(acts, 2),
  };
}
