import type { TensorInfo } from "@tensorflow/tfjs";
import { bytesOf } from "../heap";
import type { Kernels } from "../module";

// Its row, four times over, should stay in the first-level cache.
const longest = 1024;

/**
 * x + row with the row added along the last axis, as a bias is: stock takes ten times as long for few channels.
 *
 * @returns the sum, or undefined for what is not covered: other types, other broadcasts
 */
export function addRow({ heap, call }: Kernels, x: TensorInfo, row: TensorInfo): TensorInfo | undefined {
  if (x.dtype !== "float32" || row.dtype !== "float32" || row.shape.length !== 1) return;
  const n = row.shape[0];
  const numbers = bytesOf(x) / 4;
  if (x.shape.length < 2 || x.shape[x.shape.length - 1] !== n || numbers === 0 || n > longest) return;
  const out = heap.output(x.shape);
  const scratch = heap.scratch(16 * n);
  call.addRow(heap.address(x), heap.address(row), heap.address(out), numbers / n, n, scratch);
  return out;
}
