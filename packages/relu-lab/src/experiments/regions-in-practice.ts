import { loadMnist, type ImageDataset } from "../datasets";
import type { Generator } from "../random";
import { drawProbes, measure, type PracticeMeasures, type ProbeNumbers } from "./regions-in-practice-probes";
import { trainWithReadOuts } from "./train-with-read-outs";

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

let loaded: Promise<ImageDataset> | undefined;

/**
 * Trains one network from one random start and measures its regions on the way.
 *
 * @param configuration networks, epochs, probes
 * @param index the trial: network `index % networks.length`, random start `floor(index / networks.length)`
 * @param random weights, shuffles and probes
 * @returns a row a time and measure
 */
export async function regionsInPracticeTrial(
  { networks, epochs, probes: numbers }: PracticeConfiguration,
  index: number,
  random: Generator,
): Promise<PracticeRow[]> {
  const { train, test } = await (loaded ??= loadMnist());
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
