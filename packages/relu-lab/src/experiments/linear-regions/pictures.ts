import type { PlaneRegions } from "../../regions";

/**
 * A region's polygon, drawn towards the mean of its corners, so that rounded corners do not stick out of the region.
 *
 * @param regions regions of a plane
 * @param region which one
 * @param share how far each corner moves, 0 (not at all) to 1 (to the mean)
 * @returns flat x, y of the corners
 * @throws RangeError when there is no such region
 * @example
 * insetPolygon(cells, 0, 0.001);
 */
export function insetPolygon(
  regions: Pick<PlaneRegions, "vertices" | "offsets" | "count">,
  region: number,
  share: number,
): Float64Array {
  if (!Number.isInteger(region) || region < 0 || region >= regions.count) {
    throw new RangeError(
      `insetPolygon: there is no region ${region}; they are numbered 0 to ${regions.count - 1}`,
    );
  }
  const [first, end] = [regions.offsets[region], regions.offsets[region + 1]];
  const corners = regions.vertices.slice(2 * first, 2 * end);
  const mean = [0, 0];
  corners.forEach((value, i) => (mean[i % 2] += value / (end - first)));
  return corners.map((value, i) => value + share * (mean[i % 2] - value));
}
