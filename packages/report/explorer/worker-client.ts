import type { Answered, Asked, JobName, Jobs } from "./jobs";

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** A worker of the page's own. Its program stands in the page as text, so that nothing is fetched. */
export class WorkerClient {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  constructor(program: string) {
    const address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
    this.worker = new Worker(address);
    this.worker.addEventListener("message", ({ data }: MessageEvent<Answered>) => this.take(data));
    this.worker.addEventListener("error", ({ message }) => {
      for (const { reject } of this.waiting.values()) reject(new Error(message));
      this.waiting.clear();
    });
  }

  private take({ id, answer, error }: Answered): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(error));
  }

  /**
   * Asks the worker, which answers in the order of the questions.
   *
   * @param moved buffers that move to the worker
   */
  ask<Name extends JobName>(
    name: Name,
    request: Jobs[Name]["request"],
    moved: ArrayBuffer[] = [],
  ): Promise<Jobs[Name]["answer"]> {
    const id = this.asked++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
      this.worker.postMessage({ id, name, request } satisfies Asked<Name>, moved);
    });
  }
}
