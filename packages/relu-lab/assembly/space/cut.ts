// Cutting a polyhedron by a plane that takes both signs on it.
// Signs are exact, so the combinatorics of the two halves is exact; only positions are rounded, and every vertex
// carries a proven radius.
import { alloc } from "./arena";
import { Plane, Polyhedron, Row, U, labels, pitch, xs } from "./layout";
import { signAt } from "./sign";
import {
  certified, diameter, hiX, hiY, hiZ, loX, loY, loZ, planeAt, planeCount, slots,
} from "./state";

export const MINUS: u8 = 0;
export const PLUS: u8 = 1;
export const ZERO: u8 = 2;

/** What the two halves share: the polygon where the plane meets the polyhedron, and who lies where. */
@unmanaged
export class Cut {
  /** Index of the cutting plane on the stack. */
  plane: i32;
  /** 0 when no vertex lies on the plane. */
  degenerate: i32;
  /** MINUS, PLUS or ZERO of every vertex of the polyhedron, one byte each. */
  signs: usize;
  /** All ones for a vertex at PLUS, zero otherwise: 64 bits a vertex. */
  masks: usize;
  /** u16 for every vertex: its number among those of its own sign. */
  numbers: usize;
  /** How many vertices lie at PLUS and at MINUS. In a half, the polygon's vertices follow after its own. */
  plusCount: i32;
  minusCount: i32;
  /** The edges of the two halves. */
  plusEdges: usize;
  minusEdges: usize;
  plusEdgeCount: i32;
  minusEdgeCount: i32;
  /** The polygon's vertices: x, y, z, radius (arrays `pitch` bytes apart, padded to even) and labels. */
  count: i32;
  capacity: i32;
  pitch: usize;
  points: usize;
  labels: usize;
  radius: f64;
}

// @ts-ignore: decorator
@inline
function residual(plane: Plane, x: f64, y: f64, z: f64): f64 {
  return abs(plane.a * x + plane.b * y + plane.c * z + plane.d) + plane.tolerance;
}

/**
 * How far, in the largest coordinate, a point can be from where three planes truly meet. Cramer's rule on the three
 * residuals e: |delta| <= (|g x h| e_f + |h x f| e_g + |f x g| e_h) / |det|, the products' roundings bounded by norms.
 */
function radiusOf(x: f64, y: f64, z: f64, f: Plane, g: Plane, h: Plane): f64 {
  const ef = residual(f, x, y, z);
  const eg = residual(g, x, y, z);
  const eh = residual(h, x, y, z);
  const ghX = g.b * h.c - g.c * h.b;
  const ghY = g.c * h.a - g.a * h.c;
  const ghZ = g.a * h.b - g.b * h.a;
  const hfX = h.b * f.c - h.c * f.b;
  const hfY = h.c * f.a - h.a * f.c;
  const hfZ = h.a * f.b - h.b * f.a;
  const fgX = f.b * g.c - f.c * g.b;
  const fgY = f.c * g.a - f.a * g.c;
  const fgZ = f.a * g.b - f.b * g.a;
  const gh = g.norm * h.norm;
  const determinant = abs(f.a * ghX + f.b * ghY + f.c * ghZ) - 16 * U * f.norm * gh;
  if (!(determinant > 0)) return diameter;
  const rounding = 4 * U * (gh * ef + h.norm * f.norm * eg + f.norm * g.norm * eh) + 1e-305;
  const dx = abs(ghX) * ef + abs(hfX) * eg + abs(fgX) * eh;
  const dy = abs(ghY) * ef + abs(hfY) * eg + abs(fgY) * eh;
  const dz = abs(ghZ) * ef + abs(hfZ) * eg + abs(fgZ) * eh;
  const radius = ((max(dx, max(dy, dz)) + rounding) / determinant) * (1 + 1e-14);
  return radius < diameter ? radius : diameter;
}

/** Coordinate `axis` of the point where the planes of three neurons meet, correctly rounded. */
@external("env", "place")
declare function place(f: i32, g: i32, h: i32, axis: i32): f64;

/** Vertices that doubles place worse than this (in sides of the box) are placed by integers. */
const VAGUE: f64 = 1e-9;

/** Adds the vertex where the plane meets edge (a, b) between facets f and g. Returns its number. */
function addCrossing(p: Polyhedron, cut: Cut, edge: u64, za: f64, zb: f64): i32 {
  const at = xs(p);
  const step = pitch(p);
  const a = at + (<usize>(edge & 0xffff) << 3);
  const b = at + (<usize>((edge >> 16) & 0xffff) << 3);
  // za and zb have opposite signs, except when rounding hid that: any point of the edge will do then.
  let t = za / (za - zb);
  if (!(t >= 0)) t = 0;
  if (t > 1) t = 1;
  let x = load<f64>(a);
  let y = load<f64>(a + step);
  let z = load<f64>(a + 2 * step);
  x += t * (load<f64>(b) - x);
  y += t * (load<f64>(b + step) - y);
  z += t * (load<f64>(b + 2 * step) - z);
  x = min(max(x, loX), hiX);
  y = min(max(y, loY), hiY);
  z = min(max(z, loZ), hiZ);
  const f = (edge >> 32) & 0xffff;
  const g = edge >> 48;
  let radius: f64 = 0;
  if (certified) {
    const first = planeAt(<i32>f);
    const second = planeAt(<i32>g);
    const third = planeAt(cut.plane);
    radius = radiusOf(x, y, z, first, second, third);
    if (radius > VAGUE * diameter) {
      // Between planes an ulp apart an edge is cut anywhere by rounding, and its neighbours' volumes with it.
      x = place(first.neuron, second.neuron, third.neuron, 0);
      y = place(first.neuron, second.neuron, third.neuron, 1);
      z = place(first.neuron, second.neuron, third.neuron, 2);
      radius = 2 * U * max(abs(x), max(abs(y), abs(z))) + 1e-305;
    }
  }
  return addPoint(cut, x, y, z, radius, f | (g << 16) | (<u64>cut.plane << 32));
}

// @ts-ignore: decorator
@inline
function addPoint(cut: Cut, x: f64, y: f64, z: f64, radius: f64, label: u64): i32 {
  const q = cut.count++;
  const to = cut.points + (<usize>q << 3);
  const step = cut.pitch;
  store<f64>(to, x);
  store<f64>(to + step, y);
  store<f64>(to + 2 * step, z);
  store<f64>(to + 3 * step, radius);
  store<u64>(cut.labels + (<usize>q << 3), label);
  if (radius > cut.radius) cut.radius = radius;
  return q;
}

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

// @ts-ignore: decorator
@inline
function signOf(cut: Cut, vertex: usize): u8 {
  return load<u8>(cut.signs + vertex);
}

// @ts-ignore: decorator
@inline
function numberOf(cut: Cut, vertex: usize): u64 {
  return load<u16>(cut.numbers + (vertex << 1));
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

/**
 * With vertices on the plane: the boundary of a facet that has vertices strictly on both sides meets the plane in
 * exactly two points, new vertices or old ones, and they make its new edge. An edge within the plane stays in both
 * halves, between the facet that goes on there and the new one.
 */
function cutDegenerate(p: Polyhedron, cut: Cut, values: usize): void {
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

/** The half of p at `side` (PLUS or MINUS) of a cut; its edges are the cut's. */
export function halfOf(p: Polyhedron, cut: Cut, side: u8): Polyhedron {
  const n = p.vertices;
  const old = side == PLUS ? cut.plusCount : cut.minusCount;
  const count = old + cut.count;
  // The vertices are packed without branches: the one after the last kept is written, and overwritten by the polygon's.
  const capacity = (old + max(cut.count, 1) + 1) & ~1;
  const half = changetype<Polyhedron>(alloc(offsetof<Polyhedron>() + <usize>capacity * 40));
  half.vertices = count;
  half.capacity = capacity;
  half.edges = side == PLUS ? cut.plusEdgeCount : cut.minusEdgeCount;
  half.edgeList = side == PLUS ? cut.plusEdges : cut.minusEdges;
  const step = pitch(p);
  const halfStep = pitch(half);
  const from = xs(p);
  const to = xs(half);
  const fromLabels = labels(p);
  const toLabels = labels(half);
  let radius = cut.radius;
  let w: usize = 0;
  for (let v: usize = 0; v < <usize>n; v++) {
    const kept = <usize>(load<u8>(cut.signs + v) == side);
    const source = from + (v << 3);
    const target = to + w;
    store<f64>(target, load<f64>(source));
    store<f64>(target + halfStep, load<f64>(source + step));
    store<f64>(target + 2 * halfStep, load<f64>(source + 2 * step));
    const r = load<f64>(source + 3 * step);
    store<f64>(target + 3 * halfStep, r);
    radius = max(radius, kept ? r : 0);
    store<u64>(toLabels + w, load<u64>(fromLabels + (v << 3)));
    w += kept << 3;
  }
  half.radius = radius;
  const end = <usize>cut.count << 3;
  const cutStep = cut.pitch;
  for (let q: usize = 0; q < end; q += 8, w += 8) {
    const source = cut.points + q;
    const target = to + w;
    store<f64>(target, load<f64>(source));
    store<f64>(target + halfStep, load<f64>(source + cutStep));
    store<f64>(target + 2 * halfStep, load<f64>(source + 2 * cutStep));
    store<f64>(target + 3 * halfStep, load<f64>(source + 3 * cutStep));
    store<u64>(toLabels + w, load<u64>(cut.labels + q));
  }
  if (count & 1) {
    const last = to + w - 8;
    store<f64>(last + 8, load<f64>(last));
    store<f64>(last + 8 + halfStep, load<f64>(last + halfStep));
    store<f64>(last + 8 + 2 * halfStep, load<f64>(last + 2 * halfStep));
    store<f64>(last + 8 + 3 * halfStep, load<f64>(last + 3 * halfStep));
  }
  return half;
}
