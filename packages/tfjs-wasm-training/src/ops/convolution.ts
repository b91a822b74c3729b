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
import { trainingActive } from "../enable";
import {
  convolutionInfo,
  convolve,
  filterGradient,
  inputGradient,
  prepare,
  type After,
  type ConvolutionInfo,
} from "../kernels/convolution";
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

const pooledSize = (info: ConvolutionInfo, pool: number) => ({
  height: Math.floor(info.outHeight / pool),
  width: Math.floor(info.outWidth / pool),
});

function after(info: ConvolutionInfo, { relu, pool }: Attributes, y: TensorInfo, places?: TensorInfo): After {
  if (!places || pool === 0) return { y, relu };
  return { y, relu, pooled: { places, size: pool, stride: pool, ...pooledSize(info, pool) } };
}

const backwardFilter = operation({
  name: "TrainingConvolutionBackwardFilter",
  forward(kernels, { x, dy, y, places, filter }, attrs) {
    const info = convolutionInfo(x!.shape, filter!.shape, attributes(attrs))!;
    return filterGradient(kernels, info, x!, dy!, after(info, attributes(attrs), y!, places), true);
  },
});

const backwardInput = operation({
  name: "TrainingConvolutionBackwardInput",
  forward(kernels, { dy, y, places, filter }, attrs) {
    const info = convolutionInfo(attributes(attrs).inputShape, filter!.shape, attributes(attrs))!;
    return inputGradient(kernels, info, dy!, after(info, attributes(attrs), y!, places), filter!);
  },
});

/** Without pooling. */
const plain = operation({
  name: "TrainingConvolution",
  forward(kernels, { x, filter, bias }, attrs) {
    const info = convolutionInfo(x!.shape, filter!.shape, attributes(attrs))!;
    return convolve(kernels, info, x!, filter!, { bias, relu: attributes(attrs).relu });
  },
  saves: { inputs: ["x", "filter"], outputs: [true] },
  gradient(dy, [x, filter, y], attrs) {
    const inputs = { dy: dy as Tensor, y, filter };
    const [dFilter, dBias] = backwardFilter<Tensor[]>({ ...inputs, x }, attrs);
    return { x: () => backwardInput<Tensor>(inputs, attrs), filter: () => dFilter, bias: () => dBias };
  },
});

/** With pooling: the second output says where each maximum stood. */
const pooled = operation({
  name: "TrainingConvolutionPool",
  forward(kernels, { x, filter, bias }, attrs) {
    const { heap, call } = kernels;
    const { relu, pool } = attributes(attrs);
    const info = convolutionInfo(x!.shape, filter!.shape, attributes(attrs))!;
    const { height, width } = pooledSize(info, pool);
    const y = heap.output([info.batchSize, height, width, info.outChannels]);
    const lanes = 8 * Math.ceil(info.outChannels / 8);
    const places = heap.output([info.batchSize, height, width, lanes], "bool"); // bytes
    call.convolvePool(
      heap.address(x!),
      heap.address(filter!),
      heap.address(bias!),
      relu ? 1 : 0,
      heap.address(y),
      heap.address(places),
      info.batchSize,
      pool,
      pool,
      height,
      width,
      prepare(kernels, info),
    );
    return [y, places];
  },
  saves: { inputs: ["x", "filter"], outputs: [true, true] },
  gradient(dys, [x, filter, y, places], attrs) {
    const inputs = { dy: (dys as Tensor[])[0], y, places, filter };
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
    if (info && pool < 2) return plain<Tensor4D>({ x, filter, bias }, attrs);
    if (info && pool <= 15) return pooled<Tensor4D[]>({ x, filter, bias }, attrs)[0]; // a place is one byte
  }
  const z = add(conv2d(x, filter, strides, padding), bias) as Tensor4D;
  const a = activation === "relu" ? reluOp(z) : z;
  return pool < 2 ? a : maxPool(a, pool, pool, "valid");
}
