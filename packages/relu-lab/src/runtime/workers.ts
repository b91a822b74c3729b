import os from "node:os";
import { requestedWorkers, requireWorkers as requireWorkersFrom, withPool } from "../workers";

/**
 * How many worker threads anything in this project uses: `RELU_LAB_WORKERS`, else one a core.
 *
 * @throws Error when RELU_LAB_WORKERS is not a number of workers
 */
export function workerCount(): number {
  return requestedWorkers() ?? os.availableParallelism();
}

/** @throws RangeError when a number of workers is given that is none */
export function requireWorkers(workers: number | undefined): void {
  requireWorkersFrom(workers, 0);
}

type Functions = Record<string, (task: never) => unknown>;
/** Calls one of the functions by name, in a worker or here. */
export type WorkerCall<F extends Functions> = <N extends keyof F & string>(
  name: N,
  task: Parameters<F[N]>[0],
) => Promise<Awaited<ReturnType<F[N]>>>;

/**
 * Runs `work` with a pool of worker threads that live just as long; an interrupt of the process ends them at once.
 *
 * @param file absolute path of the compiled module whose exports the workers run
 * @param functions the same exports, for when everything runs in this thread
 * @param work what calls them
 * @param workers how many threads; 0 or 1 means none; {@link workerCount} when not given
 * @param given ends the threads too; then interrupts are the caller's affair
 * @returns what `work` returns
 * @throws RangeError when `workers` is no number of threads; what `work` throws; the signal's reason, or "interrupted",
 *   when the threads were ended
 */
export async function withWorkers<F extends Functions, R>(
  file: string,
  functions: F,
  work: (call: WorkerCall<F>) => Promise<R>,
  workers = workerCount(),
  given?: AbortSignal,
): Promise<R> {
  requireWorkers(workers);
  if (workers < 2) {
    return work(async (name, task) => functions[name](task as never) as never);
  }
  return withPool(file, workers, (call) => work((name, task) => call(name, task) as never), given);
}
