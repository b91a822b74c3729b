// When each row vanishes next, and whether its sign is certain until then.
import { Layer } from "./layer";

/** The event that came last: bounds of its time, and its neuron; none at the start. */
export class Last {
  static low: f64 = 0;
  static high: f64 = 0;
  static layer: i32 = -1;
  static neuron: i32 = -1;
}

/** Smallest and second smallest entry of `zero`. */
export function scan(at: Layer): void {
  let first = f64x2.splat(Infinity);
  let second = first;
  const end = at.zero + (<usize>at.padded << 3);
  for (let p = at.zero; p < end; p += 16) {
    const t = v128.load(p);
    second = f64x2.pmin(second, f64x2.pmax(first, t));
    first = f64x2.pmin(first, t);
  }
  merge(at, first, second);
}

@inline
function merge(at: Layer, first: v128, second: v128): void {
  const a = f64x2.extract_lane(first, 0);
  const b = f64x2.extract_lane(first, 1);
  const c = Math.min(f64x2.extract_lane(second, 0), f64x2.extract_lane(second, 1));
  at.first = Math.min(a, b);
  at.second = Math.min(Math.max(a, b), c);
}

/**
 * Adds kink * (t - time) to every row (kink 0: none), and finds each row's next zero. False when a row that moves away
 * from zero is too near it to be sure of its sign.
 */
export function advance(at: Layer, kink: usize, time: f64): bool {
  const now = f64x2.splat(time);
  const low = f64x2.splat(Last.low);
  const bound = f64x2.splat(at.E);
  const shrink = f64x2.splat(1 - 1e-15);
  const rounding = f64x2.splat(1e-15);
  const none = f64x2.splat(Infinity);
  const zeros = f64x2.splat(0);
  let first = none;
  let second = none;
  let unsure = f64x2.splat(0);
  const end = <usize>at.padded << 3;
  for (let o: usize = 0; o < end; o += 16) {
    let s = v128.load(at.slope + o);
    let c = v128.load(at.intercept + o);
    if (kink) {
      const g = v128.load(kink + o);
      s = f64x2.add(s, g);
      c = f64x2.sub(c, f64x2.mul(g, now));
      v128.store(at.slope + o, s);
      v128.store(at.intercept + o, c);
    }
    const sign = v128.load(at.sign + o);
    const p = f64x2.mul(sign, c);
    const q = f64x2.mul(sign, s);
    const towards = f64x2.lt(q, zeros);
    let t = f64x2.mul(f64x2.div(f64x2.sub(bound, p), q), shrink);
    t = v128.bitselect(t, none, towards);
    const margin = f64x2.add(bound, f64x2.mul(rounding, f64x2.add(f64x2.abs(p), f64x2.abs(q))));
    const sure = f64x2.gt(f64x2.add(p, f64x2.mul(q, low)), margin);
    unsure = v128.or(unsure, v128.not(v128.or(towards, sure)));
    v128.store(at.zero + o, t);
    second = f64x2.pmin(second, f64x2.pmax(first, t));
    first = f64x2.pmin(first, t);
  }
  merge(at, first, second);
  return !v128.any_true(unsure);
}

/** Is every row other than one that moves away from zero certain of its sign at the last event? */
export function sureBut(at: Layer, neuron: i32): bool {
  for (let i = 0; i < at.n; i++) {
    if (i === neuron) continue;
    const o = <usize>i << 3;
    const p = load<f64>(at.sign + o) * load<f64>(at.intercept + o);
    const q = load<f64>(at.sign + o) * load<f64>(at.slope + o);
    if (q < 0) continue;
    if (!(p + q * Last.low > at.E + 1e-15 * (Math.abs(p) + Math.abs(q)))) return false;
  }
  return true;
}
