import type { CheckedDomain } from "./domain";
import { Engine } from "./engine";
import type { Plan } from "./plan";

/** One walk, as it is sent to each worker. */
export interface CountTask {
  readonly plan: Plan;
  readonly domain: CheckedDomain;
  readonly certified: boolean;
  readonly limit: number;
  /** One word a subtree: 0, or 1 + the worker that took it. Then the flag that stops everybody. */
  readonly claims: Int32Array;
  /** Regions found so far, one number a worker. */
  readonly found: Float64Array;
}

/** What one worker counted. */
export interface CountShare {
  readonly regions: number;
  readonly cells: number[];
  readonly fallbacks: number;
  readonly stopped: boolean;
}

/** Subtrees at this depth are claimed one by one. */
export const CLAIM_DEPTH = 6;
/** At most 2^CLAIM_DEPTH subtrees, and as many folds and leaves above them as nodes. */
export const CLAIM_WORDS = 4 << CLAIM_DEPTH;

/** Walks the subtrees that nobody else has taken. */
export function countShare(task: CountTask, worker: number): CountShare {
  const { claims, found } = task;
  const stop = claims.length - 1;
  const engine = new Engine(
    task.plan,
    task.domain,
    {
      claim: (index) => Atomics.compareExchange(claims, index, 0, worker + 1) === 0,
      progress(regions) {
        found[worker] = regions;
        if (found.reduce((sum, n) => sum + n, 0) >= task.limit) Atomics.store(claims, stop, 1);
        return Atomics.load(claims, stop) !== 0;
      },
    },
    task.certified,
  );
  engine.exports.claimAt(CLAIM_DEPTH);
  engine.exports.limit(task.limit);
  engine.run();
  found[worker] = engine.exports.regions();
  const result = {
    regions: engine.exports.regions(),
    cells: engine.cells(),
    fallbacks: engine.exports.fallbacks(),
    stopped: engine.exports.stopped() !== 0,
  };
  engine.release();
  return result;
}
