import type { ReluNetwork } from "../../network";
import { planOf } from "../plan/plan";
import { startClock } from "../walk/clock";
import { sumOf, type WalkShare } from "../walk/count";
import { chooseThreads } from "../walk/threads";
import { checkDomain } from "./domain";
import { countShare, sharedParts, type Shard, type WalkTask } from "./task";
import type { PlaneCount, PlaneDomain, PlaneOptions } from "./types";
import { walkOnWorkers } from "./walk-on-workers";

/** Parts that a count may have, at most. */
const MOST_SHARDS = 4096;

/**
 * Counts a part of the regions of a network on a plane: the parts of all shards add up to {@link countPlane}'s count, on
 * whatever machines and with however many threads they are counted.
 *
 * @param network the network
 * @param domain a box `{ lo, hi }`, a convex polygon, or a bounded plane through input space
 * @param shard which part, 0 to `of` - 1, of how many, at most 4096
 * @param options threads, progress, cancellation; no limit
 * @returns what this part adds to the number of regions and to the cells after each hidden layer
 * @throws RangeError or TypeError naming what is wrong with shard, domain or options; the signal's reason when aborted
 * @example
 * const parts = [0, 1, 2].map((index) => countPlaneShard(network, box, { index, of: 3 }));
 */
export async function countPlaneShard(
  network: ReluNetwork,
  domain: PlaneDomain,
  { index, of }: Shard,
  options: Omit<PlaneOptions, "maximumRegions"> = {},
): Promise<PlaneCount> {
  if (!(Number.isInteger(of) && of >= 1 && of <= MOST_SHARDS))
    throw new RangeError(`${of} shards: a whole number from 1 to ${MOST_SHARDS} is needed`);
  if (!(Number.isInteger(index) && index >= 0 && index < of))
    throw new RangeError(`shard ${index} of ${of}: a whole number from 0 to ${of - 1} is needed`);
  const timed = startClock();
  options.signal?.throwIfAborted();
  const checked = checkDomain(domain, network.inputs);
  const plan = planOf(network);
  const shard = { index, of };
  const threads = await chooseThreads(options);
  if (threads === undefined) {
    const certified = options.certified ?? true;
    const task: WalkTask = {
      plan,
      domain: checked,
      certified,
      limit: Infinity,
      shard,
      ...sharedParts(1, shard),
    };
    return timed(sumOf([countShare(task, 0)], certified));
  }
  const settings = { ...options, shard };
  const count = await walkOnWorkers(plan, checked, settings, threads, Infinity, async (task, ask) =>
    sumOf(await ask<WalkShare>(() => ({ count: task })), task.certified),
  );
  return timed(count);
}
