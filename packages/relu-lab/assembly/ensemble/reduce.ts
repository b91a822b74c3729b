// Sums, copies and choices.
import { address, clear, get, move, put, zero } from "./vector";

/** Four interleaved partial sums, (0 + 1) + (2 + 3): adders need not wait for each other. */
function sum(a: usize, count: i32): v128 {
  let s0 = zero;
  let s1 = zero;
  let s2 = zero;
  let s3 = zero;
  let i = 0;
  for (; i + 4 <= count; i += 4, a += 64) {
    s0 = f64x2.add(s0, v128.load(a, 0));
    s1 = f64x2.add(s1, v128.load(a, 16));
    s2 = f64x2.add(s2, v128.load(a, 32));
    s3 = f64x2.add(s3, v128.load(a, 48));
  }
  for (; i < count; i++, a += 16) s0 = f64x2.add(s0, get(a));
  return f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
}

export function sumColumns(to: i32, a: i32, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) put(address(to + r), sum(address(a + r * columns), columns));
}

export function sumRows(to: i32, a: i32, rows: i32, columns: i32): void {
  const line = <usize>columns << 4;
  for (let s = 0; s < columns; s++) {
    let total = zero;
    let p = address(a + s);
    for (let r = 0; r < rows; r++, p += line) total = f64x2.add(total, get(p));
    put(address(to + s), total);
  }
}

export function spread(
  ga: i32,
  first: i32,
  rows: i32,
  columns: i32,
  g: i32,
  gRow: i32,
  gColumn: i32,
): void {
  let t = address(ga);
  const step = <usize>gColumn << 4;
  for (let r = 0; r < rows; r++) {
    let p = address(g + r * gRow);
    for (let s = 0; s < columns; s++, t += 16, p += step) {
      const before = first == 1 ? zero : get(t);
      put(t, f64x2.add(before, get(p)));
    }
  }
}

export function gather(to: i32, a: i32, table: usize, count: i32, width: i32): void {
  let t = address(to);
  if (width == 1) {
    for (let k = 0; k < count; k++, t += 16, table += 4) put(t, get(address(a + load<i32>(table))));
    return;
  }
  const bytes = <usize>width << 4;
  for (let k = 0; k < count; k++, t += bytes, table += 4) move(t, address(a + load<i32>(table)), width);
}

export function scatter(
  ga: i32,
  size: i32,
  g: i32,
  table: usize,
  count: i32,
  width: i32,
  first: i32,
): void {
  if (first == 1) clear(address(ga), size);
  let p = address(g);
  for (let k = 0; k < count; k++, table += 4) {
    let t = address(ga + load<i32>(table));
    for (let j = 0; j < width; j++, t += 16, p += 16) put(t, f64x2.add(get(t), get(p)));
  }
}

export function copy(to: i32, toStride: i32, a: i32, aStride: i32, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) move(address(to + r * toStride), address(a + r * aStride), columns);
}

export function accumulate(
  ga: i32,
  first: i32,
  g: i32,
  gStride: i32,
  rows: i32,
  columns: i32,
): void {
  let t = address(ga);
  for (let r = 0; r < rows; r++) {
    let p = address(g + r * gStride);
    for (let s = 0; s < columns; s++, t += 16, p += 16) {
      const before = first == 1 ? zero : get(t);
      put(t, f64x2.add(before, get(p)));
    }
  }
}

export function meanSquare(to: i32, a: i32, b: i32, count: i32, scale: i32): void {
  let p = address(a);
  let q = address(b);
  let s0 = zero;
  let s1 = zero;
  let s2 = zero;
  let s3 = zero;
  let i = 0;
  for (; i + 4 <= count; i += 4, p += 64, q += 64) {
    const d0 = f64x2.sub(v128.load(p, 0), v128.load(q, 0));
    const d1 = f64x2.sub(v128.load(p, 16), v128.load(q, 16));
    const d2 = f64x2.sub(v128.load(p, 32), v128.load(q, 32));
    const d3 = f64x2.sub(v128.load(p, 48), v128.load(q, 48));
    s0 = f64x2.add(s0, f64x2.mul(d0, d0));
    s1 = f64x2.add(s1, f64x2.mul(d1, d1));
    s2 = f64x2.add(s2, f64x2.mul(d2, d2));
    s3 = f64x2.add(s3, f64x2.mul(d3, d3));
  }
  for (; i < count; i++, p += 16, q += 16) {
    const d = f64x2.sub(get(p), get(q));
    s0 = f64x2.add(s0, f64x2.mul(d, d));
  }
  const total = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  put(address(to), f64x2.mul(get(address(scale)), total));
}

export function meanSquareGradient(
  g: i32,
  a: i32,
  b: i32,
  count: i32,
  scale: i32,
  ga: i32,
  firstA: i32,
  gb: i32,
  firstB: i32,
): void {
  const share = get(address(scale));
  const factor = f64x2.mul(get(address(g)), f64x2.add(share, share));
  const bytes = <usize>count << 4;
  const p = address(a);
  const q = address(b);
  if (ga >= 0) {
    const t = address(ga);
    for (let i: usize = 0; i < bytes; i += 16) {
      const slope = f64x2.mul(factor, f64x2.sub(get(p + i), get(q + i)));
      put(t + i, f64x2.add(firstA == 1 ? zero : get(t + i), slope));
    }
  }
  if (gb >= 0) {
    const t = address(gb);
    for (let i: usize = 0; i < bytes; i += 16) {
      const slope = f64x2.mul(factor, f64x2.sub(get(p + i), get(q + i)));
      put(t + i, f64x2.sub(firstB == 1 ? zero : get(t + i), slope));
    }
  }
}

/** 1 at the first of the smallest entries of each column, else 0. */
export function smallest(to: i32, a: i32, rows: i32, columns: i32): void {
  const line = <usize>columns << 4;
  for (let s = 0; s < columns; s++) {
    let p = address(a + s);
    let best = get(p);
    let at = zero;
    for (let r = 1; r < rows; r++) {
      p += line;
      const here = get(p);
      const less = f64x2.lt(here, best);
      best = v128.bitselect(here, best, less);
      at = v128.bitselect(f64x2.splat(<f64>r), at, less);
    }
    let t = address(to + s);
    for (let r = 0; r < rows; r++, t += line)
      put(t, v128.and(f64x2.splat(1.0), f64x2.eq(at, f64x2.splat(<f64>r))));
  }
}
