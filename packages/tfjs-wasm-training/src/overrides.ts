import {
  backend_util,
  getKernel,
  registerKernel,
  unregisterKernel,
  type KernelConfig,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from "@tensorflow/tfjs";
import {
  convolutionInfo,
  filterGradient,
  inputGradient,
  type ConvolutionAttributes,
} from "./kernels/convolution";
import { gatherRows } from "./kernels/rows";
import { multiply } from "./kernels/product";
import { sumLeading } from "./kernels/sum";
import { kernelsFor, type Kernels } from "./module";

type Own = (kernels: Kernels, inputs: NamedTensorInfoMap, attrs: NamedAttrMap) => TensorInfo | undefined;

const float = (...tensors: (TensorInfo | undefined)[]) =>
  tensors.every((t) => t?.dtype === "float32" && t.shape.length === 4);

/** tfjs's kernels that this package answers; undefined hands a call on to the stock kernel. */
const own: Record<string, Own> = {
  BatchMatMul: (kernels, { a, b }, { transposeA, transposeB }) =>
    multiply(kernels, a!, b!, Boolean(transposeA), Boolean(transposeB)),

  _FusedMatMul(kernels, { a, b, bias }, { transposeA, transposeB, activation }) {
    if (activation !== "linear" && activation !== "relu") return undefined;
    const relu = activation === "relu";
    return multiply(kernels, a!, b!, Boolean(transposeA), Boolean(transposeB), { bias, relu });
  },

  // Batches are gathered by rows; stock takes 2 ms for 64 rows of 784.
  GatherV2: (kernels, { x, indices }, { axis, batchDims }) =>
    (axis ?? 0) === 0 && !batchDims ? gatherRows(kernels, x!, indices!) : undefined,

  // Stock turns the tensor round before it sums over the first axes.
  Sum: (kernels, { x }, { axis, keepDims }) =>
    sumLeading(kernels, x!, axis as number | number[], Boolean(keepDims)),

  Conv2DBackpropFilter(kernels, { x, dy }, attrs) {
    const info = convolutionInfo(
      x!.shape,
      attrs.filterShape as number[],
      attrs as unknown as ConvolutionAttributes,
    );
    if (!info || !float(x, dy)) return undefined;
    return filterGradient(kernels, info, x!, dy!, {}, false)[0];
  },

  Conv2DBackpropInput(kernels, { dy, filter }, attrs) {
    const info = convolutionInfo(
      attrs.inputShape as number[],
      filter!.shape,
      attrs as unknown as ConvolutionAttributes,
    );
    if (!info || !float(dy, filter)) return undefined;
    return inputGradient(kernels, info, dy!, {}, filter!);
  },

  MaxPoolGrad({ heap, call }, { dy, input }, attrs) {
    const { filterSize, strides, pad, dimRoundingMode } = attrs as {
      filterSize: [number, number];
      strides: [number, number];
      pad: "valid" | "same" | number;
      dimRoundingMode?: "floor" | "round" | "ceil";
    };
    if (!float(dy, input) || input!.shape.some((n) => n === 0)) return undefined;
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

/** The names of the kernels that are answered. */
export const overridden: readonly string[] = Object.keys(own);

const stock = new Map<string, KernelConfig | undefined>();

/** Puts the own kernels before the stock ones. */
export function registerOverrides(): void {
  for (const name of overridden) {
    if (stock.has(name)) continue;
    const before = getKernel(name, "wasm") as KernelConfig | undefined;
    stock.set(name, before);
    if (before) unregisterKernel(name, "wasm"); // registerKernel alone would warn
    registerKernel({
      kernelName: name,
      backendName: "wasm",
      setupFunc: before?.setupFunc,
      disposeFunc: before?.disposeFunc,
      kernelFunc: (args) => {
        const result = own[name](kernelsFor(args.backend), args.inputs, args.attrs ?? {});
        if (result) return result;
        if (before) return before.kernelFunc(args);
        const shapes = Object.entries(args.inputs).map(([key, t]) => `${key} ${t?.dtype} [${t?.shape}]`);
        throw new Error(
          `${name} on the wasm backend covers 32-bit images with channels last, not ${shapes.join(", ")}`,
        );
      },
    });
  }
}

/** Puts the stock kernels back. */
export function unregisterOverrides(): void {
  for (const [name, before] of stock) {
    unregisterKernel(name, "wasm");
    if (before) registerKernel(before);
  }
  stock.clear();
}

/** An own kernel by its name, for the self-test. */
export function runOwn(
  name: string,
  kernels: Kernels,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
): TensorInfo | undefined {
  return own[name](kernels, inputs, attrs);
}
