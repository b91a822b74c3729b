import type { PlaneDomain } from "../regions";
import type { NetworkDocument } from "./document";
import { cornersOf } from "./middle";
import { readPoints } from "./points";
import { UserError } from "./user-error";

/** A point of the plane, in its own coordinates. */
export type Mark = readonly [s: number, t: number];

/** Coordinates of the nearest point of the plane, and how far away it is. */
function nearest(point: readonly number[], domain: PlaneDomain): { at: Mark; off: number } {
  if (!("origin" in domain)) return { at: [point[0], point[1]], off: 0 };
  const { origin, directions } = domain;
  const [u, v] = directions;
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    point.reduce((sum, _, i) => sum + x[i] * y[i], 0);
  const d = point.map((value, i) => value - origin[i]);
  const [uu, uv, vv, ud, vd] = [dot(u, u), dot(u, v), dot(v, v), dot(u, d), dot(v, d)];
  const determinant = uu * vv - uv * uv;
  const [s, t] = [(ud * vv - vd * uv) / determinant, (vd * uu - ud * uv) / determinant];
  const rest = d.map((value, i) => value - s * u[i] - t * v[i]);
  return { at: [s, t], off: Math.sqrt(dot(rest, rest)) };
}

/** The box around a domain. */
function frameOf(domain: PlaneDomain): { lo: number[]; hi: number[] } {
  const corners = cornersOf(domain);
  const side = (of: (...values: number[]) => number) =>
    [0, 1].map((k) => of(...corners.map((corner) => corner[k])));
  return { lo: side(Math.min), hi: side(Math.max) };
}

/**
 * Where the points of `--mark` lie on the plane.
 *
 * A point off the plane is marked where the plane comes nearest to it, which a note says.
 *
 * @throws UserError when one lies outside of the picture
 */
export async function marksOf(
  texts: readonly string[],
  domain: PlaneDomain,
  document: NetworkDocument,
): Promise<Mark[]> {
  const marks: Mark[] = [];
  const { lo, hi } = frameOf(domain);
  for (const text of texts) {
    for (const point of await readPoints(text, "--mark", document)) {
      const { at, off } = nearest(point, domain);
      if (!at.every((x, k) => lo[k] <= x && x <= hi[k])) {
        const [s, t] = at.map((x) => Number(x.toPrecision(6)));
        throw new UserError(
          `--mark ${text}: lies at (${s}, ${t}), outside of the picture, which shows ${lo[0]} to ${hi[0]} and ${lo[1]} to ${hi[1]}: widen it with --box`,
        );
      }
      if (off > 1e-9 * (hi[0] - lo[0] + hi[1] - lo[1])) {
        document.notes.push(
          `--mark ${text} lies ${Number(off.toPrecision(3))} off the plane: the plane's nearest point is marked`,
        );
      }
      marks.push(at);
    }
  }
  return marks;
}
