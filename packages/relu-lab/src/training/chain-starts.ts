import { ReluNetwork, type LayerSpec } from "../network";
import type { Generator } from "../random";
import { parameterNoise, perturb } from "../sawtooth";

/** The shape of a chain of blocks u -> v relu(w u + b) + d; nothing follows the linear bottleneck. */
export interface ChainShape {
  readonly blocks: number;
  /** Neurons of each block. */
  readonly width: number;
  /** Numbers that pass from block to block; 1 when not given. */
  readonly dimensions?: number;
}

function chainOf(
  { blocks, width, dimensions = 1 }: ChainShape,
  block: () => [LayerSpec, LayerSpec],
): ReluNetwork {
  for (const [name, value] of Object.entries({ blocks, width, dimensions })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`a chain's ${name} is ${value}, but it must be a positive integer`);
  }
  return ReluNetwork.of(Array.from({ length: blocks }, block).flat());
}

/**
 * A chain whose neurons bend at random places of [0, 1]^d: the entries of w are 1 or -1, b = -w t with t
 * uniform in the cube, v ~ N(0, 2 / width), d = 1/2.
 *
 * He's start (no biases) bends every neuron at 0, at the border of the interval; this one spreads the bends out.
 *
 * @param shape blocks, width, dimensions
 * @param random where the numbers come from
 * @returns the chain
 * @throws RangeError when a number of the shape is not a positive integer
 * @example
 * training.breakpointChain({ blocks: 8, width: 8 }, random.generator(0));
 */
export function breakpointChain(shape: ChainShape, random: Generator): ReluNetwork {
  const { width, dimensions = 1 } = shape;
  return chainOf(shape, () => {
    const W = Array.from({ length: width }, () => {
      return Array.from({ length: dimensions }, () => (random.uniform() < 0.5 ? -1 : 1));
    });
    const b = W.map((w) => -w.reduce((sum, value) => sum + value * random.uniform(), 0));
    const V = Array.from({ length: dimensions }, () =>
      Array.from({ length: width }, () => Math.sqrt(2 / width) * random.normal()),
    );
    return [
      { W, b, activation: "relu" },
      { W: V, b: V.map(() => 0.5), activation: "linear" },
    ];
  });
}

/**
 * A chain started as He et al. 2015 do: weights N(0, 2 / fan-in), no biases.
 *
 * @param shape blocks, width, dimensions
 * @param random where the numbers come from
 * @returns the chain
 * @throws RangeError when a number of the shape is not a positive integer
 * @example
 * training.heChain({ blocks: 8, width: 8 }, random.generator(0));
 */
export function heChain(shape: ChainShape, random: Generator): ReluNetwork {
  const { width, dimensions = 1 } = shape;
  const normal = (rows: number, columns: number) =>
    new Float64Array(rows * columns).map(() => Math.sqrt(2 / columns) * random.normal());
  return chainOf(shape, () => [
    { W: normal(width, dimensions), b: new Float64Array(width), activation: "relu" },
    { W: normal(dimensions, width), b: new Float64Array(dimensions), activation: "linear" },
  ]);
}

/**
 * Exact mirror maps of width 2, every weight and bias multiplied by 1 + noise.
 *
 * @param blocks how many maps
 * @param variance of the noise
 * @param random where the noise comes from
 * @returns the chain
 * @throws RangeError when blocks is not a positive integer
 * @example
 * training.mirrorChain(6, 1e-4, random.generator(0));
 */
export function mirrorChain(blocks: number, variance: number, random: Generator): ReluNetwork {
  const exact = chainOf({ blocks, width: 2 }, () => [
    { W: [[1], [1]], b: [0, -0.5], activation: "relu" },
    { W: [[2, -4]], b: [0], activation: "linear" },
  ]);
  return perturb(exact, parameterNoise(exact, random), Math.sqrt(variance));
}
