// The program of a worker thread: takes tasks, answers each with its share.
import { parentPort, workerData } from "node:worker_threads";
import { countShare, type CountTask } from "./task";

const port = parentPort;
if (!port) throw new Error("worker.js runs in a worker thread only");
const { index } = workerData as { index: number };
port.on("message", (task: CountTask) => {
  try {
    port.postMessage({ share: countShare(task, index) });
  } catch (error) {
    port.postMessage({ error });
  }
});
