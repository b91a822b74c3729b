import type { Generator } from "../../random";
import type { BoxDomain, SliceDomain } from "./types";

/** A plane through three points, and where they lie in it. */
export interface PlaneThroughPoints extends SliceDomain {
  readonly origin: Float64Array;
  readonly directions: readonly [u: Float64Array, v: Float64Array];
  readonly bounds: BoxDomain;
  /** (s, t) of the three points. */
  readonly points: readonly [a: [number, number], b: [number, number], c: [number, number]];
}

/** How to lay the plane. */
export interface ThroughPointsOptions {
  /** Orthonormal directions, so that lengths in the plane are lengths in input space; else b - a and c - a. */
  readonly orthonormal?: boolean;
  /** The box of (s, t); by default the three points' own box and a quarter of its size around it. */
  readonly bounds?: BoxDomain;
}

function dot(x: Float64Array, y: Float64Array): number {
  return x.reduce((sum, value, i) => sum + value * y[i], 0);
}

/**
 * The plane through three points of input space, for {@link countPlane} and {@link plane}.
 *
 * @param a origin of the plane
 * @param b the first direction points to it
 * @param c the second direction lies in the plane of all three
 * @param options whether the two directions are made orthonormal
 * @returns a domain, with the coordinates of the points in it
 * @throws RangeError when the lengths differ or the points lie on a line
 * @example
 * plane(network, throughPoints(image0, image1, image2, { orthonormal: true }));
 */
export function throughPoints(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  c: ArrayLike<number>,
  options: ThroughPointsOptions = {},
): PlaneThroughPoints {
  if (a.length !== b.length || a.length !== c.length || a.length < 2) {
    throw new RangeError(
      `throughPoints: the points have ${a.length}, ${b.length} and ${c.length} coordinates: two or more, and equally many, are needed`,
    );
  }
  const origin = Float64Array.from(a);
  const u = Float64Array.from(b, (value, i) => value - a[i]);
  const v = Float64Array.from(c, (value, i) => value - a[i]);
  const points: [[number, number], [number, number], [number, number]] = [
    [0, 0],
    [1, 0],
    [0, 1],
  ];
  const lengthU = Math.sqrt(dot(u, u));
  const along = lengthU > 0 ? dot(u, v) / lengthU : 0;
  const across = v.map((value, i) => value - (along * u[i]) / lengthU);
  const lengthV = Math.sqrt(dot(across, across));
  if (!(lengthU > 0 && lengthV > 1e-12 * Math.sqrt(dot(v, v)))) {
    throw new RangeError("throughPoints: the three points lie on a line (or are not finite numbers)");
  }
  if (options.orthonormal) {
    for (let i = 0; i < u.length; i++) {
      u[i] /= lengthU;
      v[i] = across[i] / lengthV;
    }
    points[1] = [lengthU, 0];
    points[2] = [along, lengthV];
  }
  const range = (axis: 0 | 1, side: -1 | 1): number => {
    const values = points.map((p) => p[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (side < 0 ? low : high) + (side * (high - low)) / 4;
  };
  const bounds = options.bounds ?? {
    lo: [range(0, -1), range(1, -1)],
    hi: [range(0, 1), range(1, 1)],
  };
  return { origin, directions: [u, v], bounds, points };
}

/**
 * A plane through a random point of the cube [-1, 1]ⁿ in two random directions, orthonormal, with the box [-size, size]²
 * around that point. (Not through the origin, where all boundaries of a network without biases meet, and all contests of
 * a max-pool.)
 *
 * @param inputs dimension of input space, 2 or more
 * @param random where point and directions are drawn from
 * @param size half the side of the box
 * @returns a domain for {@link countPlane} and {@link plane}
 * @throws RangeError for fewer than two inputs
 * @example
 * plane(network, randomPlane(network.inputs, random.generator(7)));
 */
export function randomPlane(inputs: number, random: Generator, size = 1): PlaneThroughPoints {
  const draw = (of: () => number) => Array.from({ length: inputs }, of);
  const origin = draw(() => 2 * random.uniform() - 1);
  const [b, c] = [0, 1].map(() => draw(() => random.normal()).map((v, i) => origin[i] + v));
  return throughPoints(origin, b, c, {
    orthonormal: true,
    bounds: { lo: [-size, -size], hi: [size, size] },
  });
}
