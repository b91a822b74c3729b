import type { WalkShare } from "../walk/count";
import { runWalk, type SpaceWalk } from "./engine";
import { Records, type Kept } from "./records";

/** One walk as it is sent to each worker. */
export interface SpaceTask {
  readonly walk: SpaceWalk;
  /** One word a subtree: 0, or 1 + the worker that took it. */
  readonly claims: Int32Array;
}

/** What one worker found; `kept` when the walk enumerates. */
export interface TaskShare extends WalkShare {
  readonly kept?: Kept;
}

/** Subtrees so many cuts deep are claimed one by one: enough of them to balance, few enough to cost nothing. */
const SHARED_DEPTH = 8;
/** At most 2^SHARED_DEPTH subtrees; leaves above them are subtrees as well. */
export const CLAIM_WORDS = 2 << SHARED_DEPTH;

/** Walks the subtrees that nobody else has taken. */
export function shareOf(
  { walk, claims }: SpaceTask,
  worker: number,
  onProgress?: (regions: number) => void,
): TaskShare {
  const records = walk.enumerate ? new Records() : undefined;
  const share = runWalk(walk, {
    sharedDepth: SHARED_DEPTH,
    first: worker === 0,
    claim(subtree, buffered) {
      if (Atomics.compareExchange(claims, subtree, 0, worker + 1) !== 0) return false;
      records?.begin(subtree, buffered);
      return true;
    },
    take: (batch) => records?.take(batch),
    onProgress,
  });
  return { ...share, kept: records?.finish() };
}
