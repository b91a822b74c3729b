import type { ReluNetwork } from "../../network";
import type { Generator } from "../../random";
import { segment } from "../../regions";
import type { Experiment, Studies, TrialContext } from "../../results";
import { sawtoothValue } from "../../sawtooth";
import { breakpointChain, finalOnly, geometric, logarithmic } from "../../training";
import { trainLowPass, type LowPassTraining } from "./low-pass-training";
import { smoothTarget, type SmoothTarget } from "./targets";

/** One way to make levels of the target itself. */
export interface LowPassPoint {
  readonly target: SmoothTarget | "s₆";
  readonly versions: LowPassTraining["versions"];
  readonly supervision: "final" | "uniform" | "weights 4^l" | "logarithms";
  readonly blocks: number;
  readonly steps: number;
}

/** Ways, compared on the same trials. */
export interface LowPassConfiguration {
  readonly points: readonly LowPassPoint[];
}

/** One trained network. */
export interface LowPassRow extends LowPassPoint {
  readonly trial: number;
  readonly supError: number;
  readonly pieces: number;
  readonly laps: number;
}

const gradings = {
  final: finalOnly(),
  uniform: geometric(1),
  "weights 4^l": geometric(1 / 4),
  logarithms: logarithmic(1e-12),
};

/** The largest difference over 16,385 points, in one pass. */
function differenceOf(network: ReluNetwork, target: (x: number) => number): number {
  const x = Float64Array.from({ length: 16385 }, (_, i) => i / 16384);
  return network.forwardBatch(x).reduce((most, y, i) => Math.max(most, Math.abs(y - target(x[i]))), 0);
}

async function lowPassBatch(
  { points }: LowPassConfiguration,
  indices: readonly number[],
  randoms: readonly Generator[],
  { workers }: TrialContext,
): Promise<LowPassRow[][]> {
  const rows = indices.map((): LowPassRow[] => []);
  for (const point of points) {
    const { target, versions, supervision, blocks, steps } = point;
    const at = target === "s₆" ? (x: number) => sawtoothValue(6, x) : smoothTarget(target).at;
    const starts = randoms.map((random) => ({
      network: breakpointChain({ blocks, width: 8 }, random.split(blocks)),
      random,
    }));
    const training = { target: at, grading: gradings[supervision], versions, steps, workers };
    (await trainLowPass(starts, training)).forEach((network, i) => {
      const found = network && segment(network, [0], [1]);
      const supError = network ? differenceOf(network, at) : 1;
      rows[i].push({
        ...point,
        trial: indices[i],
        supError,
        pieces: found?.pieces ?? 0,
        laps: found?.laps ?? 0,
      });
    });
  }
  return rows;
}

/**
 * Levels made of the target itself: every block's sum is trained on a coarser version of the target, with nothing known of
 * the folds.
 */
export const lowPass: Experiment<LowPassConfiguration, LowPassRow> = {
  name: "low-pass",
  version: "1",
  module: __filename,
  batch: lowPassBatch,
  batchSize: 10,
};

/** Three targets, two kinds of versions, four gradings; six blocks of width 8. */
export function lowPassTargets(): LowPassConfiguration {
  const supervisions = ["final", "uniform", "weights 4^l", "logarithms"] as const;
  return {
    points: (["s₆", "x²", "sin πx"] as const).flatMap((target) =>
      (["interpolants", "means"] as const).flatMap((versions) =>
        // the final error alone knows no versions
        supervisions
          .filter((supervision) => supervision !== "final" || versions === "interpolants")
          .map((supervision) => ({ target, versions, supervision, blocks: 6, steps: 6000 })),
      ),
    ),
  };
}

/** The studies of this experiment, for `npm run sweep`. */
export const lowPassStudies: Studies = {
  targets: {
    about: "Coarse versions of three targets as levels.",
    experiment: lowPass,
    configuration: lowPassTargets(),
    trials: 100,
    seed: 0,
  },
};
