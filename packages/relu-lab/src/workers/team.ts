import type { Worker } from "node:worker_threads";
import { interruptible } from "./interrupt";

/** What a worker posts: events while it works, then its answer or what went wrong. */
export interface Reply {
  readonly event?: unknown;
  readonly answer?: unknown;
  readonly error?: unknown;
}

/** Threads are kept for the next call (their code is compiled and warm), but do not keep the process alive. */
const idle: Team[] = [];

/** Worker threads that run the same program (see `serve`), numbered from 0. */
export class Team {
  /** A worker failed: what state it is in is unknown. */
  broken = false;

  constructor(
    readonly file: string,
    private readonly workers: readonly Worker[],
  ) {}

  /** How many threads there are. */
  get size(): number {
    return this.workers.length;
  }

  /**
   * Sends each worker its request, and waits until all have answered.
   *
   * @param request what to send, by the worker's number
   * @param onEvent takes what the workers post before they answer
   * @param onFailure called at the first failure, to make the others stop
   * @returns the answers, in order of workers
   * @throws the first failure
   */
  async ask<Answer>(
    request: (worker: number) => unknown,
    onEvent?: (event: unknown, worker: number) => void,
    onFailure?: () => void,
  ): Promise<Answer[]> {
    const replies = await Promise.all(
      this.workers.map(async (worker, index) => {
        const reply = await converse(
          worker,
          () => request(index),
          (event) => onEvent?.(event, index),
        );
        if (reply.error !== undefined) onFailure?.();
        return reply;
      }),
    );
    const failure = replies.find((reply) => reply.error !== undefined);
    if (failure) {
      this.broken = true;
      throw failure.error;
    }
    return replies.map((reply) => reply.answer as Answer);
  }

  /** Sends one worker a request, and gives its answer; what fails is that request, the team goes on. */
  async askOne(worker: number, request: unknown): Promise<unknown> {
    const reply = await converse(
      this.workers[worker],
      () => request,
      () => undefined,
    );
    if (reply.error !== undefined) throw reply.error;
    return reply.answer;
  }

  /** Ends the threads; the promise waits until they have. */
  async end(): Promise<void> {
    this.broken = true;
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

/** One request and its answer. Never rejects: a team whose members are still at work must not be lent to the next. */
function converse(worker: Worker, request: () => unknown, onEvent: (event: unknown) => void): Promise<Reply> {
  if (worker.threadId < 0) return Promise.resolve({ error: new Error("a worker thread has ended") });
  return new Promise((resolve) => {
    const done = (reply: Reply): void => {
      worker.off("message", take);
      worker.off("error", failed);
      worker.off("exit", gone);
      worker.unref();
      resolve(reply);
    };
    const take = (reply: Reply): void => {
      if (!("event" in reply)) return done(reply);
      try {
        onEvent(reply.event);
      } catch (error) {
        done({ error });
      }
    };
    const failed = (error: unknown): void => done({ error });
    const gone = (code: number): void =>
      done({ error: new Error(`a worker thread ended with code ${code}`) });
    worker.on("message", take);
    worker.on("error", failed);
    worker.on("exit", gone);
    worker.ref();
    try {
      worker.postMessage(request());
    } catch (error) {
      done({ error });
    }
  });
}

/**
 * Lends a team of worker threads; when `work` is done the team waits for the next call. An interrupt of the process
 * ends the threads.
 *
 * @param file path of the compiled program that each thread runs
 * @param count how many threads
 * @param work gets the team; every request must be answered when it is done
 * @param given ends the threads too; then interrupts are the caller's affair
 * @returns what `work` returns
 * @throws what `work` throws, or the interrupt
 */
export async function withTeam<R>(
  file: string,
  count: number,
  work: (team: Team) => Promise<R>,
  given?: AbortSignal,
): Promise<R> {
  const at = idle.findIndex((team) => team.file === file && team.size === count);
  let team = at >= 0 ? idle.splice(at, 1)[0] : undefined;
  if (!team) {
    const { Worker } = await import("node:worker_threads");
    const start = (_: unknown, index: number): Worker => {
      const worker = new Worker(file, { workerData: { index } });
      worker.unref();
      return worker;
    };
    team = new Team(file, Array.from({ length: count }, start));
  }
  const lent = team;
  return interruptible(async (signal) => {
    const end = (): void => void lent.end();
    signal.addEventListener("abort", end);
    try {
      return await work(lent);
    } catch (error) {
      signal.throwIfAborted(); // what the end of its thread did to an answer says nothing
      throw error;
    } finally {
      signal.removeEventListener("abort", end);
      if (lent.broken || signal.aborted) void lent.end();
      else idle.push(lent);
    }
  }, given);
}
