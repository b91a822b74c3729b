import { loadMnist } from "../../datasets";
import type { Generator } from "../../random";
import type { Experiment, Studies } from "../../results";
import { loadOnce } from "../rows/load-once";
import { drawProbes, measure, type PracticeMeasures, type ProbeNumbers } from "./probes";
import { trainWithReadOuts } from "./training";

/** Networks, how they are trained, when and where they are looked at. */
export interface PracticeConfiguration {
  /** Widths of the hidden layers of each network. */
  readonly networks: readonly (readonly number[])[];
  /** When weights are read, in epochs of full MNIST (469 steps), ascending; 0 is before the first step. */
  readonly epochs: readonly number[];
  readonly probes: ProbeNumbers;
}

/** One measure of one network at one time. */
export interface PracticeRow {
  /** Widths of the hidden layers, joined by hyphens. */
  readonly network: string;
  readonly depth: number;
  readonly neurons: number;
  /** Number of the random start. */
  readonly run: number;
  readonly epoch: number;
  readonly measure: keyof PracticeMeasures | "accuracy";
  /** Normalised as {@link PracticeMeasures} says; accuracy from 0 to 1. */
  readonly value: number;
}

// The papers' setting: Adam at 1e-3, batches of 128, He's weights, biases of variance 1e-6.
const batchSize = 128;
const rate = 1e-3;
const biasDeviation = 1e-3;
/** Steps of an epoch over the 60,000 images of full MNIST: the unit of time also where there are fewer images. */
export const stepsPerEpoch = 469;

const mnist = loadOnce(() => loadMnist());

/**
 * Trains one network from one random start and measures its regions on the way.
 *
 * @param configuration networks, epochs, probes
 * @param index the trial: network `index % networks.length`, random start `floor(index / networks.length)`
 * @param random weights, shuffles and probes
 * @returns a row a time and measure
 */
async function regionsInPracticeTrial(
  { networks, epochs, probes: numbers }: PracticeConfiguration,
  index: number,
  random: Generator,
): Promise<PracticeRow[]> {
  const { train, test } = await mnist();
  const widths = networks[index % networks.length];
  const about = {
    network: widths.join("-"),
    depth: widths.length,
    neurons: widths.reduce((sum, w) => sum + w, 0),
    run: Math.floor(index / networks.length),
  };
  const probes = drawProbes(train, numbers, random.split("probes"));
  const steps = epochs.map((epoch) => Math.round(epoch * stepsPerEpoch));
  const rows: PracticeRow[] = [];
  await trainWithReadOuts(train, { widths, steps, batchSize, rate, biasDeviation }, random, (readOut) => {
    const epoch = epochs[steps.indexOf(readOut.step)];
    const values = { ...measure(readOut.network, probes), accuracy: readOut.accuracy(test) };
    for (const [name, value] of Object.entries(values)) {
      if (!Number.isNaN(value))
        rows.push({ ...about, epoch, measure: name as PracticeRow["measure"], value });
    }
  });
  return rows;
}

/**
 * Regions of MNIST classifiers along lines, segments, planes and triangles, and the distance to the nearest boundary,
 * all of it through training (Hanin, Rolnick 2019). Give the data's digest as `data`: other images, other rows.
 *
 * @example
 * const configuration = { networks: [[30], [30, 30]], epochs: [0, 0.2, 1], probes: experiments.paperProbes };
 * await results.run(experiments.regionsInPractice, configuration, { trials: 2 * 5 }); // five random starts of each
 */
export const regionsInPractice: Experiment<PracticeConfiguration, PracticeRow> = {
  name: "regions-in-practice",
  version: "1",
  module: __filename,
  trial: regionsInPracticeTrial,
  batchSize: 1,
};

/** Lines, segments and points as in the papers' protocol, and more planes and triangles, which vary most. */
export const paperProbes: ProbeNumbers = { lines: 50, segments: 50, planes: 5, triangles: 10, points: 300 };
/** For large networks, where each probe costs seconds and varies little. */
export const fewProbes: ProbeNumbers = { lines: 5, segments: 20, planes: 1, triangles: 3, points: 10 };

/** The networks of the papers' size. */
export const paperNetworks: readonly (readonly number[])[] = [
  [30],
  [60],
  [20, 20],
  [30, 30],
  [20, 20, 20],
  [30, 30, 30],
  [20, 20, 20, 20],
];

/** Six networks with 120 neurons each, one to eight layers deep. */
export const equalNetworks: readonly (readonly number[])[] = [1, 2, 3, 4, 6, 8].map((depth) =>
  new Array<number>(depth).fill(120 / depth),
);

/** When weights are read, in epochs: densely at first, up to `last`. */
export function readOutEpochs(last: number): number[] {
  return [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20].filter((epoch) => epoch <= last);
}

/** The experiment's studies. */
export const practiceStudies: Studies = {
  papers: {
    about: "Networks of the papers' size through five epochs of MNIST.",
    experiment: regionsInPractice as Experiment,
    configuration: { networks: paperNetworks, epochs: readOutEpochs(5), probes: paperProbes },
    trials: 5 * paperNetworks.length,
    seed: 0,
  },
  equal: {
    about: "120 neurons in one to eight layers, before training and after one epoch.",
    experiment: regionsInPractice as Experiment,
    configuration: { networks: equalNetworks, epochs: [0, 1], probes: paperProbes },
    trials: 5 * equalNetworks.length,
    seed: 0,
  },
};
