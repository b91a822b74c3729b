import { requestedWorkers } from "./requested";

/**
 * The number of threads for one computation: as asked for, or else `RELU_LAB_WORKERS`, or else one a core.
 *
 * @param asked 1 to 256
 * @returns 1 in a page; 1 when RELU_LAB_WORKERS is 0
 * @throws RangeError when `asked` is no such number; Error when RELU_LAB_WORKERS is none
 */
export async function threadCount(asked: number | undefined): Promise<number> {
  if (asked !== undefined && (!Number.isInteger(asked) || asked < 1 || asked > 256)) {
    throw new RangeError(`workers is ${asked}: give 1 to 256`);
  }
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
