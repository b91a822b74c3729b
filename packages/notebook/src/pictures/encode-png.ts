import { crc32Table } from "./crc32";
import { deflateSync } from "node:zlib";

function chunk(type: string, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + body.length);
  bytes.writeUInt32BE(body.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(body, 8);
  let crc = 0xffffffff;
  for (let i = 4; i < 8 + body.length; i++) crc = crc32Table[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  bytes.writeUInt32BE(~crc >>> 0, 8 + body.length);
  return bytes;
}

/**
 * Pixels as a PNG file (W3C PNG specification: 8-bit RGBA, each row filtered by "up").
 *
 * @param pixels red, green, blue, alpha of each pixel, row by row from the top
 * @param width in pixels
 * @returns the file's bytes; the pixels are the same everywhere, the compression may differ between versions of zlib
 */
export function encodePng(pixels: Uint8Array, width: number): Buffer {
  const stride = 4 * width;
  const height = pixels.length / stride;
  const filtered = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const at = y * (stride + 1);
    filtered[at] = 2; // "up": rows of a region map mostly repeat the row above
    for (let i = 0; i < stride; i++) {
      filtered[at + 1 + i] = pixels[y * stride + i] - (y > 0 ? pixels[(y - 1) * stride + i] : 0);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(filtered, { level: 6 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}
