import { heNetwork, ReluNetwork } from "../../network";
import type { Generator } from "../../random";
import { segment } from "../../regions";
import type { Experiment, Studies, TrialContext } from "../../results";
import { parameterNoise, perturb, sawtoothNetwork } from "../../sawtooth";
import { meanSquareToSawtooth } from "../rows/mean-square-to-sawtooth";
import { trainOnSawtooth, type RelearningOptimiser } from "./training";

/** Where training begins. */
export type RelearningStart =
  | {
      /** The naive sawtooth, its weights and biases multiplied by 1 + noise. */
      readonly kind: "perturbed";
      /** The presentation's label of the noise. */
      readonly label: number;
      /** What the label is taken for: the noise's standard deviation or its variance. */
      readonly reading: "deviation" | "variance";
    }
  | {
      readonly kind: "random";
      /** `he`: W ~ N(0, 2 / fan-in), no biases. `uniform`: all within 1 / sqrt(fan-in), PyTorch's default. */
      readonly initialisation: "he" | "uniform";
      /** Widths of the hidden layers; [] for the shape of the naive sawtooth. */
      readonly hidden: readonly number[];
    };

/** What is trained, on what, and when it is looked at. */
export interface RelearningConfiguration {
  /** Mirror maps of the sawtooth to be learned. */
  readonly n: number;
  readonly starts: readonly RelearningStart[];
  readonly optimisers: readonly RelearningOptimiser[];
  /** Samples of [0, 1] a step. */
  readonly batchSize: number;
  /** Steps after which the network is counted, ascending; the last one ends the training. */
  readonly readOuts: readonly number[];
}

/** One network at one read-out. */
export interface RelearningRow {
  readonly trial: number;
  /** The start in words. */
  readonly start: string;
  /** The label of a perturbed start, else null. */
  readonly label: number | null;
  readonly optimiser: string;
  readonly step: number;
  /** Exact counts on [0, 1]. */
  readonly laps: number;
  readonly pieces: number;
  readonly flats: number;
  /** The exact mean of (f - s_n)^2 over [0, 1]. */
  readonly error: number;
}

/** A start in words. */
export function startName(start: RelearningStart): string {
  if (start.kind === "perturbed") return `${start.reading} ${start.label}`;
  const shape = start.hidden.length > 0 ? start.hidden.join("-") : "naive shape";
  return `${shape}, ${start.initialisation === "he" ? "He" : "uniform"}`;
}

/** An optimiser in words. */
function optimiserName({ type, rate }: RelearningOptimiser): string {
  return `${type === "adam" ? "Adam" : "SGD"} ${rate}`;
}

/** The network a trial starts from. */
export function startOf(start: RelearningStart, n: number, random: Generator): ReluNetwork {
  const naive = sawtoothNetwork(n, "naive");
  if (start.kind === "perturbed") {
    // The last layer is the identity that reads the chain out: noise leaves it alone, training does not (measured: 45 laps at
    // label .05 after 1,000 steps, 42 when it is frozen).
    // All labels of a trial share the same noise.
    const noise = parameterNoise(naive, random.split("noise"), naive.layers.length - 1);
    const deviation = start.reading === "deviation" ? start.label : Math.sqrt(start.label);
    return perturb(naive, noise, deviation);
  }
  const sizes = start.hidden.length > 0 ? [1, ...start.hidden, 1] : naive.sizes;
  const own = random.split(startName(start));
  if (start.initialisation === "he") return heNetwork(sizes, own);
  const uniform = (length: number, fanIn: number) =>
    Float64Array.from({ length }, () => (2 * own.uniform() - 1) / Math.sqrt(fanIn));
  const layers = sizes.slice(1).map((size, l) => ({
    W: uniform(size * sizes[l], sizes[l]),
    b: uniform(size, sizes[l]),
    activation: l < sizes.length - 2 ? ("relu" as const) : ("linear" as const),
  }));
  return ReluNetwork.of(layers);
}

/** Rows of several trials: from every start, with every optimiser. */
async function relearningBatch(
  configuration: RelearningConfiguration,
  indices: readonly number[],
  randoms: readonly Generator[],
  { workers }: TrialContext,
): Promise<RelearningRow[][]> {
  const { n, starts, optimisers } = configuration;
  const rows = indices.map((): RelearningRow[] => []);
  const from = starts.flatMap((start) =>
    // The samples are the same for every start and optimiser of a trial.
    randoms.map((random) => ({ network: startOf(start, n, random), random })),
  );
  for (const optimiser of optimisers) {
    const ways = await trainOnSawtooth(from, { ...configuration, optimiser }, workers);
    ways.forEach((readOuts, i) => {
      const start = starts[Math.floor(i / indices.length)];
      const at = i % indices.length;
      const about = {
        trial: indices[at],
        start: startName(start),
        label: start.kind === "perturbed" ? start.label : null,
        optimiser: optimiserName(optimiser),
      };
      for (const { step, network } of readOuts) {
        const found = segment(network, [0], [1]);
        const { laps, pieces, flats } = found;
        rows[at].push({ ...about, step, laps, pieces, flats, error: meanSquareToSawtooth(found, n) });
      }
    });
  }
  return rows;
}

/**
 * Re-learning the sawtooth: from perturbed sawteeth and from random weights, counted exactly along the way.
 *
 * @example
 * const { rows } = await results.run(experiments.relearning, experiments.relearningFrom("deviation"), { trials: 200 });
 */
export const relearning: Experiment<RelearningConfiguration, RelearningRow> = {
  name: "relearning",
  version: "2",
  module: __filename,
  batch: relearningBatch,
};

/** The labels of the presentation's axis. */
const relearningLabels: readonly number[] = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09];
const adam = (rate: number): RelearningOptimiser => ({ type: "adam", rate });
const sgd = (rate: number): RelearningOptimiser => ({ type: "sgd", rate });

/**
 * The presentation's setting: six mirror maps (64 pieces), batches of 10, 1,000 steps of Adam at 1e-3.
 *
 * @param reading what the labels are taken for
 * @param labels of the noise; .01 to .09 when not given
 */
export function relearningFrom(
  reading: "deviation" | "variance",
  labels: readonly number[] = relearningLabels,
): RelearningConfiguration {
  return {
    n: 6,
    starts: labels.map((label) => ({ kind: "perturbed" as const, label, reading })),
    optimisers: [adam(1e-3)],
    batchSize: 10,
    readOuts: [0, 50, 100, 200, 300, 500, 700, 1000],
  };
}

/** The same with six optimisers, from a little, a medium and much noise. */
export function relearningOptimisers(): RelearningConfiguration {
  return {
    ...relearningFrom("deviation", [0.01, 0.05, 0.09]),
    optimisers: [sgd(1e-3), sgd(1e-2), sgd(5e-2), adam(1e-4), adam(1e-3), adam(1e-2)],
    readOuts: [0, 200, 1000],
  };
}

/** From random weights: the sawtooth's own shape, and wider networks; Adam at 1e-3, 5,000 steps. */
export function relearningRandomStart(): RelearningConfiguration {
  const six = (width: number) => Array.from({ length: 6 }, () => width);
  const start = (initialisation: "he" | "uniform", hidden: readonly number[]): RelearningStart => ({
    kind: "random",
    initialisation,
    hidden,
  });
  return {
    ...relearningFrom("deviation"),
    starts: [start("he", []), start("uniform", []), start("he", six(8)), start("he", six(16))],
    readOuts: [0, 250, 500, 1000, 2000, 3000, 4000, 5000],
  };
}

/** The studies of this experiment, for `npm run sweep`. */
export const relearningStudies: Studies = {
  many: {
    about: "The presentation's setting, its labels read as standard deviations.",
    experiment: relearning,
    configuration: relearningFrom("deviation"),
    trials: 200,
    seed: 0,
  },
  variance: {
    about: "The presentation's setting, its labels read as variances.",
    experiment: relearning,
    configuration: relearningFrom("variance"),
    trials: 200,
    seed: 0,
  },
  optimisers: {
    about: "Six optimisers from three strengths of noise.",
    experiment: relearning,
    configuration: relearningOptimisers(),
    trials: 200,
    seed: 0,
  },
  "random-start": {
    about: "From random weights, in the sawtooth's shape and in wider ones.",
    experiment: relearning,
    configuration: relearningRandomStart(),
    trials: 100,
    seed: 0,
  },
};
