// A polygon with few lines of the last layer: 1 + lines + crossings regions, when doubles are certain of each crossing.
import { corner, End, Line, lineAt, Polygon } from "./layout";
import { radiusAt } from "./polygon";
import { Net } from "./state";

/** More lines than this are split first. */
export const LEAF_LINES: i32 = 6;

// The two ends of each chord.
const ends: usize = memory.data(LEAF_LINES * 48, 16);
// Bit j of crossings[i]: chords i and j cross.
const crossings: usize = memory.data(LEAF_LINES * 4, 4);

@inline
function tolerance(line: Line, radius: f64): f64 {
  return Net.certified ? line.error + (Math.abs(line.a) + Math.abs(line.b)) * radius : 0;
}

@inline
function endOf(chord: i32, k: i32): End {
  return changetype<End>(ends + <usize>(2 * chord + k) * offsetof<End>());
}

@inline
function value(line: Line, x: f64, y: f64): f64 {
  return line.a * x + (line.b * y + line.c);
}

/** Finds the two ends of a line in a polygon; false when a corner is too close to the line. */
function findEnds(line: Line, polygon: Polygon, chord: i32): bool {
  const n = polygon.corners;
  let found = 0;
  let before = corner(polygon, n - 1);
  let zBefore = value(line, before.x, before.y);
  for (let i = 0; i < n; i++) {
    const at = corner(polygon, i);
    const z = value(line, at.x, at.y);
    if (!(Math.abs(z) > tolerance(line, at.radius))) return false;
    if (z > 0 !== zBefore > 0) {
      if (found === 2) return false;
      const t = zBefore / (zBefore - z);
      const x0 = before.x;
      const y0 = before.y;
      const end = endOf(chord, found);
      end.x = x0 + t * (at.x - x0);
      end.y = y0 + t * (at.y - y0);
      end.radius = Net.certified ? radiusAt(end.x, end.y, line, before.line) : 0;
      found++;
    }
    before = at;
    zBefore = z;
  }
  return found === 2;
}

/** Whether the lines i < j < k, which cross pairwise, surely do not meet in one point. */
function apart(first: Line, second: Line, third: Line): bool {
  const a1 = first.a;
  const b1 = first.b;
  const c1 = first.c;
  const a2 = second.a;
  const b2 = second.b;
  const c2 = second.c;
  const inverse = 1 / (a1 * b2 - a2 * b1);
  const x = (b1 * c2 - b2 * c1) * inverse;
  const y = (a2 * c1 - a1 * c2) * inverse;
  // Errors are bounded on the domain only: a meeting point computed outside of it proves nothing.
  if (!(Math.abs(x) <= Net.X && Math.abs(y) <= Net.Y)) return false;
  const radius = radiusAt(x, y, first, second);
  return Math.abs(value(third, x, y)) > tolerance(third, radius);
}

/** The number of regions into which `n` lines cut a polygon; 0 when it needs splitting to be certain. */
export function leaf(list: usize, n: i32, polygon: Polygon): i32 {
  if (n <= 1) return n + 1;
  for (let i = 0; i < n; i++) {
    if (!findEnds(lineAt(list, i), polygon, i)) return 0;
  }
  let count = 1 + n;
  for (let i = 0; i < n; i++) {
    const one = endOf(i, 0);
    const other = endOf(i, 1);
    let bits = 0;
    for (let j = i + 1; j < n; j++) {
      const line = lineAt(list, j);
      const z0 = value(line, one.x, one.y);
      const z1 = value(line, other.x, other.y);
      if (!(Math.abs(z0) > tolerance(line, one.radius))) return 0;
      if (!(Math.abs(z1) > tolerance(line, other.radius))) return 0;
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
          if (!apart(lineAt(list, i), lineAt(list, j), lineAt(list, k))) return 0;
        }
      }
    }
  }
  return count;
}
