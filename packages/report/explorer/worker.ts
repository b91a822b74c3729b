// The program of the explorer's workers: everything that takes time, so that the page never waits.
import { drawJob, pointJob } from "./picture/jobs";
import { sawtoothJob } from "./sawtooth/job";
import { learnJob, lessonJob, lookJob } from "./training/jobs";
import type { Answered, Asked, Done, JobName, Jobs } from "./jobs";

const jobs: { readonly [Name in JobName]: (request: Jobs[Name]["request"]) => Done<Jobs[Name]["answer"]> } = {
  sawtooth: sawtoothJob,
  picture: drawJob,
  point: pointJob,
  lesson: lessonJob,
  learn: learnJob,
  look: lookJob,
};

/** The part of a worker's surroundings that is used; TypeScript's DOM library describes a page's. */
interface Surroundings {
  onmessage: ((event: { readonly data: Asked }) => void) | null;
  postMessage(message: Answered, moved: ArrayBuffer[]): void;
}
const surroundings = globalThis as unknown as Surroundings;

surroundings.onmessage = ({ data: { id, name, request } }) => {
  try {
    const { answer, moved = [] } = (jobs[name] as (request: unknown) => Done<unknown>)(request);
    surroundings.postMessage({ id, answer }, moved);
  } catch (error) {
    surroundings.postMessage({ id, error: error instanceof Error ? error.message : String(error) }, []);
  }
};
