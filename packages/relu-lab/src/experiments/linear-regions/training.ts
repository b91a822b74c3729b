import { firstOfEachClass, type LabelledImages } from "../../datasets";
import { convolutional, feedforward, ImageClassifier, train, type ConvolutionalOptions } from "../../models";
import type { ReluNetwork } from "../../network";
import type { Generator } from "../../random";
import { throughPoints, type PlaneThroughPoints, type SliceDomain } from "../../regions";
import { ready } from "../../runtime";

/** A classifier trained on digits, with a plane through three of them. */
export interface ThreeDigits {
  readonly network: ReluNetwork;
  /** Share of right answers on the test images, 0 to 1. */
  readonly accuracy: number;
  readonly domain: PlaneThroughPoints;
  /** The digits at the plane's three points. */
  readonly labels: readonly number[];
  /** The network while it was trained. */
  readonly snapshots: readonly { readonly batches: number; readonly network: ReluNetwork }[];
}

/** What is trained: a fully connected network of these widths, or the convolutional one of the presentation. */
export interface ThreeDigitsConfig {
  /** Widths of the hidden layers; or give `convolutional`. */
  readonly widths?: readonly number[];
  readonly convolutional?: ConvolutionalOptions;
  readonly epochs: number;
  readonly digits: readonly [number, number, number];
  /** Numbers of batches of the first epoch after which the network is copied (0: before training). */
  readonly snapshots?: readonly number[];
}

/**
 * Trains a classifier of digits and lays a plane through three training images of different digits.
 *
 * Pixels are divided by 255, as in training; directions are orthonormal, so lengths on the plane are those of images.
 *
 * @param sets training and test images
 * @param config what is trained, epochs, the three digits, snapshots
 * @param random weights and shuffles
 * @returns the network in doubles, its accuracy, the plane, the digits on it and the snapshots
 * @throws RangeError when there is no image of a digit
 * @example
 * await trainOnThreeDigits(mnist, { widths: [32, 32], epochs: 1, digits: [0, 1, 2] }, generator(0));
 */
export async function trainOnThreeDigits(
  sets: { train: LabelledImages; test: LabelledImages },
  config: ThreeDigitsConfig,
  random: Generator,
): Promise<ThreeDigits> {
  await ready(); // else the slow backend would be taken
  const architecture = config.widths
    ? feedforward([...config.widths, 10])
    : convolutional(config.convolutional);
  const examples = firstOfEachClass(sets.train, 1);
  const images = config.digits.map((digit) => {
    const example = examples.find(({ label }) => label === digit);
    if (!example) throw new RangeError(`trainOnThreeDigits: there is no image of the digit ${digit}`);
    return Float64Array.from(example.pixels, (pixel) => pixel / 255);
  });
  const domain = throughPoints(images[0], images[1], images[2], { orthonormal: true });
  const model = ImageClassifier.random(architecture, random.split("weights"));
  try {
    const wanted = new Set(config.snapshots ?? []);
    const snapshots = wanted.has(0) ? [{ batches: 0, network: model.toNetwork() }] : [];
    await train(model, sets.train, {
      epochs: config.epochs,
      generator: random.split("shuffles"),
      onProgress({ epoch, batch }) {
        if (epoch === 1 && wanted.has(batch)) snapshots.push({ batches: batch, network: model.toNetwork() });
      },
    });
    const { accuracy } = model.evaluate(sets.test);
    return { network: model.toNetwork(), accuracy, domain, labels: config.digits, snapshots };
  } finally {
    model.dispose();
  }
}

/**
 * The triangle of a plane's three points, shrunk towards its centre.
 *
 * @param plane from `throughPoints`
 * @param share size of the triangle, 1 for the whole
 * @returns the same plane with the triangle as its polygon
 */
export function shrunkTriangle(plane: PlaneThroughPoints, share: number): SliceDomain {
  const centre = [0, 1].map((k) => plane.points.reduce((sum, point) => sum + point[k] / 3, 0));
  const polygon = plane.points.flatMap((point) =>
    [0, 1].map((k) => centre[k] + share * (point[k] - centre[k])),
  );
  return { origin: plane.origin, directions: plane.directions, polygon };
}
