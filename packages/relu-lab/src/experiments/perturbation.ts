import path from "node:path";
import { generator } from "../random";
import { segment } from "../regions";
import { withWorkers, workerCount } from "../runtime/workers";
import {
  criticalOrbit,
  randomChain,
  sawtoothNetwork,
  type PerturbedPart,
  type SawtoothForm,
} from "../sawtooth";
import { inLanes, type RunOptions } from "./in-lanes";
import { perturbationTrials, type PerturbationPoint, type PerturbationRow } from "./perturbation-trial";
import { groupRows, summary } from "./statistics";

/** How a run of the perturbation experiment is set. */
export interface PerturbationConfiguration {
  readonly points: readonly PerturbationPoint[];
  /** Random perturbations of each point. */
  readonly trials: number;
  readonly seed: number | string;
}

/** Trials that go to a worker at once: some tens of milliseconds of work. */
const share = 10;

/**
 * Perturbs sawtooth networks and counts what is left of them, exactly.
 *
 * @param configuration points, trials and seed
 * @param options workers, signal, progress
 * @returns a row a trial and point; the same rows with any number of workers
 * @throws RangeError when the number of trials is not positive; the signal's reason when aborted
 * @example
 * const points = perturbationPoints({ networks: ["naive"], n: [6], deviations: [0.01] });
 * await perturbation({ points, trials: 1000, seed: 0 });
 */
export async function perturbation(
  { points, trials, seed }: PerturbationConfiguration,
  { workers = workerCount(), signal, onProgress }: RunOptions = {},
): Promise<PerturbationRow[]> {
  if (!Number.isInteger(trials) || trials < 1) {
    throw new RangeError(`perturbation: ${trials} trials; a whole number from 1 is needed`);
  }
  const tasks = Array.from({ length: Math.ceil(trials / share) }, (_, i) => ({
    ...{ points, seed, from: share * i, to: Math.min(trials, share * (i + 1)) },
  }));
  let done = 0;
  const parts = await withWorkers(
    path.join(__dirname, "perturbation-worker.js"),
    { perturbationTrials },
    (call) =>
      inLanes(
        tasks,
        workers,
        async (task) => {
          const rows = await call("perturbationTrials", task);
          onProgress?.((done += task.to - task.from), trials);
          return rows;
        },
        signal,
      ),
    workers,
  );
  return parts.flat();
}

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
    ...{ network: form, n, part: `layer ${l + 1}` as const, deviation },
  }));
}

/** A point of the experiment over its trials: means, and the spread of the laps. */
export interface PerturbationSummary {
  network: string;
  n: number;
  part: string;
  deviation: number;
  variance: number;
  trials: number;
  laps: number;
  /** Standard deviation of one trial's laps. */
  lapsDeviation: number;
  /** Standard error of the mean. */
  lapsError: number;
  /** A tenth of the trials has fewer laps, a tenth has more. */
  lapsLow: number;
  lapsHigh: number;
  /** Laps as a share of 2^n. */
  lapsShare: number;
  pieces: number;
  piecesDeviation: number;
  intervals: number;
  intervalsDeviation: number;
  flats: number;
  flatShare: number;
  supError: number;
  /** Share of the trials that keep all 2^n laps. */
  full: number;
  /** Of the trials with a prediction by the critical orbit, how many it gets right; both counts. */
  predicted: number;
  agreed: number;
}

/** Sums the trials up, one row a point, in the order of the points. */
export function perturbationSummary(rows: readonly PerturbationRow[]): PerturbationSummary[] {
  return groupRows(rows, ["network", "n", "part", "deviation"]).map((group): PerturbationSummary => {
    const { network, n, part, deviation } = group[0];
    const of = (field: "laps" | "pieces" | "intervals" | "flats" | "flatShare" | "supError") =>
      summary(group.map((row) => row[field]));
    const [laps, pieces, intervals] = [of("laps"), of("pieces"), of("intervals")];
    const isFull = (row: PerturbationRow) => (row.laps === 2 ** n ? 1 : 0);
    const predicted = group.filter((row) => row.predictedFull !== null);
    return {
      ...{ network, n, part, deviation, variance: deviation * deviation, trials: group.length },
      ...{ laps: laps.mean, lapsDeviation: laps.deviation, lapsError: laps.error },
      ...{ lapsLow: laps.low, lapsHigh: laps.high, lapsShare: laps.mean / 2 ** n },
      ...{ pieces: pieces.mean, piecesDeviation: pieces.deviation },
      ...{ intervals: intervals.mean, intervalsDeviation: intervals.deviation },
      ...{ flats: of("flats").mean, flatShare: of("flatShare").mean, supError: of("supError").mean },
      full: summary(group.map(isFull)).mean,
      predicted: predicted.length,
      agreed: predicted.filter((row) => row.predictedFull === isFull(row)).length,
    };
  });
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
