import type { ReluNetwork } from "../../network";
import type { PatternTable } from "../maps";
import { unpackPattern, type Pattern } from "../maps/pattern";
import { SameMap } from "../maps/same-map";
import { DisjointSets } from "../plane/union";
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
  const same = new SameMap(network);
  const sets = new DisjointSets(found.count);
  const patternOf = (region: number): Pattern =>
    unpackPattern(network, found.patterns, region * found.patternWords);
  let last = -1;
  let first: Pattern = [];
  for (let p = 0; p < pairs.length; p += 2) {
    const [r, q] = [pairs[p], pairs[p + 1]];
    if (sets.find(r) === sets.find(q)) continue;
    if (r !== last) [last, first] = [r, patternOf(r)];
    if (same.equal(first, patternOf(q))) sets.unite(r, q);
  }
  const linearRegion = sets.labels();
  return {
    linearRegion,
    linearRegions: sets.count,
    countDistinctMaps() {
      const seen = new Uint8Array(sets.count);
      const groups = new Map<string, Pattern[]>();
      let distinct = 0;
      for (let r = 0; r < found.count; r++) {
        if (seen[linearRegion[r]]) continue;
        seen[linearRegion[r]] = 1;
        const pattern = patternOf(r);
        const key = same.key(pattern);
        const group = groups.get(key);
        if (group?.some((other) => same.confirm(other, pattern))) continue;
        distinct++;
        if (group) group.push(pattern);
        else groups.set(key, [pattern]);
      }
      return distinct;
    },
  };
}
