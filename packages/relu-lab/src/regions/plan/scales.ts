import { commonScale } from "../arithmetic/integers";
import type { PlanLayer } from "./plan";

/** Powers of two that make layers integers: of each layer's weights alone, and of its rows. */
export interface LayerScales {
  readonly steps: readonly number[];
  readonly scales: readonly number[];
}

type Numbers = Pick<PlanLayer, "weights" | "biases" | "rows">;

/** Bits that a layer's weights need, and with them its biases, which stand at the scale of the whole sum. */
export function stepOf(layer: Numbers, scaleBelow: number): number {
  const { biases, rows } = layer;
  return Math.max(0, commonScale(rows ? rows.values : layer.weights, commonScale(biases) - scaleBelow));
}

/**
 * The scales of layers, one above the other.
 *
 * @param inputBits fraction bits of the inputs' own rows
 */
export function scalesOf(layers: readonly Numbers[], inputBits: number): LayerScales {
  const steps: number[] = [];
  const scales: number[] = [];
  let scale = inputBits;
  for (const layer of layers) {
    const step = stepOf(layer, scale);
    scale += step;
    steps.push(step);
    scales.push(scale);
  }
  return { steps, scales };
}
