import type { ReluNetwork } from "relu-lab/network";
import { generator } from "relu-lab/random";
import { parameterNoise, perturb, sawtoothNetwork } from "relu-lab/sawtooth";
import { networkOf, parametersOf } from "../flat-network";
import type { SawtoothRequest } from "./types";

/** The sawtooth of a request: perturbed as in notebook 7, the readout of the naive form left alone, then set by hand. */
export function requestedSawtooth({ n, form, deviation, part, seed, own }: SawtoothRequest): ReluNetwork {
  const ideal = sawtoothNetwork(n, form);
  const layers = form === "naive" ? 2 * n : n + 1;
  const noisy = perturb(ideal, parameterNoise(ideal, generator(seed), layers), deviation, part);
  const parameters = parametersOf(noisy);
  for (const [place, value] of own) parameters[place] = value;
  return networkOf(noisy.layers, parameters);
}
