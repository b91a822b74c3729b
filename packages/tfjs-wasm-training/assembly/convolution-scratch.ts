import { lanes, paddedBytes, pixels, pooledHeight, pooledWidth, resultBytes, rowBytes, windowSize } from "./convolution-shape";
import { upTo8 } from "./tile";

// The scratch block, from its start: a row of `lanes` numbers, three tables of offsets (the longest has a number for each
// pixel or tap), an image within its padding, its result, and what a function needs beside them.

function tableBytes(): i32 {
  const longest = max<i32>(max<i32>(pixels, windowSize), pooledHeight * pooledWidth);
  return ((longest + 3) & ~3) << 2;
}

/** A row of `lanes` numbers: the bias, or its gradient. */
// @ts-ignore: decorator
@inline
export function rowOf(scratch: usize): usize {
  return scratch;
}

/** A table of offsets: 0, 1 or 2. */
export function tableOf(scratch: usize, which: i32): usize {
  return scratch + rowBytes + which * tableBytes();
}

/** Room for an image within its padding. */
export function imageOf(scratch: usize): usize {
  return tableOf(scratch, 3);
}

/** Room for one image's result, [pixel][lanes]. */
export function resultOf(scratch: usize): usize {
  return imageOf(scratch) + paddedBytes();
}

/** What follows: the packed filter, or sums. */
export function restOf(scratch: usize): usize {
  return resultOf(scratch) + resultBytes();
}

/** Bytes of scratch that any function needs for the shape last set. */
export function convolutionScratch(): i32 {
  const filter = max<i32>((windowSize + 3) & ~3, 1) * rowBytes;
  const turned = (upTo8(windowSize) * lanes) << 2;
  const column = (((pixels + 3) & ~3) * upTo8(windowSize)) << 2;
  return <i32>restOf(0) + max<i32>(filter, turned + column) + 64;
}
