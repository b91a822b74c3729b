import { deliver, doubtfulEdges, type Part, type RegionArrays } from "./collect";
import type { CheckedDomain } from "./domain";
import { Engine, type EngineHost } from "./engine";
import type { Plan } from "./plan";

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
}

/** A walk that writes the regions. */
export interface EnumerateTask extends WalkTask {
  readonly outputs: number;
  readonly withMaps: boolean;
  /** Note the edges across which linear regions may have to be merged. */
  readonly linear: boolean;
}

/** What one worker counted. */
export interface CountShare {
  readonly regions: number;
  readonly cells: number[];
  readonly fallbacks: number;
  readonly stopped: boolean;
}

/** A subtree as one worker has enumerated it. */
export interface Subtree {
  readonly index: number;
  readonly firstRegion: number;
  readonly firstEdge: number;
  readonly regions: number;
  readonly edges: number;
  /** For each side of its polygon the number of edges along it, and these, as this worker numbers them. */
  readonly sides: Int32Array;
}

/** The tree above the subtrees, in the order of a walk: a subtree's number, or the signs of a cut of the two before. */
export type Script = (number | Int8Array)[];

/** What one worker enumerated. */
export interface EnumerateShare extends CountShare {
  readonly subtrees: Subtree[];
  readonly script: Script;
  readonly mismatches: number;
}

/** Subtrees at this depth are claimed one by one. */
const CLAIM_DEPTH = 7;
/** At most so many subtrees. */
const CLAIM_WORDS = 1 << CLAIM_DEPTH;
/** With a limit, a worker tells at the latest after so many regions how far it is. */
const LARGEST_STEP = 4096;

/** What the threads of a walk share. */
export function sharedParts(workers: number): Pick<WalkTask, "claims" | "found"> {
  return {
    claims: new Int32Array(new SharedArrayBuffer(4 * (CLAIM_WORDS + 1))),
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
  const { claims, limit, found } = task;
  return {
    claim: (subtree) => Atomics.compareExchange(claims, subtree, 0, worker + 1) === 0,
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
export function sharingEngine(task: WalkTask, worker: number, host: EngineHost, withOutputs = false): Engine {
  const engine = new Engine(task.plan, task.domain, host, task.certified, withOutputs);
  engine.exports.claimAt(CLAIM_DEPTH, worker === 0 ? 1 : 0);
  return engine;
}

/** The share of the worker whose engine has done its walk. */
export function shareOf(engine: Engine, task: WalkTask, worker: number): CountShare {
  task.found[worker] = engine.exports.regions();
  return {
    regions: engine.exports.regions(),
    cells: engine.cells(),
    fallbacks: engine.exports.fallbacks(),
    stopped: engine.exports.stopped() !== 0,
  };
}

/** Counts the subtrees that nobody else has taken. */
export function countShare(task: WalkTask, worker: number): CountShare {
  const engine = sharingEngine(task, worker, sharingHost(task, worker));
  try {
    engine.run();
    return shareOf(engine, task, worker);
  } finally {
    engine.release();
  }
}

/** Enumerates the subtrees that nobody else has taken. The engine keeps them until they are delivered. */
export function enumerateShare(
  task: EnumerateTask,
  worker: number,
): { engine: Engine; share: EnumerateShare } {
  const script: Script = [];
  const subtrees: Subtree[] = [];
  const shared = sharingHost(task, worker);
  let [index, firstRegion, firstEdge] = [0, 0, 0];
  const engine: Engine = sharingEngine(
    task,
    worker,
    {
      ...shared,
      claim(subtree) {
        script.push(subtree);
        if (!shared.claim(subtree)) return false;
        index = subtree;
        firstRegion = engine.exports.regions();
        firstEdge = engine.exports.edgeCount();
        return true;
      },
      joint: (at, corners) =>
        void script.push(new Int8Array(engine.exports.memory.buffer, at, corners).slice()),
      finished(at, words) {
        subtrees.push({
          index,
          firstRegion,
          firstEdge,
          regions: engine.exports.regions() - firstRegion,
          edges: engine.exports.edgeCount() - firstEdge,
          sides: new Int32Array(engine.exports.memory.buffer, at, words).slice(),
        });
      },
    },
    task.withMaps,
  );
  engine.exports.enumerate(task.outputs, 0, task.linear ? 1 : 0);
  try {
    engine.run();
  } catch (error) {
    engine.release();
    throw error;
  }
  const share = {
    ...shareOf(engine, task, worker),
    subtrees,
    script: worker === 0 ? script : [],
    mismatches: engine.exports.mismatches(),
  };
  return { engine, share };
}

/** Where one worker's subtrees go. */
export interface Delivery {
  readonly arrays: RegionArrays;
  readonly parts: Part[];
  readonly outputs: number;
  readonly linear: boolean;
}

/** Copies a worker's subtrees to their places; returns the doubtful edges of each. */
export function deliverShare(
  { exports }: Engine,
  { arrays, parts, outputs, linear }: Delivery,
): Int32Array[] {
  return parts.map((part) => {
    deliver(exports, part, arrays, outputs);
    return linear ? doubtfulEdges(exports, part) : new Int32Array(0);
  });
}
