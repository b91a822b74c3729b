import { deflateSync } from "node:zlib";

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

/** The checksum that PNG asks for. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

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
 * @param options signed: tell negative from positive by colour; largest: the number that is drawn strongest
 * @returns the bytes of the file
 * @throws RangeError when the pixels make no such rectangle
 */
export function greyPng(
  pixels: ArrayLike<number>,
  columns: number,
  options: { signed?: boolean; largest?: number } = {},
): Buffer {
  const rows = pixels.length / columns;
  if (!Number.isInteger(rows) || rows === 0) {
    throw new RangeError(`${pixels.length} pixels are no picture of ${columns} columns`);
  }
  let largest = options.largest ?? 0;
  if (options.largest === undefined) {
    for (let i = 0; i < pixels.length; i++) largest = Math.max(largest, Math.abs(pixels[i]));
  }
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
  const header = Buffer.alloc(13);
  header.writeUInt32BE(columns, 0);
  header.writeUInt32BE(rows, 4);
  header.set([8, 3, 0, 0, 0], 8); // eight bits, palette
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("PLTE", options.signed ? diverging : ink),
    chunk("IDAT", deflateSync(data, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
