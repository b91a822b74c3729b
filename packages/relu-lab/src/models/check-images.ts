import type { LabelledImages } from "../datasets";

/**
 * Refuses images that are not bytes: numbers from 0 to 1 would silently become 0.
 *
 * @throws TypeError that says what was given
 */
export function requireBytes(images: unknown): void {
  if (images instanceof Uint8Array) return;
  const given = (images as object | undefined)?.constructor?.name ?? String(images);
  throw new TypeError(`the images are a ${given}, but must be a Uint8Array: one byte a pixel, 0 to 255`);
}

/**
 * Refuses images and labels that a classifier cannot take.
 *
 * @throws RangeError that names the count, the size or the label which is wrong
 */
export function checkImages(
  { images, labels, count }: LabelledImages,
  pixels: number,
  classes: number,
): void {
  if (!(count > 0)) throw new RangeError("the set of images is empty");
  requireBytes(images);
  if (labels.length !== count) {
    throw new RangeError(`${labels.length} labels for ${count} images: there must be one each`);
  }
  if (images.length !== count * pixels) {
    throw new RangeError(
      `${count} images have ${images.length / count} bytes each, but the classifier takes ${pixels} pixels`,
    );
  }
  checkLabels(labels, classes);
}

/**
 * Refuses labels that are no classes.
 *
 * @throws RangeError that names the first such label
 */
export function checkLabels(labels: ArrayLike<number>, classes: number): void {
  for (let i = 0; i < labels.length; i++) {
    // NaN and fractions, which only a plain array can hold, are refused as well.
    if (Number.isInteger(labels[i]) && labels[i] >= 0 && labels[i] < classes) continue;
    throw new RangeError(
      `the label of image ${i} is ${labels[i]}: with ${classes} classes it must be 0 to ${classes - 1}`,
    );
  }
}

/**
 * Refuses training images among which a class is missing: its neuron would only learn to be silent, and every test
 * image of that class would be wrong.
 *
 * @throws RangeError that names the first such class
 */
export function checkClasses({ labels, count }: LabelledImages, classes: number): void {
  const present = new Set(labels);
  for (let label = 0; label < classes; label++) {
    if (present.has(label)) continue;
    throw new RangeError(
      `class ${label} has no image among the ${count}: give images of each of the ${classes} classes, or the network fewer`,
    );
  }
}
