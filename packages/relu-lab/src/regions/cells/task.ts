import type { WalkShare } from "../walk/count";
import { runWalk, type CellsWalk } from "./engine";

/** One walk as it is sent to each worker. */
export interface CellsTask {
  readonly walk: CellsWalk;
  /** One word a subtree: 0, or 1 + the worker that took it. */
  readonly claims: Int32Array;
  /** Subtrees so many cuts deep are claimed one by one. */
  readonly depth: number;
}

/** Enough subtrees to balance, few enough to cost nothing. */
const SHARED = 8;

/** The task of a walk: its cones are subtrees' roots already. */
export function taskOf(walk: CellsWalk, memory: (bytes: number) => ArrayBufferLike): CellsTask {
  const depth = Math.max(1, SHARED - Math.ceil(Math.log2(walk.domains.length)));
  // A cell of the last layer above the depth is shared out section by section: as many as it has rows.
  const last = walk.hidden[walk.hidden.length - 1].outputs;
  const subtrees = walk.domains.length * 2 ** depth * (last + 1);
  return { walk, claims: new Int32Array(memory(4 * subtrees)), depth };
}

/** Walks the subtrees that nobody else has taken. */
export function shareOf({ walk, claims, depth }: CellsTask, worker: number): WalkShare {
  return runWalk(walk, {
    sharedDepth: depth,
    first: worker === 0,
    claim: (subtree) => Atomics.compareExchange(claims, subtree, 0, worker + 1) === 0,
  });
}
