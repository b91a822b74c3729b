/**
 * Numbers smaller than this become 0. A moment without gradient shrinks until it is denormal, where rounding keeps it
 * for ever at 5.6e-45 and each operation on it takes a hundred cycles.
 */
const SMALLEST: f32 = 1e-36;

// @ts-ignore: decorator
@inline
function flush(v: v128): v128 {
  return v128.and(v, v128.not(f32x4.lt(f32x4.abs(v), f32x4.splat(SMALLEST))));
}

// @ts-ignore: decorator
@inline
function flushOne(v: f32): f32 {
  return abs<f32>(v) < SMALLEST ? 0 : v;
}

/** velocity = momentum velocity + gradient, in place; out = value - rate velocity (rate (gradient + momentum velocity) for Nesterov). */
export function momentumStep(
  value: usize,
  gradient: usize,
  velocity: usize,
  out: usize,
  n: i32,
  rate: f32,
  momentum: f32,
  nesterov: i32,
): void {
  const r = f32x4.splat(rate);
  const mu = f32x4.splat(momentum);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at = (<usize>i) << 2;
    const g = v128.load(gradient + at);
    const v = flush(f32x4.add(f32x4.mul(mu, v128.load(velocity + at)), g));
    v128.store(velocity + at, v);
    const step = nesterov ? f32x4.add(g, f32x4.mul(mu, v)) : v;
    v128.store(out + at, f32x4.sub(v128.load(value + at), f32x4.mul(r, step)));
  }
  for (; i < n; i++) {
    const at = (<usize>i) << 2;
    const g = load<f32>(gradient + at);
    const v = flushOne(momentum * load<f32>(velocity + at) + g);
    store<f32>(velocity + at, v);
    store<f32>(out + at, load<f32>(value + at) - rate * (nesterov ? g + momentum * v : v));
  }
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1): first and second moment in place, out = value - rate m^ / (sqrt(v^) + epsilon),
 * with m^ = m / correction1, v^ = v / correction2. rest1 and rest2 are 1 - beta1 and 1 - beta2, subtracted in doubles:
 * in 32 bits 1 - 0.999 is wrong by 5e-5.
 */
export function adamStep(
  value: usize,
  gradient: usize,
  first: usize,
  second: usize,
  out: usize,
  n: i32,
  rate: f32,
  beta1: f32,
  beta2: f32,
  rest1: f32,
  rest2: f32,
  epsilon: f32,
  correction1: f32,
  correction2: f32,
): void {
  const b1 = f32x4.splat(beta1);
  const b2 = f32x4.splat(beta2);
  const c1 = f32x4.splat(rest1);
  const c2 = f32x4.splat(rest2);
  const step = f32x4.splat(rate / correction1);
  const root = f32x4.splat(<f32>(1 / sqrt<f64>(correction2)));
  const e = f32x4.splat(epsilon);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at = (<usize>i) << 2;
    const g = v128.load(gradient + at);
    const m = flush(f32x4.add(f32x4.mul(b1, v128.load(first + at)), f32x4.mul(c1, g)));
    const v = flush(f32x4.add(f32x4.mul(b2, v128.load(second + at)), f32x4.mul(c2, f32x4.mul(g, g))));
    v128.store(first + at, m);
    v128.store(second + at, v);
    const move = f32x4.div(f32x4.mul(step, m), f32x4.add(f32x4.mul(f32x4.sqrt(v), root), e));
    v128.store(out + at, f32x4.sub(v128.load(value + at), move));
  }
  for (; i < n; i++) {
    const at = (<usize>i) << 2;
    const g = load<f32>(gradient + at);
    const m = flushOne(beta1 * load<f32>(first + at) + rest1 * g);
    const v = flushOne(beta2 * load<f32>(second + at) + rest2 * (g * g));
    store<f32>(first + at, m);
    store<f32>(second + at, v);
    const rooted = sqrt<f32>(v) * <f32>(1 / sqrt<f64>(correction2));
    store<f32>(out + at, load<f32>(value + at) - ((rate / correction1) * m) / (rooted + epsilon));
  }
}
