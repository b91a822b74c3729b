import type { DecisionLine, PlaneRegions } from "../regions";
import type { Mark } from "./marks";

/** What is drawn over the regions. */
export interface Overlay {
  readonly marks: readonly Mark[];
  readonly boundary: readonly Pick<DecisionLine, "points">[];
}

/** More polygons than this make an SVG that no program likes to open, and boundaries that cover all of a PNG. */
export const mostPolygons = 100_000;
/** Pixels of the longer side. */
const size = 1000;

/** Colours: lines are nearly black; a white rim keeps what is drawn over them apart from any colour, and from grey. */
export const ink = 0x222222;
export const rim = 0xffffff;
export const bold = 0x000000;

/** Widths and radii in pixels. */
export const strokes = {
  region: 0.5,
  boundary: 3,
  boundaryRim: 7,
  /** A ring around a dot, on a white disc. */
  mark: { disc: 12, ring: 9, width: 3, dot: 3 },
};

/** The part of the plane that the regions cover, and its size in pixels. */
export function pictureFrame({ vertices }: PlaneRegions) {
  const lo = [Infinity, Infinity];
  const hi = [-Infinity, -Infinity];
  for (let i = 0; i < vertices.length; i++) {
    lo[i % 2] = Math.min(lo[i % 2], vertices[i]);
    hi[i % 2] = Math.max(hi[i % 2], vertices[i]);
  }
  return { lo, hi };
}

/** Pixels of the frame: the same scale both ways, or a square where that made one side less than a quarter of the other. */
export function pictureScale({ lo, hi }: { lo: readonly number[]; hi: readonly number[] }) {
  const extent = [hi[0] - lo[0], hi[1] - lo[1]];
  const longer = Math.max(...extent);
  const square = Math.min(...extent) < longer / 4;
  const [width, height] = extent.map((side) => (square ? size : Math.round((side / longer) * size)));
  return { width, height, scale: [width / extent[0], height / extent[1]] };
}
