import { activate, imageShape, reserve, type Builder, type SparseRow } from "./builder";
import { checkWhole } from "./limits";
import type { Block } from "./types";

/** Rows and columns of zeros around an image: top, left, bottom, right. */
function zerosAround(
  { padding, size }: Extract<Block, { type: "convolution" }>,
  image: readonly [number, number],
  steps: readonly [number, number],
): readonly [number, number, number, number] {
  if (typeof padding === "object") return padding;
  if (padding !== "same") return [0, 0, 0, 0];
  const [high, wide] = [0, 1].map((d) =>
    Math.max((Math.ceil(image[d] / steps[d]) - 1) * steps[d] + size[d] - image[d], 0),
  );
  const [top, left] = [Math.floor(high / 2), Math.floor(wide / 2)];
  return [top, left, high - top, wide - left];
}

export function convolution(builder: Builder, block: Extract<Block, { type: "convolution" }>): void {
  const [height, width, channels] = imageShape(builder, "a convolution");
  const [kh, kw] = block.size;
  const filters = block.b.length;
  const [down, right] =
    typeof block.stride === "object" ? block.stride : [block.stride ?? 1, block.stride ?? 1];
  for (const [d, what] of ["height", "width"].entries()) checkWhole(block.size[d], 1, `a kernel's ${what}`);
  for (const step of [down, right]) checkWhole(step, 1, "a convolution's stride");
  if (block.kernel.length !== kh * kw * channels * filters) {
    throw new RangeError(
      `blocks: a ${kh} x ${kw} kernel from ${channels} to ${filters} channels has ${kh * kw * channels * filters} weights, not ${block.kernel.length}`,
    );
  }
  const [top, left, bottom, rightPad] = zerosAround(block, [height, width], [down, right]);
  for (const zeros of [top, left, bottom, rightPad]) checkWhole(zeros, 0, "a convolution's padding");
  const rowsOut = Math.floor((height + top + bottom - kh) / down) + 1;
  const columnsOut = Math.floor((width + left + rightPad - kw) / right) + 1;
  if (!(rowsOut >= 1 && columnsOut >= 1)) {
    throw new RangeError(`blocks: a ${kh} x ${kw} kernel does not fit into a ${height} x ${width} image`);
  }
  reserve(builder, rowsOut * columnsOut * filters);
  const rows: SparseRow[] = [];
  const biases: number[] = [];
  for (let y = 0; y < rowsOut; y++)
    for (let x = 0; x < columnsOut; x++)
      for (let filter = 0; filter < filters; filter++) {
        const row: SparseRow = [];
        for (let i = 0; i < kh; i++)
          for (let j = 0; j < kw; j++) {
            const [py, px] = [y * down + i - top, x * right + j - left];
            if (py < 0 || px < 0 || py >= height || px >= width) continue;
            for (let c = 0; c < channels; c++) {
              const weight = block.kernel[((i * kw + j) * channels + c) * filters + filter];
              if (weight !== 0) row.push([(py * width + px) * channels + c, weight]);
            }
          }
        rows.push(row);
        biases.push(block.b[filter]);
      }
  activate(builder, rows, biases, block.activation);
  builder.shape = [rowsOut, columnsOut, filters];
}
