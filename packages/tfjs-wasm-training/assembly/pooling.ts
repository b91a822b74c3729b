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
        for (let c = 0; c < channels; c++) {
          let best: f32 = -Infinity;
          let place: i32 = -1;
          for (let yy = y0; yy < y1; yy++) {
            for (let xx = x0; xx < x1; xx++) {
              const at = (yy * width + xx) * channels + c;
              const value = load<f32>(x + ((<usize>at) << 2));
              if (value > best) {
                best = value;
                place = at;
              }
            }
          }
          if (place >= 0) {
            const to = dx + ((<usize>place) << 2);
            store<f32>(to, load<f32>(to) + load<f32>(dy));
          }
          dy += 4;
        }
      }
    }
    x += imageBytes;
    dx += imageBytes;
  }
}
