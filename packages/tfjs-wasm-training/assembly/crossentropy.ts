import { logarithm } from "./loss";

/** Probabilities are kept this far from 0 and 1, as tf.layers does: in 32 bits, like its clip. */
const LEAST: f32 = 1e-7;
const MOST: f32 = <f32>(1 - 1e-7);

// @ts-ignore: decorator
@inline
function sumRow(row: usize, classes: i32): f32 {
  let sum: f32 = 0;
  for (let j = 0; j < classes; j++) sum += load<f32>(row + (j << 2));
  return sum;
}

/** Each row's -sum target log(clip(output / sum output)): the loss that tf.layers calls categoricalCrossentropy. */
export function crossentropy(output: usize, target: usize, loss: usize, batch: i32, classes: i32): void {
  for (let i = 0; i < batch; i++) {
    const sum = sumRow(output, classes);
    let total: f64 = 0;
    for (let j = 0; j < classes; j++) {
      const share = load<f32>(output + (j << 2)) / sum;
      const t = load<f32>(target + (j << 2));
      if (t === 0 && share === share) continue;
      // max and min keep NaN; 1 / p is at least 1, as the logarithm wants it.
      const p = <f64>min<f32>(max<f32>(share, LEAST), MOST);
      total += <f64>t * logarithm(1 / p);
    }
    store<f32>(loss + (i << 2), <f32>total);
    output += (<usize>classes) << 2;
    target += (<usize>classes) << 2;
  }
}

/** Its gradient at the output, scaled by each row's dy; a share that was clipped gets none. */
export function crossentropyGradient(
  output: usize,
  target: usize,
  dy: usize,
  gradient: usize,
  batch: i32,
  classes: i32,
): void {
  for (let i = 0; i < batch; i++) {
    const sum = sumRow(output, classes);
    const scale = load<f32>(dy + (i << 2)) / sum;
    let along: f32 = 0;
    for (let j = 0; j < classes; j++) {
      const share = load<f32>(output + (j << 2)) / sum;
      const inside = share >= LEAST && share <= MOST;
      const d = inside ? -load<f32>(target + (j << 2)) / share : 0;
      along += d * share;
      store<f32>(gradient + (j << 2), d);
    }
    // d share_j / d output_k = (1[j = k] - share_j) / sum.
    for (let j = 0; j < classes; j++) {
      store<f32>(gradient + (j << 2), (load<f32>(gradient + (j << 2)) - along) * scale);
    }
    output += (<usize>classes) << 2;
    target += (<usize>classes) << 2;
    gradient += (<usize>classes) << 2;
  }
}
