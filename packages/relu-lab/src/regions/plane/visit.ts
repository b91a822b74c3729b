import type { ReluNetwork } from "../../network";
import { layersOfNeurons } from "../plan/places";
import { planOf, type Plan } from "../plan/plan";
import { startClock } from "../walk/clock";
import { sumOf, type WalkShare } from "../walk/count";
import { limitOf, progressHere } from "../walk/options";
import { chooseThreads } from "../walk/threads";
import { checkDomain, type CheckedDomain } from "./domain";
import { Engine } from "./engine";
import { walkHere, type Untimed } from "./here";
import { takeBlock, TURN, WAITING, type StreamEvent, type VisitTask } from "./stream";
import { stopAll } from "./task";
import type { PlaneCount, PlaneDomain, PlaneOptions, RegionBlock } from "./types";
import { walkOnWorkers } from "./walk-on-workers";

/** What a visitor sees of each region, beside its polygon. */
export interface VisitOptions extends PlaneOptions {
  /** The affine map of every output on every region (default true). */
  readonly maps?: boolean;
}

/**
 * Streams the regions of a network on a plane to a visitor, a few hundred at a time, and keeps none of them. Runs in
 * this thread.
 *
 * @param network the network
 * @param domain where to look
 * @param visit called with each block of regions; its arrays may be kept
 * @param options `maps` (default true); limit, progress
 * @returns the counts
 * @throws RangeError or TypeError naming what is wrong with the domain or the options; whatever the visitor throws
 * @example
 * let total = 0;
 * visitPlaneSync(network, box, ({ areas }) => areas.forEach((area) => (total += area)));
 */
export function visitPlaneSync(
  network: ReluNetwork,
  domain: PlaneDomain,
  visit: (block: RegionBlock) => void,
  options: VisitOptions = {},
): PlaneCount {
  const timed = startClock();
  return timed(visitHere(planOf(network), checkDomain(domain, network.inputs), visit, options));
}

function visitHere(
  plan: Plan,
  domain: CheckedDomain,
  visit: (block: RegionBlock) => void,
  options: VisitOptions,
): Untimed {
  const { certified = true, maps = true } = options;
  const outputs = maps ? plan.output.outputs : 0;
  const layerOfNeuron = layersOfNeurons(plan);
  const engine: Engine = new Engine(
    plan,
    domain,
    {
      progress: progressHere(options),
      regions: (regions, edges) => visit(takeBlock(engine, { regions, edges }, outputs, layerOfNeuron)),
    },
    certified,
    maps,
  );
  engine.exports.enumerate(outputs, 1, 0);
  return walkHere(engine, certified, (count) => count);
}

/**
 * Streams the regions of a network on a plane to a visitor, found on several threads, and keeps none of them. The
 * regions and their order do not depend on the number of threads.
 *
 * @param network the network
 * @param domain where to look
 * @param visit called in this thread with each block of regions; its arrays may be kept
 * @param options `maps` (default true); threads, limit, progress, cancellation
 * @returns the counts
 * @throws RangeError or TypeError naming what is wrong with the domain or the options; whatever the visitor throws; the signal's reason
 * when aborted
 * @example
 * let total = 0;
 * await visitPlane(network, box, ({ areas }) => areas.forEach((area) => (total += area)));
 */
export async function visitPlane(
  network: ReluNetwork,
  domain: PlaneDomain,
  visit: (block: RegionBlock) => void,
  options: VisitOptions = {},
): Promise<PlaneCount> {
  const timed = startClock();
  options.signal?.throwIfAborted();
  const checked = checkDomain(domain, network.inputs);
  const plan = planOf(network);
  const threads = await chooseThreads(options);
  if (threads === undefined) return timed(visitHere(plan, checked, visit, options));
  const { maps = true } = options;
  const limit = limitOf(options);
  const count = await walkOnWorkers(plan, checked, options, threads, limit, async (walk, ask) => {
    const task: VisitTask = {
      ...walk,
      outputs: maps ? plan.output.outputs : 0,
      withMaps: maps,
      turn: new Int32Array(new SharedArrayBuffer(8)),
    };
    const queue = new Queue(task, visit);
    const shares = await ask<WalkShare>(
      () => ({ visit: task }),
      (event) => queue.take(event as StreamEvent),
    );
    queue.end();
    return sumOf(shares, task.certified);
  });
  return timed(count);
}

/** Puts the blocks that several workers send back into the order of the walk. */
class Queue {
  private turn = 0;
  private readonly waiting = new Map<number, RegionBlock[]>();
  private readonly done = new Set<number>();
  private failure: { error: unknown } | undefined;

  constructor(
    private readonly task: VisitTask,
    private readonly visit: (block: RegionBlock) => void,
  ) {}

  take({ subtree, block }: StreamEvent): void {
    if (!block) {
      this.done.add(subtree);
      while (this.done.delete(this.turn)) this.next();
    } else if (subtree === this.turn) this.pass(block);
    else {
      const blocks = this.waiting.get(subtree);
      if (blocks) blocks.push(block);
      else this.waiting.set(subtree, [block]);
    }
  }

  /** When every worker is done: passes what a limit has left without its turn, and throws what the visitor threw. */
  end(): void {
    const left = [...this.waiting].sort(([a], [b]) => a - b);
    for (const [, blocks] of left) for (const block of blocks) this.pass(block);
    if (this.failure) throw this.failure.error;
  }

  private next(): void {
    this.turn++;
    Atomics.store(this.task.turn, TURN, this.turn);
    Atomics.notify(this.task.turn, TURN);
    const blocks = this.waiting.get(this.turn) ?? [];
    this.waiting.delete(this.turn);
    for (const block of blocks) this.pass(block);
  }

  private pass(block: RegionBlock): void {
    Atomics.sub(this.task.turn, WAITING, 1);
    if (this.failure) return;
    try {
      this.visit(block);
    } catch (error) {
      this.failure = { error };
      stopAll(this.task);
    }
  }
}
