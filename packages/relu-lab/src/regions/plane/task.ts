import type { Plan } from "../plan/plan";
import type { WalkShare } from "../walk/count";
import type { CheckedDomain } from "./domain";
import { Engine, type EngineHost, type EngineOptions } from "./engine";
import type { Script } from "./joints";
import type { Pieces } from "./pieces";
import { SubtreeCollector, type Kept, type Subtree } from "./subtrees";

/** One walk, as it is sent to each worker. */
export interface WalkTask {
  readonly plan: Plan;
  readonly domain: CheckedDomain;
  readonly certified: boolean;
  /** One word a subtree: 0, or 1 + the worker that took it. Then the flag that stops everybody. */
  readonly claims: Int32Array;
  /** Stop once the workers together have found so many regions. */
  readonly limit: number;
  /** Regions found so far, one number a worker: what it has told, so perhaps a little less than it has. */
  readonly found: Float64Array;
  /** The part of a count that this walk is, where other machines or other days have the rest. */
  readonly shard?: Shard;
}

/** One of `of` parts of a count, 0, 1, ...: every `of`-th subtree; the part 0 also counts what lies above them. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** A walk that writes the regions. */
export interface EnumerateTask extends WalkTask {
  readonly kept: Kept;
  readonly withMaps: boolean;
}

/** What one worker enumerated. */
export interface EnumerateShare extends WalkShare {
  readonly subtrees: Subtree[];
  readonly script: Script;
  readonly mismatches: number;
}

/** Subtrees at this depth are claimed one by one: with fewer the threads end apart, and above them all do the same. */
const CLAIM_DEPTH = 6;
/** More than so many threads need more subtrees. */
const FEW_THREADS = 4;

/** The depth at which so many threads claim subtrees, or so many shards: that of a shard is the same on every machine. */
function claimDepth(workers: number, shard?: Shard): number {
  return CLAIM_DEPTH + Math.max(0, Math.ceil(Math.log2((shard?.of ?? workers) / FEW_THREADS)));
}

/** With a limit, a worker tells at the latest after so many regions how far it is. */
const LARGEST_STEP = 4096;

/** What the threads of a walk share. */
export function sharedParts(workers: number, shard?: Shard): Pick<WalkTask, "claims" | "found"> {
  return {
    claims: new Int32Array(new SharedArrayBuffer(4 * (2 ** claimDepth(workers, shard) + 1))),
    found: new Float64Array(new SharedArrayBuffer(8 * workers)),
  };
}

/** Makes every worker stop at its next report. */
export function stopAll({ claims }: Pick<WalkTask, "claims">): void {
  Atomics.store(claims, claims.length - 1, 1);
}

export function isStopped({ claims }: Pick<WalkTask, "claims">): boolean {
  return Atomics.load(claims, claims.length - 1) !== 0;
}

/** The part of an engine's host that all walks on workers have: claims, limit, cancellation, progress. */
export function sharingHost(
  task: WalkTask,
  worker: number,
): Required<Pick<EngineHost, "claim" | "progress">> {
  const { claims, limit, found, shard } = task;
  const isOurs = (subtree: number) => !shard || subtree % shard.of === shard.index;
  return {
    claim: (subtree) => isOurs(subtree) && Atomics.compareExchange(claims, subtree, 0, worker + 1) === 0,
    progress(regions) {
      found[worker] = regions;
      if (isStopped(task)) return 0;
      if (limit === Infinity) return Infinity;
      // Small steps, smaller as the limit comes near: what the others have not told yet is at most a sixteenth of it.
      const left = limit - found.reduce((sum, n) => sum + n, 0);
      return left <= 0 ? 0 : regions + Math.min(LARGEST_STEP, Math.ceil(left / (16 * found.length)));
    },
  };
}

/** The walk's engine with claims set up. */
export function sharingEngine(task: WalkTask, worker: number, options: EngineOptions): Engine {
  const engine = new Engine(task.plan, task.domain, { ...options, certified: task.certified });
  const first = worker === 0 && (task.shard?.index ?? 0) === 0;
  engine.exports.claimAt(claimDepth(task.found.length, task.shard), first ? 1 : 0);
  return engine;
}

/** The share of the worker whose engine has done its walk. */
export function shareOf(engine: Engine, task: WalkTask, worker: number): WalkShare {
  task.found[worker] = engine.exports.regions();
  return engine.share();
}

/** Counts the subtrees that nobody else has taken. */
export function countShare(task: WalkTask, worker: number): WalkShare {
  const engine = sharingEngine(task, worker, { host: sharingHost(task, worker), onlyCounts: true });
  try {
    engine.run();
    return shareOf(engine, task, worker);
  } finally {
    engine.release();
  }
}

/** Enumerates the subtrees that nobody else has taken: what they hold, and what the others must know of them. */
export function enumerateShare(
  task: EnumerateTask,
  worker: number,
): { pieces: Pieces; share: EnumerateShare } {
  const shared = sharingHost(task, worker);
  const collector = new SubtreeCollector(task.kept);
  const host = { ...shared, ...collector.host(() => engine, shared.claim) };
  const engine: Engine = sharingEngine(task, worker, { host, withOutputs: task.withMaps });
  const { pieces, subtrees, script } = collector;
  engine.exports.enumerate(task.kept.outputs, 0, task.kept.linear ? 1 : 0);
  try {
    engine.run();
    const mismatches = engine.exports.mismatches();
    return {
      pieces,
      share: { ...shareOf(engine, task, worker), subtrees, script: worker === 0 ? script : [], mismatches },
    };
  } finally {
    engine.release();
  }
}
