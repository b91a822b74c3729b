import { ReluNetwork, type LayerSpec, type SparseLayerSpec } from "./relu-network";

/**
 * The composition `x -> networks[last](...networks[0](x))`, with every layer kept as it is.
 *
 * A linear output followed by a dense layer stays two layers: nothing is multiplied out, so no rounding.
 *
 * @param networks applied from first to last; the outputs of each are the inputs of the next
 * @returns one network
 * @throws RangeError when none is given, or the dimensions of two neighbours differ
 * @example
 * compose(mirrorMap(), mirrorMap()).forward([0.2]); // the sawtooth s_2 at 0.2
 */
export function compose(...networks: readonly ReluNetwork[]): ReluNetwork {
  const specs: (LayerSpec | SparseLayerSpec)[] = [];
  for (const [i, network] of networks.entries()) {
    if (i > 0 && networks[i - 1].outputs !== network.inputs) {
      throw new RangeError(
        `compose: network ${i} gives ${networks[i - 1].outputs} numbers, but network ${i + 1} takes ${network.inputs}`,
      );
    }
    specs.push(...network.sparseSpecs());
  }
  return ReluNetwork.of(specs);
}
