// The program of a worker thread: takes tasks, answers each with its share.
import { parentPort, workerData } from "node:worker_threads";
import { shareOf, type SpaceTask } from "./task";

const port = parentPort;
if (!port) throw new Error("worker.js runs in a worker thread only");
const { index } = workerData as { index: number };
port.on("message", (task: SpaceTask) => {
  try {
    const share = shareOf(task, index);
    const { kept } = share;
    port.postMessage(
      { share },
      kept ? [kept.volumes, kept.patterns, kept.counts, kept.vertices, kept.edges].map(bufferOf) : [],
    );
  } catch (error) {
    port.postMessage({ error });
  }
});

function bufferOf(values: Float64Array | Uint32Array | Int32Array): ArrayBuffer {
  return values.buffer as ArrayBuffer;
}
