// Cutting a polyhedron by a plane that takes both signs on it.
// Signs are exact, so the combinatorics of the two halves is exact; only positions are rounded, and every vertex
// carries a proven radius.
import { alloc } from "./arena";
import { Plane, Polyhedron, Row, U, edges, labels, pitch, xs } from "./layout";
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
  /** u16 for every edge: its new vertex plus 1, or 0. */
  crossings: usize;
  /** u16 for every vertex at ZERO: its number in the polygon. Only when degenerate. */
  zeros: usize;
  /** For every plane of the stack the signs on its facet: 1 minus, 2 plus. Only when degenerate. */
  facets: usize;
  /** The polygon's vertices: x, y, z, radius (arrays `pitch` bytes apart, padded to even) and labels. */
  count: i32;
  capacity: i32;
  pitch: usize;
  points: usize;
  labels: usize;
  radius: f64;
  /** Its edges, as edges of a polyhedron, but numbering the polygon's vertices. */
  edgeCount: i32;
  padding: i32;
  edges: usize;
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
  const radius = certified
    ? radiusOf(x, y, z, planeAt(<i32>f), planeAt(<i32>g), planeAt(cut.plane))
    : 0;
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

// @ts-ignore: decorator
@inline
function addEdge(cut: Cut, q: i32, r: i32, facet: i32): void {
  store<u64>(
    cut.edges + (<usize>cut.edgeCount << 3),
    <u64>q | (<u64>r << 16) | (<u64>facet << 32) | (<u64>cut.plane << 48),
  );
  cut.edgeCount++;
}

// @ts-ignore: decorator
@inline
function signOf(cut: Cut, vertex: usize): u8 {
  return load<u8>(cut.signs + vertex);
}

/** In a generic cut every facet that is cut has two new vertices: they make one new edge. */
function cutGeneric(p: Polyhedron, cut: Cut, values: usize): void {
  const from = edges(p);
  const n = p.edges;
  for (let e = 0; e < n; e++) {
    const edge = load<u64>(from + (<usize>e << 3));
    const a = <usize>(edge & 0xffff);
    const b = <usize>((edge >> 16) & 0xffff);
    if (signOf(cut, a) == signOf(cut, b)) continue;
    const q = addCrossing(p, cut, edge, load<f64>(values + (a << 3)), load<f64>(values + (b << 3)));
    store<u16>(cut.crossings + (<usize>e << 1), <u16>(q + 1));
    for (let side = 0; side < 2; side++) {
      const facet = <usize>((edge >> (side ? 48 : 32)) & 0xffff);
      const slot = slots + (facet << 2);
      const other = load<u32>(slot);
      if (other) {
        addEdge(cut, <i32>other - 1, q, <i32>facet);
        store<u32>(slot, 0);
      } else {
        store<u32>(slot, q + 1);
      }
    }
  }
}

/**
 * With vertices on the plane: the boundary of a facet that has vertices strictly on both sides meets the plane in
 * exactly two points, new vertices or old ones, and they make its new edge. An edge within the plane stays.
 */
function cutDegenerate(p: Polyhedron, cut: Cut, values: usize): void {
  const from = edges(p);
  const n = p.edges;
  const facets = alloc(planeCount);
  const ends = alloc(planeCount << 3);
  memory.fill(facets, 0, planeCount);
  memory.fill(ends, 0, planeCount << 3);
  cut.facets = facets;
  cut.zeros = alloc(p.vertices << 1);
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
    store<u16>(cut.zeros + (v << 1), <u16>q);
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
    if (sa == ZERO) endIn(cut, facets, ends, edge, load<u16>(cut.zeros + (a << 1)));
    if (sb == ZERO) endIn(cut, facets, ends, edge, load<u16>(cut.zeros + (b << 1)));
    if (sa + sb != 1) continue;
    const q = addCrossing(p, cut, edge, load<f64>(values + (a << 3)), load<f64>(values + (b << 3)));
    store<u16>(cut.crossings + (<usize>e << 1), <u16>(q + 1));
    endIn(cut, facets, ends, edge, <u16>q);
  }
}

/** Point q of the polygon lies on both facets of an edge: note it as an end of their new edges, once. */
function endIn(cut: Cut, facets: usize, ends: usize, edge: u64, q: u16): void {
  for (let side = 0; side < 2; side++) {
    const facet = <usize>((edge >> (side ? 48 : 32)) & 0xffff);
    if ((load<u8>(facets + facet) & 3) != 3) continue;
    const slot = ends + (facet << 3);
    const first = load<u32>(slot);
    if (first == 0) {
      store<u32>(slot, <u32>q + 1);
    } else if (first != <u32>q + 1 && load<u32>(slot + 4) == 0) {
      store<u32>(slot + 4, <u32>q + 1);
      addEdge(cut, <i32>first - 1, q, <i32>facet);
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
  cut.edgeCount = 0;
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
  const certain = certified ? least > row.tolerance + row.steepness * p.radius : least > 0;
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
  cut.crossings = alloc(p.edges << 1);
  memory.fill(cut.crossings, 0, p.edges << 1);
  const room = (p.edges + zeros + 2) & ~1;
  cut.pitch = <usize>room << 3;
  cut.points = alloc(cut.pitch * 5);
  cut.labels = cut.points + cut.pitch * 4;
  // A polygon has as many edges as vertices, and at most one in each facet.
  cut.edges = alloc(<usize>room << 3);
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

/** The half of p at `side` (PLUS or MINUS) of a cut. */
export function halfOf(p: Polyhedron, cut: Cut, side: u8): Polyhedron {
  const n = p.vertices;
  let old = 0;
  const numbers = alloc(<usize>n << 1);
  for (let v = 0; v < n; v++) {
    store<u16>(numbers + (<usize>v << 1), <u16>old);
    old += i32(load<u8>(cut.signs + v) == side);
  }
  const count = old + cut.count;
  const capacity = (count + 1) & ~1;
  const half = changetype<Polyhedron>(
    alloc(offsetof<Polyhedron>() + <usize>capacity * 40 + (<usize>(p.edges + cut.edgeCount) << 3)),
  );
  half.vertices = count;
  half.capacity = capacity;
  const step = pitch(p);
  const halfStep = pitch(half);
  const from = xs(p);
  const to = xs(half);
  let radius = cut.radius;
  const fromLabels = labels(p);
  const toLabels = labels(half);
  for (let v: usize = 0; v < <usize>n; v++) {
    if (load<u8>(cut.signs + v) != side) continue;
    const source = from + (v << 3);
    const w = <usize>load<u16>(numbers + (v << 1)) << 3;
    const target = to + w;
    store<f64>(target, load<f64>(source));
    store<f64>(target + halfStep, load<f64>(source + step));
    store<f64>(target + 2 * halfStep, load<f64>(source + 2 * step));
    const r = load<f64>(source + 3 * step);
    store<f64>(target + 3 * halfStep, r);
    radius = max(radius, r);
    store<u64>(toLabels + w, load<u64>(fromLabels + (v << 3)));
  }
  half.radius = radius;
  const first = <usize>old << 3;
  for (let q: usize = 0; q < <usize>cut.count << 3; q += 8) {
    for (let k: usize = 0; k < 4; k++) {
      store<f64>(to + first + q + k * halfStep, load<f64>(cut.points + q + k * cut.pitch));
    }
    store<u64>(toLabels + first + q, load<u64>(cut.labels + q));
  }
  if (count & 1) {
    const last = to + ((<usize>count - 1) << 3);
    for (let k: usize = 0; k < 4; k++) store<f64>(last + k * halfStep + 8, load<f64>(last + k * halfStep));
  }

  const fromEdges = edges(p);
  const toEdges = edges(half);
  let written = toEdges;
  for (let e: usize = 0; e < <usize>p.edges; e++) {
    const edge = load<u64>(fromEdges + (e << 3));
    const a = <usize>(edge & 0xffff);
    const b = <usize>((edge >> 16) & 0xffff);
    const sa = load<u8>(cut.signs + a);
    const sb = load<u8>(cut.signs + b);
    if (sa != side && sb != side) {
      if (sa == ZERO && sb == ZERO) {
        const f = (edge >> 32) & 0xffff;
        const facet = load<u8>(cut.facets + <usize>f) & <u8>(1 << side) ? f : edge >> 48;
        store<u64>(
          written,
          <u64>(old + <i32>load<u16>(cut.zeros + (a << 1))) |
            (<u64>(old + <i32>load<u16>(cut.zeros + (b << 1))) << 16) |
            (facet << 32) |
            (<u64>cut.plane << 48),
        );
        written += 8;
      }
      continue;
    }
    let newA: u64;
    let newB: u64;
    if (sa == side) newA = load<u16>(numbers + (a << 1));
    else if (sa == ZERO) newA = <u64>(old + <i32>load<u16>(cut.zeros + (a << 1)));
    else newA = <u64>(old + <i32>load<u16>(cut.crossings + (e << 1)) - 1);
    if (sb == side) newB = load<u16>(numbers + (b << 1));
    else if (sb == ZERO) newB = <u64>(old + <i32>load<u16>(cut.zeros + (b << 1)));
    else newB = <u64>(old + <i32>load<u16>(cut.crossings + (e << 1)) - 1);
    store<u64>(written, newA | (newB << 16) | (edge & 0xffffffff00000000));
    written += 8;
  }
  const shift = <u64>old | (<u64>old << 16);
  for (let e: usize = 0; e < <usize>cut.edgeCount << 3; e += 8) {
    store<u64>(written, load<u64>(cut.edges + e) + shift);
    written += 8;
  }
  half.edges = <i32>((written - toEdges) >> 3);
  return half;
}

