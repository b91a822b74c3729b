import type { ReluNetwork } from "../../network";
import { firstOfEach } from "../maps/region-maps";
import { planOf } from "../plan/plan";
import { checkDomain } from "../plane/domain";
import { planeMaps } from "../plane/region-maps";
import type { PlaneDomain, PlaneRegions } from "../plane/types";

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
  const checked = checkDomain(domain, network.inputs);
  const maps = planeMaps(planOf(network), checked, found.patterns, found.patternWords);
  // Regions of one linear region have one map, so the first of each stands for all.
  const { count, linearRegion, linearRegions } = found;
  const regions =
    linearRegion.length > 0 ? firstOfEach(linearRegion, linearRegions) : new Uint32Array(count).keys();
  return maps.countGradients(regions);
}
