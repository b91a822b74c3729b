import { backend, findBackend, getKernel, type NamedAttrMap, type TensorInfo } from "@tensorflow/tfjs";
import type { Kernels } from "./module";
import { ownKernels } from "./own-kernels";

interface CpuBackend {
  makeTensorInfo(shape: number[], dtype: "float32" | "int32", values: Float32Array | Int32Array): TensorInfo;
  data: { get(dataId: object): { values: Float32Array } };
  disposeData(dataId: object, force?: boolean): boolean;
}

interface Case {
  readonly kernel: string;
  /** Shapes. */
  readonly inputs: Record<string, number[]>;
  /** Values of an int32 input beside them. */
  readonly indices?: number[];
  readonly attrs: NamedAttrMap;
}

const convolution = { strides: [2, 1], pad: "same", dataFormat: "NHWC", dilations: 1 };

// Sizes that are no multiples of 4 or 8, so that every edge of the tiles is met.
const cases: readonly Case[] = [
  ...[
    [[5, 7], [7, 9], false, false],
    [[7, 5], [7, 9], true, false],
    [[5, 7], [9, 7], false, true],
    [[7, 5], [9, 7], true, true],
  ].map(([a, b, transposeA, transposeB]) => ({
    kernel: "BatchMatMul",
    inputs: { a: [2, ...(a as number[])], b: [2, ...(b as number[])] },
    attrs: { transposeA: transposeA as boolean, transposeB: transposeB as boolean },
  })),
  {
    kernel: "_FusedMatMul",
    inputs: { a: [1, 5, 7], b: [1, 7, 9], bias: [9] },
    attrs: { transposeA: false, transposeB: false, activation: "relu" },
  },
  { kernel: "Add", inputs: { a: [5, 7], b: [7] }, attrs: {} },
  { kernel: "Conv2D", inputs: { x: [2, 7, 6, 3], filter: [3, 3, 3, 5] }, attrs: convolution },
  {
    kernel: "Conv2DBackpropFilter",
    inputs: { x: [2, 7, 6, 3], dy: [2, 4, 6, 5] },
    attrs: { ...convolution, filterShape: [3, 3, 3, 5] },
  },
  {
    kernel: "Conv2DBackpropInput",
    inputs: { dy: [2, 4, 6, 5], filter: [3, 3, 3, 5] },
    attrs: { ...convolution, inputShape: [2, 7, 6, 3] },
  },
  {
    kernel: "MaxPoolGrad",
    inputs: { dy: [2, 4, 3, 3], input: [2, 7, 6, 3], output: [2, 4, 3, 3] },
    attrs: { filterSize: [2, 2], strides: [2, 2], pad: "same" },
  },
  { kernel: "Sum", inputs: { x: [3, 5, 7] }, attrs: { axis: [0, 1], keepDims: false } },
  { kernel: "Slice", inputs: { x: [5, 3] }, attrs: { begin: [1, 0], size: [3, -1] } },
  { kernel: "Identity", inputs: { x: [5, 3] }, attrs: {} },
  { kernel: "Cast", inputs: { x: [5, 3] }, attrs: { dtype: "float32" } },
  { kernel: "GatherV2", inputs: { x: [5, 3] }, indices: [4, 0, 4], attrs: { axis: 0, batchDims: 0 } },
];

/** Numbers in [-1, 1] that do not depend on chance. */
function numbers(shape: readonly number[], salt: number): Float32Array {
  const length = shape.reduce((product, n) => product * n, 1);
  return Float32Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * salt));
}

/**
 * Runs each own kernel on a small case and compares it with the cpu backend's.
 *
 * @throws Error that names the kernel which differs or fails
 */
export function selfTest(kernels: Kernels): void {
  const { heap } = kernels;
  const cpu = findBackend("cpu") as unknown as CpuBackend | undefined;
  if (!cpu) throw new Error(`no cpu backend to compare with beside ${backend().constructor.name}`);
  for (const { kernel, inputs, indices, attrs } of cases) {
    const mine: Record<string, TensorInfo> = {};
    const theirs: Record<string, TensorInfo> = {};
    for (const [i, [name, shape]] of Object.entries(inputs).entries()) {
      const values = numbers(shape, i);
      mine[name] = heap.output(shape);
      heap.bytes.set(new Uint8Array(values.buffer), heap.address(mine[name]));
      theirs[name] = cpu.makeTensorInfo(shape, "float32", values);
    }
    if (indices) {
      const values = Int32Array.from(indices);
      mine.indices = heap.output([indices.length], "int32");
      heap.bytes.set(new Uint8Array(values.buffer), heap.address(mine.indices));
      theirs.indices = cpu.makeTensorInfo([indices.length], "int32", values);
    }
    const got = ownKernels[kernel](kernels, mine, attrs);
    if (!got) throw new Error(`${kernel} does not cover its own test`);
    const wanted = getKernel(kernel, "cpu").kernelFunc({
      inputs: theirs,
      attrs,
      backend: cpu,
    }) as TensorInfo;
    const reference = cpu.data.get(wanted.dataId).values;
    const at = heap.address(got);
    const result = new Float32Array(heap.bytes.slice(at, at + 4 * reference.length).buffer);
    let [worst, largest] = [0, 0];
    for (let i = 0; i < reference.length; i++) {
      worst = Math.max(worst, Math.abs(result[i] - reference[i]));
      largest = Math.max(largest, Math.abs(reference[i]));
      if (Number.isNaN(result[i])) worst = Infinity;
    }
    for (const tensor of [...Object.values(mine), got]) heap.backend.disposeData(tensor.dataId);
    for (const tensor of [...Object.values(theirs), wanted]) cpu.disposeData(tensor.dataId, true);
    if (!(largest > 0 && worst <= 1e-5 * largest)) {
      throw new Error(`${kernel} differs from the cpu backend by ${worst} where the largest is ${largest}`);
    }
  }
}
