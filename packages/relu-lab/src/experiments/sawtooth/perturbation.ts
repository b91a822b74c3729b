import { generator } from "../../random";
import { segment } from "../../regions";
import {
  criticalOrbit,
  randomChain,
  sawtoothNetwork,
  type PerturbedPart,
  type SawtoothForm,
} from "../../sawtooth";
import type { PerturbationPoint } from "./trial";

/** All combinations of networks, depths, parts and deviations. */
export function perturbationPoints(grid: {
  networks?: readonly PerturbationPoint["network"][];
  n: readonly number[];
  parts?: readonly PerturbedPart[];
  deviations: readonly number[];
}): PerturbationPoint[] {
  const { networks = ["naive", "merged"], n, parts = ["all"], deviations } = grid;
  return networks.flatMap((network) =>
    n.flatMap((maps) =>
      parts.flatMap((part) => deviations.map((deviation) => ({ network, n: maps, part, deviation }))),
    ),
  );
}

/** One point for each layer that noise can reach, alone: 2n layers of the naive form, n + 1 of the merged one. */
export function layerPoints(form: SawtoothForm, n: number, deviation: number): PerturbationPoint[] {
  const layers = sawtoothNetwork(n, form).layers.length - (form === "naive" ? 1 : 0);
  return Array.from({ length: layers }, (_, l) => ({
    network: form,
    n,
    part: `layer ${l + 1}` as const,
    deviation,
  }));
}

/** A random chain, as the critical orbit and the exact counter see it. */
export interface CriticalOrbitRow {
  trial: number;
  deviation: number;
  /** Laps that the exact counter finds on [0, 1]. */
  laps: number;
  /** Whether the counter finds all 2^n. */
  full: boolean;
  /** Whether the critical orbit says so. */
  predicted: boolean;
  /** Slack of the worst condition. */
  margin: number;
}

/**
 * Tests the critical-orbit theorem on random chains of unimodal maps against the exact counter.
 *
 * @param config number of maps, chains a deviation, deviations and seed
 * @returns a row a chain
 */
export function criticalOrbitTest(config: {
  n: number;
  trials: number;
  deviations: readonly number[];
  seed: number | string;
}): CriticalOrbitRow[] {
  const { n, trials, deviations, seed } = config;
  return deviations.flatMap((deviation) =>
    Array.from({ length: trials }, (_, trial): CriticalOrbitRow => {
      const { network, blocks } = randomChain(n, deviation, generator(seed).split(deviation).split(trial));
      const { laps } = segment(network, [0], [1]);
      const { full: predicted, margin } = criticalOrbit(blocks);
      return { trial, deviation, laps, full: laps === 2 ** n, predicted, margin };
    }),
  );
}

/** The noise of the presentation's axis, .01 to .09. */
export const perturbationLabels: readonly number[] = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09];

/** What a label of the presentation's axis means: the noise's standard deviation or its variance. */
export interface LabelReading {
  label: number;
  reading: "label = standard deviation" | "label = variance";
  /** The standard deviation that this reading makes of the label. */
  deviation: number;
}

/** Each label in both readings. */
export function labelReadings(labels: readonly number[] = perturbationLabels): LabelReading[] {
  return [
    ...labels.map((label) => ({
      label,
      reading: "label = standard deviation" as const,
      deviation: label,
    })),
    ...labels.map((label) => ({
      label,
      reading: "label = variance" as const,
      deviation: Math.sqrt(label),
    })),
  ];
}

/**
 * Points at which noise grows as tolerance shrinks: deviations `scaled` / 2^n for each n.
 *
 * @param n numbers of maps
 * @param scaled deviations times 2^n
 */
export function tolerancePoints(n: readonly number[], scaled: readonly number[]): PerturbationPoint[] {
  return n.flatMap((maps) =>
    perturbationPoints({ networks: ["naive"], n: [maps], deviations: scaled.map((s) => s / 2 ** maps) }),
  );
}
