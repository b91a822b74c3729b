import { threadCount } from "../../workers";
import { hasThreads } from "../../workers/count";
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

/** The surroundings of a walk in the calling thread. */
export function hereHost({
  onProgress,
  signal,
  maximumRegions = Infinity,
}: PlaneOptions): Required<Pick<EngineHost, "progress">> {
  return {
    progress(regions) {
      onProgress?.(regions);
      signal?.throwIfAborted();
      return maximumRegions;
    },
  };
}
