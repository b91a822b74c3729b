import { patternColour } from "../pictures";
import type { PlaneRegions } from "../regions";
import {
  bold,
  ink,
  mostPolygons,
  pictureFrame,
  pictureScale,
  rim,
  strokes,
  type Overlay,
} from "./picture-frame";

const hex = (colour: number) => `#${colour.toString(16).padStart(6, "0")}`;

/**
 * The regions as an SVG picture, coloured by their patterns, the plane's second axis upwards.
 *
 * @throws RangeError when there are more than 100,000 regions
 */
export function regionsSvg(found: PlaneRegions, { marks, boundary }: Overlay): string {
  if (found.count > mostPolygons) {
    throw new RangeError(
      `${found.count} regions are too many for one SVG picture, which holds ${mostPolygons}: name a .png file`,
    );
  }
  const { vertices, offsets } = found;
  const frame = pictureFrame(found);
  const { lo, hi } = frame;
  const { width, height, scale } = pictureScale(frame);
  const x = (s: number) => ((s - lo[0]) * scale[0]).toFixed(2);
  const y = (t: number) => ((hi[1] - t) * scale[1]).toFixed(2);
  const list = (points: ArrayLike<number>, from: number, to: number) =>
    Array.from(
      { length: to - from },
      (_, i) => `${x(points[2 * (from + i)])},${y(points[2 * (from + i) + 1])}`,
    ).join(" ");
  const polygons = Array.from(
    { length: found.count },
    (_, r) =>
      `<polygon points="${list(vertices, offsets[r], offsets[r + 1])}" fill="${hex(patternColour(found.patternHash[4 * r]))}"/>`,
  );
  const polylines = boundary
    .map(({ points }) => `<polyline points="${list(points, 0, points.length / 2)}"/>`)
    .join("\n");
  const boundaries = [
    [rim, strokes.boundaryRim],
    [bold, strokes.boundary],
  ].map(([colour, thickness]) =>
    boundary.length === 0
      ? ""
      : `<g fill="none" stroke="${hex(colour)}" stroke-width="${thickness}" stroke-linejoin="round">\n${polylines}\n</g>\n`,
  );
  const { disc, ring, width: thickness, dot } = strokes.mark;
  const signs = marks.map(([s, t], i) => {
    const centre = `cx="${x(s)}" cy="${y(t)}"`;
    return `<g><title>mark ${i + 1}: ${s}, ${t}</title><circle ${centre} r="${disc}" fill="${hex(rim)}"/><circle ${centre} r="${ring}" fill="none" stroke="${hex(bold)}" stroke-width="${thickness}"/><circle ${centre} r="${dot}" fill="${hex(bold)}"/></g>\n`;
  });
  const more = boundary.length > 0 ? "; the thick line is the decision boundary" : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>${found.count} activation regions, coloured by pattern; across ${lo[0]} to ${hi[0]}, up ${lo[1]} to ${hi[1]}${more}</title>
<g stroke="${hex(ink)}" stroke-width="${strokes.region}" stroke-linejoin="round">
${polygons.join("\n")}
</g>
${boundaries.join("")}${signs.join("")}</svg>
`;
}
