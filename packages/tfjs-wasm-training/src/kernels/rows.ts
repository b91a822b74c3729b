import type { TensorInfo } from "@tensorflow/tfjs";
import type { Kernels } from "../module";

const bytesPerNumber: Partial<Record<string, number>> = { float32: 4, int32: 4, bool: 1 };

/**
 * Rows of x by their indices: [...indices.shape, ...x.shape without its first extent].
 *
 * @returns the rows, or undefined for what is not covered: other types, an index that is no row
 */
export function gatherRows({ heap }: Kernels, x: TensorInfo, indices: TensorInfo): TensorInfo | undefined {
  const width = bytesPerNumber[x.dtype];
  if (!width || indices.dtype !== "int32" || x.shape.length === 0) return;
  const [rows, ...rest] = x.shape;
  const bytes = rest.reduce((product, n) => product * n, width);
  const count = indices.shape.reduce((product, n) => product * n, 1);
  if (bytes * count === 0) return;
  const at = heap.address(indices);
  const chosen = new Int32Array(heap.bytes.slice(at, at + 4 * count).buffer);
  for (const index of chosen) if (index < 0 || index >= rows) return;
  const out = heap.output([...indices.shape, ...rest], x.dtype);
  const [from, to, memory] = [heap.address(x), heap.address(out), heap.bytes];
  for (const [i, index] of chosen.entries()) {
    memory.copyWithin(to + i * bytes, from + index * bytes, from + (index + 1) * bytes);
  }
  return out;
}
