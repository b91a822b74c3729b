import { ReluNetwork } from "relu-lab/network";
import { generator } from "relu-lab/random";
import { parameterNoise, perturb, sawtoothNetwork } from "relu-lab/sawtooth";
import type { SawtoothRequest } from "./types";

/** The sawtooth of a request: perturbed as in notebook 7, the readout of the naive form left alone, then set by hand. */
export function requestedSawtooth({ n, form, deviation, part, seed, own }: SawtoothRequest): ReluNetwork {
  const ideal = sawtoothNetwork(n, form);
  const layers = form === "naive" ? 2 * n : n + 1;
  const noisy = perturb(ideal, parameterNoise(ideal, generator(seed), layers), deviation, part);
  return own.length === 0 ? noisy : withParameters(noisy, own);
}

/** All parameters of a network: W row by row, then b, layer by layer. */
export function parametersOf(network: ReluNetwork): Float64Array {
  return Float64Array.from(network.layers.flatMap(({ weights, biases }) => [...weights, ...biases]));
}

function withParameters(network: ReluNetwork, own: SawtoothRequest["own"]): ReluNetwork {
  const values = parametersOf(network);
  for (const [place, value] of own) values[place] = value;
  let at = 0;
  const take = (length: number) => values.slice(at, (at += length));
  return ReluNetwork.of(
    network.layers.map(({ weights, biases, activation }) => ({
      ...{ W: take(weights.length), b: take(biases.length), activation },
    })),
  );
}
