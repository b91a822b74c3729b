/** How the trials that are left are handed out. */
export interface LaneOptions {
  /** How many batches are under way at once. */
  readonly lanes: number;
  /** Most trials in a batch; as many as take a tenth of a second when not given. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

/** ms; short enough to stop at once and to lose little, long enough to hide the cost of a message. */
const batchTime = 100;

/**
 * Hands batches of indices to `work`, several at a time, until none is left, one fails or the signal aborts. A batch
 * that is under way when another fails is awaited and kept; when the signal aborts it is given up.
 */
export async function inLanes(
  indices: readonly number[],
  work: (batch: readonly number[]) => Promise<void>,
  { lanes, batchSize, signal }: LaneOptions,
): Promise<void> {
  let next = 0;
  let size = batchSize ?? 1;
  let failure: { error: unknown } | undefined;
  let giveUp: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal?.reason);
    if (signal?.aborted) giveUp();
    else signal?.addEventListener("abort", giveUp, { once: true });
  });
  aborted.catch(() => {}); // handled by whoever races
  const lane = async () => {
    while (next < indices.length && !failure) {
      const fair = Math.ceil((indices.length - next) / lanes); // the last batches are shared out
      const batch = indices.slice(next, next + Math.max(1, Math.min(size, fair)));
      next += batch.length;
      const start = performance.now();
      try {
        await Promise.race([work(batch), aborted]);
        await new Promise((done) => setImmediate(done)); // a signal, a timer or a message may be waiting
        signal?.throwIfAborted();
      } catch (error) {
        failure ??= { error };
      }
      const each = (performance.now() - start) / batch.length;
      if (batchSize === undefined)
        size = Math.max(1, Math.min(1024, Math.floor(batchTime / Math.max(each, 0.01))));
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
  if (failure) throw failure.error;
}
