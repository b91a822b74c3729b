import { hasThreads, onTeam, threadCount } from "../workers";
import type { Plan } from "./plan";
import type { NumberedTrial, RunEvent } from "./run";

/** What a worker thread is asked for. */
export interface TrainTask {
  readonly plan: Plan;
  readonly trials: readonly NumberedTrial[];
  /** Shared: the next group of trials that nobody has claimed; and whether all should stop. */
  readonly shared: Int32Array;
}

/** Places in {@link TrainTask.shared}. */
export const nextGroup = 0;
export const stopped = 1;

/** How many trials a group has: those that share a vector. */
export const groupSize = (plan: Plan): number => (plan.engine === "simd" ? 2 : 1);

/**
 * Trains on worker threads, which claim one group of trials after the other.
 *
 * @returns false when there is only the calling thread, which then has to do it
 */
export async function runOnThreads(
  plan: Plan,
  trials: readonly NumberedTrial[],
  take: (event: RunEvent) => void,
  { signal, workers }: { readonly signal?: AbortSignal; readonly workers?: number },
): Promise<boolean> {
  const count = Math.min(await threadCount(workers), Math.ceil(trials.length / groupSize(plan)));
  if (!hasThreads() || count <= 1) return false;
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const stop = (): void => void Atomics.store(shared, stopped, 1);
  await onTeam({ file: `${__dirname}/worker.js`, workers: count, stop, signal }, async (ask) => {
    const task: TrainTask = { plan, trials, shared };
    await ask(
      () => task,
      (event) => (event as RunEvent[]).forEach(take),
    );
  });
  return true;
}
