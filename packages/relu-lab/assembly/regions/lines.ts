// Lists of lines: which of them still cross a polygon, and which one to cut by.
import { classify, CORNER_BYTES, CORNERS, LINE_ID, LINE_INVERSE } from "./polygon";
import { Net } from "./state";

/** Keeps of `n` lines those with corners strictly on both sides; writes the others' state. Returns how many stay. */
export function filter(list: usize, n: i32, polygon: usize, kept: usize): i32 {
  const first = polygon + CORNERS;
  const end = first + <usize>load<i32>(polygon) * CORNER_BYTES;
  const radius = Net.certified ? v128.load64_splat(polygon, 8) : f64x2.splat(0);
  const certain = Net.certified ? f64x2.splat(1) : f64x2.splat(0);
  const states = Net.states;
  let out = kept;
  for (let i = 0; i < n; i += 2) {
    const p = <usize>load<u32>(list + (<usize>i << 2));
    const q = i + 1 < n ? <usize>load<u32>(list + (<usize>i << 2), 4) : p;
    const ab0 = v128.load(p);
    const ab1 = v128.load(q);
    const ce0 = v128.load(p, 16);
    const ce1 = v128.load(q, 16);
    const a = v128.shuffle<f64>(ab0, ab1, 0, 2);
    const b = v128.shuffle<f64>(ab0, ab1, 1, 3);
    const c = v128.shuffle<f64>(ce0, ce1, 0, 2);
    const e = v128.shuffle<f64>(ce0, ce1, 1, 3);
    let z = f64x2.add(
      f64x2.mul(a, v128.load64_splat(first)),
      f64x2.add(f64x2.mul(b, v128.load64_splat(first, 8)), c),
    );
    let low = z;
    let high = z;
    for (let v = first + CORNER_BYTES; v < end; v += CORNER_BYTES) {
      z = f64x2.add(
        f64x2.mul(a, v128.load64_splat(v)),
        f64x2.add(f64x2.mul(b, v128.load64_splat(v, 8)), c),
      );
      low = f64x2.pmin(low, z);
      high = f64x2.pmax(high, z);
    }
    const tolerance = f64x2.add(
      f64x2.mul(e, certain),
      f64x2.mul(f64x2.add(f64x2.abs(a), f64x2.abs(b)), radius),
    );
    const negative = f64x2.neg(tolerance);
    const cut = i64x2.bitmask(v128.and(f64x2.lt(low, negative), f64x2.gt(high, tolerance)));
    const on = i64x2.bitmask(f64x2.gt(low, tolerance));
    const off = i64x2.bitmask(f64x2.lt(high, negative));
    // Lane 0, then lane 1 if there is one.
    if (cut & 1) {
      store<u32>(out, <u32>p);
      out += 4;
    } else if ((on | off) & 1) {
      store<u8>(states + load<i32>(p, LINE_ID), <u8>(on & 1));
    } else {
      const state = classify(p, polygon);
      if (state === 2) {
        store<u32>(out, <u32>p);
        out += 4;
      } else store<u8>(states + load<i32>(p, LINE_ID), <u8>state);
    }
    if (i + 1 < n) {
      if (cut & 2) {
        store<u32>(out, <u32>q);
        out += 4;
      } else if ((on | off) & 2) {
        store<u8>(states + load<i32>(q, LINE_ID), <u8>(on >> 1));
      } else {
        const state = classify(q, polygon);
        if (state === 2) {
          store<u32>(out, <u32>q);
          out += 4;
        } else store<u8>(states + load<i32>(q, LINE_ID), <u8>state);
      }
    }
  }
  return <i32>((out - kept) >> 2);
}

/** The most central and shortest cut: the smallest (z(centroid)^2 + weight * spread along the line) / |gradient|^2. */
export function choose(list: usize, n: i32, polygon: usize): i32 {
  const corners = load<i32>(polygon);
  let sx: f64 = 0;
  let sy: f64 = 0;
  let at = polygon + CORNERS;
  for (let i = 0; i < corners; i++, at += CORNER_BYTES) {
    sx += load<f64>(at);
    sy += load<f64>(at, 8);
  }
  const each = 1 / <f64>corners;
  const x = sx * each;
  const y = sy * each;
  let xx: f64 = 0;
  let xy: f64 = 0;
  let yy: f64 = 0;
  at = polygon + CORNERS;
  for (let i = 0; i < corners; i++, at += CORNER_BYTES) {
    const dx = load<f64>(at) - x;
    const dy = load<f64>(at, 8) - y;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const weight = 0.6 * each;
  xx *= weight;
  xy *= 2 * weight;
  yy *= weight;
  let best = f64.MAX_VALUE;
  let chosen = 0;
  for (let i = 0; i < n; i++) {
    const p = <usize>load<u32>(list + (<usize>i << 2));
    const a = load<f64>(p);
    const b = load<f64>(p, 8);
    const z = a * x + (b * y + load<f64>(p, 16));
    const score = (z * z + (b * b * xx - a * b * xy + a * a * yy)) * load<f64>(p, LINE_INVERSE);
    if (score < best) {
      best = score;
      chosen = i;
    }
  }
  return chosen;
}
