import type { ReluNetwork } from "../../network";
import { fractionBits, scaledInteger } from "./dyadic";

/** One layer in integers: the true pre-activation is (weights * scaled input + biases) / 2^bits. */
export interface ScaledLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: bigint[];
  readonly biases: bigint[];
  readonly relu: boolean;
  /** Fraction bits of this layer's pre-activations. */
  readonly bits: number;
}

/**
 * A network in integers, exactly: every layer is multiplied by a power of two, so that no rationals appear.
 *
 * @param network the network as given; its doubles are binary fractions
 * @param inputBits fraction bits of the input coordinates
 */
export function scaleNetwork(network: ReluNetwork, inputBits: number): ScaledLayer[] {
  let bits = inputBits;
  return network.layers.map(({ inputs, outputs, weights, biases, activation }) => {
    const own = Math.max(fractionBits(weights), fractionBits(biases) - bits);
    bits += own;
    return {
      inputs,
      outputs,
      weights: Array.from(weights, (w) => scaledInteger(w, own)),
      biases: Array.from(biases, (b) => scaledInteger(b, bits)),
      relu: activation === "relu",
      bits,
    };
  });
}
