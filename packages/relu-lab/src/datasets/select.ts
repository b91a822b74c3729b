import type { Generator } from "../random";
import type { LabelledImages } from "./image-set";

/** Copies the images with these indices. */
function take({ images, labels, count }: LabelledImages, indices: ArrayLike<number>): LabelledImages {
  const pixels = images.length / count;
  const chosen = { images: new Uint8Array(indices.length * pixels), labels: new Uint8Array(indices.length) };
  for (let i = 0; i < indices.length; i++) {
    chosen.images.set(images.subarray(indices[i] * pixels, (indices[i] + 1) * pixels), i * pixels);
    chosen.labels[i] = labels[indices[i]];
  }
  return { ...chosen, count: indices.length };
}

/**
 * Two sets out of one, by a fixed shuffle: the first `count` images of it, and the rest.
 *
 * @param set labelled images
 * @param count images of the first part
 * @param generator the same seed gives the same parts
 * @returns both parts, copied
 * @throws RangeError when a part would be empty
 * @example
 * const [training, validation] = split(mnist.train, 50_000, random.generator("validation"));
 */
export function split(
  set: LabelledImages,
  count: number,
  generator: Generator,
): [LabelledImages, LabelledImages] {
  if (!Number.isInteger(count) || count < 1 || count >= set.count) {
    throw new RangeError(`split: ${count} of ${set.count} images: both parts need at least one`);
  }
  const order = generator.permutation(set.count);
  return [take(set, order.subarray(0, count)), take(set, order.subarray(count))];
}

/**
 * Only the images of some classes, relabelled 0, 1, ... in the order the classes are given.
 *
 * @param set labelled images
 * @param classes which labels, each once
 * @returns the chosen images, copied
 * @throws RangeError when a class is named twice or has no image
 * @example
 * const zerosAndOnes = onlyClasses(mnist.train, [0, 1]);
 */
export function onlyClasses(set: LabelledImages, classes: readonly number[]): LabelledImages {
  const place = new Map(classes.map((label, i) => [label, i]));
  if (classes.length === 0) throw new RangeError("onlyClasses: no class is named");
  if (place.size !== classes.length)
    throw new RangeError(`onlyClasses: a class is named twice in [${classes.join()}]`);
  const indices = [...set.labels.keys()].filter((i) => place.has(set.labels[i]));
  const present = new Set(indices.map((i) => set.labels[i]));
  const empty = classes.find((label) => !present.has(label));
  if (empty !== undefined) throw new RangeError(`onlyClasses: there is no image of class ${empty}`);
  const { images, labels, count } = take(set, indices);
  return { images, labels: labels.map((label) => place.get(label)!), count };
}
