import type { ReluNetwork } from "../../network";

/** One byte a neuron and layer: 1 where it is on. Layers without a ReLU are on everywhere. */
export type Pattern = readonly Uint8Array[];

/** A region's bits (neurons layer by layer; layers beyond the last bit have no ReLU) as a {@link Pattern}. */
export function unpackPattern(network: ReluNetwork, words: Uint32Array, from: number): Pattern {
  let bit = 0;
  return network.layers.map(({ outputs, activation }) => {
    const on = new Uint8Array(outputs);
    if (activation === "linear") on.fill(1);
    else for (let i = 0; i < outputs; i++) on[i] = (words[from + ((bit + i) >>> 5)] >>> ((bit + i) & 31)) & 1;
    bit += outputs;
    return on;
  });
}

/** The layer of each neuron's number, and its place there. */
export function placeOf(network: ReluNetwork, neuron: number): { layer: number; index: number } {
  let layer = 0;
  let index = neuron;
  while (index >= network.layers[layer].outputs) index -= network.layers[layer++].outputs;
  return { layer, index };
}
