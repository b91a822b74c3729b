import { backend_util, type NamedAttrMap, type NamedTensorInfoMap, type TensorInfo } from "@tensorflow/tfjs";
import { addRow } from "./kernels/add-row";
import {
  convolutionInfo,
  convolve,
  filterGradient,
  inputGradient,
  type ConvolutionAttributes,
} from "./kernels/convolution";
import { gatherRows, sliceRows } from "./kernels/rows";
import { multiply } from "./kernels/product";
import { sumLeading } from "./kernels/sum";
import { bytesOf } from "./heap";
import type { Kernels } from "./module";

/** An own kernel: its result, or undefined for a call that it hands on to the stock kernel. */
export type OwnKernel = (
  kernels: Kernels,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
) => TensorInfo | undefined;

const images = (...tensors: (TensorInfo | undefined)[]) =>
  tensors.every((t) => t?.dtype === "float32" && t.shape.length === 4);

const onHeap = (x: TensorInfo) => bytesOf({ shape: [], dtype: x.dtype }) > 0;

const undilated = (dilations: unknown) => [dilations ?? 1].flat().every((d) => d === 1);

/** tfjs's kernels that this package answers. */
export const ownKernels: Readonly<Record<string, OwnKernel>> = {
  BatchMatMul: (kernels, { a, b }, { transposeA, transposeB }) =>
    multiply(kernels, a!, b!, Boolean(transposeA), Boolean(transposeB)),

  _FusedMatMul(kernels, { a, b, bias }, { transposeA, transposeB, activation }) {
    if (activation !== "linear" && activation !== "relu") return undefined;
    const relu = activation === "relu";
    return multiply(kernels, a!, b!, Boolean(transposeA), Boolean(transposeB), { bias, relu });
  },

  // Of the sums only a bias's: the stock kernel is good where both shapes agree.
  Add: (kernels, { a, b }) => addRow(kernels, a!, b!) ?? addRow(kernels, b!, a!),

  // Batches are gathered by rows; stock takes 2 ms for 64 rows of 784.
  GatherV2: (kernels, { x, indices }, { axis, batchDims }) =>
    (axis ?? 0) === 0 && !batchDims ? gatherRows(kernels, x!, indices!) : undefined,

  Slice: (kernels, { x }, { begin, size }) =>
    sliceRows(kernels, x!, begin as number | number[], size as number | number[]),

  // Whatever is saved for the gradient goes through Identity, most of it through Cast: stock copies each time.
  Identity: ({ heap }, { x }) => (onHeap(x!) ? heap.share(x!) : undefined),

  Cast: ({ heap }, { x }, { dtype }) => (x!.dtype === dtype && onHeap(x!) ? heap.share(x!) : undefined),

  // Stock turns the tensor round before it sums over the first axes.
  Sum: (kernels, { x }, { axis, keepDims }) =>
    sumLeading(kernels, x!, axis as number | number[], Boolean(keepDims)),

  Conv2D(kernels, { x, filter }, attrs) {
    if (!images(x, filter) || !undilated(attrs.dilations)) return undefined;
    const info = convolutionInfo(x!.shape, filter!.shape, attrs as unknown as ConvolutionAttributes);
    return info && convolve(kernels, info, x!, filter!);
  },

  Conv2DBackpropFilter(kernels, { x, dy }, attrs) {
    const info = convolutionInfo(
      x!.shape,
      attrs.filterShape as number[],
      attrs as unknown as ConvolutionAttributes,
    );
    if (!info || !images(x, dy)) return undefined;
    return filterGradient(kernels, info, x!, dy!, {}, false)[0];
  },

  Conv2DBackpropInput(kernels, { dy, filter }, attrs) {
    const info = convolutionInfo(
      attrs.inputShape as number[],
      filter!.shape,
      attrs as unknown as ConvolutionAttributes,
    );
    if (!info || !images(dy, filter)) return undefined;
    return inputGradient(kernels, info, dy!, {}, filter!);
  },

  MaxPoolGrad({ heap, call }, { dy, input }, attrs) {
    const { filterSize, strides, pad, dimRoundingMode } = attrs as {
      filterSize: [number, number];
      strides: [number, number];
      pad: "valid" | "same" | number;
      dimRoundingMode?: "floor" | "round" | "ceil";
    };
    if (!images(dy, input) || input!.shape.some((n) => n === 0)) return undefined;
    const shape = input!.shape as [number, number, number, number];
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const dx = heap.output(input!.shape);
    call.maxPoolGradient(
      heap.address(input!),
      heap.address(dy!),
      heap.address(dx),
      info.batchSize,
      info.inHeight,
      info.inWidth,
      info.inChannels,
      info.outHeight,
      info.outWidth,
      info.filterHeight,
      info.filterWidth,
      info.strideHeight,
      info.strideWidth,
      info.padInfo.top,
      info.padInfo.left,
    );
    return dx;
  },
};
