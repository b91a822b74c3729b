import * as fs from "node:fs";
import type { PlaneRegions } from "../regions";
import { UserError } from "./user-error";

/** More polygons than this make an SVG that no program likes to open. */
const most = 100_000;

/** A colour that depends on the activation pattern alone: the same pattern looks the same in every picture. */
function colour(hash: Uint32Array, region: number): string {
  const word = hash[4 * region];
  return `hsl(${word % 360} ${45 + ((word >>> 9) % 30)}% ${55 + ((word >>> 17) % 30)}%)`;
}

/**
 * The regions as an SVG picture, coloured by their patterns, the plane's second axis upwards.
 *
 * @throws RangeError when there are more than 100,000 regions
 */
export function regionsSvg(found: PlaneRegions): string {
  if (found.count > most) {
    throw new RangeError(`${found.count} regions are too many for one SVG picture, which holds ${most}`);
  }
  const { vertices, offsets } = found;
  const [xs, ys] = [0, 1].map((axis) => vertices.filter((_, i) => i % 2 === axis));
  const [left, right] = [xs.reduce((a, b) => Math.min(a, b)), xs.reduce((a, b) => Math.max(a, b))];
  const [low, high] = [ys.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.max(a, b))];
  const scale = 1000 / Math.max(right - left, high - low);
  const at = (corner: number) =>
    `${((vertices[2 * corner] - left) * scale).toFixed(2)},${((high - vertices[2 * corner + 1]) * scale).toFixed(2)}`;
  const polygons = Array.from({ length: found.count }, (_, r) => {
    const corners = Array.from({ length: offsets[r + 1] - offsets[r] }, (_, i) => at(offsets[r] + i));
    return `<polygon points="${corners.join(" ")}" fill="${colour(found.patternHash, r)}"/>`;
  });
  const [width, height] = [(right - left) * scale, (high - low) * scale].map((v) => v.toFixed(0));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>${found.count} activation regions, coloured by pattern; across ${left} to ${right}, up ${low} to ${high}</title>
<g stroke="#222" stroke-width="0.4" stroke-linejoin="round">
${polygons.join("\n")}
</g>
</svg>
`;
}

/** Writes the picture; whole, or not at all. */
export function writePicture(file: string, found: PlaneRegions): void {
  const text = regionsSvg(found);
  const part = `${file}.${process.pid}.part`;
  try {
    fs.writeFileSync(part, text);
    fs.renameSync(part, file);
  } catch (error) {
    fs.rmSync(part, { force: true });
    throw new UserError(`--picture ${file}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
