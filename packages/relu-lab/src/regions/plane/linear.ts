import { DisjointSets } from "../maps/disjoint-sets";
import type { Plan } from "../plan/plan";
import { countDistinct } from "./distinct";
import type { CheckedDomain } from "./domain";
import { planeMaps } from "./region-maps";
import type { MergeInput } from "./types";

/** A linear region of each region, their number, and how to get the number of different maps. */
export interface LinearRegions {
  readonly linearRegion: Uint32Array;
  readonly linearRegions: number;
  readonly countDistinctMaps: () => number;
}

/** The corner of a region that lies farthest from the line through (x, y) along (dx, dy). */
function farthest(found: MergeInput, region: number, x: number, y: number, dx: number, dy: number): number {
  const { vertices, offsets } = found;
  let best = -1;
  let at = offsets[region];
  for (let e = offsets[region]; e < offsets[region + 1]; e++) {
    const d = Math.abs(dx * (vertices[2 * e + 1] - y) - dy * (vertices[2 * e] - x));
    if (d > best) {
      best = d;
      at = e;
    }
  }
  return at;
}

/**
 * Whether the maps on the two sides of edge `e` surely differ, by doubles alone: the second map, extrapolated to the
 * farthest corner v of the first region, misses the first map's value there by more than both errors.
 * With v = alpha p + beta q + gamma w (p, q the edge's ends, w a corner of the second region), an affine error of at
 * most E on the second region is at most (|alpha| + |beta| + |gamma|) E at v. Four times that covers the corners' own
 * errors, which are far smaller than the regions that pass the test of size.
 */
function surelyDiffer(found: MergeInput, e: number, smallest: number): boolean {
  const { vertices, offsets, twins, regionsOfEdges, maps, mapErrors, outputs } = found;
  const first = regionsOfEdges[e];
  const second = regionsOfEdges[twins[e]];
  const to = e + 1 === offsets[first + 1] ? offsets[first] : e + 1;
  const [px, py, qx, qy] = [vertices[2 * e], vertices[2 * e + 1], vertices[2 * to], vertices[2 * to + 1]];
  const [dx, dy] = [qx - px, qy - py];
  const length2 = dx * dx + dy * dy;
  const v = farthest(found, first, px, py, dx, dy);
  const w = farthest(found, second, px, py, dx, dy);
  const [vx, vy, wx, wy] = [vertices[2 * v], vertices[2 * v + 1], vertices[2 * w], vertices[2 * w + 1]];
  const depthV = dx * (vy - py) - dy * (vx - px);
  const depthW = dx * (wy - py) - dy * (wx - px);
  const least = smallest * Math.sqrt(length2);
  if (!(length2 > smallest * smallest && Math.abs(depthV) > least && Math.abs(depthW) > least)) return false;
  const gamma = depthV / depthW;
  // v - p = beta (q - p) + gamma (w - p), along the edge's direction
  const beta = (dx * (vx - px - gamma * (wx - px)) + dy * (vy - py - gamma * (wy - py))) / length2;
  const spread = Math.abs(1 - beta - gamma) + Math.abs(beta) + Math.abs(gamma);
  for (let k = 0; k < outputs; k++) {
    const i = first * outputs + k;
    const j = second * outputs + k;
    const difference = (maps[3 * i] - maps[3 * j]) * vx + (maps[3 * i + 1] - maps[3 * j + 1]) * vy;
    const size =
      Math.abs(maps[3 * i] * vx) +
      Math.abs(maps[3 * j] * vx) +
      Math.abs(maps[3 * i + 1] * vy) +
      Math.abs(maps[3 * j + 1] * vy) +
      Math.abs(maps[3 * i + 2]) +
      Math.abs(maps[3 * j + 2]);
    const tolerance = 4 * (mapErrors[i] + spread * mapErrors[j]) + 1e-14 * size;
    if (Math.abs(difference + (maps[3 * i + 2] - maps[3 * j + 2])) > tolerance) return true;
  }
  return false;
}

/**
 * Merges regions across edges on whose two sides the output map is the same, each decided with certainty.
 *
 * @param doubtful the edges, one of each pair, on whose two sides the maps may be the same
 */
export function mergeLinearRegions(
  plan: Plan,
  domain: CheckedDomain,
  found: MergeInput,
  doubtful: Iterable<number>,
): LinearRegions {
  const { count, twins, regionsOfEdges } = found;
  const sets = new DisjointSets(count);
  const same = planeMaps(plan, domain, found.patterns, found.patternWords);
  let diameter = 0;
  for (let i = 0; i < domain.polygon.length; i++)
    diameter = Math.max(diameter, Math.abs(domain.polygon[i] - domain.polygon[i % 2]));
  const smallest = 1e-9 * diameter;
  for (const e of doubtful) {
    const [first, second] = [regionsOfEdges[e], regionsOfEdges[twins[e]]];
    if (surelyDiffer(found, e, smallest) || sets.find(first) === sets.find(second)) continue;
    if (same.equal(first, second)) sets.unite(first, second);
  }
  const linearRegion = sets.labels();
  return {
    linearRegion,
    linearRegions: sets.count,
    countDistinctMaps: () => countDistinct(found, linearRegion, sets.count, domain.polygon, same),
  };
}
