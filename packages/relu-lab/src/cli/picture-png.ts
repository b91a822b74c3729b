import { patternColour, Raster, rgbaPng } from "../pictures";
import type { PlaneRegions } from "../regions";
import type { Mark } from "./marks";
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
      raster.stroke(
        vertices[2 * i],
        vertices[2 * i + 1],
        vertices[2 * j],
        vertices[2 * j + 1],
        inkLine,
        strokes.region,
      );
    }
  }
  for (const [line, thickness] of [
    [rimLine, strokes.boundaryRim],
    [boldLine, strokes.boundary],
  ]) {
    for (const { points } of boundary) strokePolyline(raster, points, line, thickness);
  }
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

/** A ring around a dot, on a white disc: discs, each over the one before. */
function drawMark(raster: Raster, mark: Mark, scale: readonly number[]): void {
  const { disc, ring, width, dot } = strokes.mark;
  drawDisc(raster, mark, scale, disc, rimLine);
  drawDisc(raster, mark, scale, ring + width / 2, boldLine);
  drawDisc(raster, mark, scale, ring - width / 2, rimLine);
  drawDisc(raster, mark, scale, dot, boldLine);
}

function drawDisc(
  raster: Raster,
  [s, t]: Mark,
  scale: readonly number[],
  radius: number,
  line: number,
): void {
  const step = 1 / raster.oversampling;
  for (let up = -radius; up <= radius; up += step) {
    const half = Math.sqrt(radius * radius - up * up) / scale[0];
    raster.stroke(s - half, t + up / scale[1], s + half, t + up / scale[1], line, 2 * step); // rows overlap: none is left out
  }
}
