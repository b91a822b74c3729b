import { withTeam } from "../../workers";
import type { CheckedDomain } from "./domain";
import type { Plan } from "./plan";
import { sharedParts, stopAll, type CountShare, type WalkTask } from "./task";
import type { PlaneCount, PlaneOptions } from "./types";
import type { PlaneRequest } from "./worker";

/** Sends each worker its request and waits for the answers; rejects when the walk was cancelled meanwhile. */
export type Ask = <Answer>(
  request: (worker: number) => PlaneRequest,
  onEvent?: (event: unknown, worker: number) => void,
) => Promise<Answer[]>;

const PROGRESS_MILLISECONDS = 100;

/** Walks on a team of workers: sets up what they share, reports progress, and stops them all when told to. */
export async function walkOnWorkers<Result>(
  plan: Plan,
  domain: CheckedDomain,
  { certified = true, signal, onProgress }: PlaneOptions,
  workers: number,
  limit: number,
  walk: (task: WalkTask, ask: Ask) => Promise<Result>,
): Promise<Result> {
  const task: WalkTask = { plan, domain, certified, limit, ...sharedParts(workers) };
  const stop = (): void => stopAll(task);
  signal?.addEventListener("abort", stop);
  const report = (): void => onProgress?.(task.found.reduce((sum, n) => sum + n, 0));
  // What the callback throws must not end the process from within a timer: it ends the walk.
  let failure: { error: unknown } | undefined;
  const look = (): void => {
    if (failure) return;
    try {
      report();
    } catch (error) {
      failure = { error };
      stop();
    }
  };
  const timer = onProgress && setInterval(look, PROGRESS_MILLISECONDS);
  try {
    return await withTeam(`${__dirname}/worker.js`, workers, async (team) => {
      try {
        const result = await walk(task, async (request, onEvent) => {
          const answers = await team.ask<never>(request, onEvent, stop);
          signal?.throwIfAborted();
          if (failure) throw failure.error;
          return answers;
        });
        report();
        return result;
      } catch (error) {
        // Lets go of what an enumeration has kept.
        if (!team.broken) await team.ask((): PlaneRequest => ({ deliver: undefined }));
        throw error;
      }
    });
  } finally {
    clearInterval(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/** The shares of all workers as one count. */
export function countOf(shares: readonly CountShare[], certified: boolean, start: number): PlaneCount {
  const sum = (of: (share: CountShare) => number): number => shares.reduce((s, share) => s + of(share), 0);
  const complete = shares.every((share) => !share.stopped);
  return {
    regions: sum((share) => share.regions),
    cellsAfterEachLayer: shares[0].cells.map((_, l) => sum((share) => share.cells[l])),
    certified: certified && complete,
    complete,
    fallbacks: sum((share) => share.fallbacks),
    seconds: (performance.now() - start) / 1000,
    workers: shares.length,
  };
}
