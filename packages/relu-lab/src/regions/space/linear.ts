import type { ReluNetwork } from "../../network";
import type { PatternTable } from "../maps";
import { DisjointSets } from "../maps/disjoint-sets";
import { layersOf } from "../maps/pattern";
import { firstOfEach, RegionMaps } from "../maps/region-maps";
import { SameMap } from "../maps/same-map";
import type { SpaceNeighbours } from "./types";

/** A linear region of each region, their number, and how to get the number of different maps. */
export interface LinearSpace {
  readonly linearRegion: Uint32Array;
  readonly linearRegions: number;
  readonly countDistinctMaps: () => number;
}

/** Merges neighbours with the same output map, each pair decided with certainty. */
export function linearSpace(
  network: ReluNetwork,
  found: PatternTable,
  { pairs }: SpaceNeighbours,
): LinearSpace {
  const maps = new RegionMaps(new SameMap(network), layersOf(network), found);
  const sets = new DisjointSets(found.count);
  for (let p = 0; p < pairs.length; p += 2) {
    const [r, q] = [pairs[p], pairs[p + 1]];
    if (sets.find(r) !== sets.find(q) && maps.equal(r, q)) sets.unite(r, q);
  }
  const linearRegion = sets.labels();
  return {
    linearRegion,
    linearRegions: sets.count,
    countDistinctMaps: () => maps.countMaps(firstOfEach(linearRegion, sets.count)),
  };
}
