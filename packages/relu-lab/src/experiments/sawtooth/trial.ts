import type { ReluNetwork } from "../../network";
import type { Generator } from "../../random";
import { segment, type SegmentResult } from "../../regions";
import {
  criticalOrbit,
  overfullSawtooth,
  parameterNoise,
  perturb,
  sawtoothNetwork,
  sawtoothValue,
  unimodalBlocks,
  type OverfullTent,
  type PerturbedPart,
  type SawtoothForm,
} from "../../sawtooth";

/** One setting of the experiment: which network, where the noise goes, and how strong it is. */
export interface PerturbationPoint {
  /** The sawtooth in one of its forms, or overfull tents instead. */
  readonly network: SawtoothForm | OverfullTent;
  /** Number of maps. */
  readonly n: number;
  readonly part: PerturbedPart;
  /** Standard deviation of the noise in w (1 + noise). */
  readonly deviation: number;
}

/** The exact counts of one perturbed network on [0, 1]. */
export interface PerturbationRow {
  readonly network: string;
  readonly n: number;
  readonly part: string;
  readonly deviation: number;
  readonly trial: number;
  readonly laps: number;
  readonly pieces: number;
  /** Stretches on which the function is constant. */
  readonly flats: number;
  /** Activation intervals. */
  readonly intervals: number;
  /** Share of [0, 1] that is flat. */
  readonly flatShare: number;
  /** sup |f - s_n| on [0, 1], from the exact corners of both. */
  readonly supError: number;
  /** What the critical orbit predicts: 1 all 2^n laps, 0 fewer; null where a map is not unimodal any more. */
  readonly predictedFull: 0 | 1 | null;
}

/** A point's network in words. */
function perturbedName(network: PerturbationPoint["network"]): string {
  return typeof network === "string" ? network : `overfull, start ${network.start}, peak ${network.peak}`;
}

/**
 * The largest distance between a function of one variable and the sawtooth s_n on [0, 1].
 *
 * Both are piecewise linear, so it stands at a corner of one of them.
 *
 * @param found the function's pieces on [0, 1]
 * @param n number of mirror maps of the sawtooth
 * @returns sup |f - s_n|, up to rounding
 */
export function distanceToSawtooth(found: Pick<SegmentResult, "knots" | "values">, n: number): number {
  const { knots, values } = found;
  let largest = 0;
  for (let i = 0; i < knots.length; i++) {
    largest = Math.max(largest, Math.abs(values[i] - sawtoothValue(n, knots[i])));
  }
  const teeth = 2 ** n;
  for (let k = 0, piece = 0; k <= teeth; k++) {
    const x = k / teeth;
    while (piece + 2 < knots.length && knots[piece + 1] < x) piece++;
    const share = (x - knots[piece]) / (knots[piece + 1] - knots[piece]);
    const value = values[piece] + share * (values[piece + 1] - values[piece]);
    largest = Math.max(largest, Math.abs(value - (k % 2)));
  }
  return largest;
}

/** The unperturbed network of a point, and how many of its layers noise may reach. */
function original({ network, n }: PerturbationPoint): { exact: ReluNetwork; layers: number } {
  if (network === "merged") return { exact: sawtoothNetwork(n, "merged"), layers: n + 1 };
  const exact = network === "naive" ? sawtoothNetwork(n, "naive") : overfullSawtooth(n, network);
  return { exact, layers: 2 * n }; // the readout is the identity, which is no weight of the chain
}

/**
 * One trial at every point. All points of one network share the same standard normal numbers, so that differences
 * between deviations and parts are those of one and the same perturbation.
 *
 * @param points settings
 * @param trial its number, which the rows carry
 * @param random the trial's own generator
 * @returns a row a point
 */
export function perturbationTrial(
  points: readonly PerturbationPoint[],
  trial: number,
  random: Generator,
): PerturbationRow[] {
  const made = new Map<string, { exact: ReluNetwork; noise: Float64Array }>();
  return points.map((point): PerturbationRow => {
    const { n, part, deviation } = point;
    const network = perturbedName(point.network);
    const key = `${network}, n = ${n}`;
    let own = made.get(key);
    if (!own) {
      const { exact, layers } = original(point);
      made.set(key, (own = { exact, noise: parameterNoise(exact, random.split(key), layers) }));
    }
    const noisy = perturb(own.exact, own.noise, deviation, part);
    const found = segment(noisy, [0], [1]);
    const { knots, directions, laps, pieces, flats, acts } = found;
    const flatShare = directions.reduce((sum, d, i) => (d === 0 ? sum + knots[i + 1] - knots[i] : sum), 0);
    const blocks = point.network === "merged" ? undefined : unimodalBlocks(noisy);
    const predictedFull = blocks ? (criticalOrbit(blocks).full ? 1 : 0) : null;
    const supError = distanceToSawtooth(found, n);
    return {
      network,
      n,
      part,
      deviation,
      trial,
      laps,
      pieces,
      flats,
      intervals: acts,
      flatShare,
      supError,
      predictedFull,
    };
  });
}
