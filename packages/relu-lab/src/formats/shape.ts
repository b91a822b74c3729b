import type { ImageShape } from "../network";

/** The shape of the value at hand while a graph is walked: an image [height, width, channels], or a number of values. */
export type Shape = { readonly image: ImageShape } | { readonly flat: number };

/** How many values there are. */
export function countOf(shape: Shape): number {
  return "flat" in shape ? shape.flat : shape.image[0] * shape.image[1] * shape.image[2];
}
