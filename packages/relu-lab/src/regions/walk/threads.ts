import { hasThreads, threadCount } from "../../workers";
import type { WalkOptions } from "./options";

/** A walk shorter than this is over before threads would have started. */
export const ALONE_REGIONS = 40_000;

/**
 * How many worker threads a walk gets; undefined when it runs in the calling one. A walk that can be cancelled or
 * reports progress has a worker even when alone: the calling thread must stay free to hear of it.
 */
export async function chooseThreads(options: WalkOptions): Promise<number | undefined> {
  const count = await threadCount(options.workers);
  if (!hasThreads()) return undefined;
  return count === 1 && !options.signal && !options.onProgress ? undefined : count;
}
