import type { RegionMaps } from "../maps/region-maps";
import type { MergeInput } from "./types";

/** For each linear region its largest activation region: the one whose map is known best. */
function representatives(found: MergeInput, linearRegion: Uint32Array, count: number): Int32Array {
  const best = new Int32Array(count).fill(-1);
  for (let r = 0; r < found.count; r++) {
    const l = linearRegion[r];
    if (best[l] < 0 || found.areas[r] > found.areas[best[l]]) best[l] = r;
  }
  return best;
}

/**
 * How much an affine error of at most 1 on a region can be at (x, y): the sum of the sizes of the barycentric
 * coordinates of (x, y) in a large triangle of the region's corners.
 */
function amplification(found: MergeInput, region: number, x: number, y: number): number {
  const { vertices, offsets } = found;
  const from = offsets[region];
  const to = offsets[region + 1];
  const [px, py] = [vertices[2 * from], vertices[2 * from + 1]];
  let q = from;
  let far = -1;
  for (let e = from + 1; e < to; e++) {
    const d = (vertices[2 * e] - px) ** 2 + (vertices[2 * e + 1] - py) ** 2;
    if (d > far) [far, q] = [d, e];
  }
  const [ux, uy] = [vertices[2 * q] - px, vertices[2 * q + 1] - py];
  let w = from;
  let area = 0;
  for (let e = from + 1; e < to; e++) {
    const a = ux * (vertices[2 * e + 1] - py) - uy * (vertices[2 * e] - px);
    if (Math.abs(a) > Math.abs(area)) [area, w] = [a, e];
  }
  const [wx, wy] = [vertices[2 * w] - px, vertices[2 * w + 1] - py];
  const beta = ((x - px) * wy - (y - py) * wx) / area;
  const gamma = (ux * (y - py) - uy * (x - px)) / area;
  return Math.abs(1 - beta - gamma) + Math.abs(beta) + Math.abs(gamma);
}

/**
 * The number of different output maps among linear regions. Maps are intervals at three corners of the domain (value
 * plus or minus its error there); only where all intervals of two maps overlap need they be compared exactly.
 */
export function countDistinct(
  found: MergeInput,
  linearRegion: Uint32Array,
  count: number,
  polygon: Float64Array,
  same: Pick<RegionMaps, "equal">,
): number {
  const { outputs, maps, mapErrors } = found;
  if (outputs === 0 || count === 0) return 0;
  const region = representatives(found, linearRegion, count);
  const values = 3 * outputs;
  const low = new Float64Array(count * values);
  const high = new Float64Array(count * values);
  for (let l = 0; l < count; l++) {
    const r = region[l];
    for (let p = 0; p < 3; p++) {
      const [x, y] = [polygon[2 * p], polygon[2 * p + 1]];
      const grown = 4 * amplification(found, r, x, y);
      for (let k = 0; k < outputs; k++) {
        const m = 3 * (r * outputs + k);
        const value = maps[m] * x + (maps[m + 1] * y + maps[m + 2]);
        const size = Math.abs(maps[m] * x) + Math.abs(maps[m + 1] * y) + Math.abs(maps[m + 2]);
        const error = grown * mapErrors[r * outputs + k] + 1e-14 * size;
        const known = Number.isFinite(error);
        low[l * values + 3 * k + p] = known ? value - error : -Infinity;
        high[l * values + 3 * k + p] = known ? value + error : Infinity;
      }
    }
  }
  // Sort by the value that spreads the maps widest; a window of it holds all that can equal a map.
  let key = 0;
  let widest = -1;
  for (let v = 0; v < values; v++) {
    let [smallest, largest] = [Infinity, -Infinity];
    for (let l = 0; l < count; l++) {
      if (low[l * values + v] > -Infinity) smallest = Math.min(smallest, low[l * values + v]);
      if (high[l * values + v] < Infinity) largest = Math.max(largest, high[l * values + v]);
    }
    if (largest - smallest > widest) [widest, key] = [largest - smallest, v];
  }
  const keys = Float64Array.from({ length: count }, (_, l) => low[l * values + key]);
  const order = Uint32Array.from({ length: count }, (_, l) => l).sort((i, j) => keys[i] - keys[j] || i - j);
  const overlap = (i: number, j: number): boolean => {
    for (let v = 0; v < values; v++) {
      if (low[i * values + v] > high[j * values + v] || low[j * values + v] > high[i * values + v])
        return false;
    }
    return true;
  };
  let distinct = 0;
  let open: number[] = []; // one linear region of each map whose window is still open
  for (const l of order) {
    open = open.filter((o) => high[o * values + key] >= keys[l]);
    if (open.some((o) => overlap(o, l) && same.equal(region[o], region[l]))) continue;
    distinct++;
    open.push(l);
  }
  return distinct;
}
