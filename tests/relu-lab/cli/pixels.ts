import { inflateSync } from "node:zlib";

/** The colour "rrggbb" at a column and row of a PNG as `rgbaPng` writes it: rows with the filter "up". */
export function pixelsOf(png: Buffer): (x: number, y: number) => string {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const chunk = png.indexOf("IDAT") + 4;
  const rows = inflateSync(png.subarray(chunk, chunk + png.readUInt32BE(chunk - 8)));
  const size = 4 * width;
  const pixels = Buffer.alloc(size * height);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < size; i++) {
      pixels[y * size + i] = rows[y * (size + 1) + 1 + i] + (y > 0 ? pixels[(y - 1) * size + i] : 0);
    }
  }
  return (x, y) => pixels.toString("hex", y * size + 4 * x, y * size + 4 * x + 3);
}
