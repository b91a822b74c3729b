// A Jupyter kernel answers an interrupt (SIGINT) by giving up the cell's promise; what the cell had started knows nothing
// of it and would go on, in threads too. Long work therefore listens itself.

type Stop = () => void;
interface Process {
  on?(signal: "SIGINT", handler: () => void): void; // a bundler's stand-in for a page has none
  off?(signal: "SIGINT", handler: () => void): void;
  listenerCount(signal: "SIGINT"): number;
  kill(pid: number, signal: "SIGINT"): void;
  readonly pid: number;
}

const running = new Set<Stop>();

function onInterrupt(): void {
  for (const stop of [...running]) stop();
  const { process } = globalThis as { process?: Process };
  if (process && process.listenerCount("SIGINT") <= 1) {
    // Nobody else listens: this is a plain program, which an interrupt ends, as if we had not listened either.
    process.off?.("SIGINT", onInterrupt);
    process.kill(process.pid, "SIGINT");
  }
}

/**
 * Runs `work` with a signal that aborts when the process is interrupted (a notebook's stop button, Ctrl-C).
 *
 * A process that nothing else keeps alive on SIGINT still ends by it.
 *
 * @param work gets the signal
 * @param given used instead, when the caller has a signal of its own
 * @returns what `work` returns
 */
export async function interruptible<R>(
  work: (signal: AbortSignal) => Promise<R>,
  given?: AbortSignal,
): Promise<R> {
  if (given) return work(given);
  // A kernel runs a cell's code up to its first `await` under a watch of its own (node:vm's breakOnSigint), which at its
  // end puts back the signal's handling as it was: a listener added meanwhile would leave the process without any.
  await undefined;
  const controller = new AbortController();
  const { process } = globalThis as { process?: Process };
  const stop = (): void => controller.abort(new Error("interrupted"));
  if (running.size === 0) process?.on?.("SIGINT", onInterrupt);
  running.add(stop);
  try {
    return await work(controller.signal);
  } finally {
    running.delete(stop);
    if (running.size === 0) process?.off?.("SIGINT", onInterrupt);
  }
}
