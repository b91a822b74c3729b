import type { network } from "relu-lab";
import { smallestHinge, type CriticalOrbitOptions } from "../../../packages/relu-lab/src/losses/options";

/**
 * `losses.criticalOrbitLoss` in doubles.
 *
 * @param chain each map is two layers, 1 -> 2 and 2 -> 1
 * @param options what the loss itself takes
 * @returns the loss
 */
export function criticalOrbitReference(
  chain: readonly (readonly [network.DenseLayer, network.DenseLayer])[],
  { margin = 0.05, slope = 0.1, outerRelu = true }: CriticalOrbitOptions = {},
): number {
  const hinge = (least: number, value: number) => Math.max(0, least - value);
  let [peak, ends, total] = [1, [0], 0];
  for (const [{ weights: w, biases: b }, { weights: v, biases: d }] of chain) {
    const map = (u: number) => {
      const z = v[0] * Math.max(0, w[0] * u + b[0]) + v[1] * Math.max(0, w[1] * u + b[1]) + d[0];
      return outerRelu ? Math.max(0, z) : z;
    };
    const critical = -b[1] / Math.max(w[1], smallestHinge);
    total += hinge(margin, peak - critical);
    total += Math.max(...ends.map((e) => hinge(margin, critical - e)));
    const left = v[0] * w[0];
    total += hinge(slope, left) + hinge(slope, -(left + v[1] * w[1])) + hinge(slope, w[1]);
    ends = [...ends, peak].map(map);
    peak = map(critical);
  }
  return total;
}
