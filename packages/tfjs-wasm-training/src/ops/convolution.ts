import {
  add,
  backend_util,
  conv2d,
  maxPool,
  relu as reluOp,
  type NamedAttrMap,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  type TensorInfo,
} from "@tensorflow/tfjs";
import { trainingActive } from "../status";
import {
  convolutionInfo,
  convolve,
  filterGradient,
  inputGradient,
  type ConvolutionInfo,
  type Pooling,
} from "../kernels/convolution";
import type { Kernels } from "../module";
import type { Activation } from "./dense";
import { operation } from "./register";

/** How a convolution moves, and what comes after it. */
export interface ConvolutionOptions {
  /** Default 1. */
  readonly strides?: number | [number, number];
  /** Default "valid". */
  readonly padding?: "valid" | "same" | number;
  readonly activation: Activation;
  /** Width of the square windows of a max pooling that do not overlap and stay inside; none when not given. */
  readonly pool?: number;
}

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number;
  readonly relu: boolean;
  /** 0: none. */
  readonly pool: number;
  /** The images' shape, for the gradient at them. */
  readonly inputShape: number[];
}

const attributes = (attrs: NamedAttrMap) => attrs as unknown as Attributes;

/** The pooling of these attributes, its maxima's places in `places` (made anew when not given); none for less than 2. */
function poolingOf(
  info: ConvolutionInfo,
  pool: number,
  places: TensorInfo | undefined,
  kernels: Kernels,
): Pooling | undefined {
  if (pool < 2) return undefined;
  const [height, width] = [Math.floor(info.outHeight / pool), Math.floor(info.outWidth / pool)];
  const lanes = 8 * Math.ceil(info.outChannels / 8);
  places ??= kernels.heap.output([info.batchSize, height, width, lanes], "bool"); // bytes
  return { places, size: pool, stride: pool, height, width };
}

const backwardFilter = operation({
  name: "TrainingConvolutionBackwardFilter",
  forward(kernels, { x, dy, y, places, filter }, attrs) {
    const { relu, pool } = attributes(attrs);
    const info = convolutionInfo(x!.shape, filter!.shape, attributes(attrs))!;
    const pooling = poolingOf(info, pool, places, kernels);
    return filterGradient(kernels, info, x!, dy!, { y, relu, pooling }, true);
  },
});

const backwardInput = operation({
  name: "TrainingConvolutionBackwardInput",
  forward(kernels, { dy, y, places, filter }, attrs) {
    const { relu, pool, inputShape } = attributes(attrs);
    const info = convolutionInfo(inputShape, filter!.shape, attributes(attrs))!;
    const pooling = poolingOf(info, pool, places, kernels);
    return inputGradient(kernels, info, dy!, { y, relu, pooling }, filter!);
  },
});

/** The output, and with a pooling where each maximum stood. */
const forward = operation({
  name: "TrainingConvolution",
  forward(kernels, { x, filter, bias }, attrs) {
    const { relu, pool } = attributes(attrs);
    const info = convolutionInfo(x!.shape, filter!.shape, attributes(attrs))!;
    const pooling = poolingOf(info, pool, undefined, kernels);
    const y = convolve(kernels, info, x!, filter!, { pooling, bias, relu });
    return pooling ? [y, pooling.places] : [y];
  },
  saves: { inputs: ["x", "filter"], outputs: [true, true] },
  gradient(dys, [x, filter, y, places], attrs) {
    const inputs = { dy: [dys].flat()[0], y, filter, ...(places ? { places } : {}) };
    const [dFilter, dBias] = backwardFilter<Tensor[]>({ ...inputs, x }, attrs);
    return { x: () => backwardInput<Tensor>(inputs, attrs), filter: () => dFilter, bias: () => dBias };
  },
});

/**
 * pool(activation(x * filter + bias)), with its gradient: cross-correlation, channels last.
 *
 * On the wasm backend with the own kernels on: one kernel forwards, which never unfolds an image, and one or two back.
 * A NaN in a window gives NaN. Elsewhere the same from stock operations.
 *
 * @param x [batch, height, width, channels]
 * @param filter [filterHeight, filterWidth, channels, outputs]
 * @param bias [outputs]
 * @param options strides, padding, activation, pooling
 * @returns [batch, outHeight, outWidth, outputs]
 * @throws Error when the shapes do not fit
 */
export function convolution(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D,
  { strides = 1, padding = "valid", activation, pool = 0 }: ConvolutionOptions,
): Tensor4D {
  if (x.shape[3] !== filter.shape[2] || bias.shape.length !== 1 || bias.shape[0] !== filter.shape[3]) {
    throw new Error(
      `convolution: x [${x.shape}], filter [${filter.shape}] and bias [${bias.shape}] do not fit: they must be ` +
        "[batch, height, width, channels], [filterHeight, filterWidth, channels, outputs], [outputs]",
    );
  }
  if (!Number.isInteger(pool) || pool < 0) {
    throw new RangeError(`convolution: pool is ${pool}, but it must be the width of a window`);
  }
  const attrs: Attributes = { strides, pad: padding, relu: activation === "relu", pool, inputShape: x.shape };
  const { outHeight, outWidth } = backend_util.computeConv2DInfo(x.shape, filter.shape, strides, 1, padding);
  if (Math.min(outHeight, outWidth) < Math.max(pool, 1)) {
    // The stock pooling would write outside of its memory.
    throw new RangeError(
      `convolution: x [${x.shape}] gives ${outHeight} x ${outWidth} pixels, too few for windows of ${Math.max(pool, 1)}`,
    );
  }
  if (trainingActive() && [x, filter, bias].every((t) => t.dtype === "float32")) {
    const info = convolutionInfo(x.shape, filter.shape, attrs);
    if (info && pool <= 15) return forward<Tensor4D[]>({ x, filter, bias }, attrs)[0]; // a place is one byte
  }
  const z = add(conv2d(x, filter, strides, padding), bias) as Tensor4D;
  const a = activation === "relu" ? reluOp(z) : z;
  return pool < 2 ? a : maxPool(a, pool, pool, "valid");
}
