/** How to walk. */
export interface WalkOptions {
  /** Threads; else RELU_LAB_WORKERS; else the number of cores where it pays (1 in a page). */
  readonly workers?: number;
  /** Decide every sign with certainty (default true). False keeps plain double signs: for comparison only. */
  readonly certified?: boolean;
  /** Stop after this many regions or a few more, with a partial result (`complete: false`). */
  readonly maximumRegions?: number;
  /** Called now and then with the number of regions found so far. */
  readonly onProgress?: (regions: number) => void;
  /** Stops the walk within some milliseconds; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * The number of regions at which a walk stops.
 *
 * @throws RangeError when it is no number above 0
 */
export function limitOf({ maximumRegions = Infinity }: Pick<WalkOptions, "maximumRegions">): number {
  if (!(maximumRegions > 0))
    throw new RangeError(`maximumRegions is ${maximumRegions}: give a number above 0`);
  return maximumRegions;
}

/** What a walk in the calling thread calls now and then: tells of progress, throws when cancelled, gives the limit. */
export function progressHere(options: WalkOptions): (regions: number) => number {
  const { onProgress, signal } = options;
  const limit = limitOf(options);
  return (regions) => {
    onProgress?.(regions);
    signal?.throwIfAborted();
    return limit;
  };
}
