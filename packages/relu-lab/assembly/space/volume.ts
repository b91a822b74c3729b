// The volume of a polyhedron: every facet is a fan of triangles from one of its vertices, every triangle a tetrahedron
// with a corner of the polyhedron. All terms are positive, so nothing cancels.
import { Polyhedron, pitch, xs } from "./layout";
import { slots } from "./state";

export function volumeOf(p: Polyhedron): f64 {
  const at = xs(p);
  const step = pitch(p);
  const list = p.edgeList;
  const end = list + (<usize>p.edges << 3);
  const ox = load<f64>(at);
  const oy = load<f64>(at + step);
  const oz = load<f64>(at + 2 * step);
  for (let e = list; e < end; e += 8) {
    const edge = load<u64>(e);
    const a = <u32>(edge & 0xffff);
    store<u32>(slots + (<usize>((edge >> 32) & 0xffff) << 2), a);
    store<u32>(slots + (<usize>(edge >> 48) << 2), a);
  }
  let sum: f64 = 0;
  for (let e = list; e < end; e += 8) {
    const edge = load<u64>(e);
    const a = at + (<usize>(edge & 0xffff) << 3);
    const b = at + (<usize>((edge >> 16) & 0xffff) << 3);
    const ax = load<f64>(a) - ox;
    const ay = load<f64>(a + step) - oy;
    const az = load<f64>(a + 2 * step) - oz;
    const bx = load<f64>(b) - ox;
    const by = load<f64>(b + step) - oy;
    const bz = load<f64>(b + 2 * step) - oz;
    const nx = ay * bz - az * by;
    const ny = az * bx - ax * bz;
    const nz = ax * by - ay * bx;
    const f = at + (<usize>load<u32>(slots + (<usize>((edge >> 32) & 0xffff) << 2)) << 3);
    const g = at + (<usize>load<u32>(slots + (<usize>(edge >> 48) << 2)) << 3);
    sum += abs(nx * (load<f64>(f) - ox) + ny * (load<f64>(f + step) - oy) + nz * (load<f64>(f + 2 * step) - oz));
    sum += abs(nx * (load<f64>(g) - ox) + ny * (load<f64>(g + step) - oy) + nz * (load<f64>(g + 2 * step) - oz));
  }
  for (let e = list; e < end; e += 8) {
    const edge = load<u64>(e);
    store<u32>(slots + (<usize>((edge >> 32) & 0xffff) << 2), 0);
    store<u32>(slots + (<usize>(edge >> 48) << 2), 0);
  }
  return sum / 6;
}
