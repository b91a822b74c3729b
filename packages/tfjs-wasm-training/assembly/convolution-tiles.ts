import { imageRow, lineBytes, outWidth, pixelBytes, pixels, windowRow, windowSize } from "./convolution-shape";
import { tile } from "./tile";

/**
 * C = A B for all three products of a convolution. The rows of A lie where they lie in an image, each as `segments`
 * runs of `run` numbers, `step` bytes apart, `segmentStep` more after each run; where the rows start stands in `table`, as
 * bytes from `base`, a multiple of four of them. B comes in blocks of 8 columns, `panelBytes` apart, `stepB` bytes from row
 * to row; C has `columns` columns, a multiple of 8.
 */
export function products(
  base: usize,
  table: usize,
  rows: i32,
  segments: i32,
  segmentStep: i32,
  run: i32,
  step: i32,
  b: usize,
  panelBytes: i32,
  stepB: i32,
  c: usize,
  columns: i32,
  mode: i32,
  bias: usize,
): void {
  const rowC = columns << 2;
  for (let i = 0; i < rows; i += 4) {
    const p0 = base + load<u32>(table);
    const p1 = base + load<u32>(table, 4);
    const p2 = base + load<u32>(table, 8);
    const p3 = base + load<u32>(table, 12);
    let panel = b;
    for (let at = 0; at < rowC; at += 32) {
      tile(p0, p1, p2, p3, segments, segmentStep, run, step, panel, stepB, c + at, rowC, mode, bias + at);
      panel += panelBytes;
    }
    table += 16;
    c += 4 * rowC;
  }
}

/** Fills a table up to a multiple of four with its last entry: the tiles' spare rows. */
function fill(table: usize, entries: i32): void {
  const last = load<u32>(table + ((entries - 1) << 2));
  for (; entries & 3; entries++) store<u32>(table + (entries << 2), last);
}

/** Where each output pixel's window starts in the (padded) image. */
export function tabulateWindows(table: usize): void {
  for (let i = 0; i < pixels; i++) {
    const y = i / outWidth;
    store<u32>(table + (i << 2), y * lineBytes + (i - y * outWidth) * pixelBytes);
  }
  fill(table, pixels);
}

/** Where each tap of the filter lies in the (padded) image for the first output pixel. */
export function tabulateTaps(table: usize): void {
  for (let i = 0; i < windowSize; i++) {
    const row = i / windowRow;
    store<u32>(table + (i << 2), row * imageRow + ((i - row * windowRow) << 2));
  }
  fill(table, windowSize);
}

/** Consecutive rows of a matrix, `bytes` apart. */
export function tabulateRows(table: usize, rows: i32, bytes: i32): void {
  for (let i = 0; i < rows; i++) store<u32>(table + (i << 2), i * bytes);
  fill(table, rows);
}
