import { hasThreads, threadCount } from "../../workers";
import type { EngineHost } from "./engine";
import type { PlaneOptions } from "./types";

/** A walk shorter than this is over before threads would have started. */
export const ALONE_REGIONS = 40_000;

/**
 * How many worker threads a walk gets; undefined when it runs in the calling one. A walk that can be cancelled or
 * reports progress has a worker even when alone: the calling thread must stay free to hear of it.
 */
export async function chooseThreads(options: PlaneOptions): Promise<number | undefined> {
  const count = await threadCount(options.workers);
  if (!hasThreads()) return undefined;
  return count === 1 && !options.signal && !options.onProgress ? undefined : count;
}

/**
 * The number of regions at which a walk stops.
 *
 * @throws RangeError when it is no number above 0
 */
export function limitOf({ maximumRegions = Infinity }: PlaneOptions): number {
  if (!(maximumRegions > 0))
    throw new RangeError(`maximumRegions is ${maximumRegions}: give a number above 0`);
  return maximumRegions;
}

/** The surroundings of a walk in the calling thread. */
export function hereHost(options: PlaneOptions): Required<Pick<EngineHost, "progress">> {
  const { onProgress, signal } = options;
  const limit = limitOf(options);
  return {
    progress(regions) {
      onProgress?.(regions);
      signal?.throwIfAborted();
      return limit;
    },
  };
}
