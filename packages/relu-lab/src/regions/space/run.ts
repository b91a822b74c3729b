import { onTeam } from "../../workers";
import type { WalkShare } from "../walk/count";
import { progressHere, type WalkOptions } from "../walk/options";
import { runWalk, type SpaceWalk } from "./engine";
import { CLAIM_WORDS, shareOf, type SpaceTask, type TaskShare } from "./task";

/** A count in this thread. */
export function countHere(walk: SpaceWalk, options: WalkOptions): WalkShare {
  options.signal?.throwIfAborted();
  return runWalk(walk, { onProgress: progressHere(options) });
}

/** A walk in this thread. */
export function shareHere(walk: SpaceWalk, options: WalkOptions): TaskShare {
  options.signal?.throwIfAborted();
  return shareOf({ walk, claims: new Int32Array(CLAIM_WORDS) }, 0, progressHere(options));
}

/** A walk on so many threads, its progress told in this one. */
export async function sharesOn(
  walk: SpaceWalk,
  workers: number,
  { onProgress, signal }: WalkOptions,
): Promise<TaskShare[]> {
  const { control } = walk;
  const stop = (): void => void Atomics.store(control, 0, 1);
  const found = (): number => Atomics.load(control, 1);
  const task: SpaceTask = { walk, claims: new Int32Array(new SharedArrayBuffer(4 * CLAIM_WORDS)) };
  const file = `${__dirname}/worker.js`;
  return onTeam({ file, workers, stop, signal, found, onProgress }, (ask) => ask<TaskShare>(() => task));
}
