import {
  countGradients,
  countPatterns,
  regionStatistics,
  segmentStatistics,
  spaceStatistics,
  type PlaneDomain,
  type PlaneRegions,
  type SegmentResult,
  type SpaceRegions,
} from "../regions";
import type { ReluNetwork } from "../network";
import type { Report } from "./report";

/** Lengths in units of the input. */
export function lineReport(found: SegmentResult, length: number): Report {
  const statistics = segmentStatistics(found, length);
  return {
    total_length: statistics.totalLength,
    mean_length: statistics.meanLength,
    smallest_length: statistics.smallestLength,
    steepest_slope: statistics.steepestSlope,
    distinct_patterns: statistics.regions,
    adjacent_pairs: statistics.adjacentPairs,
    boundary_regions: statistics.atBorder,
  };
}

/** What the subdivision of a plane looks like, in a few numbers; areas in the plane's own units. */
export function planeReport(network: ReluNetwork, domain: PlaneDomain, found: PlaneRegions): Report {
  const statistics = regionStatistics(found);
  return {
    total_area: statistics.totalArea,
    mean_area: statistics.meanArea,
    median_area: statistics.medianArea,
    smallest_area: statistics.smallestArea,
    largest_area: statistics.largestArea,
    edges_per_region: found.twins.length / found.count,
    neighbours_per_region: (2 * statistics.adjacentPairs) / found.count,
    distinct_patterns: countPatterns(found),
    distinct_gradients: countGradients(network, domain, found),
    adjacent_pairs: statistics.adjacentPairs,
    boundary_regions: statistics.atBorder,
  };
}

/** Volumes in the cube of the input's units. */
export function spaceReport(found: SpaceRegions): Report {
  const statistics = spaceStatistics(found);
  return {
    total_volume: statistics.totalVolume,
    mean_volume: statistics.meanVolume,
    smallest_volume: statistics.smallestVolume,
    largest_volume: statistics.largestVolume,
    neighbours_per_region: (2 * statistics.adjacentPairs) / statistics.regions,
    distinct_patterns: countPatterns(found),
    adjacent_pairs: statistics.adjacentPairs,
  };
}
