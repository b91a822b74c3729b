// exp and log of the standard library bring tables in a data segment, which would overwrite the backend's own memory:
// these have none.

/** e^x for x <= 0 to about 1e-15; below -708 it is 0. */
function exponential(x: f64): f64 {
  if (!(x > -708)) return x !== x ? x : 0;
  const n = nearest(x * 1.4426950408889634);
  const r = x - n * 0.6931471803691238 - n * 1.9082149292705877e-10;
  let sum = 1.0;
  for (let i = 12.0; i > 0; i -= 1) sum = 1 + (r / i) * sum;
  return sum * reinterpret<f64>((<i64>n + 1023) << 52);
}

/** log x for a normal x >= 1, by Halley's iteration from the exponent. */
export function logarithm(x: f64): f64 {
  if (!(x < Infinity)) return x;
  const e = <f64>((reinterpret<i64>(x) >> 52) - 1023);
  let y = (e + 0.5) * 0.6931471805599453;
  for (let i = 0; i < 4; i++) {
    const power = 1 / exponential(-y);
    y += (2 * (x - power)) / (x + power);
  }
  return y;
}

/**
 * Mean over the batch of -log softmax(logits)[label], and its gradient (softmax - one-hot) / batch.
 * Returns the first row whose label is not in [0, classes), or -1.
 */
export function softmaxCrossEntropy(
  logits: usize,
  labels: usize,
  loss: usize,
  gradient: usize,
  batch: i32,
  classes: i32,
): i32 {
  let total: f64 = 0;
  for (let i = 0; i < batch; i++) {
    const label = load<i32>(labels + (i << 2));
    if (<u32>label >= <u32>classes) return i;
    let top: f64 = -Infinity;
    for (let j = 0; j < classes; j++) top = max<f64>(top, <f64>load<f32>(logits + (j << 2))); // max keeps NaN
    let sum: f64 = 0;
    for (let j = 0; j < classes; j++) {
      const e = exponential(<f64>load<f32>(logits + (j << 2)) - top);
      sum += e;
      store<f32>(gradient + (j << 2), <f32>e);
    }
    const share = 1 / (sum * <f64>batch);
    for (let j = 0; j < classes; j++) {
      const at = gradient + (j << 2);
      store<f32>(at, <f32>(<f64>load<f32>(at) * share));
    }
    const at = gradient + (label << 2);
    store<f32>(at, <f32>(<f64>load<f32>(at) - 1 / <f64>batch));
    total += top - <f64>load<f32>(logits + (label << 2)) + logarithm(sum);
    logits += (<usize>classes) << 2;
    gradient += (<usize>classes) << 2;
  }
  store<f32>(loss, <f32>(total / <f64>batch));
  return -1;
}

/** How many rows have their first maximum at their label. */
export function countCorrect(logits: usize, labels: usize, batch: i32, classes: i32): i32 {
  let correct = 0;
  for (let i = 0; i < batch; i++) {
    let best = load<f32>(logits);
    let place = 0;
    for (let j = 1; j < classes; j++) {
      const value = load<f32>(logits + (j << 2));
      if (value > best) {
        best = value;
        place = j;
      }
    }
    if (place === load<i32>(labels + (i << 2))) correct++;
    logits += (<usize>classes) << 2;
  }
  return correct;
}
