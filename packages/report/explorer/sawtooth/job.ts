import { segment } from "relu-lab/regions/segment";
import { parametersOf } from "../flat-network";
import type { Done } from "../jobs";
import { requestedSawtooth } from "./network";
import type { SawtoothFound, SawtoothRequest } from "./types";

/** Counts the laps and pieces of a requested sawtooth. */
export function sawtoothJob(request: SawtoothRequest): Done<SawtoothFound> {
  const network = requestedSawtooth(request);
  const { laps, pieces, acts, certified, knots, values } = segment(network, [0], [1]);
  const parameters = parametersOf(network);
  const answer = {
    laps,
    pieces,
    intervals: acts,
    certified,
    neurons: network.neurons,
    knots,
    values,
    parameters,
  };
  return { answer, moved: [knots, values, parameters].map(({ buffer }) => buffer as ArrayBuffer) };
}
