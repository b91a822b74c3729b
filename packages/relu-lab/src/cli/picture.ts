import * as path from "node:path";
import { writeWhole } from "../files";
import { patternColour, Raster, rgbaPng } from "../pictures";
import type { PlaneRegions } from "../regions";
import { UserError } from "./user-error";

/** More polygons than this make an SVG that no program likes to open. */
const most = 100_000;
/** Pixels of the longer side. */
const size = 1000;
const ink = 0x222222;

/** The part of the plane that the regions cover. */
function frameOf({ vertices }: PlaneRegions) {
  const lo = [Infinity, Infinity];
  const hi = [-Infinity, -Infinity];
  for (let i = 0; i < vertices.length; i++) {
    lo[i % 2] = Math.min(lo[i % 2], vertices[i]);
    hi[i % 2] = Math.max(hi[i % 2], vertices[i]);
  }
  const scale = size / Math.max(hi[0] - lo[0], hi[1] - lo[1]);
  const [width, height] = [0, 1].map((k) => Math.max(1, Math.round((hi[k] - lo[k]) * scale)));
  return { lo, hi, scale, width, height };
}

/**
 * The regions as an SVG picture, coloured by their patterns, the plane's second axis upwards.
 *
 * @throws RangeError when there are more than 100,000 regions
 */
function regionsSvg(found: PlaneRegions): string {
  if (found.count > most) {
    throw new RangeError(
      `${found.count} regions are too many for one SVG picture, which holds ${most}: name a .png file`,
    );
  }
  const { vertices, offsets } = found;
  const { lo, hi, scale, width, height } = frameOf(found);
  const at = (corner: number) =>
    `${((vertices[2 * corner] - lo[0]) * scale).toFixed(2)},${((hi[1] - vertices[2 * corner + 1]) * scale).toFixed(2)}`;
  const polygons = Array.from({ length: found.count }, (_, r) => {
    const corners = Array.from({ length: offsets[r + 1] - offsets[r] }, (_, i) => at(offsets[r] + i));
    const fill = patternColour(found.patternHash[4 * r])
      .toString(16)
      .padStart(6, "0");
    return `<polygon points="${corners.join(" ")}" fill="#${fill}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>${found.count} activation regions, coloured by pattern; across ${lo[0]} to ${hi[0]}, up ${lo[1]} to ${hi[1]}</title>
<g stroke="#${ink.toString(16)}" stroke-width="0.4" stroke-linejoin="round">
${polygons.join("\n")}
</g>
</svg>
`;
}

/** The same picture in pixels, for any number of regions; boundaries are left out where they would cover all. */
function regionsPng(found: PlaneRegions): Uint8Array {
  const { vertices, offsets, count } = found;
  const { lo, hi, width, height } = frameOf(found);
  const raster = new Raster(width, height, { lo, hi });
  raster.fill(found);
  for (let r = 0; r < count && count <= most; r++) {
    for (let i = offsets[r]; i < offsets[r + 1]; i++) {
      const j = i + 1 < offsets[r + 1] ? i + 1 : offsets[r];
      raster.stroke(vertices[2 * i], vertices[2 * i + 1], vertices[2 * j], vertices[2 * j + 1], 1, 0.5);
    }
  }
  const fills = Uint32Array.from({ length: count }, (_, r) => patternColour(found.patternHash[4 * r]));
  return rgbaPng(
    raster.paint((region) => fills[region], [ink]),
    width,
  );
}

/** Refuses a name that is neither .svg nor .png, before anything is counted. */
export function checkPicture(file: string): void {
  if (!/\.(svg|png)$/i.test(file)) throw new UserError(`--picture ${file}: a name in .svg or .png is needed`);
}

/** Writes the picture in the kind that the file's name says; whole, or not at all. */
export function writePicture(file: string, found: PlaneRegions): void {
  const content = path.extname(file).toLowerCase() === ".png" ? regionsPng(found) : regionsSvg(found);
  try {
    writeWhole(file, content, { remedy: "name another file after --picture" });
  } catch (error) {
    throw new UserError(`--picture: ${(error as Error).message}`);
  }
}
