import { backend_util, type TensorInfo } from "@tensorflow/tfjs";
import type { Kernels } from "../module";

export type ConvolutionInfo = ReturnType<typeof backend_util.computeConv2DInfo>;
export type Padding = Parameters<typeof backend_util.computeConv2DInfo>[4];

/** How a convolution's kernel attributes name what is needed here. */
export interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: Padding;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * The shape of a convolution, or undefined for what the kernels do not cover: channels first, empty tensors, images
 * that are cut instead of padded.
 */
export function convolutionInfo(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dataFormat = "NHWC", dimRoundingMode }: ConvolutionAttributes,
): ConvolutionInfo | undefined {
  const info = backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(dataFormat),
  );
  const { padInfo } = info;
  const covered =
    info.dataFormat === "channelsLast" &&
    info.outShape.every((n) => n > 0) &&
    info.inShape.every((n) => n > 0) &&
    Math.min(padInfo.top, padInfo.left) >= 0;
  return covered ? info : undefined;
}

/** A max pooling after a convolution: its windows, and where each maximum stood ([...pooled shape, lanes] bytes). */
export interface Pooling {
  readonly places: TensorInfo;
  readonly size: number;
  readonly stride: number;
  readonly height: number;
  readonly width: number;
}

/** Tells the module the shape; returns the scratch block for it. */
function prepare({ heap, call }: Kernels, info: ConvolutionInfo, pooling?: Pooling): number {
  const { padInfo } = info;
  // Where rounding up lets windows reach beyond the padding, zeros stand there as well.
  const reach = (out: number, stride: number, filter: number) => (out - 1) * stride + filter;
  const high = reach(info.outHeight, info.strideHeight, info.filterHeight);
  const wide = reach(info.outWidth, info.strideWidth, info.filterWidth);
  call.setShape(
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.filterHeight,
    info.filterWidth,
    info.outChannels,
    info.strideHeight,
    info.strideWidth,
    padInfo.top,
    padInfo.left,
    Math.max(padInfo.bottom, high - padInfo.top - info.inHeight, 0),
    Math.max(padInfo.right, wide - padInfo.left - info.inWidth, 0),
    info.outHeight,
    info.outWidth,
  );
  if (pooling) call.setPooling(pooling.size, pooling.stride, pooling.height, pooling.width);
  return heap.scratch(call.convolutionScratch());
}

/** What comes after a convolution, in this order. */
export interface Finish {
  readonly pooling?: Pooling;
  readonly bias?: TensorInfo;
  readonly relu?: boolean;
}

/** Cross-correlation of the images, then pooling, bias and activation. */
export function convolve(
  kernels: Kernels,
  info: ConvolutionInfo,
  x: TensorInfo,
  filter: TensorInfo,
  { pooling, bias, relu = false }: Finish = {},
): TensorInfo {
  const { heap, call } = kernels;
  const [high, wide] = pooling ? [pooling.height, pooling.width] : [info.outHeight, info.outWidth];
  const y = heap.output([info.batchSize, high, wide, info.outChannels]);
  const scratch = prepare(kernels, info, pooling);
  call.convolve(
    heap.address(x),
    heap.address(filter),
    bias ? heap.address(bias) : 0,
    relu ? 1 : 0,
    heap.address(y),
    pooling ? heap.address(pooling.places) : 0,
    info.batchSize,
    scratch,
  );
  return y;
}

/** What lay between a convolution and its output y, for the way back. */
export interface After {
  readonly y?: TensorInfo;
  readonly relu?: boolean;
  readonly pooling?: Pooling;
}

/** Gradient of the filter, and of the bias if `withBias`. */
export function filterGradient(
  kernels: Kernels,
  info: ConvolutionInfo,
  x: TensorInfo,
  dy: TensorInfo,
  { y, relu = false, pooling }: After,
  withBias: boolean,
): TensorInfo[] {
  const { heap, call } = kernels;
  const dFilter = heap.output(info.filterShape);
  const dBias = withBias ? heap.output([info.outChannels]) : undefined;
  const scratch = prepare(kernels, info, pooling);
  call.filterGradient(
    heap.address(x),
    heap.address(dy),
    y ? heap.address(y) : 0,
    pooling ? heap.address(pooling.places) : 0,
    relu ? 1 : 0,
    heap.address(dFilter),
    dBias ? heap.address(dBias) : 0,
    info.batchSize,
    scratch,
  );
  return dBias ? [dFilter, dBias] : [dFilter];
}

/** Gradient of the images. */
export function inputGradient(
  kernels: Kernels,
  info: ConvolutionInfo,
  dy: TensorInfo,
  { y, relu = false, pooling }: After,
  filter: TensorInfo,
): TensorInfo {
  const { heap, call } = kernels;
  const dx = heap.output(info.inShape);
  const scratch = prepare(kernels, info, pooling);
  call.inputGradient(
    heap.address(dy),
    y ? heap.address(y) : 0,
    pooling ? heap.address(pooling.places) : 0,
    relu ? 1 : 0,
    heap.address(filter),
    heap.address(dx),
    info.batchSize,
    scratch,
  );
  return dx;
}
