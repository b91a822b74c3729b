import { constant, type Tensor, type Tfjs } from "./tfjs";
import type { Box, Points } from "../box";
import type { LayerTensors } from "./types";

/** A layer's pre-activations at sampled points, each as the affine function it is on the point's activation region. */
export interface AffineLayer {
  /** Slopes by input, then the offset: inputs + 1 tensors [points, neurons], in the box's own coordinates. */
  readonly forms: readonly Tensor[];
  /** Pre-activations [points, neurons]. */
  readonly z: Tensor;
  /** 1 where active, else 0: a constant, gradients do not see it. */
  readonly active: Tensor;
}

/**
 * With the pattern fixed, z^(l+1) = W diag(active) z^l + b is an affine function of the input, and its slopes go through the
 * same products as the values: the gradient of an input gradient needs no second backward pass.
 *
 * @param box coordinates in which the box is [-1, 1]^n; without one the input's own
 */
export function affineForms(
  tf: Tfjs,
  layers: readonly LayerTensors[],
  points: Points,
  box?: Box,
): AffineLayer[] {
  const inputs = points[0].length;
  const centre = points[0].map((_, d) => (box ? (box.min[d] + box.max[d]) / 2 : 0));
  const half = points[0].map((_, d) => (box ? (box.max[d] - box.min[d]) / 2 : 1));
  const unit = (d: number) => centre.map((c, e) => (d === inputs ? c : d === e ? half[d] : 0));
  const coordinates = centre.map((c, d) => tf.tensor2d(points.map((x) => [(x[d] - c) / half[d]])));
  const ones = tf.ones([points.length, 1]) as import("@tensorflow/tfjs").Tensor2D;
  const through = (rows: Tensor, { kernel, bias }: LayerTensors, last: boolean): Tensor => {
    const product = tf.matMul(rows, kernel as Tensor);
    return last ? tf.add(product, bias as Tensor) : product;
  };
  let rows: Tensor[] = Array.from({ length: inputs + 1 }, (_, d) => tf.tensor2d([unit(d)]));
  const result: AffineLayer[] = [];
  for (const [l, layer] of layers.entries()) {
    let forms = rows.map((row, d) => through(row, layer, d === inputs));
    if (l === 0) forms = forms.map((form) => tf.matMul(ones, form));
    let z = forms[inputs];
    for (const [d, x] of coordinates.entries()) z = tf.add(z, tf.mul(forms[d], x));
    const active = constant(tf, tf.step(z));
    result.push({ forms, z, active });
    rows = forms.map((form) => tf.mul(form, active));
  }
  return result;
}
