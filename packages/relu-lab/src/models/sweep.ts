import path from "node:path";
import type { LabelledImages } from "../datasets";
import { ready } from "../runtime";
import { requireWorkers, withWorkers, workerCount } from "../runtime/workers";
import { sweepRun, type SweepResult, type SweepRun } from "./sweep-run";

/** How a sweep is run. */
export interface SweepOptions {
  /** How many networks train at once; one a core when not given (see `runtime.workerCount`). */
  readonly workers?: number;
  /** Called when a network is trained. */
  readonly onDone?: (done: number, total: number, result: SweepResult) => void;
}

/** In memory that all threads see, so that no worker gets a copy. */
function shared({ images, labels, count }: LabelledImages): LabelledImages {
  const share = (bytes: Uint8Array) => {
    const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
    copy.set(bytes);
    return copy as Uint8Array;
  };
  return { images: share(images), labels: share(labels), count };
}

/**
 * Trains many networks on the same images, several at once in worker threads. Each result depends on its own seed
 * only, not on how many workers there are.
 *
 * @param runs architecture, seed, epochs, batch size and optimiser of each
 * @param trainSet images to train on
 * @param testSet images to test on, after each epoch
 * @param options workers, callback
 * @returns the results in the order of `runs`
 * @throws RangeError when images, labels or workers do not fit; DivergedError when a loss is not finite
 * @example
 * const runs = [16, 32, 64].map((width) => ({ architecture: models.feedforward([width, 10]), seed: 0, epochs: 3 }));
 * const results = await models.sweep(runs, mnist.train, mnist.test);
 */
export async function sweep(
  runs: readonly SweepRun[],
  trainSet: LabelledImages,
  testSet: LabelledImages,
  { workers, onDone }: SweepOptions = {},
): Promise<SweepResult[]> {
  requireWorkers(workers);
  await ready(); // the workers choose the same backend; chosen here too, a report can name it
  const data = { trainSet: shared(trainSet), testSet: shared(testSet) };
  const count = workers ?? workerCount();
  let done = 0;
  return withWorkers(
    path.join(__dirname, "sweep-worker.js"),
    { sweepRun },
    async (call) => {
      const one = async (run: SweepRun) => {
        const result = await call("sweepRun", { run, ...data });
        onDone?.(++done, runs.length, result);
        return result;
      };
      // As many at once as there are workers; in this thread one after the other.
      const results = new Array<SweepResult>(runs.length);
      const left = [...runs.keys()];
      const lane = async () => {
        for (let i = left.shift(); i !== undefined; i = left.shift()) results[i] = await one(runs[i]);
      };
      await Promise.all(Array.from({ length: Math.max(1, count) }, lane));
      return results;
    },
    count,
  );
}
