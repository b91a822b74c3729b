import { patternColour, Raster, rgbaPng } from "../pictures";
import type { PlaneRegions } from "../regions";
import type { Mark } from "./marks";
import type { Overlay } from "./picture";
import { bold, ink, mostPolygons, pictureFrame, pictureScale, rim, strokes } from "./picture-frame";

/** Numbers of the lines in the raster: their colours, one after the other. */
const lineColours = [ink, rim, bold];
const [inkLine, rimLine, boldLine] = [1, 2, 3];

/** The same picture as the SVG's, in pixels, for any number of regions; edges are left out where they would cover all. */
export function regionsPng(found: PlaneRegions, { marks, boundary }: Overlay): Uint8Array {
  const { vertices, offsets, count } = found;
  const frame = pictureFrame(found);
  const { width, height, scale } = pictureScale(frame);
  const raster = new Raster(width, height, frame);
  raster.fill(found);
  for (let r = 0; r < count && count <= mostPolygons; r++) {
    for (let i = offsets[r]; i < offsets[r + 1]; i++) {
      const j = i + 1 < offsets[r + 1] ? i + 1 : offsets[r];
      raster.stroke(vertices[2 * i], vertices[2 * i + 1], vertices[2 * j], vertices[2 * j + 1], inkLine, strokes.region); // prettier-ignore
    }
  }
  for (const [line, thickness] of [[rimLine, strokes.boundaryRim], [boldLine, strokes.boundary]]) {
    for (const { points } of boundary) strokePolyline(raster, points, line, thickness);
  } // prettier-ignore
  for (const mark of marks) drawMark(raster, mark, scale);
  const fills = Uint32Array.from({ length: count }, (_, r) => patternColour(found.patternHash[4 * r]));
  return rgbaPng(
    raster.paint((region) => fills[region], lineColours),
    width,
  );
}

function strokePolyline(raster: Raster, points: ArrayLike<number>, line: number, thickness: number): void {
  for (let i = 2; i < points.length; i += 2)
    raster.stroke(points[i - 2], points[i - 1], points[i], points[i + 1], line, thickness);
}

/** A ring around a dot, on a white disc. */
function drawMark(raster: Raster, [s, t]: Mark, scale: readonly number[]): void {
  const { disc, ring, width, dot } = strokes.mark;
  // The disc of a radius is a ring of half of it that is as thick as the radius.
  for (const [line, radius, thickness] of [[rimLine, disc / 2, disc + 0.5], [boldLine, ring, width], [boldLine, dot / 2, dot + 0.5]]) {
    const corners = Array.from({ length: 2 * 49 }, (_, i) => {
      const turn = (2 * Math.PI * (i >> 1)) / 48;
      return i % 2 === 0 ? s + (radius * Math.cos(turn)) / scale[0] : t + (radius * Math.sin(turn)) / scale[1];
    });
    strokePolyline(raster, corners, line, thickness);
  } // prettier-ignore
}
