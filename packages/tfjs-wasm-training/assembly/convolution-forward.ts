import { withPadding } from "./convolution-padding";
import { pool, tabulateCorners } from "./convolution-pooling";
import { imageOf, restOf, resultOf, rowOf, tableOf } from "./convolution-scratch";
import {
  filterHeight,
  imageBytes,
  imageRow,
  lanes,
  outputBytes,
  outputs,
  pixels,
  poolSize,
  pooledHeight,
  pooledWidth,
  rowBytes,
  windowRow,
  windowSize,
} from "./convolution-shape";
import { products, tabulateWindows } from "./convolution-tiles";
import { packPanels } from "./product";
import { BIAS, RELU, padRow } from "./tile";

/**
 * Convolution, pooling if one is set, bias (unless 0) and activation of a batch. With a pooling, where each maximum
 * stood is kept in `places`, [batch][pooled pixel][lanes] bytes.
 */
export function convolve(
  x: usize,
  filter: usize,
  bias: usize,
  relu: i32,
  y: usize,
  places: usize,
  batch: i32,
  scratch: usize,
): void {
  const biasRow = rowOf(scratch);
  const windows = tableOf(scratch, 0);
  const corners = tableOf(scratch, 1);
  const panels = restOf(scratch);
  if (bias !== 0) padRow(biasRow, bias, outputs);
  else memory.fill(biasRow, 0, rowBytes);
  tabulateWindows(windows);
  tabulateCorners(corners);
  packPanels(panels, filter, outputs << 2, 4, outputs, 0, windowSize);
  let mode = 0;
  if (poolSize === 0) mode = (bias !== 0 ? BIAS : 0) | (relu ? RELU : 0);
  const direct = poolSize === 0 && lanes === outputs && !(pixels & 3); // then tiles may write to their place at once
  const row = outputs << 2;
  const segmentStep = imageRow - (windowRow << 2);
  for (let n = 0; n < batch; n++) {
    const image = withPadding(x, imageOf(scratch));
    const result = direct ? y : resultOf(scratch);
    // prettier-ignore
    products(image, windows, pixels, filterHeight, segmentStep, windowRow, 4, panels, windowSize << 5, 32, result, lanes, mode, biasRow);
    if (poolSize > 0) {
      pool(result, corners, biasRow, relu, y, places);
      places += pooledHeight * pooledWidth * lanes;
    } else if (!direct) {
      for (let i = 0; i < pixels; i++) memory.copy(y + i * row, result + i * rowBytes, row);
    }
    x += imageBytes;
    y += outputBytes();
  }
}
