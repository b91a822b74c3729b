import { channels, height, imageRow, padLeft, padTop, padded, paddedBytes, width } from "./convolution-shape";

/** The first pixel of an image within its padding. */
// @ts-ignore: decorator
@inline
function corner(image: usize): usize {
  return image + padTop * imageRow + ((padLeft * channels) << 2);
}

function copyLines(to: usize, stepTo: i32, from: usize, stepFrom: i32): void {
  const line = (width * channels) << 2;
  for (let y = 0; y < height; y++) {
    memory.copy(to, from, line);
    to += stepTo;
    from += stepFrom;
  }
}

/** The image itself, or a copy of it within its padding. */
export function withPadding(image: usize, copy: usize): usize {
  if (!padded) return image;
  memory.fill(copy, 0, paddedBytes());
  copyLines(corner(copy), imageRow, image, (width * channels) << 2);
  return copy;
}

/** An image taken out of its padding. */
export function withoutPadding(copy: usize, image: usize): void {
  copyLines(image, (width * channels) << 2, corner(copy), imageRow);
}
