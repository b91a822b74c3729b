// A polygon with few lines of the last layer: 1 + lines + crossings regions, when doubles are certain of each crossing.
import { corner, edgeLine, radiusAt } from "./polygon";
import { Net } from "./state";

/** More lines than this are split first. */
export const LEAF_LINES: i32 = 6;

// Ends of the chords: x, y, radius of one end, then of the other.
const END_BYTES: usize = 24;
const CHORD_BYTES: usize = 48;
const ends: usize = memory.data(LEAF_LINES * 48, 16);
// Bit j of crossings[i]: chords i and j cross.
const crossings: usize = memory.data(LEAF_LINES * 4, 4);

@inline
function tolerance(line: usize, radius: f64): f64 {
  return Net.certified
    ? load<f64>(line, 24) + (Math.abs(load<f64>(line)) + Math.abs(load<f64>(line, 8))) * radius
    : 0;
}

@inline
function value(line: usize, x: f64, y: f64): f64 {
  return load<f64>(line) * x + (load<f64>(line, 8) * y + load<f64>(line, 16));
}

/** Finds the two ends of a line in a polygon; false when a corner is too close to the line. */
function findEnds(line: usize, polygon: usize, to: usize): bool {
  const n = load<i32>(polygon);
  let found = 0;
  let before = corner(polygon, n - 1);
  let zBefore = value(line, load<f64>(before), load<f64>(before, 8));
  for (let i = 0; i < n; i++) {
    const at = corner(polygon, i);
    const z = value(line, load<f64>(at), load<f64>(at, 8));
    if (!(Math.abs(z) > tolerance(line, load<f64>(at, 16)))) return false;
    if (z > 0 !== zBefore > 0) {
      if (found === 2) return false;
      const t = zBefore / (zBefore - z);
      const x0 = load<f64>(before);
      const y0 = load<f64>(before, 8);
      const x = x0 + t * (load<f64>(at) - x0);
      const y = y0 + t * (load<f64>(at, 8) - y0);
      store<f64>(to, x);
      store<f64>(to, y, 8);
      store<f64>(to, Net.certified ? radiusAt(x, y, line, edgeLine(before)) : 0, 16);
      to += END_BYTES;
      found++;
    }
    before = at;
    zBefore = z;
  }
  return found === 2;
}

/** Whether the lines i < j < k, which cross pairwise, surely do not meet in one point. */
function apart(first: usize, second: usize, third: usize): bool {
  const a1 = load<f64>(first);
  const b1 = load<f64>(first, 8);
  const c1 = load<f64>(first, 16);
  const a2 = load<f64>(second);
  const b2 = load<f64>(second, 8);
  const c2 = load<f64>(second, 16);
  const inverse = 1 / (a1 * b2 - a2 * b1);
  const x = (b1 * c2 - b2 * c1) * inverse;
  const y = (a2 * c1 - a1 * c2) * inverse;
  // Errors are bounded on the domain only: a meeting point computed outside of it proves nothing.
  if (!(Math.abs(x) <= Net.X && Math.abs(y) <= Net.Y)) return false;
  const radius = radiusAt(x, y, first, second);
  return Math.abs(value(third, x, y)) > tolerance(third, radius);
}

/** The number of regions into which `n` lines cut a polygon; 0 when it needs splitting to be certain. */
export function leaf(list: usize, n: i32, polygon: usize): i32 {
  if (n <= 1) return n + 1;
  for (let i = 0; i < n; i++) {
    const line = <usize>load<u32>(list + (<usize>i << 2));
    if (!findEnds(line, polygon, ends + <usize>i * CHORD_BYTES)) return 0;
  }
  let count = 1 + n;
  for (let i = 0; i < n; i++) {
    const end = ends + <usize>i * CHORD_BYTES;
    let bits = 0;
    for (let j = i + 1; j < n; j++) {
      const line = <usize>load<u32>(list + (<usize>j << 2));
      const z0 = value(line, load<f64>(end), load<f64>(end, 8));
      const z1 = value(line, load<f64>(end, 24), load<f64>(end, 32));
      if (!(Math.abs(z0) > tolerance(line, load<f64>(end, 16)))) return 0;
      if (!(Math.abs(z1) > tolerance(line, load<f64>(end, 40)))) return 0;
      if (z0 > 0 !== z1 > 0) {
        bits |= 1 << j;
        count++;
      }
    }
    store<i32>(crossings + (<usize>i << 2), bits);
  }
  if (n > 2 && Net.certified) {
    for (let i = 0; i + 2 < n; i++) {
      const withI = load<i32>(crossings + (<usize>i << 2));
      for (let j = i + 1; j + 1 < n; j++) {
        if (!((withI >> j) & 1)) continue;
        let both = withI & load<i32>(crossings + (<usize>j << 2));
        while (both !== 0) {
          const k = ctz(both);
          both &= both - 1;
          if (
            !apart(
              <usize>load<u32>(list + (<usize>i << 2)),
              <usize>load<u32>(list + (<usize>j << 2)),
              <usize>load<u32>(list + (<usize>k << 2)),
            )
          )
            return 0;
        }
      }
    }
  }
  return count;
}
