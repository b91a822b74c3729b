import { heNetwork, type ReluNetwork } from "../../network";
import type { Generator } from "../../random";
import { bounds, countPlane, montufarNetwork, segment, zaslavsky } from "../../regions";

/** One shape: what networks of it have, between what is proved to be possible and what is proved to be impossible. */
export interface SideBySideRow {
  /** "2; 8, 8": number of inputs; widths of the hidden layers. */
  shape: string;
  neurons: number;
  /** Mean and largest count of the random networks. */
  random: number;
  most: number;
  /** Counted on Montúfar's network of this shape; null where a layer is too narrow for one. */
  constructed: number | null;
  /** Zaslavsky (1975): as many neurons in a single layer. */
  oneLayer: number;
  /** Lower bounds on the best network of the shape: Montúfar et al. (2014), Serra et al. (2018); null where they do not apply. */
  montufarLower: number | null;
  serraLower: number | null;
  /** Upper bounds: Serra et al. (2018), Montúfar (2017), Raghu et al. (2017), and the number of patterns. */
  serraUpper: number;
  montufarUpper: number;
  raghuUpper: number;
  patternsUpper: number;
}

/** The input space as far as it is looked at: crossings farther out are not met with in practice. */
const FAR = 1e9;

async function countFrom(network: ReluNetwork, low: number, high: number): Promise<number> {
  if (network.inputs === 1) return segment(network, [low], [high]).acts;
  return (await countPlane(network, { lo: [low, low], hi: [high, high] }, { workers: 1 })).regions;
}

/**
 * Exact counts of networks of some shapes beside every known bound for the shape.
 *
 * Random networks (He weights, biases of deviation `biasDeviation`) are counted on the whole input space, as the bounds
 * are meant (a box of ±10^9); Montúfar's network on the unit cube, where its regions are proved.
 *
 * @param config shapes (one or two inputs, widths of the hidden layers), random networks a shape, deviation of the biases
 * @param random split by shape and trial
 * @returns a row a shape
 * @throws RangeError when a shape has other than one or two inputs
 * @see Montúfar 2017; Montúfar et al. 2014; Raghu et al. 2017; Serra et al. 2018; Zaslavsky 1975
 * @example
 * await boundsSideBySide({ shapes: [[2, [8, 8]]], trials: 20, biasDeviation: 0.3 }, generator(0));
 */
export async function boundsSideBySide(
  config: {
    shapes: readonly (readonly [inputs: number, widths: readonly number[]])[];
    trials: number;
    biasDeviation: number;
  },
  random: Generator,
): Promise<SideBySideRow[]> {
  const rows: SideBySideRow[] = [];
  for (const [inputs, widths] of config.shapes) {
    if (inputs !== 1 && inputs !== 2)
      throw new RangeError(`boundsSideBySide: ${inputs} inputs; regions are counted here for 1 or 2`);
    const shape = `${inputs}; ${widths.join(", ")}`;
    const counts: number[] = [];
    for (let trial = 0; trial < config.trials; trial++) {
      const generator = random.split(shape).split(trial);
      const network = heNetwork([inputs, ...widths, 1], generator, config.biasDeviation);
      counts.push(await countFrom(network, -FAR, FAR));
    }
    const known = bounds(inputs, widths);
    const neurons = widths.reduce((sum, width) => sum + width, 0);
    const whole = (value: bigint | null) => (value === null ? null : Number(value));
    rows.push({
      shape,
      neurons,
      random: counts.reduce((sum, count) => sum + count, 0) / counts.length,
      most: Math.max(...counts),
      constructed: widths.some((width) => width < inputs)
        ? null
        : await countFrom(montufarNetwork(inputs, widths), 0, 1),
      oneLayer: Number(zaslavsky(neurons, inputs)),
      montufarLower: whole(known.montufarLower),
      serraLower: whole(known.serraLower),
      serraUpper: Number(known.serraUpper),
      montufarUpper: Number(known.montufarUpper),
      raghuUpper: Number(known.raghuUpper),
      patternsUpper: Number(known.patternsUpper),
    });
  }
  return rows;
}
