import type { TensorInfo } from "@tensorflow/tfjs";
import type { Kernels } from "../module";

/** What is added to and done with a product's rows. */
export interface Epilogue {
  readonly bias?: TensorInfo;
  readonly relu?: boolean;
}

const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

/**
 * op(a) op(b) for tensors of rank 2 or more, batch by batch; a batch of one goes with any other.
 *
 * @returns the product, or undefined for what is not covered: other types, empty tensors, other broadcasts
 */
export function multiply(
  { heap, call }: Kernels,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  { bias, relu = false }: Epilogue = {},
): TensorInfo | undefined {
  if (a.dtype !== "float32" || b.dtype !== "float32" || a.shape.length < 2 || b.shape.length < 2) return;
  const [rowsA, columnsA] = a.shape.slice(-2);
  const [rowsB, columnsB] = b.shape.slice(-2);
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [kB, n] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const [batchA, batchB] = [size(outerA), size(outerB)];
  if (k !== kB || m * n * k * batchA * batchB === 0) return;
  const sameOuter = outerA.length === outerB.length && outerA.every((d, i) => d === outerB[i]);
  let outer: number[];
  if (sameOuter) outer = outerA;
  else if (batchB === 1 && outerA.length >= outerB.length) outer = outerA;
  else if (batchA === 1 && outerB.length >= outerA.length) outer = outerB;
  else return;
  if (bias && (bias.dtype !== "float32" || size(bias.shape) !== n || bias.shape.length !== 1)) return;

  const out = heap.output([...outer, m, n]);
  const scratch = heap.scratch(call.productScratch(n, k));
  const [rowA, columnA] = transposeA ? [4, 4 * m] : [4 * k, 4];
  const [rowB, columnB] = transposeB ? [4, 4 * k] : [4 * n, 4];
  const biasAt = bias ? heap.address(bias) : 0;
  for (let i = 0; i < Math.max(batchA, batchB); i++) {
    call.product(
      heap.address(a) + (batchA > 1 ? 4 * m * k * i : 0),
      rowA,
      columnA,
      heap.address(b) + (batchB > 1 ? 4 * k * n * i : 0),
      rowB,
      columnB,
      heap.address(out) + 4 * m * n * i,
      m,
      n,
      k,
      biasAt,
      relu ? 1 : 0,
      scratch,
    );
  }
  return out;
}
