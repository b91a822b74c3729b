import type { ReluNetwork } from "../../network";
import { checkDomain } from "./domain";
import { planOf } from "./plan";
import { SameMap } from "./same-map";
import type { PlaneDomain, PlaneRegions } from "./types";

/**
 * The number of different gradients of the output (all outputs together, along the plane) among the regions.
 *
 * Two maps may differ in their constant alone, so this is at most `found.distinctMaps`. Every equality is decided in
 * integers; unequal residues modulo a prime prove that two gradients differ.
 *
 * @param network the network whose regions these are
 * @param domain the domain they were found on
 * @param found the regions, with maps
 * @returns the number of gradients
 * @throws RangeError when the regions were enumerated without maps
 * @example
 * countGradients(network, domain, planeSync(network, domain));
 */
export function countGradients(network: ReluNetwork, domain: PlaneDomain, found: PlaneRegions): number {
  if (found.outputs === 0) throw new RangeError("countGradients: the regions were enumerated without maps");
  const same = new SameMap(
    planOf(network),
    checkDomain(domain, network.inputs),
    found.patterns,
    found.patternWords,
  );
  // Regions of one linear region have one map, so the first of each stands for all.
  const seen = new Uint8Array(found.linearRegions);
  const groups = new Map<string, number[]>();
  let distinct = 0;
  for (let r = 0; r < found.count; r++) {
    if (found.linearRegion.length > 0) {
      if (seen[found.linearRegion[r]]) continue;
      seen[found.linearRegion[r]] = 1;
    }
    const key = same.gradientKey(r);
    const group = groups.get(key);
    if (group?.some((other) => same.equalGradients(other, r))) continue;
    distinct++;
    if (group) group.push(r);
    else groups.set(key, [r]);
  }
  return distinct;
}
