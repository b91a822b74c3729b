import { heNetwork, ReluNetwork, type LayerSpec } from "relu-lab/network";
import { generator } from "relu-lab/random";

/** A network that can be looked at. */
export interface Offer {
  readonly id: string;
  readonly words: string;
  readonly sizes: readonly number[];
  /** Its weights were learned, and stand in the page. */
  readonly trained?: boolean;
}

const plain = (hidden: readonly number[]): Offer => {
  const sizes = [2, ...hidden, 1];
  return { id: sizes.join("-"), words: `${sizes.join("-")}, random`, sizes };
};

/** What stands in the list. */
export const offers: readonly Offer[] = [
  ...[[6], [8, 8], [16, 16], [32, 32], [64, 64, 64]].map(plain),
  { id: "digits", words: "784-32-32-10, trained", sizes: [784, 32, 32, 10], trained: true },
  { id: "784-64-64-1", words: "784-64-64-1, random", sizes: [784, 64, 64, 1] },
];

/** The random network of a seed, as the benchmarks have it: W ~ N(0, 2 / fan_in), b ~ N(0, 0.1^2). */
export const randomNetwork = (sizes: readonly number[], seed: number): ReluNetwork =>
  heNetwork(sizes, generator(seed), 0.1);

/**
 * A way through the networks of one distribution: cos(t) A + sin(t) B has normal weights of the same variance at every t.
 *
 * @param a where it begins
 * @param b what it turns to
 * @param t angle in radians
 */
export function between(a: ReluNetwork, b: ReluNetwork, t: number): ReluNetwork {
  const [cosine, sine] = [Math.cos(t), Math.sin(t)];
  const mix = (x: Float64Array, y: Float64Array) => x.map((value, i) => cosine * value + sine * y[i]);
  return ReluNetwork.of(
    a.layers.map(({ weights, biases, activation }, l): LayerSpec => {
      const other = b.layers[l];
      return { W: mix(weights, other.weights), b: mix(biases, other.biases), activation };
    }),
  );
}
