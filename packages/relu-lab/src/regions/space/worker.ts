// The program of a worker thread: takes tasks, answers each with its share.
import { serve } from "../../workers/serve";
import { shareOf, type SpaceTask } from "./task";

serve<SpaceTask>((task, worker) => {
  const share = shareOf(task, worker);
  const { kept } = share;
  return {
    answer: share,
    transfer: kept ? [kept.volumes, kept.patterns, kept.counts, kept.vertices, kept.edges].map(bufferOf) : [],
  };
});

function bufferOf(values: Float64Array | Uint32Array | Int32Array): ArrayBuffer {
  return values.buffer as ArrayBuffer;
}
