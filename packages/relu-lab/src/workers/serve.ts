// For the programs of worker threads only: it needs node:worker_threads as soon as it is loaded.
import { parentPort, workerData } from "node:worker_threads";
import type { Reply } from "./team";

/** What a worker answers, and the buffers that move with it. */
export interface Served {
  readonly answer: unknown;
  readonly transfer?: ArrayBuffer[];
}

/** Posts something to the asking thread before the answer. */
export type Post = (event: unknown, transfer?: ArrayBuffer[]) => void;

/**
 * Makes this thread a member of a team: each request is answered in turn.
 *
 * @param answer gets the request, this worker's number, and a way to post events
 */
export function serve<Request>(
  answer: (request: Request, worker: number, post: Post) => Served | Promise<Served>,
): void {
  const port = parentPort;
  if (!port) throw new Error("this program runs in a worker thread only");
  const { index } = workerData as { index: number };
  const send = (reply: Reply, transfer: ArrayBuffer[] = []): void => port.postMessage(reply, transfer);
  port.on("message", async (request: Request) => {
    try {
      const post: Post = (event, moved) => send({ event }, moved);
      const { answer: result, transfer } = await answer(request, index, post);
      send({ answer: result }, transfer);
    } catch (error) {
      send({ error });
    }
  });
}
