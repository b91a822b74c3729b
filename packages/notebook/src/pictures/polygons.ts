import type { Polygons } from "relu-lab/pictures";

export type { Polygons, Rectangle } from "relu-lab/pictures";

/** How many polygons there are. */
export function polygonCount(polygons: Polygons): number {
  return Math.max(0, polygons.offsets.length - 1);
}

/**
 * Checks flat polygons at the door.
 *
 * @throws Error naming the array, the place and what is wrong
 */
export function checkPolygons(polygons: Polygons): void {
  const { vertices, offsets } = polygons;
  if (!vertices || !offsets)
    throw new Error("polygons: give { vertices, offsets }, as regions.plane returns them");
  if (polygonCount(polygons) === 0) throw new Error("polygons: there are none to draw");
  for (let r = 1; r < offsets.length; r++) {
    if (offsets[r] < offsets[r - 1])
      throw new Error(`polygons: offsets[${r}] is ${offsets[r]}, below the one before`);
  }
  const corners = offsets[offsets.length - 1];
  if (vertices.length < 2 * corners) {
    throw new Error(
      `polygons: offsets speak of ${corners} corners, but vertices holds ${vertices.length / 2}`,
    );
  }
  for (let i = 0; i < 2 * corners; i++) {
    if (!Number.isFinite(vertices[i])) throw new Error(`polygons: vertices[${i}] is ${vertices[i]}`);
  }
}

/** The smallest rectangle around points given as x, y, x, y, ...; the first `length` numbers count. */
export function boundsOf(points: ArrayLike<number>, length = points.length): { lo: number[]; hi: number[] } {
  const lo = [Infinity, Infinity];
  const hi = [-Infinity, -Infinity];
  for (let i = 0; i < length; i++) {
    const k = i & 1;
    if (points[i] < lo[k]) lo[k] = points[i];
    if (points[i] > hi[k]) hi[k] = points[i];
  }
  return { lo, hi };
}
