import type { ReluNetwork } from "../../network";
import { countPlaneSync } from "../../regions";

const difference = (a: Float64Array, b: Float64Array) => a.map((x, i) => x - b[i]);

/** Activation regions in the triangle of three points. */
export function countTriangle(
  network: ReluNetwork,
  [a, b, c]: readonly [Float64Array, Float64Array, Float64Array],
): number {
  const directions = [difference(b, a), difference(c, a)] as const;
  return countPlaneSync(network, { origin: a, directions, polygon: [0, 0, 1, 0, 0, 1] }).regions;
}
