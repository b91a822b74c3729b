// Cutting a polyhedron by a plane on which some of its vertices lie.
import { alloc } from "./arena";
import { addCrossing, addPoint } from "./crossing";
import { Cut, MINUS, PLUS, Polyhedron, ZERO, labels, numberOf, pitch, signOf, xs } from "./layout";
import { planeCount } from "./state";

/** The edge between points q and r of the polygon, in the facet of a plane, goes to both halves. */
// @ts-ignore: decorator
@inline
function addEdge(cut: Cut, q: i32, r: i32, facet: usize): void {
  const ends = <u64>q | (<u64>r << 16) | (<u64>facet << 32) | (<u64>cut.plane << 48);
  addTo(cut, PLUS, ends + <u64>cut.plusCount * 0x10001);
  addTo(cut, MINUS, ends + <u64>cut.minusCount * 0x10001);
}

// @ts-ignore: decorator
@inline
function addTo(cut: Cut, side: u8, edge: u64): void {
  if (side == PLUS) {
    store<u64>(cut.plusEdges + (<usize>cut.plusEdgeCount << 3), edge);
    cut.plusEdgeCount++;
  } else {
    store<u64>(cut.minusEdges + (<usize>cut.minusEdgeCount << 3), edge);
    cut.minusEdgeCount++;
  }
}

/** The two parts of an edge that is cut at point q of the polygon; a lies at PLUS or b does. */
// @ts-ignore: decorator
@inline
function addParts(cut: Cut, edge: u64, a: usize, b: usize, aPlus: bool, q: i32): void {
  const facets = edge & 0xffffffff00000000;
  const above = aPlus ? a : b;
  const below = aPlus ? b : a;
  addTo(cut, PLUS, facets | numberOf(cut, above) | (<u64>(cut.plusCount + q) << 16));
  addTo(cut, MINUS, facets | numberOf(cut, below) | (<u64>(cut.minusCount + q) << 16));
}

/**
 * With vertices on the plane: the boundary of a facet that has vertices strictly on both sides meets the plane in
 * exactly two points, new vertices or old ones, and they make its new edge. An edge within the plane stays in both
 * halves, between the facet that goes on there and the new one.
 */
export function cutDegenerate(p: Polyhedron, cut: Cut, values: usize): void {
  const from = p.edgeList;
  const n = p.edges;
  const facets = alloc(planeCount);
  const ends = alloc(planeCount << 3);
  memory.fill(facets, 0, planeCount);
  memory.fill(ends, 0, planeCount << 3);
  const at = xs(p);
  const step = pitch(p);
  for (let v: usize = 0; v < <usize>p.vertices; v++) {
    if (signOf(cut, v) != ZERO) continue;
    const point = at + (v << 3);
    const q = addPoint(
      cut,
      load<f64>(point), load<f64>(point + step), load<f64>(point + 2 * step), load<f64>(point + 3 * step),
      load<u64>(labels(p) + (v << 3)),
    );
    store<u16>(cut.numbers + (v << 1), <u16>q);
  }
  for (let e = 0; e < n; e++) {
    const edge = load<u64>(from + (<usize>e << 3));
    const signs = (1 << signOf(cut, <usize>(edge & 0xffff))) | (1 << signOf(cut, <usize>((edge >> 16) & 0xffff)));
    const f = facets + <usize>((edge >> 32) & 0xffff);
    const g = facets + <usize>(edge >> 48);
    store<u8>(f, load<u8>(f) | <u8>signs);
    store<u8>(g, load<u8>(g) | <u8>signs);
  }
  for (let e = 0; e < n; e++) {
    const edge = load<u64>(from + (<usize>e << 3));
    const a = <usize>(edge & 0xffff);
    const b = <usize>((edge >> 16) & 0xffff);
    const sa = signOf(cut, a);
    const sb = signOf(cut, b);
    if (sa == ZERO) endIn(cut, facets, ends, edge, <i32>numberOf(cut, a));
    if (sb == ZERO) endIn(cut, facets, ends, edge, <i32>numberOf(cut, b));
    if (sa != ZERO && sb != ZERO && sa != sb) {
      const q = addCrossing(p, cut, edge, load<f64>(values + (a << 3)), load<f64>(values + (b << 3)));
      endIn(cut, facets, ends, edge, q);
      addParts(cut, edge, a, b, sa == PLUS, q);
      continue;
    }
    if (sa == ZERO && sb == ZERO) {
      const f = (edge >> 32) & 0xffff;
      const g = edge >> 48;
      const fAbove = (load<u8>(facets + <usize>f) & (1 << PLUS)) != 0;
      const rest = numberOf(cut, a) | (numberOf(cut, b) << 16) | (<u64>cut.plane << 48);
      addTo(cut, PLUS, (rest | ((fAbove ? f : g) << 32)) + <u64>cut.plusCount * 0x10001);
      addTo(cut, MINUS, (rest | ((fAbove ? g : f) << 32)) + <u64>cut.minusCount * 0x10001);
      continue;
    }
    const side = sa == ZERO ? sb : sa;
    const own = <u64>(side == PLUS ? cut.plusCount : cut.minusCount);
    const newA = sa == ZERO ? own + numberOf(cut, a) : numberOf(cut, a);
    const newB = sb == ZERO ? own + numberOf(cut, b) : numberOf(cut, b);
    addTo(cut, side, (edge & 0xffffffff00000000) | newA | (newB << 16));
  }
}

/** Point q of the polygon lies on both facets of an edge: note it as an end of their new edges, once. */
function endIn(cut: Cut, facets: usize, ends: usize, edge: u64, q: i32): void {
  for (let side = 0; side < 2; side++) {
    const facet = <usize>((edge >> (side ? 48 : 32)) & 0xffff);
    if ((load<u8>(facets + facet) & 3) != 3) continue;
    const slot = ends + (facet << 3);
    const first = load<u32>(slot);
    if (first == 0) {
      store<u32>(slot, <u32>q + 1);
    } else if (first != <u32>q + 1 && load<u32>(slot + 4) == 0) {
      store<u32>(slot + 4, <u32>q + 1);
      addEdge(cut, <i32>first - 1, q, facet);
    }
  }
}
