import { cornerPoints } from "../plane/corners";
import type { PlaneRegions } from "../plane/types";

/** Numbers that describe a subdivision into regions. */
export interface RegionStatistics {
  readonly regions: number;
  /** Regions with an edge on the domain's border. */
  readonly atBorder: number;
  /** Pairs of regions with a common edge. */
  readonly adjacentPairs: number;
  /** Different corner points. */
  readonly corners: number;
  readonly totalArea: number;
  readonly meanArea: number;
  readonly medianArea: number;
  readonly smallestArea: number;
  readonly largestArea: number;
  /** Entry k: the number of regions with k edges. */
  readonly edgeCounts: number[];
  /** Entry k: the number of regions with k neighbours. */
  readonly neighbourCounts: number[];
  /** Entry l: the number of half-edges made by hidden layer l; entry 0 is the border's. */
  readonly edgesByLayer: number[];
}

/**
 * Areas, edges and neighbours of the regions on a plane.
 *
 * @param found all regions of a network on a plane
 * @returns counts and quantiles; areas in the plane's own units
 * @example
 * regionStatistics(planeSync(network, box)).neighbourCounts;
 */
export function regionStatistics(found: PlaneRegions): RegionStatistics {
  const { count, areas, offsets, twins, edgeNeurons, layerOfNeuron } = found;
  const sorted = areas.slice().sort();
  const edgeCounts: number[] = [];
  const neighbourCounts: number[] = [];
  const layers = layerOfNeuron.length > 0 ? layerOfNeuron[layerOfNeuron.length - 1] : 0;
  const edgesByLayer = new Array<number>(layers + 1).fill(0);
  const add = (histogram: number[], k: number): void => {
    while (histogram.length <= k) histogram.push(0);
    histogram[k]++;
  };
  let atBorder = 0;
  let inner = 0;
  for (let r = 0; r < count; r++) {
    let neighbours = 0;
    for (let e = offsets[r]; e < offsets[r + 1]; e++) {
      if (twins[e] >= 0) neighbours++;
      add(edgesByLayer, edgeNeurons[e] < 0 ? 0 : layerOfNeuron[edgeNeurons[e]]);
    }
    const edges = offsets[r + 1] - offsets[r];
    add(edgeCounts, edges);
    add(neighbourCounts, neighbours);
    inner += neighbours;
    if (neighbours < edges) atBorder++;
  }
  const totalArea = areas.reduce((sum, area) => sum + area, 0);
  const middle = count >> 1;
  return {
    regions: count,
    atBorder,
    adjacentPairs: inner / 2,
    corners: cornerPoints(found).points,
    totalArea,
    meanArea: totalArea / count,
    medianArea: count % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2,
    smallestArea: sorted[0],
    largestArea: sorted[count - 1],
    edgeCounts,
    neighbourCounts,
    edgesByLayer,
  };
}
