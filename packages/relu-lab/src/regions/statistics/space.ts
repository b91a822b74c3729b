import type { SpaceRegions } from "../space";

/** Numbers that describe a subdivision of space into regions. */
export interface SpaceStatistics {
  readonly regions: number;
  readonly totalVolume: number;
  readonly meanVolume: number;
  readonly smallestVolume: number;
  readonly largestVolume: number;
  /** Facets between two regions; 0 where the regions were found without neighbours. */
  readonly adjacentPairs: number;
}

/**
 * Volumes and neighbours of the regions in space.
 *
 * @param found all regions of a network in a box
 * @returns counts, and volumes in the cube of the input's units
 * @example
 * spaceStatistics(spaceSync(network, box, { neighbours: true })).adjacentPairs;
 */
export function spaceStatistics({ count, volumes, neighbours }: SpaceRegions): SpaceStatistics {
  const totalVolume = volumes.reduce((sum, v) => sum + v, 0);
  return {
    regions: count,
    totalVolume,
    meanVolume: totalVolume / count,
    smallestVolume: volumes.reduce((least, v) => Math.min(least, v), Infinity),
    largestVolume: volumes.reduce((most, v) => Math.max(most, v), 0),
    adjacentPairs: (neighbours?.pairs.length ?? 0) / 2,
  };
}
