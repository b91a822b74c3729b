import { requestedWorkers } from "./requested";

/** A machine with more cores shares its work out in other ways. */
const MOST_WORKERS = 256;

/**
 * Refuses what is no number of worker threads.
 *
 * @param workers the number that was asked for; undefined leaves it to others
 * @param least 0 where "no threads" may be asked for, else 1
 * @throws RangeError naming the number
 */
export function requireWorkers(workers: number | undefined, least: 0 | 1): void {
  if (workers === undefined) return;
  if (Number.isInteger(workers) && workers >= least && workers <= MOST_WORKERS) return;
  const wanted = least === 0 ? "a whole number up to 256 (0 computes in this thread)" : "1 to 256";
  throw new RangeError(`workers is ${workers}: give ${wanted}`);
}

/**
 * The number of threads for one computation: as asked for, or else `RELU_LAB_WORKERS`, or else one a core.
 *
 * @param asked 1 to 256
 * @returns 1 in a page; 1 when RELU_LAB_WORKERS is 0
 * @throws RangeError when `asked` is no such number; Error when RELU_LAB_WORKERS is none
 */
export async function threadCount(asked: number | undefined): Promise<number> {
  requireWorkers(asked, 1);
  if (!hasThreads()) return 1;
  if (asked !== undefined) return asked;
  const requested = requestedWorkers();
  if (requested !== undefined) return Math.max(1, requested);
  const os = await import("node:os");
  return os.availableParallelism();
}

/** Whether there are worker threads: in Node, not in a page. */
export function hasThreads(): boolean {
  return Boolean((globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node);
}
