import { firstOfEachClass, type LabelledImages } from "../datasets";
import { feedforward, ImageClassifier, train } from "../models";
import type { ReluNetwork } from "../network";
import type { Generator } from "../random";
import { throughPoints, type PlaneThroughPoints } from "../regions";

/** A classifier trained on digits, with a plane through three of them. */
export interface ThreeDigits {
  readonly network: ReluNetwork;
  /** Share of right answers on the test images, 0 to 1. */
  readonly accuracy: number;
  readonly domain: PlaneThroughPoints;
  /** The digits at the plane's three points. */
  readonly labels: readonly number[];
}

/**
 * Trains a small fully connected classifier and lays a plane through three training images of different digits.
 *
 * Pixels are divided by 255, as in training; directions are orthonormal, so lengths on the plane are those of images.
 *
 * @param sets training and test images
 * @param config widths of the hidden layers, epochs, the three digits
 * @param random weights and shuffles
 * @returns the network in doubles, its accuracy, the plane and the digits on it
 * @example
 * await trainOnThreeDigits(mnist, { widths: [32, 32], epochs: 1, digits: [0, 1, 2] }, generator(0));
 */
export async function trainOnThreeDigits(
  sets: { train: LabelledImages; test: LabelledImages },
  config: { widths: readonly number[]; epochs: number; digits: readonly [number, number, number] },
  random: Generator,
): Promise<ThreeDigits> {
  const model = ImageClassifier.random(feedforward([...config.widths, 10]), random.split("weights"));
  await train(model, sets.train, { epochs: config.epochs, generator: random.split("shuffles") });
  const { accuracy } = model.evaluate(sets.test);
  const network = model.toNetwork();
  model.dispose();
  const examples = firstOfEachClass(sets.train, 1);
  const images = config.digits.map((digit) => {
    const example = examples.find(({ label }) => label === digit);
    if (!example) throw new RangeError(`trainOnThreeDigits: there is no image of the digit ${digit}`);
    return Float64Array.from(example.pixels, (pixel) => pixel / 255);
  });
  const domain = throughPoints(images[0], images[1], images[2], { orthonormal: true });
  return { network, accuracy, domain, labels: config.digits };
}
