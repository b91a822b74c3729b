import type { SliceDomain } from "../regions";
import type { InputBox } from "./vnnlib";

type Corner = readonly [s: number, t: number];

/** Keeps the part of a convex polygon where a s + b t <= c. */
function keepBelow(corners: readonly Corner[], a: number, b: number, c: number): Corner[] {
  const excess = corners.map(([s, t]) => a * s + b * t - c);
  return corners.flatMap((corner, i): Corner[] => {
    const next = (i + 1) % corners.length;
    const own = excess[i] <= 0 ? [corner] : [];
    if (excess[i] <= 0 === excess[next] <= 0) return own;
    const share = excess[i] / (excess[i] - excess[next]);
    return [
      ...own,
      [0, 1].map((k) => corner[k] + share * (corners[next][k] - corner[k])) as unknown as Corner,
    ];
  });
}

/** Without corners that rounding has put (nearly) on the line of their neighbours: the engine asks for a convex polygon. */
function withoutFlatCorners(corners: readonly Corner[], size: number): Corner[] {
  let kept = [...corners];
  for (let changed = true; changed && kept.length > 2;) {
    const before = kept.length;
    const m = kept.length;
    const flat = kept.findIndex((q, i) => {
      const [p, r] = [kept[(i + m - 1) % m], kept[(i + 1) % m]];
      return (q[0] - p[0]) * (r[1] - q[1]) - (q[1] - p[1]) * (r[0] - q[0]) <= 1e-12 * size * size;
    });
    if (flat >= 0) kept = kept.filter((_, i) => i !== flat);
    changed = kept.length < before;
  }
  return kept;
}

/**
 * The part of a plane that lies in a box of the inputs, as a polygon of (s, t).
 *
 * @param plane orthonormal directions or not; its bounds are left aside
 * @param within the box; inputs may be fixed
 * @throws RangeError when the plane does not pass through the box, or only touches it
 */
export function clippedPlane(plane: SliceDomain, { lo, hi }: InputBox): SliceDomain {
  const { origin, directions } = plane;
  const [u, v] = directions;
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) => lo.reduce((sum, _, i) => sum + x[i] * y[i], 0);
  // The corner of the box farthest from the origin, and the shortest that (s, t) = (1, 0) to (0, 1) can be.
  const far = lo.map((l, i) => Math.max(Math.abs(l - origin[i]), Math.abs(hi[i] - origin[i])));
  const reach = Math.sqrt(dot(far, far));
  const [uu, uv, vv] = [dot(u, u), dot(u, v), dot(v, v)];
  const shortest = Math.sqrt(Math.max(0, (uu + vv - Math.hypot(uu - vv, 2 * uv)) / 2));
  const size = reach / shortest;
  let corners: Corner[] = [
    [-size, -size],
    [size, -size],
    [size, size],
    [-size, size],
  ];
  for (let i = 0; i < lo.length && corners.length > 0; i++) {
    if (u[i] === 0 && v[i] === 0) {
      if (!(lo[i] <= origin[i] && origin[i] <= hi[i])) corners = [];
      continue;
    }
    corners = keepBelow(corners, u[i], v[i], hi[i] - origin[i]);
    corners = keepBelow(corners, -u[i], -v[i], origin[i] - lo[i]);
  }
  const extent = corners.reduce(
    (most, [s, t]) => Math.max(most, Math.abs(s - corners[0][0]), Math.abs(t - corners[0][1])),
    0,
  );
  const polygon = withoutFlatCorners(corners, extent);
  if (polygon.length < 3) throw new RangeError("the plane does not pass through the box of the inputs");
  return { origin, directions, polygon: polygon.flat() };
}
