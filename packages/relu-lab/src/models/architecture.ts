/** A layer of neurons, each connected with everything before it. */
export interface DenseDescription {
  readonly type: "dense";
  readonly units: number;
}

/** A convolution without padding, ReLU, and max pooling over windows that do not overlap. */
export interface ConvolutionDescription {
  readonly type: "convolution";
  readonly filters: number;
  /** Width of the square filter. */
  readonly size: number;
  /** Width of the pooling windows; 1 for none. */
  readonly pool: number;
}

/** A layer of a classifier: dense or convolutional. */
export type LayerDescription = DenseDescription | ConvolutionDescription;

/** A classifier of grey images: layers, each with a ReLU except the last, which gives one logit a class. */
export interface Architecture {
  readonly rows: number;
  readonly columns: number;
  readonly layers: readonly LayerDescription[];
}

/** Shapes of one layer's parameters, and what it gives. */
export interface LayerShape {
  /** [inputs, units], or [size, size, channels, filters]. */
  readonly weights: number[];
  /** How many numbers each neuron adds up. */
  readonly fanIn: number;
  readonly outputs: number;
}

function positive(value: number, what: string): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`${what} is ${value}, but must be a positive integer`);
  }
}

/**
 * A fully connected network on images.
 *
 * @param widths neurons of each hidden layer, then the number of classes: [128, 10] is 784-128-10 on MNIST
 * @param rows height of an image in pixels
 * @param columns width of an image in pixels
 * @returns its description
 * @throws RangeError when there is no layer or a width is not a positive integer
 * @example
 * const small = feedforward([32, 32, 10]);
 */
export function feedforward(widths: readonly number[], rows = 28, columns = 28): Architecture {
  if (widths.length === 0) throw new RangeError("feedforward([]): at least the number of classes is needed");
  widths.forEach((width, i) => positive(width, `feedforward: width ${i}`));
  return { rows, columns, layers: widths.map((units) => ({ type: "dense", units })) };
}

/** Sizes of a convolutional network. */
export interface ConvolutionalOptions {
  /** Filters of each convolution; [6, 16] when not given. */
  readonly filters?: readonly number[];
  /** Width of the filters; 5 when not given. */
  readonly size?: number;
  /** Neurons of each dense layer before the last; [120, 84] when not given. */
  readonly dense?: readonly number[];
  /** 10 when not given. */
  readonly classes?: number;
  readonly rows?: number;
  readonly columns?: number;
}

/**
 * A convolutional network: for each entry of `filters` a convolution, ReLU and 2 x 2 max pooling, then dense layers.
 * The default is the presentation's: 6 and 16 filters of 5 x 5, 120 and 84 neurons, 44,426 parameters on MNIST.
 *
 * @param options sizes
 * @returns its description
 * @throws RangeError when a size is not a positive integer or the images become smaller than a filter
 * @example
 * const wide = convolutional({ filters: [32, 64], dense: [128, 64] });
 */
export function convolutional(options: ConvolutionalOptions = {}): Architecture {
  const { filters = [6, 16], size = 5, dense = [120, 84], classes = 10, rows = 28, columns = 28 } = options;
  const layers: LayerDescription[] = [
    ...filters.map((count) => ({ type: "convolution", filters: count, size, pool: 2 }) as const),
    ...[...dense, classes].map((units) => ({ type: "dense", units }) as const),
  ];
  const architecture = { rows, columns, layers };
  layerShapes(architecture); // refuses what does not fit
  return architecture;
}

/**
 * The shape of each layer's parameters.
 *
 * @throws RangeError that names the layer which does not fit
 */
export function layerShapes({ rows, columns, layers }: Architecture): LayerShape[] {
  positive(rows, "the images' height");
  positive(columns, "the images' width");
  if (layers.length === 0) throw new RangeError("a classifier needs at least one layer");
  let [high, wide, channels] = [rows, columns, 1];
  return layers.map((layer, i) => {
    if (layer.type === "dense") {
      positive(layer.units, `layer ${i + 1}: the number of units`);
      const inputs = high * wide * channels;
      [high, wide, channels] = [1, 1, layer.units];
      return { weights: [inputs, layer.units], fanIn: inputs, outputs: layer.units };
    }
    if (i > 0 && layers[i - 1].type === "dense") {
      throw new RangeError(`layer ${i + 1} is a convolution after a dense layer: convolutions come first`);
    }
    for (const key of ["filters", "size", "pool"] as const) positive(layer[key], `layer ${i + 1}: ${key}`);
    const [before, weights] = [`${high} x ${wide}`, [layer.size, layer.size, channels, layer.filters]];
    high = Math.floor((high - layer.size + 1) / layer.pool);
    wide = Math.floor((wide - layer.size + 1) / layer.pool);
    if (high < 1 || wide < 1) {
      throw new RangeError(
        `layer ${i + 1}: nothing is left of ${before} pixels after a filter of ${layer.size} and pooling by ${layer.pool}`,
      );
    }
    const fanIn = layer.size * layer.size * channels;
    channels = layer.filters;
    return { weights, fanIn, outputs: layer.filters };
  });
}

/** Number of weights and biases. */
export function parameterCount(architecture: Architecture): number {
  return layerShapes(architecture).reduce(
    (sum, { weights, outputs }) => sum + weights.reduce((product, n) => product * n, 1) + outputs,
    0,
  );
}

/** A short name such as "784-128-10" or "5x5x6-5x5x16-120-84-10". */
export function architectureName({ rows, columns, layers }: Architecture): string {
  const parts = layers.map((layer) =>
    layer.type === "dense" ? String(layer.units) : `${layer.size}x${layer.size}x${layer.filters}`,
  );
  if (layers[0].type === "dense") parts.unshift(String(rows * columns));
  return parts.join("-");
}
