// On which halves of a cut a row still takes both signs.
import { Cut, PLUS, Polyhedron, Row, U, pitch, xs } from "./layout";
import { signAt, signThere } from "./sign";
import { certified } from "./state";

/** Both signs on the half at PLUS, at MINUS; on where it is decided, at PLUS, at MINUS. */
export const BOTH_PLUS: i32 = 1;
export const BOTH_MINUS: i32 = 2;
export const ON_PLUS: i32 = 4;
export const ON_MINUS: i32 = 8;

/** Least and greatest value of the last `rangeOf`. */
export let least: f64 = 0;
export let greatest: f64 = 0;

/** The range of a x + b y + c z + d over points in arrays `step` bytes apart. */
// @ts-ignore: decorator
@inline
export function rangeOf(row: Row, points: usize, step: usize, bytes: usize): void {
  const a = f64x2.splat(row.a);
  const b = f64x2.splat(row.b);
  const c = f64x2.splat(row.c);
  const d = f64x2.splat(row.d);
  let low = f64x2.splat(Infinity);
  let high = f64x2.splat(-Infinity);
  const end = points + bytes;
  for (let at = points; at < end; at += 16) {
    const z = f64x2.add(
      f64x2.add(f64x2.mul(a, v128.load(at)), f64x2.mul(b, v128.load(at + step))),
      f64x2.add(f64x2.mul(c, v128.load(at + 2 * step)), d),
    );
    low = f64x2.pmin(low, z);
    high = f64x2.pmax(high, z);
  }
  least = min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1));
  greatest = max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1));
}

/** The range over the vertices at PLUS. */
// @ts-ignore: decorator
@inline
function rangeAbove(row: Row, p: Polyhedron, cut: Cut): void {
  const a = f64x2.splat(row.a);
  const b = f64x2.splat(row.b);
  const c = f64x2.splat(row.c);
  const d = f64x2.splat(row.d);
  const top = f64x2.splat(Infinity);
  const bottom = f64x2.splat(-Infinity);
  let low = top;
  let high = bottom;
  const step = pitch(p);
  const end = xs(p) + step;
  let mask = cut.masks;
  for (let at = xs(p); at < end; at += 16, mask += 16) {
    const z = f64x2.add(
      f64x2.add(f64x2.mul(a, v128.load(at)), f64x2.mul(b, v128.load(at + step))),
      f64x2.add(f64x2.mul(c, v128.load(at + 2 * step)), d),
    );
    const above = v128.load(mask);
    low = f64x2.pmin(low, v128.bitselect(z, top, above));
    high = f64x2.pmax(high, v128.bitselect(z, bottom, above));
  }
  least = min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1));
  greatest = max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1));
}

/** For a row that takes both signs on p: the bits above for the halves of a cut. */
export function classify(row: Row, neuron: i32, p: Polyhedron, cut: Cut, epoch: u32): i32 {
  if (cut.degenerate) return classifySlowly(row, neuron, p, cut, epoch);
  const onPolygon = certified ? row.tolerance + row.steepness * cut.radius : 0;
  rangeOf(row, cut.points, cut.pitch, <usize>cut.capacity << 3);
  if (greatest > onPolygon && least < -onPolygon) return BOTH_PLUS | BOTH_MINUS;
  // One sign on the polygon: the part of the other sign is convex and misses the plane, so one half has all of it.
  const tolerance = certified ? row.tolerance + row.steepness * p.radius : 0;
  if (least > onPolygon) {
    rangeAbove(row, p, cut);
    if (least < -tolerance) return BOTH_PLUS | ON_MINUS;
    if (least > tolerance) return BOTH_MINUS | ON_PLUS;
  } else if (greatest < -onPolygon) {
    rangeAbove(row, p, cut);
    if (greatest > tolerance) return BOTH_PLUS;
    if (greatest < -tolerance) return BOTH_MINUS;
  }
  return classifySlowly(row, neuron, p, cut, epoch);
}

/** The same, vertex by vertex with certain signs; also for duplicates, which vanish on the whole polygon. */
function classifySlowly(row: Row, neuron: i32, p: Polyhedron, cut: Cut, epoch: u32): i32 {
  let onPolygon = 0;
  for (let q: usize = 0; q < <usize>cut.count << 3; q += 8) {
    const at = cut.points + q;
    const sign = signThere(
      row, neuron,
      load<f64>(at), load<f64>(at + cut.pitch), load<f64>(at + 2 * cut.pitch), load<f64>(at + 3 * cut.pitch),
      load<u64>(cut.labels + q), epoch,
    );
    onPolygon |= sign > 0 ? 2 : sign < 0 ? 1 : 0;
    if (onPolygon == 3) return BOTH_PLUS | BOTH_MINUS;
  }
  let above = onPolygon;
  let below = onPolygon;
  for (let v = 0; v < p.vertices; v++) {
    const side = load<u8>(cut.signs + v);
    if (side > PLUS) continue;
    const sign = signAt(row, neuron, p, v, epoch);
    const bit = sign > 0 ? 2 : sign < 0 ? 1 : 0;
    if (side == PLUS) above |= bit;
    else below |= bit;
  }
  return (
    (above == 3 ? BOTH_PLUS : above == 2 ? ON_PLUS : 0) | (below == 3 ? BOTH_MINUS : below == 2 ? ON_MINUS : 0)
  );
}

/**
 * Whether two rows that both take both signs on p cut it into four (1) or three (0); -1 when rounding hides it.
 * On the edge from u to v where A changes sign, B is (A(u) B(v) - A(v) B(u)) / (A(u) - A(v)): no vertex is needed.
 */
export function crossWithin(p: Polyhedron, rowA: Row, rowB: Row, scratch: usize): i32 {
  const step = pitch(p);
  const aA = f64x2.splat(rowA.a);
  const bA = f64x2.splat(rowA.b);
  const cA = f64x2.splat(rowA.c);
  const dA = f64x2.splat(rowA.d);
  const aB = f64x2.splat(rowB.a);
  const bB = f64x2.splat(rowB.b);
  const cB = f64x2.splat(rowB.c);
  const dB = f64x2.splat(rowB.d);
  let closest = f64x2.splat(Infinity);
  const end = xs(p) + step;
  let to = scratch;
  for (let at = xs(p); at < end; at += 16, to += 32) {
    const x = v128.load(at);
    const y = v128.load(at + step);
    const z = v128.load(at + 2 * step);
    const valueA = f64x2.add(f64x2.add(f64x2.mul(aA, x), f64x2.mul(bA, y)), f64x2.add(f64x2.mul(cA, z), dA));
    const valueB = f64x2.add(f64x2.add(f64x2.mul(aB, x), f64x2.mul(bB, y)), f64x2.add(f64x2.mul(cB, z), dB));
    closest = f64x2.pmin(closest, f64x2.abs(valueA));
    v128.store(to, i64x2.shuffle(valueA, valueB, 0, 2));
    v128.store(to + 16, i64x2.shuffle(valueA, valueB, 1, 3));
  }
  const errorA = certified ? rowA.tolerance + rowA.steepness * p.radius : 0;
  const errorB = certified ? rowB.tolerance + rowB.steepness * p.radius : 0;
  if (!(min(f64x2.extract_lane(closest, 0), f64x2.extract_lane(closest, 1)) > errorA)) return -1;
  let signs = 0;
  let certain = true;
  const lastEdge = p.edgeList + (<usize>p.edges << 3);
  for (let e = p.edgeList; e < lastEdge; e += 8) {
    const edge = load<u64>(e);
    const u = scratch + (<usize>(edge & 0xffff) << 4);
    const v = scratch + (<usize>((edge >> 16) & 0xffff) << 4);
    const zu = load<f64>(u);
    const zv = load<f64>(v);
    if (zu > 0 == zv > 0) continue;
    const wu = load<f64>(u, 8);
    const wv = load<f64>(v, 8);
    const first = zu * wv;
    const second = zv * wu;
    const value = zu > 0 ? first - second : second - first;
    const bound = certified
      ? ((abs(zu) + abs(zv)) * errorB + (abs(wu) + abs(wv)) * errorA + 2 * errorA * errorB) * (1 + 1e-12) +
        4 * U * (abs(first) + abs(second)) + 1e-300
      : 0;
    if (value > bound) signs |= 2;
    else if (value < -bound) signs |= 1;
    else certain = false;
    if (signs == 3) return 1;
  }
  return certain ? 0 : -1;
}
