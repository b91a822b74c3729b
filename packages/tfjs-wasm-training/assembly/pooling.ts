/**
 * The gradient of max pooling: each number of dy goes to the first maximum of its window (comparisons with NaN are
 * false, so a NaN never wins, and a window of nothing but NaN or -Infinity sends its gradient nowhere: as on the cpu
 * backend). Windows may overlap and may hang over the border.
 */
export function maxPoolGradient(
  x: usize,
  dy: usize,
  dx: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  sizeHeight: i32,
  sizeWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  padTop: i32,
  padLeft: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const imageBytes = <usize>(height * width) * pixel;
  memory.fill(dx, 0, <usize>batch * imageBytes);
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const top = oy * strideHeight - padTop;
      const y0 = top < 0 ? 0 : top;
      const y1 = top + sizeHeight < height ? top + sizeHeight : height;
      for (let ox = 0; ox < outWidth; ox++) {
        const left = ox * strideWidth - padLeft;
        const x0 = left < 0 ? 0 : left;
        const x1 = left + sizeWidth < width ? left + sizeWidth : width;
        let c = 0;
        for (; c + 4 <= channels; c += 4) {
          fourChannels(x, dy, dx, c, channels, width, y0, y1, x0, x1);
          dy += 16;
        }
        if (c < channels) {
          lastChannels(x, dy, dx, c, channels, width, y0, y1, x0, x1);
          dy += (<usize>(channels - c)) << 2;
        }
      }
    }
    x += imageBytes;
    dx += imageBytes;
  }
}

/** Four channels at once: where each maximum stands is found in vectors, its gradient added one by one. */
// @ts-ignore: decorator
@inline
function fourChannels(
  x: usize,
  dy: usize,
  dx: usize,
  c: i32,
  channels: i32,
  width: i32,
  y0: i32,
  y1: i32,
  x0: i32,
  x1: i32,
): void {
  let best = f32x4.splat(-Infinity);
  let place = i32x4.splat(-1);
  for (let yy = y0; yy < y1; yy++) {
    for (let xx = x0; xx < x1; xx++) {
      const at = (yy * width + xx) * channels + c;
      const value = v128.load(x + ((<usize>at) << 2));
      const better = f32x4.gt(value, best);
      best = v128.bitselect(value, best, better);
      place = v128.bitselect(i32x4.splat(at), place, better);
    }
  }
  addAt(dx, i32x4.extract_lane(place, 0), dy);
  addAt(dx + 4, i32x4.extract_lane(place, 1), dy + 4);
  addAt(dx + 8, i32x4.extract_lane(place, 2), dy + 8);
  addAt(dx + 12, i32x4.extract_lane(place, 3), dy + 12);
}

// @ts-ignore: decorator
@inline
function addAt(dx: usize, place: i32, dy: usize): void {
  if (place < 0) return;
  const to = dx + ((<usize>place) << 2);
  store<f32>(to, load<f32>(to) + load<f32>(dy));
}

/** The one to three channels that are left over, one lane each: the fourth would be another pixel's. */
function lastChannels(
  x: usize,
  dy: usize,
  dx: usize,
  c: i32,
  channels: i32,
  width: i32,
  y0: i32,
  y1: i32,
  x0: i32,
  x1: i32,
): void {
  const left = channels - c;
  let best = f32x4.splat(-Infinity);
  let place = i32x4.splat(-1);
  for (let yy = y0; yy < y1; yy++) {
    for (let xx = x0; xx < x1; xx++) {
      const at = (yy * width + xx) * channels + c;
      const from = x + ((<usize>at) << 2);
      let value = left > 1 ? v128.load_zero<i64>(from) : v128.load_zero<i32>(from);
      if (left > 2) value = v128.load_lane<f32>(from, value, 2, 8);
      const better = f32x4.gt(value, best);
      best = v128.bitselect(value, best, better);
      place = v128.bitselect(i32x4.splat(at), place, better);
    }
  }
  addAt(dx, i32x4.extract_lane(place, 0), dy);
  if (left > 1) addAt(dx + 4, i32x4.extract_lane(place, 1), dy + 4);
  if (left > 2) addAt(dx + 8, i32x4.extract_lane(place, 2), dy + 8);
}
