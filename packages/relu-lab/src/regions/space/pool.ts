import type { Worker } from "node:worker_threads";
import { shareOf, CLAIM_WORDS, type SpaceTask, type TaskShare } from "./task";
import type { SpaceWalk } from "./engine";

/** Threads are kept for the next walk (their code is compiled and warm), but do not keep the process alive. */
const idle: Worker[][] = [];

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

interface Answer {
  readonly share?: TaskShare;
  readonly error?: unknown;
}

function ask(worker: Worker, task: SpaceTask): Promise<Answer> {
  return new Promise((resolve) => {
    const done = (answer: Answer): void => {
      worker.off("message", done);
      worker.off("error", failed);
      worker.off("exit", gone);
      worker.unref();
      resolve(answer);
    };
    const failed = (error: unknown): void => done({ error });
    const gone = (code: number): void =>
      done({ error: new Error(`a worker of the region engine ended with code ${code}`) });
    worker.on("message", done);
    worker.on("error", failed);
    worker.on("exit", gone);
    worker.ref();
    worker.postMessage(task);
  });
}

/** The shares of a walk on so many threads; 1: in this one. */
export async function runShares(walk: SpaceWalk, workers: number): Promise<TaskShare[]> {
  if (workers === 1) return [shareOf({ walk, claims: new Int32Array(CLAIM_WORDS) }, 0)];
  const task: SpaceTask = { walk, claims: new Int32Array(new SharedArrayBuffer(4 * CLAIM_WORDS)) };
  const at = idle.findIndex((team) => team.length === workers);
  const team = at >= 0 ? idle.splice(at, 1)[0] : await startWorkers(workers);
  const answers = await Promise.all(team.map((worker) => ask(worker, task)));
  const failure = answers.find((answer) => answer.error !== undefined);
  if (failure) {
    for (const worker of team) void worker.terminate();
    throw failure.error;
  }
  idle.push(team);
  return answers.map((answer) => answer.share as TaskShare);
}
