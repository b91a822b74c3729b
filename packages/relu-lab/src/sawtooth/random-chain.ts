import { ReluNetwork, type LayerSpec } from "../network";
import type { Generator } from "../random";
import type { UnimodalBlock } from "./critical-orbit";

/**
 * A random chain of unimodal maps around the mirror map, without a ReLU after each map: fold, slopes and foot are its
 * own for every map. Neither symmetric, nor in [0, 1], nor all of one kind: a test bed for {@link criticalOrbit}.
 *
 * @param n number of maps
 * @param deviation how far, relatively, folds and slopes lie from those of the mirror map
 * @param random where the numbers come from
 * @returns the chain as a network of layers 3, 1, 3, 1, ..., and its maps
 * @throws RangeError when n is not a positive integer
 * @example
 * const { network, blocks } = randomChain(5, 0.05, generator(0));
 */
export function randomChain(
  n: number,
  deviation: number,
  random: Generator,
): { network: ReluNetwork; blocks: UnimodalBlock[] } {
  if (!Number.isInteger(n) || n < 1)
    throw new RangeError(`randomChain: ${n} maps: the number must be a positive integer`);
  const relu = (z: number) => (z > 0 ? z : 0);
  const specs: LayerSpec[] = [];
  const blocks: UnimodalBlock[] = [];
  const around = (value: number) => value * Math.exp(deviation * random.normal());
  for (let i = 0; i < n; i++) {
    const [fold, rise, fall, foot] = [around(0.5), around(2), around(2), deviation * random.normal()];
    // u = relu(u) - relu(-u): the map goes on to the left of 0, where relu(u) alone would be flat
    specs.push({ W: [[1], [-1], [1]], b: [0, 0, -fold], activation: "relu" });
    specs.push({ W: [[rise, -rise, -rise - fall]], b: [foot], activation: "linear" });
    blocks.push({
      fold,
      at: (u) => foot + rise * relu(u) - rise * relu(-u) + (-rise - fall) * relu(u - fold),
    });
  }
  return { network: ReluNetwork.of([...specs, { W: [[1]], b: [0], activation: "linear" }]), blocks };
}
