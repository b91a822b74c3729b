import { ReluNetwork, type LayerSpec } from "../../network";
import { timesPowerOfTwo } from "../arithmetic/power-of-two";

/** Rows whose largest weight lies within 2^-MILD .. 2^MILD are left alone. */
const MILD = 8;

/**
 * The network with each neuron (and output) times a positive power of two, so that every row's largest weight is about 1
 * where it was not before: no boundary moves, and squares and products of gradients neither overflow nor underflow.
 *
 * Where a number would lose bits by that, the network is given back as it is.
 */
export function rescaled(network: ReluNetwork): ReluNetwork {
  let below = new Int32Array(network.inputs); // powers of the layer before
  let mild = true;
  let exact = true;
  const times = (value: number, power: number): number => {
    const result = timesPowerOfTwo(value, power);
    if (timesPowerOfTwo(result, -power) !== value || !Number.isFinite(result)) exact = false;
    return result;
  };
  const specs = network.layers.map((layer): LayerSpec => {
    const { inputs, outputs, weights, biases, activation, identities } = layer;
    const more = identities ? { identities } : {};
    const powers = new Int32Array(outputs);
    for (let i = 0; i < outputs; i++) {
      let largest = -Infinity;
      for (let j = 0; j < inputs; j++) {
        const w = weights[i * inputs + j];
        if (w !== 0) largest = Math.max(largest, Math.floor(Math.log2(Math.abs(w))) - below[j]);
      }
      if (largest > -Infinity && Math.abs(largest) > MILD) powers[i] = -largest;
    }
    const factors = below;
    below = powers;
    if (powers.every((p) => p === 0) && factors.every((p) => p === 0))
      return { W: weights, b: biases, activation, ...more };
    mild = false;
    return {
      W: weights.map((w, at) => times(w, powers[Math.floor(at / inputs)] - factors[at % inputs])),
      b: biases.map((b, i) => times(b, powers[i])),
      activation,
      ...more,
    };
  });
  return mild || !exact ? network : ReluNetwork.of(specs);
}
