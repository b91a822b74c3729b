import type { ReluNetwork } from "../../network";
import { planOf, type Plan } from "../plan/plan";
import { startClock } from "../walk/clock";
import { sumOf, type WalkShare } from "../walk/count";
import { limitOf, progressHere } from "../walk/options";
import { ALONE_REGIONS, chooseThreads } from "../walk/threads";
import { checkDomain, type CheckedDomain } from "./domain";
import { Engine } from "./engine";
import { walkHere, type Untimed } from "./here";
import type { PlaneCount, PlaneDomain, PlaneOptions } from "./types";
import { walkOnWorkers } from "./walk-on-workers";

/**
 * Counts the activation regions of a network on a plane in this thread, keeping nothing.
 *
 * @param network the network; its weights are taken as the binary fractions they are
 * @param domain a box `{ lo, hi }`, a convex polygon, or a bounded plane through input space
 * @param options `certified`, `maximumRegions`, `onProgress`
 * @returns the number of regions, cells after each hidden layer, and whether every decision was certain
 * @throws RangeError or TypeError naming what is wrong with the domain or the options
 * @example
 * countPlaneSync(heNetwork([2, 64, 64, 1], generator(0), 0.1), { lo: [-1, -1], hi: [1, 1] }).regions;
 */
export function countPlaneSync(
  network: ReluNetwork,
  domain: PlaneDomain,
  options: PlaneOptions = {},
): PlaneCount {
  const timed = startClock();
  return timed(countHere(planOf(network), checkDomain(domain, network.inputs), options));
}

function countHere(plan: Plan, domain: CheckedDomain, options: PlaneOptions): Untimed {
  const certified = options.certified ?? true;
  const engine = new Engine(plan, domain, { progress: progressHere(options) }, certified);
  return walkHere(engine, certified, (count) => count);
}

/**
 * Counts the activation regions of a network on a plane, on several threads where it pays. Nothing is kept.
 *
 * The number is exact for the network as given: signs that double arithmetic cannot decide are decided in integers
 * (exactness.md). It does not depend on the number of threads.
 *
 * @param network the network; its weights are taken as the binary fractions they are
 * @param domain a box `{ lo, hi }`, a convex polygon, or a bounded plane through input space
 * @param options threads, limit, progress, cancellation
 * @returns the number of regions, cells after each hidden layer, and whether every decision was certain
 * @throws RangeError or TypeError naming what is wrong with the domain or the options; the signal's reason when aborted
 * @example
 * const { regions } = await countPlane(heNetwork([2, 64, 64, 1], generator(0), 0.1), { lo: [-1, -1], hi: [1, 1] });
 */
export async function countPlane(
  network: ReluNetwork,
  domain: PlaneDomain,
  options: PlaneOptions = {},
): Promise<PlaneCount> {
  const timed = startClock();
  options.signal?.throwIfAborted();
  const checked = checkDomain(domain, network.inputs);
  const plan = planOf(network);
  const threads = await chooseThreads(options);
  if (threads === undefined) return timed(countHere(plan, checked, options));
  const limit = limitOf(options);
  if (options.workers === undefined) {
    const most = Math.min(ALONE_REGIONS, limit);
    const alone = countHere(plan, checked, { ...options, onProgress: undefined, maximumRegions: most });
    if (alone.complete || limit <= ALONE_REGIONS) return timed(alone);
  }
  const count = await walkOnWorkers(plan, checked, options, threads, limit, async (task, ask) =>
    sumOf(await ask<WalkShare>(() => ({ count: task })), task.certified),
  );
  return timed(count);
}
