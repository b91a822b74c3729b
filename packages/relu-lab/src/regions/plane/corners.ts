import type { PlaneRegions } from "./types";

/** What the subdivision's half-edges are. */
export type HalfEdgeArrays = Pick<PlaneRegions, "offsets" | "twins" | "regionsOfEdges">;

/**
 * The point of each half-edge's first corner, numbered 0, 1, ...: copies of one point in several regions get one number.
 *
 * Found by turning around each point from half-edge to half-edge, never by comparing coordinates (the copies differ by
 * rounding).
 *
 * @param found regions with their twins
 * @returns the point of each half-edge, and the number of points
 * @example
 * cornerPoints(planeSync(network, box)).points;
 */
export function cornerPoints(found: HalfEdgeArrays): { pointOf: Int32Array; points: number } {
  const { offsets, twins, regionsOfEdges } = found;
  const pointOf = new Int32Array(twins.length).fill(-1);
  const next = (e: number): number => {
    const region = regionsOfEdges[e];
    return e + 1 === offsets[region + 1] ? offsets[region] : e + 1;
  };
  const previous = (e: number): number => {
    const region = regionsOfEdges[e];
    return e === offsets[region] ? offsets[region + 1] - 1 : e - 1;
  };
  let points = 0;
  for (let start = 0; start < twins.length; start++) {
    if (pointOf[start] >= 0) continue;
    let e = start;
    do {
      pointOf[e] = points;
      e = twins[e] < 0 ? -1 : next(twins[e]);
    } while (e >= 0 && e !== start);
    // At the border the turn ends early: the rest lies the other way round.
    for (e = e < 0 ? twins[previous(start)] : -1; e >= 0; e = twins[previous(e)]) pointOf[e] = points;
    points++;
  }
  return { pointOf, points };
}

/**
 * The corners inside the domain: where boundaries cross, or bend on one another.
 *
 * @param found regions with their twins and vertices
 * @returns each point once, in the plane's own coordinates
 * @example
 * innerCorners(planeSync(network, domain)).length; // of straight lines: their crossings
 */
export function innerCorners(
  found: HalfEdgeArrays & Pick<PlaneRegions, "vertices">,
): { x: number; y: number }[] {
  const { offsets, twins, regionsOfEdges, vertices } = found;
  const { pointOf, points } = cornerPoints(found);
  const outer = new Uint8Array(points);
  const first = new Int32Array(points).fill(-1);
  twins.forEach((twin, e) => {
    const region = regionsOfEdges[e];
    const next = e + 1 === offsets[region + 1] ? offsets[region] : e + 1;
    if (twin < 0) outer[pointOf[e]] = outer[pointOf[next]] = 1; // both ends of a border's edge
    if (first[pointOf[e]] < 0) first[pointOf[e]] = e;
  });
  return [...first]
    .filter((_, point) => outer[point] === 0)
    .map((e) => ({ x: vertices[2 * e], y: vertices[2 * e + 1] }));
}
