import {
  countGradients,
  regionStatistics,
  type PatternTable,
  type PlaneDomain,
  type PlaneRegions,
  type SegmentResult,
  type SpaceRegions,
} from "../regions";
import type { ReluNetwork } from "../network";
import type { Report } from "./report";

/** The length of the shortest interval between neighbouring knots, in the parameter they are given in. */
export function shortest(knots: Float64Array): number {
  return knots.subarray(1).reduce((least, t, i) => Math.min(least, t - knots[i]), Infinity);
}

/** Intervals are convex, so each has a pattern of its own; lengths in units of the input. */
export function lineStatistics({ acts, slopes, activationKnots }: SegmentResult, length: number): Report {
  return {
    total_length: length,
    mean_length: length / acts,
    smallest_length: shortest(activationKnots) * length,
    steepest_slope: slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0) / length,
    distinct_patterns: acts,
    adjacent_pairs: acts - 1,
    boundary_regions: Math.min(acts, 2),
  };
}

/** What the subdivision of a plane looks like, in a few numbers; areas in the plane's own units. */
export function planeStatistics(network: ReluNetwork, domain: PlaneDomain, found: PlaneRegions): Report {
  const { totalArea, meanArea, medianArea, smallestArea, largestArea, atBorder, adjacentPairs } =
    regionStatistics(found);
  return {
    total_area: totalArea,
    mean_area: meanArea,
    median_area: medianArea,
    smallest_area: smallestArea,
    largest_area: largestArea,
    edges_per_region: found.twins.length / found.count,
    neighbours_per_region: (2 * adjacentPairs) / found.count,
    distinct_patterns: distinctPatterns(found),
    distinct_gradients: countGradients(network, domain, found),
    adjacent_pairs: adjacentPairs,
    boundary_regions: atBorder,
  };
}

/** Volumes in the cube of the input's units. */
export function spaceStatistics(found: SpaceRegions): Report {
  const { volumes, count, neighbours } = found;
  const total = volumes.reduce((sum, v) => sum + v, 0);
  const adjacentPairs = (neighbours?.pairs.length ?? 0) / 2;
  return {
    total_volume: total,
    mean_volume: total / count,
    smallest_volume: volumes.reduce((least, v) => Math.min(least, v), Infinity),
    largest_volume: volumes.reduce((most, v) => Math.max(most, v), 0),
    neighbours_per_region: (2 * adjacentPairs) / count,
    distinct_patterns: distinctPatterns(found),
    adjacent_pairs: adjacentPairs,
  };
}

/** Counted, not assumed: a region that was found twice would show. */
function distinctPatterns({ count, patterns, patternWords }: PatternTable): number {
  const seen = new Set<string>();
  for (let r = 0; r < count; r++)
    seen.add(patterns.subarray(r * patternWords, (r + 1) * patternWords).join());
  return seen.size;
}
