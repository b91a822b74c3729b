import { ready, tensorflow } from "../../runtime";

/** A grey image or a feature map: numbers row after row. */
export interface FeatureMap {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** A small filter with a name. */
export interface NamedKernel {
  readonly name: string;
  readonly kernel: FeatureMap;
}

/** A picture of one stage of a convolutional layer, for `imageGrid`. */
export interface StagePicture {
  /** The filter's name. */
  readonly row: string;
  /** Which stage. */
  readonly column: string;
  readonly pixels: Float64Array;
  /** Width of the picture. */
  readonly columns: number;
}

/**
 * A feature map from nested rows.
 *
 * @param rows numbers, every row as long as the first
 * @returns the same numbers, flat
 * @throws RangeError when there is no number or the rows differ in length
 * @example
 * featureMap([[-1, 0], [0, 1]]);
 */
export function featureMap(rows: readonly ArrayLike<number>[]): FeatureMap {
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) throw new RangeError("featureMap: there are no numbers");
  const odd = rows.findIndex((row) => row.length !== columns);
  if (odd >= 0) {
    throw new RangeError(`featureMap: row ${odd} has ${rows[odd].length} numbers, row 0 has ${columns}`);
  }
  return { rows: rows.length, columns, values: Float64Array.from(rows.flatMap((row) => Array.from(row))) };
}

/**
 * An image of bytes as numbers from 0 (paper) to 1 (ink).
 *
 * @param pixels bytes, rows first
 * @param columns width
 * @returns a feature map
 * @throws RangeError when the bytes make no rectangle
 */
export function imageMap(pixels: Uint8Array, columns = 28): FeatureMap {
  const rows = pixels.length / columns;
  if (!Number.isInteger(rows) || rows === 0) {
    throw new RangeError(`imageMap: ${pixels.length} pixels make no picture of ${columns} columns`);
  }
  return { rows, columns, values: Float64Array.from(pixels, (pixel) => pixel / 255) };
}

/** The rows of a part of a feature map, nested, such as to print them. */
export function patch(map: FeatureMap, top: number, left: number, rows: number, columns = rows): number[][] {
  if (top < 0 || left < 0 || top + rows > map.rows || left + columns > map.columns) {
    throw new RangeError(
      `patch: rows ${top} to ${top + rows - 1} and columns ${left} to ${left + columns - 1} leave a map of ${map.rows} x ${map.columns}`,
    );
  }
  return Array.from({ length: rows }, (_, r) => {
    const from = (top + r) * map.columns + left;
    return Array.from(map.values.subarray(from, from + columns));
  });
}

/**
 * A convolution as networks have it: the filter is laid on every place where it fits, the products are added up.
 * (Mathematicians call this a cross-correlation: the filter is not turned round.)
 *
 * @param image [rows][columns]
 * @param kernel [h][w]
 * @returns [rows - h + 1][columns - w + 1]
 * @throws RangeError when the kernel is larger than the image
 * @example
 * convolve(featureMap([[1, 2, 3], [4, 5, 6], [7, 8, 9]]), featureMap([[-1, 0], [0, 1]])); // [[4, 4], [4, 4]]
 */
export function convolve(image: FeatureMap, kernel: FeatureMap): FeatureMap {
  const [rows, columns] = [image.rows - kernel.rows + 1, image.columns - kernel.columns + 1];
  if (rows < 1 || columns < 1) {
    throw new RangeError(
      `convolve: a kernel of ${kernel.rows} x ${kernel.columns} does not fit on ${image.rows} x ${image.columns}`,
    );
  }
  const values = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      for (let i = 0; i < kernel.rows; i++) {
        for (let j = 0; j < kernel.columns; j++) {
          values[r * columns + c] +=
            kernel.values[i * kernel.columns + j] * image.values[(r + i) * image.columns + c + j];
        }
      }
    }
  }
  return { rows, columns, values };
}

/**
 * Where a filter answers most strongly.
 *
 * @param image any
 * @param kernel not larger than the image
 * @returns upper left corner of the window, and the answer there; the first of equals
 */
export function strongestPlace(
  image: FeatureMap,
  kernel: FeatureMap,
): { row: number; column: number; answer: number } {
  const { columns, values } = convolve(image, kernel);
  const at = values.indexOf(Math.max(...values));
  return { row: Math.floor(at / columns), column: at % columns, answer: values[at] };
}

/** max(0, .) of every number. */
export function rectify(map: FeatureMap): FeatureMap {
  return { ...map, values: map.values.map((value) => Math.max(0, value)) };
}

/**
 * Max pooling over windows that do not overlap; what is left over at the right and the lower edge is dropped.
 *
 * @param map [rows][columns]
 * @param size width of the square windows
 * @returns [floor(rows / size)][floor(columns / size)]
 * @throws RangeError when no window fits
 */
export function maxPool(map: FeatureMap, size = 2): FeatureMap {
  const [rows, columns] = [Math.floor(map.rows / size), Math.floor(map.columns / size)];
  if (!(rows > 0 && columns > 0)) {
    throw new RangeError(`maxPool: no window of ${size} fits on ${map.rows} x ${map.columns}`);
  }
  const values = Float64Array.from({ length: rows * columns }, (_, at) => {
    const [r, c] = [Math.floor(at / columns), at % columns];
    return Math.max(...patch(map, r * size, c * size, size).flat());
  });
  return { rows, columns, values };
}

/**
 * The image moved, the border filled with zeros.
 *
 * @param map any
 * @param down rows, negative for up
 * @param right columns, negative for left
 * @returns a map of the same size
 */
export function shiftMap(map: FeatureMap, down: number, right: number): FeatureMap {
  const values = map.values.map((_, at) => {
    const [r, c] = [Math.floor(at / map.columns) - down, (at % map.columns) - right];
    return r >= 0 && r < map.rows && c >= 0 && c < map.columns ? map.values[r * map.columns + c] : 0;
  });
  return { ...map, values };
}

/** Four filters of 3 x 3 that answer to edges (after Sobel), each with the side on which there must be ink. */
export function edgeKernels(): NamedKernel[] {
  const down = [
    [-1, -2, -1],
    [0, 0, 0],
    [1, 2, 1],
  ];
  const right = down[0].map((_, j) => down.map((row) => row[j]));
  const turned = (rows: number[][]) => rows.map((row) => row.map((value) => 0 - value));
  return [
    { name: "upper edge", kernel: featureMap(down) },
    { name: "lower edge", kernel: featureMap(turned(down)) },
    { name: "left edge", kernel: featureMap(right) },
    { name: "right edge", kernel: featureMap(turned(right)) },
  ];
}

/** The map within a rim of zeros, one wide. */
function framed({ rows, columns, values }: FeatureMap): FeatureMap {
  const wide = columns + 2;
  const framedValues = new Float64Array((rows + 2) * wide);
  for (let r = 0; r < rows; r++) {
    framedValues.set(values.subarray(r * columns, (r + 1) * columns), (r + 1) * wide + 1);
  }
  return { rows: rows + 2, columns: wide, values: framedValues };
}

/**
 * An image on its way through a convolutional layer: image, filter, convolution, ReLU, pooling.
 *
 * @param image such as {@link imageMap} gives
 * @param kernels filters
 * @returns five pictures a filter
 */
export function convolutionStages(image: FeatureMap, kernels: readonly NamedKernel[]): StagePicture[] {
  return kernels.flatMap(({ name, kernel }) => {
    const answer = convolve(image, kernel);
    const positive = rectify(answer);
    const stages: [string, FeatureMap][] = [
      ["image", image],
      // A rim of zeros, which are white, keeps the filters' pictures apart.
      ["filter", framed(kernel)],
      ["convolution", answer],
      ["ReLU", positive],
      ["max pooling", maxPool(positive)],
    ];
    return stages.map(([column, { values, columns }]) => ({ row: name, column, pixels: values, columns }));
  });
}

/** The largest differences between this file's loops and TensorFlow.js, for one image and one filter. */
export interface ConvolutionCheck {
  readonly filter: string;
  readonly convolution: number;
  readonly pooling: number;
}

/**
 * The same convolution and pooling by TensorFlow.js.
 *
 * @param image any
 * @param kernels filters
 * @returns largest absolute differences, one row a filter
 */
export async function compareConvolutions(
  image: FeatureMap,
  kernels: readonly NamedKernel[],
): Promise<ConvolutionCheck[]> {
  await ready();
  const tf = tensorflow<typeof import("@tensorflow/tfjs")>();
  const apart = (a: Float64Array, b: ArrayLike<number>) =>
    a.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - b[i])),
      a.length === b.length ? 0 : Infinity,
    );
  return kernels.map(({ name, kernel }) => {
    const [convolved, pooled] = tf.tidy(() => {
      const x = tf.tensor4d(Float32Array.from(image.values), [1, image.rows, image.columns, 1]);
      const f = tf.tensor4d(Float32Array.from(kernel.values), [kernel.rows, kernel.columns, 1, 1]);
      const z = tf.conv2d(x, f, 1, "valid");
      return [z.dataSync(), tf.maxPool(tf.relu(z), 2, 2, "valid").dataSync()];
    });
    const answer = convolve(image, kernel);
    return {
      filter: name,
      convolution: apart(answer.values, convolved),
      pooling: apart(maxPool(rectify(answer)).values, pooled),
    };
  });
}
