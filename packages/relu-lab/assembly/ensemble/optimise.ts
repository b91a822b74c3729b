// Gradient descent, momentum and Adam over ranges of parameters, and the watch for values that are not finite.
import { address, get, put, zero } from "./vector";

let kind: i32 = 0;
let decay1: f64 = 0;
let decay2: f64 = 0;
let parameters: i32 = 0;
let loss: i32 = 0;
let groups: i32 = 0;
/** Three numbers a range: from, to, group. */
let ranges: usize = 0;
let rangesEnd: usize = 0;
/** Moments smaller than this become 0: subnormal numbers take a hundred times as long. */
const smallestMoment: f64 = 1e-290;

export function setOptimiser(
  optimiser: i32,
  firstDecay: f64,
  secondDecay: f64,
  parameterCount: i32,
  lossAt: i32,
  groupCount: i32,
  rangesAt: usize,
  rangeCount: i32,
): void {
  kind = optimiser;
  decay1 = firstDecay;
  decay2 = secondDecay;
  parameters = parameterCount;
  loss = lossAt;
  groups = groupCount;
  ranges = rangesAt;
  rangesEnd = rangesAt + <usize>rangeCount * 12;
}

// @ts-ignore: decorator
@inline
function flushed(m: v128): v128 {
  return v128.andnot(m, f64x2.lt(f64x2.abs(m), f64x2.splat(smallestMoment)));
}

/**
 * Changes the parameters by their gradients.
 *
 * @param sizes step sizes of the groups, then epsilon
 * @returns bit t is set when trial t's loss or a parameter is not finite
 */
export function optimise(sizes: usize): i32 {
  const none = zero;
  const epsilon = v128.load64_splat(sizes + (<usize>groups << 3));
  const d1 = f64x2.splat(decay1);
  const d2 = f64x2.splat(decay2);
  const r1 = f64x2.splat(1.0 - decay1);
  const r2 = f64x2.splat(1.0 - decay2);
  const gap = <usize>parameters << 4;
  // A number times 0 is 0 when it is finite, and NaN when not.
  let check = f64x2.mul(get(address(loss)), none);
  for (let range = ranges; range < rangesEnd; range += 12) {
    let p = address(load<i32>(range, 0));
    const end = address(load<i32>(range, 4));
    const rate = v128.load64_splat(sizes + (<usize>load<i32>(range, 8) << 3));
    if (kind == 2) {
      for (; p < end; p += 16) {
        const g = get(p + gap);
        const m = flushed(f64x2.add(f64x2.mul(d1, get(p + 2 * gap)), f64x2.mul(r1, g)));
        const v = f64x2.add(f64x2.mul(d2, get(p + 3 * gap)), f64x2.mul(r2, f64x2.mul(g, g)));
        put(p + 2 * gap, m);
        put(p + 3 * gap, v);
        const change = f64x2.div(m, f64x2.add(f64x2.sqrt(v), epsilon));
        const after = f64x2.sub(get(p), f64x2.mul(rate, change));
        put(p, after);
        check = f64x2.add(check, f64x2.mul(after, none));
      }
    } else if (kind == 1) {
      for (; p < end; p += 16) {
        const m = flushed(f64x2.add(f64x2.mul(d1, get(p + 2 * gap)), get(p + gap)));
        put(p + 2 * gap, m);
        const after = f64x2.sub(get(p), f64x2.mul(rate, m));
        put(p, after);
        check = f64x2.add(check, f64x2.mul(after, none));
      }
    } else {
      for (; p < end; p += 16) {
        const after = f64x2.sub(get(p), f64x2.mul(rate, get(p + gap)));
        put(p, after);
        check = f64x2.add(check, f64x2.mul(after, none));
      }
    }
  }
  return i64x2.bitmask(v128.not(f64x2.eq(check, none)));
}
