// The program of a worker thread: counts segments until none is left to claim.
import { ReluNetwork } from "../../network";
import { serve } from "../../workers/serve";
import { countShare, type SegmentsRequest } from "./segments";

serve<SegmentsRequest>(({ layers, task }) => {
  countShare(ReluNetwork.of(layers), task);
  return { answer: undefined };
});
