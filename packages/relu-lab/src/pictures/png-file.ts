import { deflateSync } from "node:zlib";

/** The checksum's table (W3C PNG specification, annex D). */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function chunk(type: string, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + body.length);
  bytes.writeUInt32BE(body.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(body, 8);
  let crc = 0xffffffff;
  for (let i = 4; i < 8 + body.length; i++) crc = table[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  bytes.writeUInt32BE(~crc >>> 0, 8 + body.length);
  return bytes;
}

/** What a PNG file consists of. */
export interface PngParts {
  width: number;
  height: number;
  /** 8 bits a channel: "palette" (one byte a pixel) or "rgba" (four). */
  kind: "palette" | "rgba";
  /** 256 times red, green, blue; for "palette". */
  palette?: Uint8Array;
  /** Each row: the number of its filter, then its filtered bytes. */
  rows: Uint8Array;
}

/**
 * A PNG file (W3C PNG specification).
 *
 * @returns the file's bytes; the pixels are the same everywhere, the compression may differ between versions of zlib
 */
export function pngFile({ width, height, kind, palette, rows }: PngParts): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, kind === "palette" ? 3 : 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    ...(palette ? [chunk("PLTE", palette)] : []),
    chunk("IDAT", deflateSync(rows, { level: 6 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}
