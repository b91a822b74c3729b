/** What a tile does with its sums: add them to what stands there, add a bias row, cut off below zero. */
export const ACCUMULATE: i32 = 1;
export const BIAS: i32 = 2;
export const RELU: i32 = 4;

/**
 * The one hot loop of this module: a 4 x 8 block of C = A B, its 32 sums held in eight vectors.
 *
 * Each of four rows of A is walked by its own pointer: `segments` runs of `count` numbers, `step` bytes apart, with
 * `segmentStep` bytes more after each run. One run is a row of a matrix (step 4) or a column (step = its row's bytes);
 * several are the rows of a convolution's window, so that no image is ever unfolded. B gives 8 numbers a turn.
 * 5 x 8 and 6 x 8 need more than the 16 registers there are.
 */
export function tile(
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  segments: i32,
  segmentStep: usize,
  count: i32,
  step: usize,
  b: usize,
  stepB: usize,
  c: usize,
  rowC: usize,
  mode: i32,
  bias: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  do {
    let left = count;
    do {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      b += stepB;
      const a0 = v128.load_splat<f32>(p0);
      p0 += step;
      c00 = f32x4.add(c00, f32x4.mul(a0, b0));
      c01 = f32x4.add(c01, f32x4.mul(a0, b1));
      const a1 = v128.load_splat<f32>(p1);
      p1 += step;
      c10 = f32x4.add(c10, f32x4.mul(a1, b0));
      c11 = f32x4.add(c11, f32x4.mul(a1, b1));
      const a2 = v128.load_splat<f32>(p2);
      p2 += step;
      c20 = f32x4.add(c20, f32x4.mul(a2, b0));
      c21 = f32x4.add(c21, f32x4.mul(a2, b1));
      const a3 = v128.load_splat<f32>(p3);
      p3 += step;
      c30 = f32x4.add(c30, f32x4.mul(a3, b0));
      c31 = f32x4.add(c31, f32x4.mul(a3, b1));
    } while (--left);
    p0 += segmentStep;
    p1 += segmentStep;
    p2 += segmentStep;
    p3 += segmentStep;
  } while (--segments);
  finishRow(c, c00, c01, mode, bias);
  finishRow(c + rowC, c10, c11, mode, bias);
  finishRow(c + 2 * rowC, c20, c21, mode, bias);
  finishRow(c + 3 * rowC, c30, c31, mode, bias);
}

// @ts-ignore: decorator
@inline
function finishRow(c: usize, low: v128, high: v128, mode: i32, bias: usize): void {
  if (mode & ACCUMULATE) {
    low = f32x4.add(low, v128.load(c));
    high = f32x4.add(high, v128.load(c, 16));
  }
  if (mode & BIAS) {
    low = f32x4.add(low, v128.load(bias));
    high = f32x4.add(high, v128.load(bias, 16));
  }
  if (mode & RELU) {
    // max, not pmax: a NaN stays a NaN, as in the cpu backend, and shows in the loss.
    low = f32x4.max(low, f32x4.splat(0));
    high = f32x4.max(high, f32x4.splat(0));
  }
  v128.store(c, low);
  v128.store(c, high, 16);
}

/** The smallest multiple of 8 that is not less than n. */
// @ts-ignore: decorator
@inline
export function upTo8(n: i32): i32 {
  return (n + 7) & ~7;
}

/** `values` of length n copied to `out`, with zeros up to the next multiple of 8. */
export function padRow(out: usize, values: usize, n: i32): void {
  memory.copy(out, values, n << 2);
  memory.fill(out + (n << 2), 0, (upTo8(n) - n) << 2);
}
