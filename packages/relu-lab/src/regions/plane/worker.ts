// The program of a worker thread: counts, enumerates, delivers what it has enumerated, or streams.
import { serve } from "../../workers/serve";
import type { Delivery, Pieces } from "./pieces";
import { visitShare, type VisitTask } from "./stream";
import { countShare, enumerateShare, type EnumerateTask, type WalkTask } from "./task";

/** What a worker is asked for. */
export type PlaneRequest =
  | { readonly count: WalkTask }
  | { readonly enumerate: EnumerateTask }
  | { readonly deliver: Delivery | undefined }
  | { readonly visit: VisitTask };

/** What the last enumeration found, until it is delivered. */
let kept: Pieces | undefined;

serve<PlaneRequest>((request, worker, post) => {
  if ("count" in request) return { answer: countShare(request.count, worker) };
  if ("visit" in request) return { answer: visitShare(request.visit, worker, post) };
  if ("enumerate" in request) {
    const { pieces, share } = enumerateShare(request.enumerate, worker);
    kept = pieces;
    const buffers = share.subtrees.flatMap(({ sides, doubtful }) => [sides.buffer, doubtful.buffer]);
    return { answer: share, transfer: buffers as ArrayBuffer[] };
  }
  if (request.deliver) kept?.deliver(request.deliver);
  kept?.release();
  kept = undefined;
  return { answer: undefined };
});
