import type { PlaneDomain } from "../regions";

/** What a line through the middle of a plane's part is. */
interface Middle {
  /** First coordinates at which the line enters and leaves. */
  readonly range: readonly [number, number];
  /** Coordinates of the middle in the plane. */
  readonly at: readonly [number, number];
  /** The input at a first coordinate, on the line through the middle. */
  readonly point: (s: number) => number[];
}

/** The corners of a domain. */
export function cornersOf(domain: PlaneDomain): (readonly [number, number])[] {
  const box = "lo" in domain ? domain : "origin" in domain ? domain.bounds : undefined;
  if (box) {
    const { lo, hi } = box;
    return [
      [lo[0], lo[1]],
      [hi[0], lo[1]],
      [hi[0], hi[1]],
      [lo[0], hi[1]],
    ];
  }
  const flat = (domain as { polygon: ArrayLike<number> }).polygon;
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
}

/** The middle of a plane's box or polygon (the mean of its corners), and the line through it in the first direction. */
export function middleOf(domain: PlaneDomain): Middle {
  const corners = cornersOf(domain);
  const at = [0, 1].map((k) => corners.reduce((sum, corner) => sum + corner[k], 0) / corners.length);
  const crossings = corners.flatMap(([s, t], i) => {
    const [s1, t1] = corners[(i + 1) % corners.length];
    return t <= at[1] === t1 <= at[1] ? [] : [s + ((at[1] - t) / (t1 - t)) * (s1 - s)];
  });
  const point = (s: number): number[] => {
    if (!("origin" in domain)) return [s, at[1]];
    const [u, v] = domain.directions;
    return Array.from(domain.origin, (value, i) => value + s * u[i] + at[1] * v[i]);
  };
  return { range: [Math.min(...crossings), Math.max(...crossings)], at: [at[0], at[1]], point };
}
