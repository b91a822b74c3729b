import { loadMnist, type ImageDataset, type LabelledImages } from "../../datasets";
import { adam, cosine, dense, Tape, train, type Model, type Program, type Value } from "../../ensemble";
import { kacRiceOnTape, lengthOnTape, sliceOnTape, switchedOff, weightOnTape } from "../../losses";
import { heNetwork, type ReluNetwork } from "../../network";
import { generator, type Generator } from "../../random";
import type { Experiment, TrialContext } from "../../results";
import { lossName } from "./experiment";
import type { AntiRegulariser } from "./training";
import { loadOnce } from "../rows/load-once";
import { countTriangle } from "../rows/triangle";

/** A small classifier of digits, and the losses that are compared on it. */
export interface DigitsConfiguration {
  /** Widths of the two or more hidden layers. */
  readonly widths: readonly number[];
  readonly steps: number;
  readonly losses: readonly AntiRegulariser[];
  /** Triangles of three training images of different digits in which regions are counted. */
  readonly triangles: number;
}

/** One trained classifier. */
export interface DigitsRow {
  readonly trial: number;
  readonly loss: string;
  readonly kind: AntiRegulariser["kind"];
  /** Mean number of exact activation regions in a triangle. */
  readonly regions: number;
  /** Share of right answers on the test images, 0 to 1. */
  readonly accuracy: number;
  /** The same on the training images. */
  readonly trainAccuracy: number;
  /** Mean cross-entropy on the test images, in nats. */
  readonly crossEntropy: number;
}

const batchSize = 64;
const points = 64;
/** Images are averaged over squares of 4 x 4 pixels: 7 x 7 numbers from 0 to 1. */
const [side, block] = [7, 4];
const inputs = side * side;
/** More training images than these do not fit a network of this size any better. */
const mostImages = 10_000;

/** The images' 7 x 7 block means, image after image. */
export function blockMeans({ images, count }: LabelledImages): Float64Array {
  const means = new Float64Array(count * inputs);
  const pixels = side * block;
  for (let i = 0; i < count; i++)
    for (let y = 0; y < pixels; y++)
      for (let x = 0; x < pixels; x++) {
        const cell = Math.floor(y / block) * side + Math.floor(x / block);
        means[i * inputs + cell] += images[(i * pixels + y) * pixels + x] / (255 * block * block);
      }
  return means;
}

interface Digits {
  readonly means: Float64Array;
  readonly labels: Uint8Array;
  readonly test: { readonly means: Float64Array; readonly labels: Uint8Array };
}

const readDigits = loadOnce(async (): Promise<Digits> => {
  const { train, test }: ImageDataset = await loadMnist();
  const count = Math.min(mostImages, train.count);
  const images = train.images.subarray(0, count * (side * block) ** 2);
  return {
    means: blockMeans({ ...train, images, count }),
    labels: train.labels.subarray(0, count),
    test: { means: blockMeans(test), labels: test.labels },
  };
});

/** Images with their labels as columns: [49 + 10, images]. */
function tableOf(tape: Tape, { means, labels }: Digits): Value {
  const count = labels.length;
  const table = new Float64Array((inputs + 10) * count);
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < inputs; d++) table[d * count + i] = means[i * inputs + d];
    table[(inputs + labels[i]) * count + i] = 1;
  }
  return tape.constant(inputs + 10, count, table);
}

const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

/**
 * Cross-entropy of ten digits, and a loss on the plane of three images that are drawn anew at each step. The numbers drawn are
 * the same for every loss, also for none: the planes are watched.
 */
function programOf(
  { widths, steps }: DigitsConfiguration,
  regulariser: AntiRegulariser,
  digits: Digits,
): { program: Program; model: Model } {
  const tape = new Tape();
  const model = dense(tape, [inputs, ...widths, 10]);
  const table = tableOf(tape, digits);
  const drawn = tape.draw(table, batchSize);
  const corners = tape.draw(table, 3);
  const at = tape.uniform(2, points);
  const logits = model.apply(drawn.rowsAt(range(0, inputs))).output;
  const right = logits.mul(drawn.rowsAt(range(inputs, 10))).sumRows();
  const fit = logits.exp().sumRows().log().sub(right).mean();
  const { kind, weight, until } = regulariser;
  if (kind === "intersection")
    throw new RangeError(
      "digits: the intersection penalty takes networks of two inputs: use Kac-Rice or length",
    );
  let loss = fit;
  if (kind !== "plain") {
    const [a, b, c] = [0, 1, 2].map((i) => corners.rowsAt(range(0, inputs)).columnsAt([i]));
    const directions = tape.concatColumns([b.sub(a), c.sub(a)]);
    const slice = sliceOnTape(tape, model.layers.slice(0, -1), a, directions);
    const box = { min: [0, 0], max: [1, 1] };
    const own = (kind === "length" ? lengthOnTape : kacRiceOnTape)(tape, slice, { points: at, box });
    loss = fit.add(own.mul(weightOnTape(tape, switchedOff(until, weight), steps)));
  }
  return { program: tape.compile(loss, { corners, at }), model };
}

/** Share of right answers and mean cross-entropy. */
function evaluate(network: ReluNetwork, means: Float64Array, labels: Uint8Array) {
  const logits = network.forwardBatch(means);
  let [right, entropy] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    const own = logits.subarray(10 * i, 10 * i + 10);
    const largest = Math.max(...own);
    if (own.indexOf(largest) === labels[i]) right++; // of equal logits the first answers: a dead network is not always right
    entropy += largest + Math.log(own.reduce((sum, v) => sum + Math.exp(v - largest), 0)) - own[labels[i]];
  }
  return { accuracy: right / labels.length, crossEntropy: entropy / labels.length };
}

type Triangle = readonly [Float64Array, Float64Array, Float64Array];

/** Triangles of three images of different digits. */
function trianglesOf({ means, labels }: Digits, count: number, random: Generator): Triangle[] {
  return Array.from({ length: count }, () => {
    const chosen: number[] = [];
    while (chosen.length < 3) {
      const i = random.integer(labels.length);
      if (chosen.every((other) => labels[other] !== labels[i])) chosen.push(i);
    }
    return chosen.map((i) => means.slice(i * inputs, (i + 1) * inputs)) as unknown as Triangle;
  });
}

/** Classifiers of several trials: every loss from the same weights, on the same images. */
async function trainDigits(
  configuration: DigitsConfiguration,
  own: AntiRegulariser,
  randoms: readonly Generator[],
  workers: number,
): Promise<ReluNetwork[]> {
  const { widths, steps } = configuration;
  const { program, model } = programOf(configuration, own, await readDigits());
  const sizes = [inputs, ...widths, 10];
  const trials = randoms.map((random) => ({
    parameters: model.parameters(heNetwork(sizes, random.split("weights"))),
    random,
  }));
  const optimiser = adam({ rate: cosine(5e-3, 1e-5, steps) });
  const ends = await train(program, { trials, steps, optimiser, workers });
  return ends.map(({ failedAt, trial, parameters }) => {
    if (failedAt !== null)
      throw new Error(`trainDigits: trial ${trial} of ${own.kind} is not finite after step ${failedAt}`);
    return model.network(parameters);
  });
}

async function digitsBatch(
  configuration: DigitsConfiguration,
  indices: readonly number[],
  randoms: readonly Generator[],
  { workers }: TrialContext,
): Promise<DigitsRow[][]> {
  const digits = await readDigits();
  const rows = indices.map((): DigitsRow[] => []);
  const triangles = randoms.map((random) =>
    trianglesOf(digits, configuration.triangles, random.split("triangles")),
  );
  for (const own of configuration.losses) {
    const networks = await trainDigits(configuration, own, randoms, workers);
    networks.forEach((network, i) => {
      const counts = triangles[i].map((corners) => countTriangle(network, corners));
      const regions = counts.reduce((sum, count) => sum + count / counts.length, 0);
      const { accuracy, crossEntropy } = evaluate(network, digits.test.means, digits.test.labels);
      const trainAccuracy = evaluate(network, digits.means, digits.labels).accuracy;
      const about = { trial: indices[i], loss: lossName(own), kind: own.kind };
      rows[i].push({ ...about, regions, accuracy, trainAccuracy, crossEntropy });
    });
  }
  return rows;
}

/**
 * Anti-regularisation of small classifiers of digits, by losses on planes through three training images; regions are counted in
 * triangles of three images. Give the data's digest as `data`: other images, other rows.
 *
 * @example
 * await results.run(experiments.antiRegularisedDigits, experiments.digitLosses(), { trials: 4, data: mnist.provenance.digest });
 */
export const antiRegularisedDigits: Experiment<DigitsConfiguration, DigitsRow> = {
  name: "anti-regularised-digits",
  version: "1",
  module: __filename,
  batch: digitsBatch,
  batchSize: 4,
};

/**
 * Two hidden layers of 16 on 7 x 7 block means: plain training, length, Kac-Rice at three weights, and the largest of these
 * switched off halfway.
 *
 * @param steps of training
 */
export function digitLosses(steps = 2000): DigitsConfiguration {
  const beside = (kind: AntiRegulariser["kind"], weight: number, until = 1) => ({ kind, weight, until });
  return {
    widths: [16, 16],
    steps,
    triangles: 10,
    losses: [
      beside("plain", 0),
      beside("length", 0.03),
      beside("Kac-Rice", 0.03),
      beside("Kac-Rice", 0.1),
      beside("Kac-Rice", 0.3),
      beside("Kac-Rice", 0.3, 0.5),
    ],
  };
}

/** A trial's classifier with each loss, and one triangle of digits through them. */
export interface DigitsSlice {
  readonly loss: string;
  readonly network: ReluNetwork;
  /** The three images' block means. */
  readonly corners: Triangle;
}

/**
 * The classifiers of one trial, for pictures: the very networks that `results.run` counts.
 *
 * @param configuration as in the run
 * @param trial its number
 * @param seed the run's seed
 * @returns by loss the network, with the trial's first triangle
 */
export async function digitSlices(
  configuration: DigitsConfiguration,
  trial: number,
  seed: number | string,
): Promise<DigitsSlice[]> {
  const random = generator(seed).split(antiRegularisedDigits.name).split(trial);
  const [corners] = trianglesOf(await readDigits(), 1, random.split("triangles"));
  const slices: DigitsSlice[] = [];
  for (const own of configuration.losses) {
    const [network] = await trainDigits(configuration, own, [random], 1);
    slices.push({ loss: lossName(own), network, corners });
  }
  return slices;
}
