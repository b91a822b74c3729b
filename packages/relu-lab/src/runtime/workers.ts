import os from "node:os";
import { interruptible, requestedWorkers } from "../workers";

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
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 0 && workers <= 256)) {
    throw new RangeError(`workers is ${workers}: give a whole number up to 256 (0 computes in this thread)`);
  }
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
  const { Piscina } = require("piscina") as typeof import("piscina"); // only when threads are wanted
  return interruptible(async (signal) => {
    const pool = new Piscina({ filename: file, minThreads: workers, maxThreads: workers });
    const end = () => void pool.destroy();
    signal.addEventListener("abort", end);
    try {
      return await work((name, task) => pool.run(task, { name }) as never);
    } catch (error) {
      signal.throwIfAborted(); // what the end of its thread did to a call says nothing
      throw error;
    } finally {
      signal.removeEventListener("abort", end);
      await pool.destroy();
    }
  }, given);
}
