import { ReluNetwork, type LayerSpec } from "../network";

/** A map with one bend, u -> rise u + bend relu(u - fold), on the whole line. */
export interface BentMap {
  readonly rise: number;
  readonly bend: number;
  readonly fold: number;
}

/** How the values of chains are added up. */
export interface ReadOutWeights {
  readonly offset: number;
  readonly slope: number;
  /** One array a chain, one weight a map. */
  readonly weights: readonly (readonly number[])[];
}

// u = relu(u) - relu(-u): the map goes on to the left of 0, so rounding below 0 makes no flat piece.
const inner = ({ fold }: BentMap): { rows: number[]; biases: number[] } => ({
  rows: [1, -1, 1],
  biases: [0, 0, -fold],
});
const outer = ({ rise, bend }: BentMap): number[] => [rise, -rise, bend];

/**
 * Maps with one bend, one after the other, as a network of layers 3, 1, 3, 1, ...
 *
 * @param maps the first is applied first
 * @returns a network from one number to one number
 * @throws RangeError when there are no maps
 * @example
 * const mirror = { rise: 2, bend: -4, fold: 0.5 };
 * bentChain([mirror, mirror]).forward([0.25]); // [1]
 */
export function bentChain(maps: readonly BentMap[]): ReluNetwork {
  return ReluNetwork.of(
    maps.flatMap((map): LayerSpec[] => {
      const { rows, biases } = inner(map);
      return [
        { W: rows.map((w) => [w]), b: biases, activation: "relu" },
        { W: [outer(map)], b: [0], activation: "linear" },
      ];
    }),
  );
}

/**
 * The sum of several chains' values as one network: offset + slope x + sum over chains and levels of weight times u_l.
 *
 * A sum s runs along: s = relu(s) - relu(-s), exactly, so that it bends nothing.
 *
 * @param chains each of the same number of maps
 * @param readOut offset, slope, and the weights of each chain's maps
 * @returns a network from one number to one number
 * @throws RangeError when chains differ in length
 * @example
 * const mirror = { rise: 2, bend: -4, fold: 0.5 };
 * sumOfChains([[mirror]], { offset: 0, slope: 1, weights: [[0.25]] }).forward([0.25]); // [0.375]
 */
export function sumOfChains(chains: readonly (readonly BentMap[])[], readOut: ReadOutWeights): ReluNetwork {
  const count = chains.length;
  const levels = chains[0]?.length ?? 0;
  if (levels === 0 || chains.some((chain) => chain.length !== levels))
    throw new RangeError(
      `sumOfChains: chains of ${chains.map((chain) => chain.length)} maps: give all as many`,
    );
  // The state is (u_1, ..., u_count, s); at first every u is x, and s = offset + slope x.
  const specs: LayerSpec[] = [
    {
      W: [...chains.map(() => [1]), [readOut.slope]],
      b: [...chains.map(() => 0), readOut.offset],
      activation: "linear",
    },
  ];
  for (let l = 0; l < levels; l++) {
    const W: number[][] = [];
    const b: number[] = [];
    const V = Array.from({ length: count + 1 }, () => new Array<number>(3 * count + 2).fill(0));
    chains.forEach((chain, c) => {
      const { rows, biases } = inner(chain[l]);
      rows.forEach((w, i) => {
        W.push(Array.from({ length: count + 1 }, (_, j) => (j === c ? w : 0)));
        b.push(biases[i]);
      });
      outer(chain[l]).forEach((v, i) => {
        V[c][3 * c + i] = v;
        V[count][3 * c + i] = v * readOut.weights[c][l];
      });
    });
    for (const sign of [1, -1]) {
      W.push(Array.from({ length: count + 1 }, (_, j) => (j === count ? sign : 0)));
      b.push(0);
      V[count][3 * count + (sign > 0 ? 0 : 1)] = sign;
    }
    specs.push(
      { W, b, activation: "relu" },
      { W: V, b: new Array<number>(count + 1).fill(0), activation: "linear" },
    );
  }
  specs.push({ W: [[...chains.map(() => 0), 1]], b: [0], activation: "linear" });
  return ReluNetwork.of(specs);
}
