import { commonScale } from "../arithmetic/integers";
import type { PlanLayer } from "./plan";

/** Powers of two that make layers integers: of each layer's weights alone, and of its rows. */
export interface LayerScales {
  readonly steps: readonly number[];
  readonly scales: readonly number[];
}

/**
 * The scales of layers, one above the other.
 *
 * @param inputBits fraction bits of the inputs' own rows
 */
export function scalesOf(
  layers: readonly Pick<PlanLayer, "weights" | "biases">[],
  inputBits: number,
): LayerScales {
  const steps: number[] = [];
  const scales: number[] = [];
  let scale = inputBits;
  for (const { weights, biases } of layers) {
    // The weights need `step` bits; the biases stand at the scale of the whole sum.
    const step = Math.max(0, commonScale(weights, commonScale(biases) - scale));
    scale += step;
    steps.push(step);
    scales.push(scale);
  }
  return { steps, scales };
}
