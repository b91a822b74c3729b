import { withTeam } from "../../workers";
import { runWalk, type SpaceShare, type SpaceWalk } from "./engine";
import { CLAIM_WORDS, shareOf, type SpaceTask, type TaskShare } from "./task";
import type { SpaceOptions } from "./types";

/** Milliseconds between two looks at what the threads have found. */
const LOOK = 50;

/** What a walk in this thread calls now and then: tells of progress, and throws when the signal says stop. */
function progressOf({ onProgress, signal }: SpaceOptions): (regions: number) => void {
  return (regions) => {
    onProgress?.(regions);
    signal?.throwIfAborted();
  };
}

/** A count in this thread. */
export function countHere(walk: SpaceWalk, options: SpaceOptions): SpaceShare {
  options.signal?.throwIfAborted();
  return runWalk(walk, { onProgress: progressOf(options) });
}

/** A walk in this thread. */
export function shareHere(walk: SpaceWalk, options: SpaceOptions): TaskShare {
  options.signal?.throwIfAborted();
  return shareOf({ walk, claims: new Int32Array(CLAIM_WORDS) }, 0, progressOf(options));
}

/** A walk on so many threads, its progress told in this one. */
export async function sharesOn(
  walk: SpaceWalk,
  workers: number,
  options: SpaceOptions,
): Promise<TaskShare[]> {
  const { onProgress, signal } = options;
  signal?.throwIfAborted();
  const { control } = walk;
  const stop = (): void => void Atomics.store(control, 0, 1);
  signal?.addEventListener("abort", stop);
  let told = 0;
  // What the callback throws must not end the process from within a timer: it ends the walk.
  let failure: { error: unknown } | undefined;
  const timer = setInterval(() => {
    const found = Atomics.load(control, 1);
    if (failure || found <= told) return;
    try {
      onProgress?.((told = found));
    } catch (error) {
      failure = { error };
      stop();
    }
  }, LOOK);
  const task: SpaceTask = { walk, claims: new Int32Array(new SharedArrayBuffer(4 * CLAIM_WORDS)) };
  try {
    const shares = await withTeam(`${__dirname}/worker.js`, workers, (team) =>
      team.ask<TaskShare>(() => task, undefined, stop),
    );
    signal?.throwIfAborted();
    if (failure) throw failure.error;
    return shares;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener("abort", stop);
  }
}
