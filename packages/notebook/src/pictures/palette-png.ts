import { pngFile } from "relu-lab/pictures";

/** Ink on paper: 0 is white, 1 black. */
const ink = Uint8Array.from({ length: 768 }, (_, i) => 255 - Math.floor(i / 3));

/** Blue for -1, white for 0, vermillion for +1: told apart with any common colour blindness. */
const diverging = Uint8Array.from({ length: 768 }, (_, i) => {
  const t = Math.max(-1, (Math.floor(i / 3) - 128) / 127);
  const end = t < 0 ? [0, 114, 178] : [213, 94, 0];
  return Math.round(255 + Math.abs(t) * (end[i % 3] - 255));
});

/**
 * A small picture of numbers as a PNG file, one palette entry of 256 a pixel.
 *
 * @param pixels row after row; for `signed` from -largest to largest with 0 white, else 0 white to the largest black
 * @param columns width in pixels
 * @param options signed: tell negative from positive by colour
 * @returns the bytes of the file
 * @throws RangeError when the pixels make no such rectangle
 */
export function palettePng(
  pixels: ArrayLike<number>,
  columns: number,
  options: { signed?: boolean } = {},
): Uint8Array {
  const rows = pixels.length / columns;
  if (!Number.isInteger(rows) || rows === 0) {
    throw new RangeError(`${pixels.length} pixels are no picture of ${columns} columns`);
  }
  let largest = 0;
  for (let i = 0; i < pixels.length; i++) largest = Math.max(largest, Math.abs(pixels[i]));
  largest ||= 1;
  const data = Buffer.alloc(rows * (columns + 1)); // each row begins with the number of its filter: none
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const share = Math.min(1, Math.max(-1, pixels[r * columns + c] / largest));
      data[r * (columns + 1) + 1 + c] = options.signed
        ? 128 + Math.round(127 * share)
        : Math.round(255 * Math.max(0, share));
    }
  }
  return pngFile({
    width: columns,
    height: rows,
    kind: "palette",
    palette: options.signed ? diverging : ink,
    rows: data,
  });
}
