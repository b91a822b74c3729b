// One half of a polyhedron that was cut.
import { alloc } from "./arena";
import { Cut, PLUS, Polyhedron, labels, pitch, xs } from "./layout";

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
