import type { PlaneRegions } from "./types";

/** Where the class with the largest output changes. */
export interface DecisionBoundary {
  /** x0, y0, x1, y1 of each piece; each lies in one region. */
  readonly segments: Float64Array;
  /** The two classes on its sides, and the region it lies in. */
  readonly classes: Uint16Array;
  readonly regions: Uint32Array;
}

/**
 * The decision boundary of a classifier on a plane: the pieces on which two outputs are equal and none is larger.
 *
 * On each region outputs are affine, so the boundary between two classes is a straight piece of the region. Computed in
 * doubles; for a boundary that is certified, add the difference of two outputs to the network as a last hidden neuron.
 *
 * @param found regions with maps of two outputs or more
 * @returns flat segments
 * @throws RangeError when there are fewer than two outputs
 */
export function decisionBoundary(found: PlaneRegions): DecisionBoundary {
  const { count, offsets, vertices, maps, outputs } = found;
  if (outputs < 2) {
    throw new RangeError(
      `decisionBoundary: the regions have maps of ${outputs} outputs; two classes or more are needed`,
    );
  }
  const segments: number[] = [];
  const classes: number[] = [];
  const regions: number[] = [];
  for (let r = 0; r < count; r++) {
    const m = 3 * r * outputs;
    const value = (k: number, x: number, y: number): number =>
      maps[m + 3 * k] * x + maps[m + 3 * k + 1] * y + maps[m + 3 * k + 2];
    // A region whose corners all have one winner has no boundary inside: the set where a class wins is convex.
    let first = -1;
    let several = false;
    for (let e = offsets[r]; e < offsets[r + 1]; e++) {
      let best = 0;
      for (let k = 1; k < outputs; k++) {
        if (
          value(k, vertices[2 * e], vertices[2 * e + 1]) > value(best, vertices[2 * e], vertices[2 * e + 1])
        )
          best = k;
      }
      if (first < 0) first = best;
      else if (best !== first) several = true;
    }
    if (!several) continue;
    for (let i = 0; i < outputs; i++) {
      for (let j = i + 1; j < outputs; j++) {
        const a = maps[m + 3 * i] - maps[m + 3 * j];
        const b = maps[m + 3 * i + 1] - maps[m + 3 * j + 1];
        const c = maps[m + 3 * i + 2] - maps[m + 3 * j + 2];
        const length2 = a * a + b * b;
        if (length2 === 0) continue;
        // The line a x + b y + c = 0 as p + t d, cut down to the region and to where i and j are largest.
        const [px, py, dx, dy] = [(-a * c) / length2, (-b * c) / length2, -b, a];
        let [low, high] = [-Infinity, Infinity];
        const clip = (atP: number, slope: number): void => {
          if (slope > 0) low = Math.max(low, -atP / slope);
          else if (slope < 0) high = Math.min(high, -atP / slope);
          else if (atP < 0) high = -Infinity;
        };
        for (let e = offsets[r]; e < offsets[r + 1]; e++) {
          const to = e + 1 === offsets[r + 1] ? offsets[r] : e + 1;
          const [nx, ny] = [vertices[2 * e + 1] - vertices[2 * to + 1], vertices[2 * to] - vertices[2 * e]];
          clip(nx * (px - vertices[2 * e]) + ny * (py - vertices[2 * e + 1]), nx * dx + ny * dy);
        }
        for (let k = 0; k < outputs && low < high; k++) {
          if (k === i || k === j) continue;
          const [ka, kb] = [maps[m + 3 * i] - maps[m + 3 * k], maps[m + 3 * i + 1] - maps[m + 3 * k + 1]];
          clip(value(i, px, py) - value(k, px, py), ka * dx + kb * dy);
        }
        if (!(low < high)) continue;
        segments.push(px + low * dx, py + low * dy, px + high * dx, py + high * dy);
        classes.push(i, j);
        regions.push(r);
      }
    }
  }
  return {
    segments: Float64Array.from(segments),
    classes: Uint16Array.from(classes),
    regions: Uint32Array.from(regions),
  };
}
