import { generator } from "../../random";
import type { ReluNetwork } from "../../network";
import { planeSync } from "../../regions";
import type { Experiment, Studies, TrialContext } from "../../results";
import type { Generator } from "../../random";
import {
  planeTarget,
  trainOnPlane,
  type AntiRegulariser,
  type PlaneReadOut,
  type PlaneTarget,
  type PlaneTraining,
} from "./training";

/** A training, and the losses that are compared on it. */
export interface AntiRegularisationConfiguration extends PlaneTraining {
  readonly losses: readonly AntiRegulariser[];
}

/** One network at one read-out. */
export interface AntiRegularisationRow {
  readonly trial: number;
  readonly target: PlaneTarget;
  /** The hidden widths in words, such as "8-8". */
  readonly network: string;
  /** The loss in words. */
  readonly loss: string;
  readonly kind: AntiRegulariser["kind"];
  readonly weight: number;
  readonly until: number;
  readonly step: number;
  /** Exact activation regions in [-1, 1]^2, and linear regions. */
  readonly regions: number;
  readonly linearRegions: number;
  /** Mean of (f - target)^2 over a grid of 100 x 100 points. */
  readonly error: number;
}

/** A loss in words: "Kac-Rice .03", "intersection .01 until .5". */
export function lossName({ kind, weight, until, pairs }: AntiRegulariser): string {
  if (kind === "plain") return "plain";
  const short = (value: number) => String(value).replace(/^0\./, ".");
  const which = pairs ? ` (${pairs.join(", ")})` : "";
  return `${kind}${which} ${short(weight)}${until < 1 ? ` until ${short(until)}` : ""}`;
}

const side = 100;
/** Midpoints of a grid of [-1, 1]^2, flat. */
const grid = Float64Array.from({ length: 2 * side * side }, (_, i) => {
  const point = i >> 1;
  return (2 * ((i & 1 ? Math.floor(point / side) : point % side) + 0.5)) / side - 1;
});
const square = { lo: [-1, -1], hi: [1, 1] };

/** The mean of (f - target)^2 over the grid. */
export function planeError(network: ReluNetwork, target: PlaneTarget): number {
  const values = network.forwardBatch(grid);
  return values.reduce(
    (sum, f, i) => sum + (f - planeTarget(target, grid[2 * i], grid[2 * i + 1])) ** 2 / values.length,
    0,
  );
}

/** Rows of several trials: every loss from the same weights, on the same samples. */
async function antiRegularisationBatch(
  configuration: AntiRegularisationConfiguration,
  indices: readonly number[],
  randoms: readonly Generator[],
  { workers }: TrialContext,
): Promise<AntiRegularisationRow[][]> {
  const { target, sizes, losses } = configuration;
  const rows = indices.map((): AntiRegularisationRow[] => []);
  const measured = (network: ReluNetwork) => {
    const { regions, linearRegions } = planeSync(network, square);
    return { regions, linearRegions, error: planeError(network, target) };
  };
  // Before the first step all losses have the same network.
  const starts: (ReturnType<typeof measured> | undefined)[] = [];
  for (const own of losses) {
    const ways = await trainOnPlane(configuration, own, randoms, workers);
    ways.forEach((readOuts, i) => {
      const { kind, weight, until } = own;
      const about = {
        trial: indices[i],
        target,
        network: sizes.slice(1, -1).join("-"),
        loss: lossName(own),
        kind,
        weight,
        until,
      };
      for (const { step, network } of readOuts) {
        const found = step === 0 ? (starts[i] ??= measured(network)) : measured(network);
        rows[i].push({ ...about, step, ...found });
      }
    });
  }
  return rows;
}

/**
 * Anti-regularisation: networks of two inputs trained on a target with a loss that rewards regions, counted exactly.
 *
 * @example
 * const { rows } = await results.run(experiments.antiRegularisation, experiments.pairedLosses("sin", [8, 8]), { trials: 100 });
 */
export const antiRegularisation: Experiment<AntiRegularisationConfiguration, AntiRegularisationRow> = {
  name: "anti-regularisation",
  version: "1",
  module: __filename,
  batch: antiRegularisationBatch,
  batchSize: 10,
};

const plain: AntiRegulariser = { kind: "plain", weight: 0, until: 1 };
const beside = (kind: AntiRegulariser["kind"], weight: number, until = 1): AntiRegulariser => ({
  kind,
  weight,
  until,
});

/**
 * The paired comparison: plain training, the presentation's penalty in the first half, length, and Kac-Rice.
 *
 * @param target what is learned
 * @param widths of the hidden layers; [8, 8] is trained for 3,000 steps, others for 2,000
 */
export function pairedLosses(
  target: PlaneTarget,
  widths: readonly number[] = [8, 8],
): AntiRegularisationConfiguration {
  const steps = widths.join() === "8,8" ? 3000 : 2000;
  return {
    target,
    sizes: [2, ...widths, 1],
    steps,
    readOuts: [0, steps],
    losses: [
      plain,
      beside("intersection", 0.01, 0.5),
      beside("length", 0.03),
      beside("Kac-Rice", 0.01),
      beside("Kac-Rice", 0.03),
      beside("Kac-Rice", 0.1, 0.5),
    ],
  };
}

/** Each loss at several weights, to the end of the training: regions gained against fit lost. */
export function tradeOffLosses(target: PlaneTarget, widths: readonly number[] = [8, 8]) {
  const weights = [0.001, 0.003, 0.01, 0.03, 0.1];
  const kinds = ["intersection", "length", "Kac-Rice"] as const;
  const paired = pairedLosses(target, widths);
  return {
    ...paired,
    readOuts: [paired.steps],
    losses: [plain, ...kinds.flatMap((kind) => weights.map((weight) => beside(kind, weight)))],
  };
}

/** Long trainings whose loss is switched off after a fifth: what survives 7,200 plain steps. */
export function survivalLosses(target: PlaneTarget): AntiRegularisationConfiguration {
  return {
    target,
    sizes: [2, 8, 8, 1],
    steps: 9000,
    readOuts: [0, 300, 900, 1800, 2100, 2700, 3600, 5400, 7200, 9000],
    losses: [
      plain,
      beside("intersection", 0.1, 0.2),
      beside("length", 0.1, 0.2),
      beside("Kac-Rice", 0.1, 0.2),
    ],
  };
}

/** The three kinds of pairs of the intersection penalty, alone and together. */
export function pairKindLosses(target: PlaneTarget, weight: number): AntiRegularisationConfiguration {
  const only = (...pairs: ("first" | "mixed" | "second")[]) => ({ ...beside("intersection", weight), pairs });
  return {
    target,
    sizes: [2, 8, 8, 1],
    steps: 2000,
    readOuts: [2000],
    losses: [plain, only("first"), only("second"), only("mixed"), only("first", "mixed", "second")],
  };
}

/** Plain training against Kac-Rice, kept and switched off, behind any number of hidden layers. */
export function depthLosses(target: PlaneTarget, widths: readonly number[]): AntiRegularisationConfiguration {
  const paired = pairedLosses(target, widths);
  return {
    ...paired,
    steps: 2000,
    readOuts: [0, 2000],
    losses: [plain, beside("Kac-Rice", 0.03), beside("Kac-Rice", 0.1, 0.5)],
  };
}

/** A loss alone, without anything to fit: for pictures of what it does to the lines. */
export function lossAlone(
  loss: Pick<AntiRegulariser, "kind" | "pairs">,
  readOuts: readonly number[],
): AntiRegularisationConfiguration {
  const steps = readOuts[readOuts.length - 1];
  return {
    target: "nothing",
    sizes: [2, 8, 8, 1],
    steps,
    readOuts,
    losses: [{ ...beside(loss.kind, 1), ...loss }],
  };
}

/**
 * The networks of one trial at each read-out: the very networks that `results.run` counts.
 *
 * @param configuration as in the run
 * @param trial its number
 * @param seed the run's seed
 * @returns by loss, in their order, the read-outs
 */
export async function planeNetworks(
  configuration: AntiRegularisationConfiguration,
  trial: number,
  seed: number | string,
): Promise<PlaneReadOut[][]> {
  const random = generator(seed).split(antiRegularisation.name).split(trial);
  const ways: PlaneReadOut[][] = [];
  for (const own of configuration.losses) ways.push(...(await trainOnPlane(configuration, own, [random], 1)));
  return ways;
}

const study = (about: string, configuration: AntiRegularisationConfiguration, trials: number) => ({
  about,
  experiment: antiRegularisation,
  configuration,
  trials,
  seed: 0,
});

/** The studies of this experiment, for `npm run sweep`. */
export const antiRegularisationStudies: Studies = {
  ...Object.fromEntries(
    [
      [8, 8],
      [16, 16],
    ].flatMap((widths) =>
      (["sin", "sin2", "disk"] as const).map((target) => [
        `${target}-${widths.join("-")}`,
        study(
          `Six losses, paired, on ${target} with 2-${widths.join("-")}-1.`,
          pairedLosses(target, widths),
          100,
        ),
      ]),
    ),
  ),
  "trade-off": study("Three losses at five weights, on sin with 2-8-8-1.", tradeOffLosses("sin"), 40),
  survival: study("Losses switched off after a fifth of 9,000 steps, on sin.", survivalLosses("sin"), 50),
  depth: study(
    "Plain and Kac-Rice with six layers of 8 neurons, on sin.",
    depthLosses("sin", new Array<number>(6).fill(8)),
    20,
  ),
  parts: study("The penalty's kinds of pairs at .1, on sin.", pairKindLosses("sin", 0.1), 40),
};
