import { pngFile } from "./png-file";

/**
 * Pixels as a PNG file.
 *
 * @param pixels red, green, blue, alpha of each pixel, row by row from the top
 * @param width in pixels
 * @returns the file's bytes
 */
export function rgbaPng(pixels: Uint8Array, width: number): Uint8Array {
  const stride = 4 * width;
  const height = pixels.length / stride;
  const rows = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const at = y * (stride + 1);
    rows[at] = 2; // filter "up": rows of a region map mostly repeat the row above
    for (let i = 0; i < stride; i++) {
      rows[at + 1 + i] = pixels[y * stride + i] - (y > 0 ? pixels[(y - 1) * stride + i] : 0);
    }
  }
  return pngFile({ width, height, kind: "rgba", rows });
}
