import type { ExactRow } from "./exact-rows";

/** A row divided by the powers of two that its numbers share, all of them at most 2^16 in size. */
export interface SmallRow {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const MOST = 1n << 16n;

/** The row in doubles, or undefined where it is not small: sawteeth, grids and other tidy weights have small ones. */
export function smallRow({ a, b, c }: ExactRow): SmallRow | undefined {
  const all = a | b | c;
  const lowest = all & -all; // the lowest bit that any of them has
  if (lowest === 0n) return { a: 0, b: 0, c: 0 };
  const [p, q, r] = [a / lowest, b / lowest, c / lowest];
  const fits = (value: bigint) => value <= MOST && value >= -MOST;
  return fits(p) && fits(q) && fits(r) ? { a: Number(p), b: Number(q), c: Number(r) } : undefined;
}

/**
 * The sign of a row where the lines of two others meet: exact, as products of three numbers of 17 bits stay below 2^53.
 *
 * @returns undefined where the two lines are parallel
 */
export function smallSign(row: SmallRow, p: SmallRow, q: SmallRow): number | undefined {
  const w = p.a * q.b - p.b * q.a;
  if (w === 0) return undefined;
  const x = p.b * q.c - p.c * q.b;
  const y = p.c * q.a - p.a * q.c;
  return Math.sign(row.a * x + row.b * y + row.c * w) * Math.sign(w) + 0; // not -0
}
