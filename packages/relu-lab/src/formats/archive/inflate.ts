/** Codes by their lengths, as DEFLATE builds them: how many there are of each length, and the symbols in order. */
interface Codes {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

function codesOf(lengths: Uint8Array): Codes {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  const next = new Uint16Array(16);
  let left = 1;
  for (let length = 1; length < 16; length++) {
    left = 2 * left - counts[length];
    if (left < 0) throw new TypeError("deflate: there are more codes than bits for them");
    next[length] = next[length - 1] + counts[length - 1];
  }
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length !== 0) symbols[next[length]++] = symbol;
  });
  return { counts, symbols };
}

const lengthBase = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBase = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
];
const distanceBits = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const fixed = () => {
  const lengths = new Uint8Array(288).fill(8);
  lengths.fill(9, 144, 256).fill(7, 256, 280);
  return { literals: codesOf(lengths), distances: codesOf(new Uint8Array(30).fill(5)) };
};

class Bits {
  private at = 0;
  private held = 0;
  private count = 0;

  constructor(private readonly bytes: Uint8Array) {}

  take(count: number): number {
    while (this.count < count) {
      if (this.at >= this.bytes.length) throw new TypeError("deflate: the data ends too early");
      this.held |= this.bytes[this.at++] << this.count;
      this.count += 8;
    }
    const value = this.held & ((1 << count) - 1);
    this.held >>>= count;
    this.count -= count;
    return value;
  }

  symbol({ counts, symbols }: Codes): number {
    let [code, first, index] = [0, 0, 0];
    for (let length = 1; length < 16; length++) {
      code |= this.take(1);
      const count = counts[length];
      if (code - count < first) return symbols[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new TypeError("deflate: the data holds a code that stands for nothing");
  }

  /** Whole bytes, from the next whole byte on. */
  bytesOf(count: number): Uint8Array {
    this.held = 0;
    this.count = 0;
    if (this.at + count > this.bytes.length) throw new TypeError("deflate: the data ends too early");
    return this.bytes.subarray(this.at, (this.at += count));
  }
}

function dynamic(bits: Bits): { literals: Codes; distances: Codes } {
  const [literals, distances, own] = [bits.take(5) + 257, bits.take(5) + 1, bits.take(4) + 4];
  const lengths = new Uint8Array(19);
  for (let i = 0; i < own; i++) lengths[lengthOrder[i]] = bits.take(3);
  const codes = codesOf(lengths);
  const all = new Uint8Array(literals + distances);
  for (let at = 0; at < all.length;) {
    const symbol = bits.symbol(codes);
    if (symbol < 16) {
      all[at++] = symbol;
      continue;
    }
    if (symbol === 16 && at === 0) throw new TypeError("deflate: the first code repeats the one before it");
    const repeated = symbol === 16 ? all[at - 1] : 0;
    const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    if (at + times > all.length) throw new TypeError("deflate: there are more codes than were announced");
    all.fill(repeated, at, (at += times));
  }
  return { literals: codesOf(all.subarray(0, literals)), distances: codesOf(all.subarray(literals)) };
}

/**
 * The bytes that DEFLATE (RFC 1951) has packed.
 *
 * @param bytes the packed bytes
 * @param size how many bytes come out: no more than these are ever held
 * @throws TypeError when the data is damaged, or gives another number of bytes
 */
export function inflate(bytes: Uint8Array, size: number): Uint8Array {
  const bits = new Bits(bytes);
  const out = new Uint8Array(size);
  let at = 0;
  const room = (count: number) => {
    if (at + count > size)
      throw new TypeError(`deflate: the data unpacks to more than the ${size} bytes that were announced`);
  };
  for (let isLast = false; !isLast;) {
    isLast = bits.take(1) === 1;
    const kind = bits.take(2);
    if (kind === 3) throw new TypeError("deflate: the data holds a block of no known kind");
    if (kind === 0) {
      const header = bits.bytesOf(4);
      const length = header[0] | (header[1] << 8);
      if ((length ^ (header[2] | (header[3] << 8))) !== 0xffff)
        throw new TypeError("deflate: the length of a block is damaged");
      room(length);
      out.set(bits.bytesOf(length), at);
      at += length;
      continue;
    }
    const { literals, distances } = kind === 1 ? fixed() : dynamic(bits);
    for (let symbol = bits.symbol(literals); symbol !== 256; symbol = bits.symbol(literals)) {
      if (symbol < 256) {
        room(1);
        out[at++] = symbol;
        continue;
      }
      if (symbol > 285) throw new TypeError("deflate: the data holds a length that is none");
      const length = lengthBase[symbol - 257] + bits.take(lengthBits[symbol - 257]);
      const code = bits.symbol(distances);
      if (code > 29) throw new TypeError("deflate: the data holds a distance that is none");
      const distance = distanceBase[code] + bits.take(distanceBits[code]);
      if (distance > at) throw new TypeError("deflate: the data repeats what stands before its beginning");
      room(length);
      for (const end = at + length; at < end; at++) out[at] = out[at - distance];
    }
  }
  if (at !== size)
    throw new TypeError(`deflate: the data unpacks to ${at} bytes, not to the ${size} that were announced`);
  return out;
}
