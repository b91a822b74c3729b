import { layerShapes, type Architecture } from "./architecture";

/** The weights of one neuron or filter of the first layer, as a picture. */
export interface Filter {
  /** Its number. */
  readonly index: number;
  /** Weights, rows first. */
  readonly pixels: Float64Array;
  /** Width of the picture. */
  readonly columns: number;
}

/**
 * What the first layer looks for: the weights of each neuron as a picture of the image's size, or of each filter.
 *
 * @param architecture the network
 * @param weights as {@link ImageClassifier.weights} gives them
 * @param count at most so many, from the first on; all when not given
 * @returns one picture a neuron or filter
 * @throws RangeError when the first weights do not fill the first layer
 */
export function firstLayerFilters(
  architecture: Architecture,
  weights: readonly Float32Array[],
  count = Infinity,
): Filter[] {
  const [{ weights: shape, fanIn, outputs }] = layerShapes(architecture);
  const [kernel] = weights;
  if (kernel?.length !== fanIn * outputs) {
    throw new RangeError(
      `firstLayerFilters: ${kernel?.length ?? "no"} weights for a first layer of shape [${shape}]`,
    );
  }
  const columns = architecture.layers[0].type === "dense" ? architecture.columns : shape[1];
  return Array.from({ length: Math.min(count, outputs) }, (_, index) => ({
    index,
    pixels: Float64Array.from({ length: fanIn }, (_, pixel) => kernel[pixel * outputs + index]),
    columns,
  }));
}
