import { checkWhole } from "./limits";
import { imageShape, reserve, none, push, unit, type Builder, type SparseRow } from "./builder";
import type { ImageShape } from "./types";

/** The values under each window of a pooling layer, window by window. */
function windows(builder: Builder, size: number, stride: number): { cells: number[][]; shape: ImageShape } {
  const [height, width, channels] = imageShape(builder, "a pool");
  checkWhole(size, 1, "a pool's size");
  checkWhole(stride, 1, "a pool's stride");
  const out = (length: number) => Math.floor((length - size) / stride) + 1;
  const [rowsOut, columnsOut] = [out(height), out(width)];
  if (!(rowsOut >= 1 && columnsOut >= 1)) {
    throw new RangeError(
      `blocks: a pool of ${size} x ${size} does not fit into a ${height} x ${width} image`,
    );
  }
  reserve(builder, rowsOut * columnsOut * channels);
  const cells: number[][] = [];
  for (let y = 0; y < rowsOut; y++)
    for (let x = 0; x < columnsOut; x++)
      for (let c = 0; c < channels; c++) {
        const window: number[] = [];
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++)
            window.push(((y * stride + i) * width + x * stride + j) * channels + c);
        cells.push(window);
      }
  return { cells, shape: [rowsOut, columnsOut, channels] };
}

export function averagePool(builder: Builder, size: number, stride: number): void {
  const pooled = windows(builder, size, stride);
  const nonNegative = builder.nonNegative;
  const rows = pooled.cells.map((window): SparseRow => window.map((value) => [value, 1 / (size * size)]));
  push(builder, rows, none(rows.length), "linear");
  builder.shape = pooled.shape;
  builder.nonNegative = nonNegative;
}

/** max(a, b) = a + relu(b - a), in a tournament; the values pass through a ReLU, so they must not be negative. */
export function maxPool(builder: Builder, size: number, stride: number): void {
  const pooled = windows(builder, size, stride);
  if (!builder.nonNegative) {
    throw new RangeError("blocks: max-pool is supported after a ReLU only (move the ReLU before the pool)");
  }
  let contests = pooled.cells;
  while (contests[0].length > 1) {
    const rows: SparseRow[] = [];
    const reads: SparseRow[] = [];
    const index = new Map<number, number>();
    const pass = (value: number) => {
      if (!index.has(value)) index.set(value, rows.push(unit(value)) - 1);
      return index.get(value)!;
    };
    contests = contests.map((window) => {
      const winners: number[] = [];
      for (let i = 0; i < window.length; i += 2) {
        const kept = pass(window[i]);
        const read: SparseRow = unit(kept);
        if (i + 1 < window.length)
          read.push([
            rows.push([
              [window[i + 1], 1],
              [window[i], -1],
            ]) - 1,
            1,
          ]);
        winners.push(reads.push(read) - 1);
      }
      return winners;
    });
    push(builder, rows, none(rows.length), "relu");
    builder.reads = reads;
  }
  builder.reads = contests.map(([winner]) => builder.reads[winner]); // with windows of one value nothing was played
  builder.shape = pooled.shape;
}
