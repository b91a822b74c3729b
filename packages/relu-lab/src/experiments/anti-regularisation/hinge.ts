import { adam, chain, Tape, train } from "../../ensemble";
import { criticalOrbitOnTape } from "../../losses";
import type { Generator } from "../../random";
import { segment } from "../../regions";
import type { Experiment, Studies, TrialContext } from "../../results";
import { parameterNoise, perturb, sawtoothNetwork } from "../../sawtooth";
import { meanSquareToSawtooth } from "../rows/mean-square-to-sawtooth";

/** A way to train a perturbed sawtooth: on the sawtooth, with the hinge beside it, or by the hinge alone. */
export interface HingeTraining {
  readonly name: string;
  /** The factor before the fit: 1, or 0 for none. */
  readonly fit: number;
  /** The factor before the hinge. */
  readonly hinge: number;
  /** Adam's learning rate. */
  readonly rate: number;
}

/** Perturbed sawteeth, and how they are trained. */
export interface HingeConfiguration {
  /** Mirror maps. */
  readonly n: number;
  /** Variances of the noise in w (1 + noise). */
  readonly variances: readonly number[];
  readonly trainings: readonly HingeTraining[];
  readonly steps: number;
  readonly batchSize: number;
}

/** One chain before and after training. */
export interface HingeRow {
  readonly trial: number;
  readonly variance: number;
  readonly training: string;
  /** Exact laps on [0, 1]. */
  readonly lapsBefore: number;
  readonly laps: number;
  /** Whether all 2^n laps are there at the end. */
  readonly full: boolean;
  /** The exact mean of (f - s_n)^2. */
  readonly error: number;
}

async function hingeBatch(
  { n, variances, trainings, steps, batchSize }: HingeConfiguration,
  indices: readonly number[],
  randoms: readonly Generator[],
  { workers }: TrialContext,
): Promise<HingeRow[][]> {
  const rows = indices.map((): HingeRow[] => []);
  const naive = sawtoothNetwork(n, "naive");
  const starts = variances.flatMap((variance) =>
    randoms.map((random, at) => {
      const noise = parameterNoise(naive, random.split("noise"), naive.layers.length - 1);
      return { variance, at, random, network: perturb(naive, noise, Math.sqrt(variance)) };
    }),
  );
  for (const { name: training, fit, hinge, rate } of trainings) {
    const tape = new Tape();
    const model = chain(tape, n, 2, { outerRelu: true, readout: true });
    const x = tape.uniform(1, batchSize);
    const terms = [tape.meanSquare(model.apply(x).output, x.tents(n)).mul(fit)];
    if (hinge > 0) terms.push(criticalOrbitOnTape(tape, model.layers.slice(0, -1)).mul(hinge));
    const program = tape.compile(terms.reduce((a, b) => a.add(b)));
    const trials = starts.map(({ network, random }) => ({ parameters: model.parameters(network), random }));
    const ends = await train(program, { trials, steps, optimiser: adam({ rate }), workers });
    ends.forEach(({ failedAt, parameters }, i) => {
      const { variance, at, network } = starts[i];
      if (failedAt !== null)
        throw new Error(
          `critical-orbit-hinge: trial ${indices[at]}, ${training}: not finite after step ${failedAt}`,
        );
      const found = segment(model.network(parameters), [0], [1]);
      rows[at].push({
        trial: indices[at],
        variance,
        training,
        lapsBefore: segment(network, [0], [1]).laps,
        laps: found.laps,
        full: found.laps === 2 ** n,
        error: meanSquareToSawtooth(found, n),
      });
    });
  }
  return rows;
}

/**
 * The critical-orbit hinge on perturbed sawteeth: does it keep or bring back the laps that plain training loses?
 *
 * @example
 * const { rows } = await results.run(experiments.criticalOrbitHinge, experiments.hingeTrainings(), { trials: 20 });
 */
export const criticalOrbitHinge: Experiment<HingeConfiguration, HingeRow> = {
  name: "critical-orbit-hinge",
  version: "1",
  module: __filename,
  batch: hingeBatch,
};

/** Six mirror maps, four strengths of noise; the sawtooth alone, with the hinge at .1, and the hinge alone. */
export function hingeTrainings(steps = 5000): HingeConfiguration {
  return {
    n: 6,
    variances: [0.0025, 0.01, 0.04, 0.09],
    steps,
    batchSize: 10,
    trainings: [
      { name: "fit only", fit: 1, hinge: 0, rate: 1e-3 },
      { name: "fit and hinge", fit: 1, hinge: 0.1, rate: 1e-3 },
      { name: "hinge only", fit: 0, hinge: 1, rate: 1e-2 },
    ],
  };
}

/** The studies of this experiment, for `npm run sweep`. */
export const hingeStudies: Studies = {
  noise: {
    about: "Six mirror maps at four strengths of noise, trained with and without the hinge.",
    experiment: criticalOrbitHinge,
    configuration: hingeTrainings(),
    trials: 100,
    seed: 0,
  },
};
