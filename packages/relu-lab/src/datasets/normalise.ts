import type { LabelledImages } from "./image-set";

/** Mean and standard deviation of all pixels, scaled to [0, 1]: 0.13066 and 0.30811 for MNIST's training images. */
export interface PixelStatistics {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Mean and standard deviation of all pixels, each divided by 255.
 *
 * @throws RangeError when the set is empty
 */
export function pixelStatistics({ images }: LabelledImages): PixelStatistics {
  if (images.length === 0) throw new RangeError("pixelStatistics: the set of images is empty");
  const counts = new Array<number>(256).fill(0); // exact sums: every pixel is one of 256 values
  for (const pixel of images) counts[pixel]++;
  const [sum, squares] = counts.reduce(
    ([s, q], count, value) => [s + count * value, q + count * value * value],
    [0, 0],
  );
  const mean = sum / images.length;
  const variance = Math.max(0, squares / images.length - mean * mean);
  return { mean: mean / 255, deviation: Math.sqrt(variance) / 255 };
}

/**
 * Images as numbers: (pixel / 255 - mean) / deviation.
 *
 * @param set labelled images
 * @param statistics of the training images, also for the test images; mean 0 and deviation 1 only scale to [0, 1]
 * @returns as many numbers as there are pixels
 * @throws RangeError when the mean is not finite or the deviation not positive
 * @example
 * const x = normalise(mnist.test, pixelStatistics(mnist.train));
 */
export function normalise(
  { images }: LabelledImages,
  { mean, deviation }: PixelStatistics = { mean: 0, deviation: 1 },
): Float32Array {
  if (!(deviation > 0))
    throw new RangeError(`normalise: the deviation is ${deviation}, but must be positive`);
  if (!Number.isFinite(mean)) throw new RangeError(`normalise: the mean is ${mean}, but must be finite`);
  const table = Float32Array.from({ length: 256 }, (_, value) => (value / 255 - mean) / deviation);
  return Float32Array.from(images, (pixel) => table[pixel]);
}

/**
 * Labels as rows with a single one: row i has 1 in column labels[i].
 *
 * @param labels from 0 to classes - 1
 * @param classes number of columns
 * @returns labels.length x classes numbers, row by row
 * @throws RangeError that names the label which is no class
 */
export function oneHot(labels: ArrayLike<number>, classes: number): Float32Array {
  const rows = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new RangeError(
        `oneHot: label ${i} is ${label}: with ${classes} classes it must be 0 to ${classes - 1}`,
      );
    }
    rows[i * classes + label] = 1;
  }
  return rows;
}
