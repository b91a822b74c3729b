/**
 * The number of worker threads that `RELU_LAB_WORKERS` asks for; 0 computes in the main thread.
 *
 * @returns undefined when it is not set, or where there is no environment (a page)
 * @throws Error when it is not a number of workers
 */
export function requestedWorkers(): number | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  const text = process?.env?.RELU_LAB_WORKERS;
  if (text === undefined || text === "") return undefined;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count > 256) {
    throw new Error(
      `RELU_LAB_WORKERS is "${text}": it must be a number of workers, at most 256 (0 computes in the main thread)`,
    );
  }
  return count;
}
