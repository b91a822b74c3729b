import { outWidth, outputs, lanes, poolSize, poolStride, pooledHeight, pooledWidth, resultBytes, rowBytes } from "./convolution-shape";

/** Where each pooled pixel's window starts in a result, [pixel][lanes]. */
export function tabulateCorners(table: usize): void {
  for (let y = 0; y < pooledHeight; y++) {
    for (let x = 0; x < pooledWidth; x++) {
      store<u32>(table, (y * poolStride * outWidth + x * poolStride) * rowBytes);
      table += 4;
    }
  }
}

/**
 * The maxima of a result's windows, then bias and activation; where each maximum stood is kept in `places`,
 * [pooled pixel][lanes] bytes. Bias and max(0, .) are monotone, so they may come after the maximum, on a quarter of the
 * numbers. A window with a NaN gives NaN: it must show in the loss.
 */
export function pool(result: usize, corners: usize, bias: usize, relu: i32, y: usize, places: usize): void {
  for (let i = pooledHeight * pooledWidth; i > 0; i--) {
    const corner = result + load<u32>(corners);
    for (let j = 0; j < lanes; j += 4) {
      poolFour(corner + (j << 2), bias + (j << 2), relu, y, places, outputs - j);
      if (j < outputs) y += min<i32>(outputs - j, 4) << 2;
      places += 4;
    }
    corners += 4;
  }
}

// @ts-ignore: decorator
@inline
function poolFour(corner: usize, bias: usize, relu: i32, y: usize, places: usize, valid: i32): void {
  let best = v128.load(corner);
  let place = i32x4.splat(0);
  let cell = 0;
  for (let wy = 0; wy < poolSize; wy++) {
    let at = corner + wy * outWidth * rowBytes;
    for (let wx = 0; wx < poolSize; wx++) {
      const value = v128.load(at);
      // Strictly greater: of equal values the first counts, as on the cpu backend.
      const better = v128.or(f32x4.gt(value, best), f32x4.ne(value, value));
      best = v128.bitselect(value, best, better);
      place = v128.bitselect(i32x4.splat(cell), place, better);
      at += rowBytes;
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
export function unpool(dy: usize, y: usize, corners: usize, places: usize, relu: i32, result: usize): void {
  memory.fill(result, 0, resultBytes());
  for (let i = pooledHeight * pooledWidth; i > 0; i--) {
    const corner = result + load<u32>(corners);
    let j = 0;
    for (; j + 4 <= outputs; j += 4) {
      let d = v128.load(dy + (j << 2));
      if (relu) d = v128.and(d, f32x4.gt(v128.load(y + (j << 2)), f32x4.splat(0)));
      unpoolFour(corner + (j << 2), d, places + j);
    }
    for (; j < outputs; j++) {
      if (relu && !(load<f32>(y + (j << 2)) > 0)) continue;
      const place = <i32>load<u8>(places + j);
      const wy = place / poolSize;
      const at = corner + (wy * outWidth + place - wy * poolSize) * rowBytes + (j << 2);
      store<f32>(at, load<f32>(at) + load<f32>(dy + (j << 2)));
    }
    dy += outputs << 2;
    y += outputs << 2;
    places += lanes;
    corners += 4;
  }
}

// @ts-ignore: decorator
@inline
function unpoolFour(corner: usize, d: v128, places: usize): void {
  // Four bytes, one a lane.
  const place = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load_zero<i32>(places)));
  let cell = 0;
  for (let wy = 0; wy < poolSize; wy++) {
    let at = corner + wy * outWidth * rowBytes;
    for (let wx = 0; wx < poolSize; wx++) {
      const mine = v128.and(d, i32x4.eq(place, i32x4.splat(cell)));
      v128.store(at, f32x4.add(v128.load(at), mine));
      at += rowBytes;
      cell++;
    }
  }
}
