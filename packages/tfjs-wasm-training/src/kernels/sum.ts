import type { TensorInfo } from "@tensorflow/tfjs";
import type { Kernels } from "../module";

/**
 * The sum over the first axes of a tensor, as the gradient of every bias needs it.
 *
 * @returns the sum, or undefined for what is not covered: other types, other axes, a sum over everything
 */
export function sumLeading(
  { heap, call }: Kernels,
  x: TensorInfo,
  axis: number | number[] | null | undefined,
  keepDims: boolean,
): TensorInfo | undefined {
  if (axis === null || axis === undefined || x.dtype !== "float32") return;
  const rank = x.shape.length;
  const axes = [axis]
    .flat()
    .map((a) => (a < 0 ? a + rank : a))
    .sort((a, b) => a - b);
  if (axes.length === 0 || axes.length >= rank || axes.some((a, i) => a !== i)) return;
  const rest = x.shape.slice(axes.length);
  const size = (shape: number[]) => shape.reduce((product, extent) => product * extent, 1);
  const [m, n] = [size(x.shape.slice(0, axes.length)), size(rest)];
  if (m * n === 0) return;
  const out = heap.output(keepDims ? [...axes.map(() => 1), ...rest] : rest);
  call.columnSums(heap.address(x), heap.address(out), m, n);
  return out;
}
