import type { ReluNetwork } from "../../network";

/** One byte a neuron and layer: 1 where it is on. Layers without a ReLU are on everywhere. */
export type Pattern = readonly Uint8Array[];

/** A region's bits (neurons layer by layer; layers beyond the last bit have no ReLU) as a {@link Pattern}. */
export function unpackPattern(network: ReluNetwork, words: Uint32Array, from: number): Pattern {
  return unpackLayers(layersOf(network), words, from);
}

/** A layer as patterns tell of it. */
export interface PatternLayer {
  readonly outputs: number;
  /** It has no ReLU. */
  readonly linear: boolean;
  /** 1 for each output of a layer with ReLUs that has none. */
  readonly identities?: Uint8Array;
}

/** Whether no ReLU follows neuron j of a layer, so that it counts as on. */
export const alwaysOn = ({ linear, identities }: PatternLayer, j: number): boolean =>
  linear || identities?.[j] === 1;

/** The layers of a network. */
export function layersOf(network: ReluNetwork): PatternLayer[] {
  return network.layers.map(({ outputs, activation, identities }) => ({
    outputs,
    linear: activation === "linear",
    identities,
  }));
}

/** The bits of neurons in layers, `from` the word on; those of neurons without a ReLU say nothing, and count as on. */
export function unpackLayers(layers: readonly PatternLayer[], words: Uint32Array, from: number): Pattern {
  let bit = 0;
  return layers.map((layer) => {
    const { outputs } = layer;
    const on = new Uint8Array(outputs);
    if (layer.linear) on.fill(1);
    else
      for (let i = 0; i < outputs; i++)
        on[i] = alwaysOn(layer, i) ? 1 : (words[from + ((bit + i) >>> 5)] >>> ((bit + i) & 31)) & 1;
    bit += outputs;
    return on;
  });
}
