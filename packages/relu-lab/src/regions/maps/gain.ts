import type { DenseLayer } from "../../network";
import { unit } from "../arithmetic/rounding";

/** A neuron's part of the sizes: times the rounding bound it is above what underflow can lose there. */
const tiny = 1e-280;

/**
 * Whether the outputs depend on neuron `index` of `layer` while it is on: their derivative by its pre-activation under
 * the pattern above it. "no" is exact (no path of weights that are not zero), "yes" is certain, else "unknown".
 *
 * @param layers the outputs' layer last
 * @param isOn whether a neuron of a layer above is on; outputs without a ReLU are
 */
export function gain(
  layers: readonly Pick<DenseLayer, "inputs" | "outputs" | "weights" | "rows">[],
  isOn: (layer: number, neuron: number) => boolean,
  layer: number,
  index: number,
): "yes" | "no" | "unknown" {
  let values: ArrayLike<number> = [1];
  let sizes: ArrayLike<number> = [1];
  let on: ArrayLike<number> = [index];
  let operations = 0;
  for (let l = layer + 1; l < layers.length; l++) {
    const { inputs, outputs, rows } = layers[l];
    const weights = rows ? rows.values : layers[l].weights;
    const placeOf = new Int32Array(rows ? inputs : 0).fill(-1); // in `on`
    if (rows) for (let k = 0; k < on.length; k++) placeOf[on[k]] = k;
    const next: number[] = [];
    const nextSizes: number[] = [];
    const reached: number[] = [];
    for (let j = 0; j < outputs; j++) {
      if (!isOn(l, j)) continue;
      let sum = 0;
      let size = tiny;
      let path = false;
      const [from, to] = rows ? [rows.starts[j], rows.starts[j + 1]] : [0, on.length];
      for (let e = from; e < to; e++) {
        const k = rows ? placeOf[rows.columns[e]] : e;
        const w = k < 0 ? 0 : weights[rows ? e : j * inputs + on[k]];
        if (w === 0) continue;
        path = true;
        sum += w * values[k];
        size += Math.abs(w) * sizes[k];
      }
      if (!path) continue;
      next.push(sum);
      nextSizes.push(size);
      reached.push(j);
    }
    if (reached.length === 0) return "no";
    // Standard rounding bound of nested sums of products: operations * unit times the sum of absolute products.
    operations += on.length + 2;
    [values, sizes, on] = [next, nextSizes, reached];
  }
  const bound = 1.01 * operations * unit;
  for (let k = 0; k < on.length; k++)
    if (Math.abs(values[k]) > bound * sizes[k] && Number.isFinite(sizes[k])) return "yes";
  return "unknown";
}
