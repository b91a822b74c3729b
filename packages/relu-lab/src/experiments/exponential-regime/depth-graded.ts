import { cosine } from "../../ensemble";
import type { ReluNetwork } from "../../network";
import { generator, type Generator } from "../../random";
import { segment } from "../../regions";
import type { Experiment, Studies, TrialContext } from "../../results";
import { finalOnly, sawtoothBatch, trainChains, type Wiring } from "../../training";
import { meanSquareToSawtooth } from "../rows/mean-square-to-sawtooth";
import { chainStart, chainStartName, gradingOf, type ChainStartKind, type Supervision } from "./chains";

/** Further plain training: steps on the final error alone. */
export interface FurtherTraining {
  readonly steps: number;
  /** Rates of Adam, each from the same learned network. */
  readonly rates: readonly number[];
  /** Whether a rate stays or falls to 0 in half a cosine. */
  readonly schedule: "constant" | "cosine";
}

/** One way to train a chain on the sawtooth s_n. */
export interface ChainPoint {
  readonly n: number;
  readonly start: ChainStartKind;
  readonly supervision: Supervision;
  readonly steps: number;
  readonly batchSize: number;
  /** What feeds the blocks while they are trained; `chained` when not given. */
  readonly wiring?: Wiring;
  readonly further?: FurtherTraining;
}

/** Ways of training, compared on the same trials. */
export interface ChainConfiguration {
  readonly points: readonly ChainPoint[];
}

/** One network at the end of its training, or of its further training. */
export interface ChainRow {
  readonly trial: number;
  readonly n: number;
  readonly start: string;
  readonly supervision: Supervision;
  readonly wiring: Wiring;
  readonly steps: number;
  readonly batchSize: number;
  /** The rate of further plain training, or null for the network before it. */
  readonly furtherRate: number | null;
  /** Exact counts on [0, 1]; 0 when the training diverged. */
  readonly laps: number;
  readonly pieces: number;
  /** The exact mean of (f - s_n)^2 over [0, 1]. */
  readonly error: number;
  /** At least 2^n laps. */
  readonly success: boolean;
}

function measure(
  network: ReluNetwork | null,
  n: number,
): Pick<ChainRow, "laps" | "pieces" | "error" | "success"> {
  // a network that diverged is no better than one that is constant
  if (!network) return { laps: 0, pieces: 0, error: 1 / 12, success: false };
  const found = segment(network, [0], [1]);
  const { laps, pieces } = found;
  return { laps, pieces, error: meanSquareToSawtooth(found, n), success: laps >= 2 ** n };
}

/** Trains one point's chains, one a generator. */
async function trainPoint(
  { n, start, supervision, steps, batchSize, wiring = "chained" }: ChainPoint,
  randoms: readonly Generator[],
  workers: number,
): Promise<(ReluNetwork | null)[]> {
  const starts = randoms.map((random) => ({
    network: chainStart(start, wiring === "tied" ? 1 : n, random),
    random, // the samples are the same for every way of training
  }));
  const training = {
    source: sawtoothBatch(n, batchSize),
    grading: gradingOf(supervision),
    steps,
    wiring,
    workers,
  };
  return (await trainChains(starts, training)).map(({ network }) => network);
}

async function chainBatch(
  { points }: ChainConfiguration,
  indices: readonly number[],
  randoms: readonly Generator[],
  { workers }: TrialContext,
): Promise<ChainRow[][]> {
  const rows = indices.map((): ChainRow[] => []);
  for (const point of points) {
    const { n, supervision, steps, batchSize, wiring = "chained", further } = point;
    const about = { n, start: chainStartName(point.start), supervision, wiring, steps, batchSize };
    const learned = await trainPoint(point, randoms, workers);
    const take = (networks: readonly (ReluNetwork | null)[], furtherRate: number | null) =>
      networks.forEach((network, i) =>
        rows[i].push({ trial: indices[i], ...about, furtherRate, ...measure(network, n) }),
      );
    take(learned, null);
    for (const rate of further?.rates ?? []) {
      const { steps: more, schedule } = further!;
      const after = await trainChains(
        learned.flatMap((network, i) => (network ? [{ network, random: randoms[i].split("further") }] : [])),
        {
          source: sawtoothBatch(n, batchSize),
          grading: finalOnly(),
          steps: more,
          workers,
          rate: schedule === "constant" ? rate : cosine(rate, 0, more),
        },
      );
      let next = 0;
      take(
        learned.map((network) => network && after[next++].network),
        rate,
      );
    }
  }
  return rows;
}

/**
 * Chains of 1-w-1 blocks on the sawtooth: with targets for every level or for the last one alone, from several starts,
 * counted exactly; then, if asked for, trained further on the final error alone (specification, 8.1).
 *
 * @example
 * const { rows } = await results.run(experiments.depthGraded, experiments.depthGradedAgainstFinal([6, 8]), { trials: 100 });
 */
export const depthGraded: Experiment<ChainConfiguration, ChainRow> = {
  name: "depth-graded",
  version: "1",
  module: __filename,
  batch: chainBatch,
  batchSize: 20,
};

const bends: ChainStartKind = { kind: "breakpoints", width: 8 };

/** Steps and samples a step that n levels are given: 6,000 of 32 up to eight, 8,000 of 64 for ten, 10,000 of 128 beyond. */
export function chainEffort(n: number): { steps: number; batchSize: number } {
  if (n <= 8) return { steps: 6000, batchSize: 32 };
  return n <= 10 ? { steps: 8000, batchSize: 64 } : { steps: 10000, batchSize: 128 };
}

/**
 * Random bends of width 8, with the three kinds of supervision.
 *
 * @param n numbers of levels
 * @param supervisions "final", "uniform" and "graded" when not given
 */
export function depthGradedAgainstFinal(
  n: readonly number[],
  supervisions: readonly Supervision[] = ["final", "uniform", "graded"],
): ChainConfiguration {
  return {
    points: n.flatMap((levels) =>
      supervisions.map((supervision) => ({ n: levels, start: bends, supervision, ...chainEffort(levels) })),
    ),
  };
}

/** The starts of the specification's table, with the three kinds of supervision. */
export function depthGradedStarts(n: number): ChainConfiguration {
  const starts: ChainStartKind[] = [
    ...[0.01, 0.04, 0.09, 0.25].map((variance) => ({ kind: "mirror" as const, width: 2, variance })),
    { kind: "breakpoints", width: 4 },
    bends,
    { kind: "he", width: 8 },
    { kind: "he", width: 16 },
  ];
  return {
    points: starts.flatMap((start) =>
      (["final", "uniform", "graded"] as const).map((supervision) => ({
        n,
        start,
        supervision,
        ...chainEffort(n),
      })),
    ),
  };
}

/**
 * Other ways to weigh and to wire the levels: bases other than 4, logarithms, blocks that learn apart (teacher forcing), one
 * block used n times.
 *
 * @param n number of levels
 */
export function depthGradedVariants(n: number): ChainConfiguration {
  const point = { n, start: bends, ...chainEffort(n) };
  const chained = ["graded", "base 2", "base 3", "base 6", "base 8", "base 16", "logarithms"] as const;
  return {
    points: [
      ...chained.map((supervision) => ({ ...point, supervision })),
      { ...point, supervision: "uniform", wiring: "given" },
      { ...point, supervision: "graded", wiring: "tied" },
      { ...point, supervision: "final", wiring: "tied" },
    ],
  };
}

/** Learned chains trained further on the final error alone, at rates from 1e-5 to 1e-2. */
export function depthGradedRetention(
  n: number,
  steps = 3000,
  schedule: FurtherTraining["schedule"] = "constant",
): ChainConfiguration {
  const rates = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2];
  return {
    points: [
      { n, start: bends, supervision: "graded", ...chainEffort(n), further: { steps, rates, schedule } },
    ],
  };
}

/** The studies of this experiment, for `npm run sweep`. */
export const depthGradedStudies: Studies = {
  levels: {
    about: "Random bends of width 8 on 2 to 12 levels, three kinds of supervision.",
    experiment: depthGraded,
    configuration: depthGradedAgainstFinal([2, 4, 6, 8, 10, 12]),
    trials: 100,
    seed: 0,
  },
  starts: {
    about: "Eight kinds of start on six levels.",
    experiment: depthGraded,
    configuration: depthGradedStarts(6),
    trials: 100,
    seed: 0,
  },
  variants: {
    about: "Other weights and wirings on twelve levels.",
    experiment: depthGraded,
    configuration: depthGradedVariants(12),
    trials: 100,
    seed: 0,
  },
  retention: {
    about: "Eight levels learned, then trained on the final error alone at seven rates.",
    experiment: depthGraded,
    configuration: depthGradedRetention(8),
    trials: 100,
    seed: 0,
  },
};

/**
 * The network of one trial: the very one that `results.run` counts.
 *
 * @param point how it is trained
 * @param trial its number
 * @param seed the run's seed
 * @returns null when the training diverged
 */
export async function depthGradedNetwork(
  point: ChainPoint,
  trial: number,
  seed: number | string,
): Promise<ReluNetwork | null> {
  const [network] = await trainPoint(point, [generator(seed).split(depthGraded.name).split(trial)], 1);
  return network;
}
