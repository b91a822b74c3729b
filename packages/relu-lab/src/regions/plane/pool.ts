import type { Worker } from "node:worker_threads";
import type { CountShare, CountTask } from "./task";

/** Threads are kept for the next walk (their code is compiled and warm), but do not keep the process alive. */
const idle: Worker[][] = [];

interface Answer {
  readonly share?: CountShare;
  readonly error?: unknown;
}

/** The number of threads asked for, or else RELU_LAB_WORKERS, or else the number of cores. 1 outside Node. */
export async function workerCount(asked: number | undefined): Promise<number> {
  const settings = (globalThis as { process?: { versions?: { node?: string }; env: Record<string, string> } })
    .process;
  if (!settings?.versions?.node) return 1;
  const text = settings.env.RELU_LAB_WORKERS;
  if (asked !== undefined || (text !== undefined && text !== "")) {
    const count = asked ?? Number(text);
    if (!Number.isInteger(count) || count < 1 || count > 256) {
      throw new RangeError(
        `${asked === undefined ? "RELU_LAB_WORKERS" : "workers"} is ${asked ?? text}: give 1 to 256`,
      );
    }
    return count;
  }
  const os = await import("node:os");
  return os.availableParallelism();
}

async function startWorkers(count: number): Promise<Worker[]> {
  const { Worker } = await import("node:worker_threads");
  const path = await import("node:path");
  const file = path.join(__dirname, "worker.js");
  return Array.from({ length: count }, (_, index) => {
    const worker = new Worker(file, { workerData: { index } });
    worker.unref();
    return worker;
  });
}

/** Runs one task on `count` threads at once. The promise settles when every thread has answered. */
export async function runOnWorkers(count: number, task: CountTask): Promise<CountShare[]> {
  const at = idle.findIndex((team) => team.length === count);
  const team = at >= 0 ? idle.splice(at, 1)[0] : await startWorkers(count);
  const answers = await Promise.all(
    team.map(
      (worker) =>
        new Promise<Answer>((resolve) => {
          const done = (answer: Answer): void => {
            worker.off("message", done);
            worker.off("error", failed);
            worker.off("exit", gone);
            resolve(answer);
          };
          const failed = (error: unknown): void => done({ error });
          const gone = (code: number): void =>
            done({ error: new Error(`a region worker ended with code ${code}`) });
          worker.on("message", done);
          worker.on("error", failed);
          worker.on("exit", gone);
          worker.ref();
          worker.postMessage(task);
        }),
    ),
  );
  for (const worker of team) worker.unref();
  const failure = answers.find((answer) => answer.error !== undefined);
  if (failure) {
    for (const worker of team) void worker.terminate();
    throw failure.error;
  }
  idle.push(team);
  return answers.map((answer) => answer.share as CountShare);
}
