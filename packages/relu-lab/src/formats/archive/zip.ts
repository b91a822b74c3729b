import { inflate } from "./inflate";

/** The files of a zip archive, each unpacked when it is asked for. */
export interface Archive {
  readonly names: readonly string[];
  has(name: string): boolean;
  /** The bytes of a file; a TypeError when it is damaged or missing. */
  read(name: string): Uint8Array;
}

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly crc: number;
  readonly at: number;
}

/** Entries of one archive. */
const mostEntries = 100_000;
/** Bytes that all of its files may unpack to, so that a small archive cannot fill the memory. */
const mostBytes = (packed: number) => Math.min(2 ** 30, Math.max(2 ** 26, 100 * packed));

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let k = 0; k < 8; k++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** The check sum of zip files. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Whether bytes begin as a zip archive does. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/** Sizes and place of an entry that are larger than 32 bits, from its extra field. */
function wide(view: DataView, from: number, to: number, values: readonly number[]): number[] {
  if (!values.includes(0xffffffff)) return [...values];
  for (let at = from; at + 4 <= to;) {
    const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    at += 4;
    if (id === 1 && at + length <= to) {
      let next = at;
      return values.map((value) => {
        if (value !== 0xffffffff || next + 8 > at + length) return value;
        return Number(view.getBigUint64((next += 8) - 8, true));
      });
    }
    at += length;
  }
  return [...values];
}

/**
 * Reads a zip archive: stored and deflated files, in any order.
 *
 * @param bytes the whole archive
 * @param format as messages begin
 * @throws TypeError when it is damaged, encrypted, or would unpack to far more than it is
 */
export function readZip(bytes: Uint8Array, format: string): Archive {
  const fail = (what: string): never => {
    throw new TypeError(`${format}: the zip archive ${what}`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && end >= bytes.length - 22 - 0xffff && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) fail("has no directory: is it cut off?");
  let count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (end >= 20 && view.getUint32(end - 20, true) === 0x07064b50) {
    const large = Number(view.getBigUint64(end - 12, true));
    if (large + 56 > bytes.length || view.getUint32(large, true) !== 0x06064b50)
      fail("has a damaged directory");
    count = Number(view.getBigUint64(large + 32, true));
    at = Number(view.getBigUint64(large + 48, true));
  }
  if (count > mostEntries) fail(`holds ${count} files: at most ${mostEntries} are read`);
  const entries = new Map<string, Entry>();
  const decoder = new TextDecoder();
  for (let i = 0; i < count; i++) {
    if (!(at + 46 <= bytes.length) || view.getUint32(at, true) !== 0x02014b50)
      fail("has a damaged directory");
    const [flags, method, crc] = [
      view.getUint16(at + 8, true),
      view.getUint16(at + 10, true),
      view.getUint32(at + 16, true),
    ];
    const lengths = [28, 30, 32].map((k) => view.getUint16(at + k, true));
    const name = decoder.decode(bytes.subarray(at + 46, at + 46 + lengths[0]));
    const extra = at + 46 + lengths[0];
    const [size, packed, offset] = wide(view, extra, Math.min(extra + lengths[1], bytes.length), [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ]);
    if (flags & 1) fail(`holds "${name}" under a password`);
    if (entries.has(name)) fail(`holds "${name}" twice`);
    entries.set(name, { method, packed, size, crc, at: offset });
    at = extra + lengths[1] + lengths[2];
  }
  let budget = mostBytes(bytes.length);
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    read(name) {
      const entry = entries.get(name) ?? fail(`holds no "${name}"`);
      if (!(entry.at + 30 <= bytes.length) || view.getUint32(entry.at, true) !== 0x04034b50)
        return fail(`is damaged at "${name}"`);
      budget -= entry.size;
      if (budget < 0) fail(`unpacks to more than ${mostBytes(bytes.length)} bytes`);
      const start = entry.at + 30 + view.getUint16(entry.at + 26, true) + view.getUint16(entry.at + 28, true);
      if (start + entry.packed > bytes.length) fail(`is cut off in "${name}"`);
      const packed = bytes.subarray(start, start + entry.packed);
      if (entry.method !== 0 && entry.method !== 8)
        fail(`holds "${name}" packed by method ${entry.method}: stored and deflated files are read`);
      // No code of DEFLATE gives more than 258 bytes for less than two bits, so a size beyond that is no true one.
      if (entry.method === 0 ? entry.size !== entry.packed : entry.size > 1032 * entry.packed + 1032)
        fail(`gives "${name}" ${entry.size} bytes, which its ${entry.packed} packed ones cannot be`);
      const content = entry.method === 0 ? packed : inflate(packed, entry.size);
      return crc32(content) === entry.crc ? content : fail(`is damaged: the check sum of "${name}" is wrong`);
    },
  };
}
