import { slice_util, type TensorInfo } from "@tensorflow/tfjs";
import { bytesOf } from "../heap";
import type { Kernels } from "../module";

/**
 * Rows of x by their indices: [...indices.shape, ...x.shape without its first extent].
 *
 * @returns the rows, or undefined for what is not covered: other types, an index that is no row
 */
export function gatherRows(
  { heap, call }: Kernels,
  x: TensorInfo,
  indices: TensorInfo,
): TensorInfo | undefined {
  if (indices.dtype !== "int32" || x.shape.length === 0) return;
  const [rows, ...rest] = x.shape;
  const rowBytes = bytesOf({ shape: rest, dtype: x.dtype });
  const count = bytesOf(indices) / 4;
  if (rowBytes * count === 0) return;
  const out = heap.output([...indices.shape, ...rest], x.dtype);
  const [from, chosen, to] = [heap.address(x), heap.address(indices), heap.address(out)];
  if (call.copyRows(from, rows, rowBytes, chosen, count, to)) return out;
  heap.backend.disposeData(out.dataId);
  return;
}

/**
 * Consecutive rows of x, as tf.slice gives them. The stock kernel copies the whole of x first: 128 ms for a batch out of
 * 60,000 images.
 *
 * @returns the rows, or undefined for what is not covered: other types, a cut through another axis than the first
 */
export function sliceRows(
  { heap }: Kernels,
  x: TensorInfo,
  begin: number | number[],
  size: number | number[],
): TensorInfo | undefined {
  if (x.shape.length === 0) return;
  const [from, shape] = slice_util.parseSliceParams(x as never, begin, size);
  slice_util.assertParamsValid(x as never, from, shape);
  if (shape.some((extent, axis) => axis > 0 && extent !== x.shape[axis])) return;
  const bytes = bytesOf({ shape, dtype: x.dtype });
  if (bytes === 0) return;
  const out = heap.output(shape, x.dtype);
  const at = heap.address(x) + (bytes / shape[0]) * from[0];
  heap.bytes.copyWithin(heap.address(out), at, at + bytes);
  return out;
}
