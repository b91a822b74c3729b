import { commonScale, signOf, toInteger } from "../arithmetic/integers";
import type { BoxDomain, PlaneDomain, SliceDomain } from "./types";

/** A plane through input space: origin + s u + t v. */
export interface Plane {
  readonly origin: Float64Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
}

/** A checked domain: a convex polygon, anticlockwise, without straight corners; and the plane it lies in. */
export interface CheckedDomain {
  /** Flat x, y. */
  readonly polygon: Float64Array;
  /** undefined for the whole of a 2-D input. */
  readonly plane?: Plane;
}

function finite(values: ArrayLike<number>, place: string, length?: number): Float64Array {
  if (values === null || typeof values !== "object" || typeof values.length !== "number") {
    throw new TypeError(`${place} must be an array of numbers, but is ${String(values)}`);
  }
  if (length !== undefined && values.length !== length) {
    throw new RangeError(`${place} has ${values.length} numbers, but ${length} are needed`);
  }
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) {
    const value: unknown = values[i];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new RangeError(`${place}[${i}] is ${String(value)}: it must be a finite number`);
    }
    if (Math.abs(value) > 1e60) throw new RangeError(`${place}[${i}] is ${value}: at most 1e60 in size`);
    out[i] = value;
  }
  return out;
}

function boxPolygon(box: BoxDomain, place: string): Float64Array {
  const lo = finite(box.lo, `${place}.lo`, 2);
  const hi = finite(box.hi, `${place}.hi`, 2);
  for (let i = 0; i < 2; i++) {
    if (!(lo[i] < hi[i])) {
      throw new RangeError(
        `${place}: lo[${i}] = ${lo[i]} is not below hi[${i}] = ${hi[i]}; the box is empty`,
      );
    }
  }
  return Float64Array.of(lo[0], lo[1], hi[0], lo[1], hi[0], hi[1], lo[0], hi[1]);
}

/** Exact orientation of three corners, given as integers. */
function turn(x: bigint[], y: bigint[], i: number, j: number, k: number): number {
  return signOf((x[j] - x[i]) * (y[k] - y[i]) - (y[j] - y[i]) * (x[k] - x[i]));
}

function convexPolygon(values: ArrayLike<number>, place: string): Float64Array {
  const flat = finite(values, place);
  if (flat.length % 2 !== 0)
    throw new RangeError(`${place} has ${flat.length} numbers: x, y of each corner are needed`);
  const scale = commonScale(flat);
  const n = flat.length / 2;
  let corners = Array.from({ length: n }, (_, i) => i);
  const x = corners.map((i) => toInteger(flat[2 * i], scale));
  const y = corners.map((i) => toInteger(flat[2 * i + 1], scale));
  // Repeated corners first, then corners on a straight side: neither bounds anything.
  corners = corners.filter((c, i) => {
    const p = corners[(i + n - 1) % n];
    return n === 1 || x[c] !== x[p] || y[c] !== y[p];
  });
  for (let changed = true; changed && corners.length > 2;) {
    const kept = corners.filter((c, i) => {
      const m = corners.length;
      return turn(x, y, corners[(i + m - 1) % m], c, corners[(i + 1) % m]) !== 0;
    });
    changed = kept.length < corners.length;
    corners = kept;
  }
  const m = corners.length;
  if (m < 3) throw new RangeError(`${place} is empty: ${n} corners without area`);
  const turns = corners.map((c, i) => turn(x, y, corners[(i + m - 1) % m], c, corners[(i + 1) % m]));
  const wrong = turns.findIndex((t) => t !== turns[0]);
  if (wrong >= 0) {
    const c = corners[wrong];
    throw new RangeError(`${place} is not convex at corner ${c} (${flat[2 * c]}, ${flat[2 * c + 1]})`);
  }
  // Every corner turns the same way; going round once and no more means each is on one side of the first edge.
  for (let i = 0; i < m; i++) {
    for (let k = 2; k < m; k++) {
      if (turn(x, y, corners[i], corners[(i + 1) % m], corners[(i + k) % m]) !== turns[0]) {
        throw new RangeError(`${place} crosses itself`);
      }
    }
  }
  if (turns[0] < 0) corners.reverse();
  return Float64Array.from(corners.flatMap((c) => [flat[2 * c], flat[2 * c + 1]]));
}

/** Whether two vectors are parallel, exactly. */
function parallel(u: Float64Array, v: Float64Array): boolean {
  const su = commonScale(u);
  const sv = commonScale(v);
  const i = u.findIndex((value) => value !== 0);
  if (i < 0) return true;
  const ui = toInteger(u[i], su);
  const vi = toInteger(v[i], sv);
  for (let j = 0; j < u.length; j++) {
    if (toInteger(u[j], su) * vi !== toInteger(v[j], sv) * ui) return false;
  }
  return true;
}

/**
 * Checks a domain against a network's input dimension.
 *
 * @throws TypeError or RangeError naming the field: not finite, wrong length, empty, not convex, degenerate plane
 */
export function checkDomain(domain: PlaneDomain, inputs: number): CheckedDomain {
  if (typeof domain !== "object" || domain === null) {
    throw new TypeError(`the domain must be an object with lo and hi, polygon, or origin and directions`);
  }
  if ("origin" in domain) {
    const slice: SliceDomain = domain;
    const origin = finite(slice.origin, "domain.origin", inputs);
    if (!Array.isArray(slice.directions) || slice.directions.length !== 2) {
      throw new TypeError("domain.directions must hold two vectors");
    }
    const u = finite(slice.directions[0], "domain.directions[0]", inputs);
    const v = finite(slice.directions[1], "domain.directions[1]", inputs);
    if (parallel(u, v)) {
      throw new RangeError("domain.directions are parallel (or zero): they span no plane");
    }
    if ((slice.bounds === undefined) === (slice.polygon === undefined)) {
      throw new TypeError("a plane through input space needs either bounds or a polygon of (s, t)");
    }
    const polygon = slice.bounds
      ? boxPolygon(slice.bounds, "domain.bounds")
      : convexPolygon(slice.polygon as ArrayLike<number>, "domain.polygon");
    return { polygon, plane: { origin, u, v } };
  }
  if (inputs !== 2) {
    throw new RangeError(
      `the network takes ${inputs} inputs: give a plane through them (origin and directions), or a network of 2 inputs`,
    );
  }
  if ("polygon" in domain) return { polygon: convexPolygon(domain.polygon, "domain.polygon") };
  if ("lo" in domain && "hi" in domain) return { polygon: boxPolygon(domain, "domain") };
  throw new TypeError("the domain must have lo and hi, polygon, or origin and directions");
}
