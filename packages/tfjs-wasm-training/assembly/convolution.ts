import { packPanels } from "./product";
import { ACCUMULATE, BIAS, RELU, padRow, tile, upTo8 } from "./tile";

/**
 * The shape of a convolution, handed over once in globals instead of in fifteen arguments a call: images of
 * height x width x channels, a filter of filterHeight x filterWidth, `outputs` channels out.
 */
let height: i32;
let width: i32;
let channels: i32;
let filterHeight: i32;
let filterWidth: i32;
let outputs: i32;
let strideHeight: i32;
let strideWidth: i32;
let padTop: i32;
let padLeft: i32;
let outHeight: i32;
let outWidth: i32;

// Made from them.
let paddedHeight: i32;
let paddedWidth: i32;
let padded: bool;
let lanes: i32; // outputs, up to 8: rows of the scratch results are whole vectors
let pixels: i32; // output pixels of an image
let pixelBytes: usize; // from one output pixel's window to the next in a row of the (padded) image
let lineBytes: usize; // the same for output rows
let imageRow: usize; // bytes of a row of the (padded) image
let windowRow: i32; // numbers in a row of the window: consecutive in NHWC
let windowSize: i32;

export function setShape(
  height_: i32,
  width_: i32,
  channels_: i32,
  filterHeight_: i32,
  filterWidth_: i32,
  outputs_: i32,
  strideHeight_: i32,
  strideWidth_: i32,
  padTop_: i32,
  padLeft_: i32,
  padBottom_: i32,
  padRight_: i32,
  outHeight_: i32,
  outWidth_: i32,
): void {
  height = height_;
  width = width_;
  channels = channels_;
  filterHeight = filterHeight_;
  filterWidth = filterWidth_;
  outputs = outputs_;
  strideHeight = strideHeight_;
  strideWidth = strideWidth_;
  padTop = padTop_;
  padLeft = padLeft_;
  outHeight = outHeight_;
  outWidth = outWidth_;
  paddedHeight = height + padTop + padBottom_;
  paddedWidth = width + padLeft + padRight_;
  padded = paddedHeight !== height || paddedWidth !== width;
  lanes = upTo8(outputs);
  pixels = outHeight * outWidth;
  pixelBytes = (<usize>(strideWidth * channels)) << 2;
  imageRow = (<usize>(paddedWidth * channels)) << 2;
  lineBytes = <usize>strideHeight * imageRow;
  windowRow = filterWidth * channels;
  windowSize = filterHeight * windowRow;
}

// @ts-ignore: decorator
@inline
function paddedBytes(): i32 {
  return (paddedHeight * paddedWidth * channels) << 2;
}

// @ts-ignore: decorator
@inline
function resultBytes(): i32 {
  return (((pixels + 3) & ~3) * lanes) << 2;
}

/** Bytes of scratch that any function of this file needs for the shape last set. */
export function convolutionScratch(): i32 {
  const filter = (windowSize * lanes) << 2;
  const gradient = (((windowSize + 3) & ~3) * lanes) << 2;
  const turned = (upTo8(windowSize) * lanes) << 2;
  const column = (((pixels + 3) & ~3) * upTo8(windowSize)) << 2;
  return (lanes << 2) + paddedBytes() + resultBytes() + filter + gradient + turned + column + 64;
}

/** The image itself, or a copy of it within its padding. */
function withPadding(image: usize, copy: usize): usize {
  if (!padded) return image;
  memory.fill(copy, 0, paddedBytes());
  const row = (width * channels) << 2;
  let to = copy + <usize>padTop * imageRow + ((<usize>(padLeft * channels)) << 2);
  for (let y = 0; y < height; y++) {
    memory.copy(to, image, row);
    to += imageRow;
    image += row;
  }
  return copy;
}

// @ts-ignore: decorator
@inline
function windowAt(image: usize, pixel: i32): usize {
  if (pixel >= pixels) pixel = pixels - 1;
  const y = pixel / outWidth;
  return image + <usize>y * lineBytes + <usize>(pixel - y * outWidth) * pixelBytes;
}

/** One image's convolution, [pixel][lanes]: rows of the window are read where they lie. */
function convolveImage(image: usize, panels: usize, biasRow: usize, mode: i32, result: usize): void {
  const segmentStep = imageRow - ((<usize>windowRow) << 2);
  const rowC = (<usize>lanes) << 2;
  for (let i = 0; i < pixels; i += 4) {
    const p0 = windowAt(image, i);
    const p1 = windowAt(image, i + 1);
    const p2 = windowAt(image, i + 2);
    const p3 = windowAt(image, i + 3);
    for (let j = 0; j < lanes; j += 8) {
      const panel = panels + ((<usize>(j * windowSize)) << 2);
      const c = result + <usize>i * rowC + ((<usize>j) << 2);
      const at = biasRow + ((<usize>j) << 2);
      tile(p0, p1, p2, p3, filterHeight, segmentStep, windowRow, 4, panel, 32, c, rowC, mode, at);
    }
  }
}

/** Convolution, bias (unless 0) and activation of a batch. */
export function convolve(
  x: usize,
  filter: usize,
  bias: usize,
  relu: i32,
  y: usize,
  batch: i32,
  scratch: usize,
): void {
  const biasRow = scratch;
  const copy = biasRow + ((<usize>lanes) << 2);
  const result = copy + paddedBytes();
  const panels = result + resultBytes();
  if (bias !== 0) padRow(biasRow, bias, outputs);
  packPanels(panels, filter, (<usize>outputs) << 2, 4, outputs, 0, windowSize);
  const mode = (bias !== 0 ? BIAS : 0) | (relu ? RELU : 0);
  const whole = lanes === outputs && !(pixels & 3); // then tiles may write to their place at once
  const imageBytes = (<usize>(height * width * channels)) << 2;
  const row = (<usize>outputs) << 2;
  for (let n = 0; n < batch; n++) {
    convolveImage(withPadding(x, copy), panels, biasRow, mode, whole ? y : result);
    if (!whole) {
      for (let i = 0; i < pixels; i++) {
        memory.copy(y + <usize>i * row, result + ((<usize>(i * lanes)) << 2), row);
      }
    }
    x += imageBytes;
    y += <usize>pixels * row;
  }
}

/**
 * Convolution, maximum over windows of size x size cells, bias and activation; where each maximum stood is kept in
 * `places`, [batch][pooled pixel][lanes] bytes. Bias and max(0, .) are monotone, so they may come after the maximum,
 * on a quarter of the numbers. A window with a NaN gives NaN: it must show in the loss.
 */
export function convolvePool(
  x: usize,
  filter: usize,
  bias: usize,
  relu: i32,
  y: usize,
  places: usize,
  batch: i32,
  size: i32,
  stride: i32,
  pooledHeight: i32,
  pooledWidth: i32,
  scratch: usize,
): void {
  const biasRow = scratch;
  const copy = biasRow + ((<usize>lanes) << 2);
  const result = copy + paddedBytes();
  const panels = result + resultBytes();
  if (bias !== 0) padRow(biasRow, bias, outputs);
  else memory.fill(biasRow, 0, lanes << 2);
  packPanels(panels, filter, (<usize>outputs) << 2, 4, outputs, 0, windowSize);
  const imageBytes = (<usize>(height * width * channels)) << 2;
  for (let n = 0; n < batch; n++) {
    convolveImage(withPadding(x, copy), panels, 0, 0, result);
    for (let py = 0; py < pooledHeight; py++) {
      for (let px = 0; px < pooledWidth; px++) {
        const corner = result + ((<usize>((py * stride * outWidth + px * stride) * lanes)) << 2);
        for (let j = 0; j < lanes; j += 4) {
          poolFour(corner + ((<usize>j) << 2), size, biasRow + ((<usize>j) << 2), relu, y, places, outputs - j);
          if (j < outputs) y += (<usize>min<i32>(outputs - j, 4)) << 2;
          places += 4;
        }
      }
    }
    x += imageBytes;
  }
}

// @ts-ignore: decorator
@inline
function poolFour(
  corner: usize,
  size: i32,
  bias: usize,
  relu: i32,
  y: usize,
  places: usize,
  valid: i32,
): void {
  let best = v128.load(corner);
  let place = i32x4.splat(0);
  let cell = 0;
  for (let wy = 0; wy < size; wy++) {
    let at = corner + ((<usize>(wy * outWidth * lanes)) << 2);
    for (let wx = 0; wx < size; wx++) {
      const value = v128.load(at);
      // Strictly greater: of equal values the first counts, as on the cpu backend.
      const better = v128.or(f32x4.gt(value, best), f32x4.ne(value, value));
      best = v128.bitselect(value, best, better);
      place = v128.bitselect(i32x4.splat(cell), place, better);
      at += (<usize>lanes) << 2;
      cell++;
    }
  }
  best = f32x4.add(best, v128.load(bias));
  if (relu) best = f32x4.max(best, f32x4.splat(0));
  if (valid >= 4) {
    v128.store(y, best);
  } else {
    if (valid > 0) v128.store_lane<f32>(y, best, 0);
    if (valid > 1) v128.store_lane<f32>(y, best, 1, 4);
    if (valid > 2) v128.store_lane<f32>(y, best, 2, 8);
  }
  const narrow = i16x8.narrow_i32x4_u(place, place);
  v128.store_lane<i32>(places, i8x16.narrow_i16x8_u(narrow, narrow), 0);
}

/**
 * The gradient at one image's convolution, [pixel][lanes], from the gradient at its pooled, activated output:
 * each number goes to where the maximum stood, unless the activation cut it off.
 */
function unpoolImage(
  dy: usize,
  y: usize,
  places: usize,
  relu: i32,
  size: i32,
  stride: i32,
  pooledHeight: i32,
  pooledWidth: i32,
  result: usize,
): void {
  memory.fill(result, 0, resultBytes());
  for (let py = 0; py < pooledHeight; py++) {
    for (let px = 0; px < pooledWidth; px++) {
      const corner = result + ((<usize>((py * stride * outWidth + px * stride) * lanes)) << 2);
      let j = 0;
      for (; j + 4 <= outputs; j += 4) {
        let d = v128.load(dy + (j << 2));
        if (relu) d = v128.and(d, f32x4.gt(v128.load(y + (j << 2)), f32x4.splat(0)));
        // Four bytes, one a lane.
        const bytes = v128.load_zero<i32>(places + j);
        const place = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
        let cell = 0;
        for (let wy = 0; wy < size; wy++) {
          let at = corner + ((<usize>(wy * outWidth * lanes + j)) << 2);
          for (let wx = 0; wx < size; wx++) {
            const mine = v128.and(d, i32x4.eq(place, i32x4.splat(cell)));
            v128.store(at, f32x4.add(v128.load(at), mine));
            at += (<usize>lanes) << 2;
            cell++;
          }
        }
      }
      for (; j < outputs; j++) {
        if (relu && !(load<f32>(y + (j << 2)) > 0)) continue;
        const place = <i32>load<u8>(places + j);
        const wy = place / size;
        const at = corner + ((<usize>((wy * outWidth + place - wy * size) * lanes + j)) << 2);
        store<f32>(at, load<f32>(at) + load<f32>(dy + (j << 2)));
      }
      dy += (<usize>outputs) << 2;
      y += (<usize>outputs) << 2;
      places += lanes;
    }
  }
}

/** An image's plain gradient as [pixel][lanes]. */
function widen(dy: usize, y: usize, relu: i32, result: usize): void {
  const bytes = (<usize>lanes) << 2;
  for (let i = 0; i < pixels; i++) {
    padRow(result, dy, outputs);
    if (relu) {
      for (let j = 0; j < outputs; j++) {
        if (!(load<f32>(y + (j << 2)) > 0)) store<f32>(result + (j << 2), 0);
      }
      y += (<usize>outputs) << 2;
    }
    dy += (<usize>outputs) << 2;
    result += bytes;
  }
  memory.fill(result, 0, resultBytes() - pixels * <i32>bytes);
}

/**
 * Gradients of the filter and (unless dBias is 0) of the bias, summed over the batch. With `pooled`, dy and y belong
 * to the pooled output and `places` says where each maximum stood; without, places is 0 and y serves the activation.
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
  size: i32,
  stride: i32,
  pooledHeight: i32,
  pooledWidth: i32,
  scratch: usize,
): void {
  const biasSum = scratch;
  const copy = biasSum + ((<usize>lanes) << 2);
  const result = copy + paddedBytes();
  const sums = result + resultBytes();
  const rowC = (<usize>lanes) << 2;
  memory.fill(biasSum, 0, lanes << 2);
  const imageBytes = (<usize>(height * width * channels)) << 2;
  const dyPixels = places !== 0 ? pooledHeight * pooledWidth : pixels;
  const dyBytes = (<usize>(dyPixels * outputs)) << 2;
  // Bytes from the end of one row of output pixels to the start of the next.
  const segmentStep = lineBytes - <usize>outWidth * pixelBytes;
  for (let n = 0; n < batch; n++) {
    const image = withPadding(x, copy);
    let from = result;
    if (places !== 0) {
      unpoolImage(dy, y, places, relu, size, stride, pooledHeight, pooledWidth, result);
      places += pooledHeight * pooledWidth * lanes;
    } else if (relu || lanes !== outputs) {
      widen(dy, y, relu, result);
    } else {
      from = dy;
    }
    if (dBias !== 0) addRows(biasSum, from);
    for (let i = 0; i < windowSize; i += 4) {
      const p0 = tapAt(image, i);
      const p1 = tapAt(image, i + 1);
      const p2 = tapAt(image, i + 2);
      const p3 = tapAt(image, i + 3);
      for (let j = 0; j < lanes; j += 8) {
        const at = (<usize>j) << 2;
        const c = sums + <usize>i * rowC + at;
        const mode = n > 0 ? ACCUMULATE : 0;
        tile(p0, p1, p2, p3, outHeight, segmentStep, outWidth, pixelBytes, from + at, rowC, c, rowC, mode, 0);
      }
    }
    x += imageBytes;
    dy += dyBytes;
    y += dyBytes;
  }
  const row = (<usize>outputs) << 2;
  for (let i = 0; i < windowSize; i++) memory.copy(dFilter + <usize>i * row, sums + <usize>i * rowC, row);
  if (dBias !== 0) memory.copy(dBias, biasSum, row);
}

/** Where tap i of the window lies for the first output pixel. */
// @ts-ignore: decorator
@inline
function tapAt(image: usize, i: i32): usize {
  if (i >= windowSize) i = windowSize - 1;
  const row = i / windowRow;
  return image + <usize>row * imageRow + ((<usize>(i - row * windowRow)) << 2);
}

function addRows(sum: usize, rows: usize): void {
  for (let j = 0; j < lanes; j += 4) {
    let total = v128.load(sum + (j << 2));
    let at = rows + (j << 2);
    for (let i = 0; i < pixels; i++) {
      total = f32x4.add(total, v128.load(at));
      at += (<usize>lanes) << 2;
    }
    v128.store(sum + (j << 2), total);
  }
}

/** The gradient of the images: product with the turned filter, then every window's numbers back to their pixels. */
export function inputGradient(
  dy: usize,
  y: usize,
  places: usize,
  relu: i32,
  filter: usize,
  dx: usize,
  batch: i32,
  size: i32,
  stride: i32,
  pooledHeight: i32,
  pooledWidth: i32,
  scratch: usize,
): void {
  const copy = scratch + ((<usize>lanes) << 2);
  const result = copy + paddedBytes();
  const turned = result + resultBytes();
  const wide = upTo8(windowSize);
  const column = turned + ((<usize>(wide * lanes)) << 2);
  const rowColumn = (<usize>wide) << 2;
  const rowResult = (<usize>lanes) << 2;
  // B is the filter turned: [output][tap]; only `outputs` of the lanes take part.
  packPanels(turned, filter, 4, (<usize>outputs) << 2, windowSize, 0, outputs);
  const imageBytes = (<usize>(height * width * channels)) << 2;
  const dyPixels = places !== 0 ? pooledHeight * pooledWidth : pixels;
  const dyBytes = (<usize>(dyPixels * outputs)) << 2;
  for (let n = 0; n < batch; n++) {
    if (places !== 0) {
      unpoolImage(dy, y, places, relu, size, stride, pooledHeight, pooledWidth, result);
      places += pooledHeight * pooledWidth * lanes;
    } else {
      widen(dy, y, relu, result);
    }
    for (let j = 0; j < wide; j += 8) {
      const panel = turned + ((<usize>(j * outputs)) << 2);
      for (let i = 0; i < pixels; i += 4) {
        const p = result + <usize>i * rowResult;
        const c = column + <usize>i * rowColumn + ((<usize>j) << 2);
        // prettier-ignore
        tile(p, p + rowResult, p + 2 * rowResult, p + 3 * rowResult, 1, 0, outputs, 4, panel, 32, c, rowColumn, 0, 0);
      }
    }
    const image = padded ? copy : dx;
    memory.fill(image, 0, padded ? paddedBytes() : <i32>imageBytes);
    for (let i = 0; i < pixels; i++) {
      let to = windowAt(image, i);
      let from = column + <usize>i * rowColumn;
      for (let fy = 0; fy < filterHeight; fy++) {
        addRun(to, from, windowRow);
        to += imageRow;
        from += (<usize>windowRow) << 2;
      }
    }
    if (padded) withoutPadding(copy, dx);
    dx += imageBytes;
    dy += dyBytes;
    y += dyBytes;
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

function withoutPadding(copy: usize, image: usize): void {
  const row = (width * channels) << 2;
  let from = copy + <usize>padTop * imageRow + ((<usize>(padLeft * channels)) << 2);
  for (let y = 0; y < height; y++) {
    memory.copy(image, from, row);
    from += imageRow;
    image += row;
  }
}
