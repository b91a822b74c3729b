// The program of a worker thread: counts, enumerates, delivers what it has enumerated, or streams.
import { serve } from "../../workers/serve";
import type { Engine } from "./engine";
import { visitShare, type VisitTask } from "./stream";
import {
  countShare,
  deliverShare,
  enumerateShare,
  type Delivery,
  type EnumerateTask,
  type WalkTask,
} from "./task";

/** What a worker is asked for. */
export type PlaneRequest =
  | { readonly count: WalkTask }
  | { readonly enumerate: EnumerateTask }
  | { readonly deliver: Delivery | undefined }
  | { readonly visit: VisitTask };

/** The engine of the last enumeration, until it is delivered. */
let kept: Engine | undefined;

serve<PlaneRequest>((request, worker, post) => {
  if ("count" in request) return { answer: countShare(request.count, worker) };
  if ("visit" in request) return { answer: visitShare(request.visit, worker, post) };
  if ("enumerate" in request) {
    const { engine, share } = enumerateShare(request.enumerate, worker);
    kept = engine;
    return { answer: share, transfer: share.subtrees.map(({ sides }) => sides.buffer as ArrayBuffer) };
  }
  const answer = kept && request.deliver ? deliverShare(kept, request.deliver) : [];
  kept?.release();
  kept = undefined;
  return { answer };
});
