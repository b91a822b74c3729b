import { gradientRows } from "./convolution-gradient-rows";
import { withoutPadding } from "./convolution-padding";
import { tabulateCorners } from "./convolution-pooling";
import { imageOf, restOf, resultOf, tableOf } from "./convolution-scratch";
import {
  filterHeight,
  imageBytes,
  imageRow,
  lanes,
  outputBytes,
  outputs,
  padded,
  paddedBytes,
  pixels,
  pooledHeight,
  pooledWidth,
  rowBytes,
  windowRow,
  windowSize,
} from "./convolution-shape";
import { products, tabulateRows, tabulateWindows } from "./convolution-tiles";
import { packPanels } from "./product";
import { upTo8 } from "./tile";

/** The gradient of the images: product with the turned filter, then every window's numbers back to their pixels. */
export function inputGradient(
  dy: usize,
  y: usize,
  places: usize,
  relu: i32,
  filter: usize,
  dx: usize,
  batch: i32,
  scratch: usize,
): void {
  const rows = tableOf(scratch, 0);
  const corners = tableOf(scratch, 1);
  const windows = tableOf(scratch, 2);
  const result = resultOf(scratch);
  const turned = restOf(scratch);
  const wide = upTo8(windowSize);
  const columns = turned + ((wide * lanes) << 2);
  tabulateRows(rows, pixels, rowBytes);
  tabulateCorners(corners);
  tabulateWindows(windows);
  // B is the filter turned: [output][tap]; only `outputs` of the lanes take part.
  packPanels(turned, filter, 4, outputs << 2, windowSize, 0, outputs);
  for (let n = 0; n < batch; n++) {
    gradientRows(dy, y, corners, places, relu, result);
    products(result, rows, pixels, 1, 0, outputs, 4, turned, outputs << 5, 32, columns, wide, 0, 0);
    const image = padded ? imageOf(scratch) : dx;
    memory.fill(image, 0, padded ? paddedBytes() : imageBytes);
    addWindows(image, windows, columns, wide << 2);
    if (padded) withoutPadding(image, dx);
    dx += imageBytes;
    dy += outputBytes();
    y += outputBytes();
    places += pooledHeight * pooledWidth * lanes;
  }
}

/** Adds each window's numbers, a row of `columns` a pixel, to the pixels they belong to. */
function addWindows(image: usize, windows: usize, columns: usize, columnBytes: i32): void {
  for (let i = 0; i < pixels; i++) {
    let to = image + load<u32>(windows + (i << 2));
    let from = columns;
    for (let y = 0; y < filterHeight; y++) {
      addRun(to, from, windowRow);
      to += imageRow;
      from += windowRow << 2;
    }
    columns += columnBytes;
  }
}

// @ts-ignore: decorator
@inline
function addRun(to: usize, from: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    to += 16;
    from += 16;
  }
  for (; count > 0; count--) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4;
    from += 4;
  }
}
