import { withTeam, type Team } from "./team";

/** A computation that worker threads share. */
export interface TeamWork {
  /** Path of the compiled program that each thread runs (see `serve`). */
  readonly file: string;
  /** How many threads. */
  readonly workers: number;
  /** Makes every thread answer soon: called when the signal aborts, when a thread fails, and when `onProgress` throws. */
  readonly stop: () => void;
  readonly signal?: AbortSignal;
  /** How much the threads have found so far. */
  readonly found?: () => number;
  /** Told now and then what `found` gives, and at the end. */
  readonly onProgress?: (found: number) => void;
}

/** Sends each worker its request and waits for the answers; rejects when the work was cancelled meanwhile. */
export type Ask = <Answer>(
  request: (worker: number) => unknown,
  onEvent?: (event: unknown, worker: number) => void,
) => Promise<Answer[]>;

const PROGRESS_MILLISECONDS = 100;

/**
 * Runs `work` with a team of worker threads that tells of its progress and can be cancelled.
 *
 * @param task the threads, how they are stopped, and who is told of what
 * @param work asks the threads; every request must be answered when it is done
 * @returns what `work` returns
 * @throws what `work` or a thread throws; the signal's reason when aborted; what `onProgress` throws
 */
export async function onTeam<R>(
  { file, workers, stop, signal, found, onProgress }: TeamWork,
  work: (ask: Ask, team: Team) => Promise<R>,
): Promise<R> {
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop);
  let told = 0;
  const report = (): void => {
    const now = found?.() ?? 0;
    if (now > told) onProgress?.((told = now));
  };
  // What the callback throws must not end the process from within a timer: it ends the work.
  let failure: { error: unknown } | undefined;
  const look = (): void => {
    if (failure) return;
    try {
      report();
    } catch (error) {
      failure = { error };
      stop();
    }
  };
  const timer = found && onProgress && setInterval(look, PROGRESS_MILLISECONDS);
  try {
    return await withTeam(file, workers, async (team) => {
      const ask: Ask = async (request, onEvent) => {
        const answers = await team.ask<never>(request, onEvent, stop);
        signal?.throwIfAborted();
        if (failure) throw failure.error;
        return answers;
      };
      const result = await work(ask, team);
      report();
      return result;
    });
  } finally {
    clearInterval(timer);
    signal?.removeEventListener("abort", stop);
  }
}
