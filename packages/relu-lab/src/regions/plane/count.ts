import type { ReluNetwork } from "../../network";
import { checkDomain } from "./domain";
import { Engine } from "./engine";
import { planOf } from "./plan";
import type { PlaneCount, PlaneDomain, PlaneOptions } from "./types";

/**
 * Counts the activation regions of a network on a plane in this thread, keeping nothing.
 *
 * @param network the network; its weights are taken as the binary fractions they are
 * @param domain a box `{ lo, hi }`, a convex polygon, or a bounded plane through input space
 * @param options `certified`, `maximumRegions`, `onProgress`
 * @returns the number of regions, cells after each hidden layer, and whether every decision was certain
 * @throws RangeError or TypeError naming what is wrong with the domain
 * @example
 * countPlaneSync(heNetwork([2, 64, 64, 1], generator(0), 0.1), { lo: [-1, -1], hi: [1, 1] }).regions;
 */
export function countPlaneSync(
  network: ReluNetwork,
  domain: PlaneDomain,
  options: PlaneOptions = {},
): PlaneCount {
  const start = performance.now();
  const checked = checkDomain(domain, network.inputs);
  const plan = planOf(network);
  const certified = options.certified ?? true;
  const seconds = (): number => (performance.now() - start) / 1000;
  if (plan.neurons === 0) {
    return {
      regions: 1,
      cellsAfterEachLayer: [],
      certified,
      complete: true,
      fallbacks: 0,
      seconds: seconds(),
      workers: 1,
    };
  }
  const engine = new Engine(
    plan,
    checked,
    {
      progress(regions) {
        options.onProgress?.(regions);
        options.signal?.throwIfAborted();
        return false;
      },
    },
    certified,
  );
  if (options.maximumRegions !== undefined) engine.exports.limit(options.maximumRegions);
  engine.run();
  const complete = engine.exports.stopped() === 0;
  return {
    regions: engine.exports.regions(),
    cellsAfterEachLayer: engine.cells(),
    certified: certified && complete,
    complete,
    fallbacks: engine.exports.fallbacks(),
    seconds: seconds(),
    workers: 1,
  };
}
