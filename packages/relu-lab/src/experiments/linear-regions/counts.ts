import { heNetwork, type ReluNetwork } from "../../network";
import type { Generator } from "../../random";
import { bounds, countPlane, montufarNetwork, plane, zaslavsky } from "../../regions";
import { groupRows, summary } from "../rows/statistics";

/** Regions of one random line arrangement. */
export interface ArrangementRow {
  neurons: number;
  trial: number;
  regions: number;
  /** Zaslavsky's r(neurons, 2): what lines in general position make. */
  bound: number;
}

/**
 * Regions that the neurons of one random hidden layer cut the plane into.
 *
 * The box is large enough to hold every crossing (10^9 in each direction), so that it stands for the whole plane.
 *
 * @param config numbers of neurons, trials of each
 * @param random split once a trial
 * @returns a row a network
 * @example
 * await arrangementCounts({ neurons: [3], trials: 1 }, generator(0)); // 7 regions, bound 7
 */
export async function arrangementCounts(
  { neurons, trials }: { neurons: readonly number[]; trials: number },
  random: Generator,
): Promise<ArrangementRow[]> {
  const rows: ArrangementRow[] = [];
  const wholePlane = { lo: [-1e9, -1e9], hi: [1e9, 1e9] };
  for (const width of neurons) {
    for (let trial = 0; trial < trials; trial++) {
      const network = heNetwork([2, width, 1], random.split(width).split(trial), 1);
      const { regions } = await countPlane(network, wholePlane, { workers: 1 });
      rows.push({ neurons: width, trial, regions, bound: Number(zaslavsky(width, 2)) });
    }
  }
  return rows;
}

/** The counts of one of Montúfar's networks on the unit square, beside what was proved. */
export interface MontufarRow {
  widths: string;
  neurons: number;
  /** The lower bound of Montúfar et al. (2014), which this construction attains. */
  bound: number;
  activationRegions: number;
  linearRegions: number;
}

/**
 * Montúfar's explicit networks, built and counted on the unit square.
 *
 * @param shapes widths of the hidden layers, one list a network
 * @returns a row a network
 */
export async function montufarCounts(shapes: readonly (readonly number[])[]): Promise<MontufarRow[]> {
  const rows: MontufarRow[] = [];
  for (const widths of shapes) {
    const network = montufarNetwork(2, widths);
    const found = await plane(network, { lo: [0, 0], hi: [1, 1] });
    rows.push({
      widths: widths.join(", "),
      neurons: network.neurons,
      bound: Number(bounds(2, widths).montufarLower),
      activationRegions: found.regions,
      linearRegions: found.linearRegions,
    });
  }
  return rows;
}

/** Regions of random networks of one shape beside the bounds for that shape. */
export interface BoundsRow {
  widths: string;
  depth: number;
  neurons: number;
  trial: number;
  regions: number;
  /** N^2 / 2: the rule that random networks follow. */
  halfSquare: number;
  /** The best proved upper bound (Serra et al., 2018), as a number: it may round. */
  upper: number;
}

/**
 * How many regions random networks have in [-1, 1]^2: He weights, biases of deviation `biasDeviation`.
 *
 * @param config widths of the hidden layers (one list a shape), trials a shape, deviation of the biases
 * @param random split once a trial
 * @returns a row a network
 */
export async function randomNetworkCounts(
  config: { shapes: readonly (readonly number[])[]; trials: number; biasDeviation: number },
  random: Generator,
): Promise<BoundsRow[]> {
  const rows: BoundsRow[] = [];
  for (const widths of config.shapes) {
    for (let trial = 0; trial < config.trials; trial++) {
      const generator = random.split(widths.join("-")).split(trial);
      const network: ReluNetwork = heNetwork([2, ...widths, 1], generator, config.biasDeviation);
      const { regions } = await countPlane(network, { lo: [-1, -1], hi: [1, 1] }, { workers: 1 });
      rows.push({
        widths: widths.join(", "),
        depth: widths.length,
        neurons: network.neurons,
        trial,
        regions,
        halfSquare: network.neurons ** 2 / 2,
        upper: Number(bounds(2, widths).serraUpper),
      });
    }
  }
  return rows;
}

/** Sums regions and bounds over the trials of each shape: one row a shape, in the order of first appearance. */
export function meanByShape(rows: readonly BoundsRow[]): {
  widths: string;
  neurons: number;
  trials: number;
  mean: number;
  deviation: number;
  halfSquare: number;
  upper: number;
}[] {
  return groupRows(rows, ["widths"]).map((group) => {
    const { widths, neurons, halfSquare, upper } = group[0];
    const { mean, deviation, count: trials } = summary(group.map((row) => row.regions));
    return { widths, neurons, trials, mean, deviation, halfSquare, upper };
  });
}
