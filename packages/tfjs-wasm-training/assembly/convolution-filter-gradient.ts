import { gradientRows } from "./convolution-gradient-rows";
import { withPadding } from "./convolution-padding";
import { tabulateCorners } from "./convolution-pooling";
import { imageOf, restOf, resultOf, rowOf, tableOf } from "./convolution-scratch";
import {
  imageBytes,
  lanes,
  lineBytes,
  outHeight,
  outWidth,
  outputBytes,
  outputs,
  pixelBytes,
  pixels,
  poolSize,
  pooledHeight,
  pooledWidth,
  rowBytes,
  windowSize,
} from "./convolution-shape";
import { products, tabulateTaps } from "./convolution-tiles";
import { ACCUMULATE } from "./tile";

/**
 * Gradients of the filter and (unless dBias is 0) of the bias, summed over the batch. With a pooling, dy and y belong to
 * the pooled output and `places` says where each maximum stood; y serves the activation.
 */
export function filterGradient(
  x: usize,
  dy: usize,
  y: usize,
  places: usize,
  relu: i32,
  dFilter: usize,
  dBias: usize,
  batch: i32,
  scratch: usize,
): void {
  const biasSum = rowOf(scratch);
  const taps = tableOf(scratch, 0);
  const corners = tableOf(scratch, 1);
  const sums = restOf(scratch);
  memory.fill(biasSum, 0, rowBytes);
  tabulateTaps(taps);
  tabulateCorners(corners);
  const asItLies = poolSize === 0 && !relu && lanes === outputs;
  // Bytes from the end of one row of output pixels to the start of the next.
  const segmentStep = lineBytes - outWidth * pixelBytes;
  for (let n = 0; n < batch; n++) {
    const image = withPadding(x, imageOf(scratch));
    const rows = asItLies ? dy : resultOf(scratch);
    if (!asItLies) gradientRows(dy, y, corners, places, relu, rows);
    if (dBias !== 0) addRows(biasSum, rows);
    const mode = n > 0 ? ACCUMULATE : 0;
    // prettier-ignore
    products(image, taps, windowSize, outHeight, segmentStep, outWidth, pixelBytes, rows, 32, rowBytes, sums, lanes, mode, 0);
    x += imageBytes;
    dy += outputBytes();
    y += outputBytes();
    places += pooledHeight * pooledWidth * lanes;
  }
  const row = outputs << 2;
  for (let i = 0; i < windowSize; i++) memory.copy(dFilter + i * row, sums + i * rowBytes, row);
  if (dBias !== 0) memory.copy(dBias, biasSum, row);
}

function addRows(sum: usize, rows: usize): void {
  for (let j = 0; j < lanes; j += 4) {
    let total = v128.load(sum + (j << 2));
    let at = rows + (j << 2);
    for (let i = 0; i < pixels; i++) {
      total = f32x4.add(total, v128.load(at));
      at += rowBytes;
    }
    v128.store(sum + (j << 2), total);
  }
}
