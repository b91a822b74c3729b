import type { ReluNetwork } from "../../network";
import { commonScale, toInteger } from "../plane/integers";

/** One layer in integers: weights * scaled input + biases is the true pre-activation times a power of two of the layer. */
export interface ScaledLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: bigint[];
  readonly biases: bigint[];
}

/**
 * A network in integers, exactly: every layer is multiplied by a power of two, so that no rationals appear.
 *
 * @param network the network as given; its doubles are binary fractions
 * @param inputBits fraction bits of the input coordinates
 */
export function scaleNetwork(network: ReluNetwork, inputBits: number): ScaledLayer[] {
  let bits = inputBits;
  return network.layers.map(({ inputs, outputs, weights, biases }) => {
    const own = Math.max(commonScale(weights), commonScale(biases) - bits);
    bits += own;
    return {
      inputs,
      outputs,
      weights: Array.from(weights, (w) => toInteger(w, own)),
      biases: Array.from(biases, (b) => toInteger(b, bits)),
    };
  });
}
