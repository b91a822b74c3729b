import type { ExactRow } from "./exact-rows";

/** Bits kept of a row, and fraction bits kept of a corner. */
const BITS = 128n;
const ONE = 1n << BITS;
/** Rows of so many bits or fewer are as quickly evaluated in full. */
const WORTH_SHORTENING = 192;

/** Where two lines meet: (x / w, y / w) exactly, and rounded down to multiples of 2^-128. */
export interface Corner {
  readonly x: bigint;
  readonly y: bigint;
  readonly w: bigint;
  /** Made when a long row asks for it. */
  short: { readonly x: bigint; readonly y: bigint; readonly bound: bigint } | undefined;
}

/** A row without its lowest bits. */
export interface ShortRow {
  readonly a: bigint;
  readonly b: bigint;
  /** Times 2^128, as what it is added to. */
  readonly c: bigint;
  readonly bound: bigint;
}

const size = (value: bigint): bigint => (value < 0n ? -value : value);

/** A row's first 128 bits, or undefined where all of it is not much more. */
export function shortRow({ a, b, c }: ExactRow): ShortRow | undefined {
  const largest = size(a) | size(b) | size(c);
  const bits = 4 * largest.toString(16).length;
  if (bits <= WORTH_SHORTENING) return undefined;
  const dropped = BigInt(bits) - BITS;
  const [sa, sb, sc] = [a >> dropped, b >> dropped, c >> dropped];
  return { a: sa, b: sb, c: sc << BITS, bound: size(sa) + size(sb) + 2n };
}

function floorDivide(n: bigint, d: bigint): bigint {
  const q = n / d;
  return q * d !== n && n < 0n !== d < 0n ? q - 1n : q;
}

/**
 * The sign of a shortened row at a corner, or 0 where the bits that were dropped decide it.
 *
 * With a = (sa + alpha) 2^k, ... and x / w = (sx + xi) 2^-128, ..., all of alpha, beta, gamma, xi, eta in [0, 1),
 * a x / w + b y / w + c = 2^(k - 128) (sa sx + sb sy + sc 2^128 + e), where e = sa xi + alpha sx + alpha xi + sb eta +
 * beta sy + beta eta + gamma 2^128: |e| < |sa| + |sb| + 2 + |sx| + |sy| + 2^128.
 */
export function shortSign(row: ShortRow, corner: Corner): number {
  const { x, y, bound } = (corner.short ??= shortCorner(corner));
  const value = row.a * x + row.b * y + row.c;
  const most = row.bound + bound;
  return value >= most ? 1 : value <= -most ? -1 : 0;
}

function shortCorner({ x, y, w }: Corner): NonNullable<Corner["short"]> {
  const sx = floorDivide(x << BITS, w);
  const sy = floorDivide(y << BITS, w);
  return { x: sx, y: sy, bound: size(sx) + size(sy) + ONE };
}
