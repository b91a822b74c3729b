/** How far an experiment is, and how it is stopped. */
export interface RunOptions {
  /** Threads; 0 or 1 means this thread only, one a core when not given. */
  readonly workers?: number;
  /** Stops the experiment; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called whenever more trials are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Lets timers and signals have their turn where everything runs in one thread. */
const breathe = () => new Promise<void>((done) => setImmediate(done));

/**
 * Works through tasks with so many under way at once, and keeps results in the tasks' order.
 *
 * @param tasks what there is to do
 * @param lanes how many at once, 1 or more
 * @param work does one
 * @param signal stops before the next task, and rejects at once
 * @returns the results, whatever order they came in
 * @throws the signal's reason, or what `work` throws
 */
export async function inLanes<T, R>(
  tasks: readonly T[],
  lanes: number,
  work: (task: T) => Promise<R>,
  signal?: AbortSignal,
): Promise<R[]> {
  const results = new Array<R>(tasks.length);
  let next = 0;
  const lane = async () => {
    while (next < tasks.length) {
      signal?.throwIfAborted();
      const i = next++;
      results[i] = await work(tasks[i]);
      await breathe();
    }
  };
  const all = Promise.all(Array.from({ length: Math.max(1, Math.min(lanes, tasks.length)) }, lane));
  if (!signal) return all.then(() => results);
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop);
  });
  try {
    await Promise.race([all, aborted]); // a task under way may take seconds: do not wait for it
    return results;
  } finally {
    signal.removeEventListener("abort", stop);
    all.catch(() => {});
  }
}
