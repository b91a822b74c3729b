import type { Generator } from "../random";
import { ReluNetwork, type LayerSpec } from "./relu-network";

/**
 * A random network: W ~ N(0, 2 / fan_in) (He et al., 2015), b ~ N(0, biasDeviation^2), linear output.
 *
 * @param sizes numbers of neurons: input, hidden layers, output
 * @param random where the numbers come from
 * @param biasDeviation standard deviation of the biases
 * @returns the network
 * @throws RangeError when fewer than two sizes are given or one is not a positive integer
 * @example
 * heNetwork([2, 32, 32, 1], generator(0), 0.1);
 */
export function heNetwork(sizes: readonly number[], random: Generator, biasDeviation = 0): ReluNetwork {
  if (sizes.length < 2) throw new RangeError(`sizes [${sizes}]: an input and an output are needed`);
  for (const size of sizes) {
    if (!Number.isInteger(size) || size < 1)
      throw new RangeError(`sizes [${sizes}]: ${size} is not a number of neurons`);
  }
  const specs: LayerSpec[] = [];
  for (let l = 1; l < sizes.length; l++) {
    const deviation = Math.sqrt(2 / sizes[l - 1]);
    const W = new Float64Array(sizes[l] * sizes[l - 1]).map(() => deviation * random.normal());
    const b = new Float64Array(sizes[l]).map(() => biasDeviation * random.normal());
    specs.push({ W, b, activation: l < sizes.length - 1 ? "relu" : "linear" });
  }
  return ReluNetwork.of(specs);
}
