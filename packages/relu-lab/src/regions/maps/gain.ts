import type { ReluNetwork } from "../../network";
import type { Pattern } from "./pattern";

const unit = 2 ** -53;
/** Above what underflow can lose. */
const tiny = 1e-290;

/**
 * Whether the outputs depend on neuron `index` of `layer` while it is on: their derivative by its pre-activation under
 * the pattern above it. "no" is exact (no path of weights that are not zero), "yes" is certain, else "unknown".
 */
export function gain(
  network: ReluNetwork,
  pattern: Pattern,
  layer: number,
  index: number,
): "yes" | "no" | "unknown" {
  let values = Float64Array.of(1);
  let sizes = Float64Array.of(1);
  let on: ArrayLike<number> = [index];
  let operations = 0;
  for (let l = layer + 1; l < network.layers.length; l++) {
    const { inputs, outputs, weights } = network.layers[l];
    const next = new Float64Array(outputs);
    const nextSizes = new Float64Array(outputs);
    const reached: number[] = [];
    for (let j = 0; j < outputs; j++) {
      if (!pattern[l][j]) continue;
      let sum = 0;
      let size = 0;
      let path = false;
      for (let k = 0; k < on.length; k++) {
        const w = weights[j * inputs + on[k]];
        if (w === 0) continue;
        path = true;
        sum += w * values[k];
        size += Math.abs(w) * sizes[k];
      }
      if (!path) continue;
      next[reached.length] = sum;
      nextSizes[reached.length] = size;
      reached.push(j);
    }
    if (reached.length === 0) return "no";
    // Standard rounding bound of nested sums of products: operations * unit times the sum of absolute products.
    operations += on.length + 2;
    [values, sizes, on] = [next, nextSizes, reached];
  }
  const bound = 1.01 * operations * unit;
  for (let k = 0; k < on.length; k++)
    if (Math.abs(values[k]) > bound * sizes[k] + tiny && Number.isFinite(sizes[k])) return "yes";
  return "unknown";
}
