// Where an edge of a polyhedron meets a plane: the position in doubles, and how far the true one can be.
import { Cut, Plane, Polyhedron, U, pitch, xs } from "./layout";
import { certified, diameter, hiX, hiY, hiZ, loX, loY, loZ, planeAt } from "./state";

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
export function addCrossing(p: Polyhedron, cut: Cut, edge: u64, za: f64, zb: f64): i32 {
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
export function addPoint(cut: Cut, x: f64, y: f64, z: f64, radius: f64, label: u64): i32 {
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
