// Lists of lines: which of them still cross a polygon, and which one to cut by.
import { corner, Corner, cornersEnd, Line, lineAt, Polygon } from "./layout";
import { classify } from "./polygon";
import { Net } from "./state";

/** Keeps of `n` lines those with corners strictly on both sides; writes the others' state. Returns how many stay. */
export function filter(list: usize, n: i32, polygon: Polygon, kept: usize): i32 {
  const first = changetype<usize>(corner(polygon, 0));
  const end = cornersEnd(polygon);
  const radius = Net.certified ? f64x2.splat(polygon.radius) : f64x2.splat(0);
  const certain = Net.certified ? f64x2.splat(1) : f64x2.splat(0);
  const states = Net.states;
  let out = kept;
  for (let i = 0; i < n; i += 2) {
    const line = lineAt(list, i);
    const other = i + 1 < n ? lineAt(list, i + 1) : line;
    const p = changetype<usize>(line);
    const q = changetype<usize>(other);
    const ab0 = v128.load(p);
    const ab1 = v128.load(q);
    const ce0 = v128.load(p, offsetof<Line>("c"));
    const ce1 = v128.load(q, offsetof<Line>("c"));
    const a = v128.shuffle<f64>(ab0, ab1, 0, 2);
    const b = v128.shuffle<f64>(ab0, ab1, 1, 3);
    const c = v128.shuffle<f64>(ce0, ce1, 0, 2);
    const e = v128.shuffle<f64>(ce0, ce1, 1, 3);
    let z = f64x2.add(
      f64x2.mul(a, v128.load64_splat(first)),
      f64x2.add(f64x2.mul(b, v128.load64_splat(first, offsetof<Corner>("y"))), c),
    );
    let low = z;
    let high = z;
    for (let v = first + offsetof<Corner>(); v < end; v += offsetof<Corner>()) {
      z = f64x2.add(
        f64x2.mul(a, v128.load64_splat(v)),
        f64x2.add(f64x2.mul(b, v128.load64_splat(v, offsetof<Corner>("y"))), c),
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
      store<u8>(states + line.id, <u8>(on & 1));
    } else {
      const state = classify(line, polygon);
      if (state === 2) {
        store<u32>(out, <u32>p);
        out += 4;
      } else store<u8>(states + line.id, <u8>state);
    }
    if (i + 1 < n) {
      if (cut & 2) {
        store<u32>(out, <u32>q);
        out += 4;
      } else if ((on | off) & 2) {
        store<u8>(states + other.id, <u8>(on >> 1));
      } else {
        const state = classify(other, polygon);
        if (state === 2) {
          store<u32>(out, <u32>q);
          out += 4;
        } else store<u8>(states + other.id, <u8>state);
      }
    }
  }
  return <i32>((out - kept) >> 2);
}

/** The most central and shortest cut: the smallest (z(centroid)^2 + weight * spread along the line) / |gradient|^2. */
export function choose(list: usize, n: i32, polygon: Polygon): i32 {
  const corners = polygon.corners;
  let sx: f64 = 0;
  let sy: f64 = 0;
  for (let i = 0; i < corners; i++) {
    const at = corner(polygon, i);
    sx += at.x;
    sy += at.y;
  }
  const each = 1 / <f64>corners;
  const x = sx * each;
  const y = sy * each;
  let xx: f64 = 0;
  let xy: f64 = 0;
  let yy: f64 = 0;
  for (let i = 0; i < corners; i++) {
    const at = corner(polygon, i);
    const dx = at.x - x;
    const dy = at.y - y;
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
    const line = lineAt(list, i);
    const a = line.a;
    const b = line.b;
    const z = a * x + (b * y + line.c);
    const score = (z * z + (b * b * xx - a * b * xy + a * a * yy)) * line.inverse;
    if (score < best) {
      best = score;
      chosen = i;
    }
  }
  return chosen;
}
