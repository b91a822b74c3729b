// Cutting a polyhedron by a plane that takes both signs on it.
// Signs are exact, so the combinatorics of the two halves is exact; only positions are rounded, and every vertex
// carries a proven radius.
import { alloc } from "./arena";
import { addCrossing } from "./crossing";
import { cutDegenerate } from "./cut-degenerate";
import { Cut, MINUS, PLUS, Polyhedron, Row, ZERO, numberOf, pitch, signOf, xs } from "./layout";
import { signAt } from "./sign";
import { certified, slots } from "./state";

/** In a generic cut every facet that is cut has two new vertices: they make one new edge. */
function cutGeneric(p: Polyhedron, cut: Cut, values: usize): void {
  const from = p.edgeList;
  const end = from + (<usize>p.edges << 3);
  let plus = cut.plusEdges;
  let minus = cut.minusEdges;
  for (let e = from; e < end; e += 8) {
    const edge = load<u64>(e);
    const a = <usize>(edge & 0xffff);
    const b = <usize>((edge >> 16) & 0xffff);
    const sa = signOf(cut, a);
    if (sa == signOf(cut, b)) {
      // Written to both lists, kept in one: which one is a coin toss that a branch would lose.
      const kept = (edge & 0xffffffff00000000) | numberOf(cut, a) | (numberOf(cut, b) << 16);
      store<u64>(plus, kept);
      store<u64>(minus, kept);
      plus += <usize>sa << 3;
      minus += <usize>(sa ^ 1) << 3;
      continue;
    }
    const q = addCrossing(p, cut, edge, load<f64>(values + (a << 3)), load<f64>(values + (b << 3)));
    const facets = edge & 0xffffffff00000000;
    const above = numberOf(cut, sa ? a : b);
    const below = numberOf(cut, sa ? b : a);
    store<u64>(plus, facets | above | (<u64>(cut.plusCount + q) << 16));
    store<u64>(minus, facets | below | (<u64>(cut.minusCount + q) << 16));
    plus += 8;
    minus += 8;
    for (let side = 0; side < 2; side++) {
      const facet = <usize>((edge >> (side ? 48 : 32)) & 0xffff);
      const slot = slots + (facet << 2);
      const other = load<u32>(slot);
      if (other) {
        const ends = <u64>(other - 1) | (<u64>q << 16) | (<u64>facet << 32) | (<u64>cut.plane << 48);
        store<u64>(plus, ends + <u64>cut.plusCount * 0x10001);
        store<u64>(minus, ends + <u64>cut.minusCount * 0x10001);
        plus += 8;
        minus += 8;
        store<u32>(slot, 0);
      } else {
        store<u32>(slot, q + 1);
      }
    }
  }
  cut.plusEdgeCount = <i32>((plus - cut.plusEdges) >> 3);
  cut.minusEdgeCount = <i32>((minus - cut.minusEdges) >> 3);
}

/** The cut of p by a row, which takes both signs on it and is plane number `plane` of the stack. */
export function cutBy(p: Polyhedron, row: Row, neuron: i32, plane: i32, epoch: u32): Cut {
  const cut = changetype<Cut>(alloc(offsetof<Cut>()));
  const step = pitch(p);
  const n = p.vertices;
  const values = alloc(step);
  cut.plane = plane;
  cut.degenerate = 0;
  cut.count = 0;
  cut.plusEdgeCount = 0;
  cut.minusEdgeCount = 0;
  cut.radius = 0;
  cut.masks = alloc(step);
  cut.signs = alloc(p.capacity);
  const a = f64x2.splat(row.a);
  const b = f64x2.splat(row.b);
  const c = f64x2.splat(row.c);
  const d = f64x2.splat(row.d);
  const zero = f64x2.splat(0);
  let smallest = f64x2.splat(Infinity);
  const end = xs(p) + step;
  let to: usize = 0;
  for (let at = xs(p); at < end; at += 16, to += 16) {
    const z = f64x2.add(
      f64x2.add(f64x2.mul(a, v128.load(at)), f64x2.mul(b, v128.load(at + step))),
      f64x2.add(f64x2.mul(c, v128.load(at + 2 * step)), d),
    );
    smallest = f64x2.pmin(smallest, f64x2.abs(z));
    const above = f64x2.gt(z, zero);
    v128.store(values + to, z);
    v128.store(cut.masks + to, above);
    store<u16>(cut.signs + (to >> 3), <u16>(i64x2.bitmask(above) & 1) | <u16>((i64x2.bitmask(above) >> 1) << 8));
  }
  const least = min(f64x2.extract_lane(smallest, 0), f64x2.extract_lane(smallest, 1));
  // Without certainty a zero counts as minus: whatever the signs, every facet is then cut an even number of times.
  const certain = !certified || least > row.tolerance + row.steepness * p.radius;
  let zeros = 0;
  if (!certain) {
    for (let v = 0; v < n; v++) {
      const sign = signAt(row, neuron, p, v, epoch);
      store<u8>(cut.signs + v, sign > 0 ? PLUS : sign < 0 ? MINUS : ZERO);
      store<u64>(cut.masks + (<usize>v << 3), sign > 0 ? u64.MAX_VALUE : 0);
      if (sign == 0) zeros++;
    }
    if (n & 1) store<u64>(cut.masks + (<usize>n << 3), load<u64>(cut.masks + ((<usize>n - 1) << 3)));
  }
  cut.numbers = alloc(<usize>n << 1);
  let plusCount = 0;
  for (let v = 0, minusCount = 0; v < n; v++) {
    const sign = load<u8>(cut.signs + v);
    store<u16>(cut.numbers + (<usize>v << 1), <u16>(sign ? plusCount : minusCount));
    plusCount += sign & 1;
    minusCount += i32(sign == MINUS);
  }
  cut.plusCount = plusCount;
  cut.minusCount = n - plusCount - zeros;
  const room = (p.edges + zeros + 2) & ~1;
  cut.pitch = <usize>room << 3;
  cut.points = alloc(cut.pitch * 5);
  cut.labels = cut.points + cut.pitch * 4;
  // At most every edge, and a new edge for every vertex of the polygon; one more is written before it is dropped.
  cut.plusEdges = alloc(<usize>(p.edges + room + 1) << 3);
  cut.minusEdges = alloc(<usize>(p.edges + room + 1) << 3);
  if (zeros) {
    cut.degenerate = 1;
    cutDegenerate(p, cut, values);
  } else {
    cutGeneric(p, cut, values);
  }
  cut.capacity = (cut.count + 1) & ~1;
  if (cut.count & 1) {
    const last = cut.points + ((<usize>cut.count - 1) << 3);
    for (let k: usize = 0; k < 4; k++) store<f64>(last + k * cut.pitch + 8, load<f64>(last + k * cut.pitch));
  }
  return cut;
}
