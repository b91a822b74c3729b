import type { Plan } from "./plan";
import type { NumberedTrial, RunEvent } from "./run";

/** Trains on worker threads; false when there is only the calling one, which then has to do it. */
export async function runOnThreads(
  _plan: Plan,
  _trials: readonly NumberedTrial[],
  _take: (event: RunEvent) => void,
  _options: { readonly signal?: AbortSignal; readonly workers?: number },
): Promise<boolean> {
  return false;
}
