// Sum over pairs i < j of |a_i b_j - b_i a_j| at each sample: the Kac-Rice density of crossings, with (a, b) a neuron's unit normal
// times its kernel value.
import { address, clear, get, put, signBit, zero } from "./vector";

// @ts-ignore: decorator
@inline
function cross(ap: v128, bp: v128, aq: v128, bq: v128): v128 {
  return f64x2.sub(f64x2.mul(ap, bq), f64x2.mul(bp, aq));
}

/** The sign bit where z < 0; for an earlier neuron also where z = 0, so that a pair's two sides are opposite there too. */
// @ts-ignore: decorator
@inline
function turn(z: v128, earlier: bool): v128 {
  return v128.and(earlier ? f64x2.le(z, zero) : f64x2.lt(z, zero), signBit);
}

/**
 * Two neighbouring samples of all rows side by side: a0 a1 b0 b1. Rows of a batch of 64 are 1 kB apart, and fall on the same few
 * lines of the cache.
 */
function pack(to: usize, a: usize, b: usize, rows: i32, line: usize, second: usize): void {
  for (let r = 0; r < rows; r++, to += 64, a += line, b += line) {
    v128.store(to, get(a), 0);
    v128.store(to, get(a + second), 16);
    v128.store(to, get(b), 32);
    v128.store(to, get(b + second), 48);
  }
}

export function crossings(to: i32, a: i32, b: i32, rows: i32, columns: i32, scratch: i32): void {
  const line = <usize>columns << 4;
  const start = address(scratch);
  const end = start + (<usize>rows << 6);
  for (let s = 0; s < columns; s += 2) {
    const second: usize = s + 1 < columns ? 16 : 0;
    pack(start, address(a + s), address(b + s), rows, line, second);
    let sum0 = zero;
    let sum1 = zero;
    for (let p = start; p < end; p += 64) {
      const ap0 = v128.load(p, 0);
      const ap1 = v128.load(p, 16);
      const bp0 = v128.load(p, 32);
      const bp1 = v128.load(p, 48);
      let own0 = zero;
      let own1 = zero;
      for (let q = p + 64; q < end; q += 64) {
        own0 = f64x2.add(own0, f64x2.abs(cross(ap0, bp0, v128.load(q, 0), v128.load(q, 32))));
        own1 = f64x2.add(own1, f64x2.abs(cross(ap1, bp1, v128.load(q, 16), v128.load(q, 48))));
      }
      sum0 = f64x2.add(sum0, own0);
      sum1 = f64x2.add(sum1, own1);
    }
    const at = address(to + s);
    put(at, sum0);
    if (second > 0) put(at + second, sum1);
  }
}

let sumA0: v128 = zero;
let sumA1: v128 = zero;
let sumB0: v128 = zero;
let sumB1: v128 = zero;

/** Adds what the neurons from `from` to `to` give to the slopes of neuron p. */
// @ts-ignore: decorator
@inline
function against(p: usize, from: usize, to: usize, earlier: bool): void {
  const ap0 = v128.load(p, 0);
  const ap1 = v128.load(p, 16);
  const bp0 = v128.load(p, 32);
  const bp1 = v128.load(p, 48);
  let a0 = sumA0;
  let a1 = sumA1;
  let b0 = sumB0;
  let b1 = sumB1;
  for (let q = from; q < to; q += 64) {
    let aq = v128.load(q, 0);
    let bq = v128.load(q, 32);
    let sign = turn(cross(ap0, bp0, aq, bq), earlier);
    a0 = f64x2.add(a0, v128.xor(bq, sign));
    b0 = f64x2.add(b0, v128.xor(aq, sign));
    aq = v128.load(q, 16);
    bq = v128.load(q, 48);
    sign = turn(cross(ap1, bp1, aq, bq), earlier);
    a1 = f64x2.add(a1, v128.xor(bq, sign));
    b1 = f64x2.add(b1, v128.xor(aq, sign));
  }
  sumA0 = a0;
  sumA1 = a1;
  sumB0 = b0;
  sumB1 = b1;
}

/** Every neuron against all others, each pair from both sides: no sum waits for another neuron's. */
export function crossingsGradient(
  g: i32,
  a: i32,
  b: i32,
  rows: i32,
  columns: i32,
  ga: i32,
  firstA: i32,
  gb: i32,
  firstB: i32,
  scratch: i32,
): void {
  const line = <usize>columns << 4;
  const start = address(scratch);
  const end = start + (<usize>rows << 6);
  const count = rows * columns;
  if (ga >= 0 && firstA == 1) clear(address(ga), count);
  if (gb >= 0 && firstB == 1) clear(address(gb), count);
  for (let s = 0; s < columns; s += 2) {
    const second: usize = s + 1 < columns ? 16 : 0;
    pack(start, address(a + s), address(b + s), rows, line, second);
    const g0 = get(address(g + s));
    const g1 = get(address(g + s) + second);
    let offset: usize = 0;
    for (let p = start; p < end; p += 64, offset += line) {
      sumA0 = zero;
      sumA1 = zero;
      sumB0 = zero;
      sumB1 = zero;
      against(p, start, p, true);
      against(p, p + 64, end, false);
      if (ga >= 0) {
        const t = address(ga + s) + offset;
        put(t, f64x2.add(get(t), f64x2.mul(g0, sumA0)));
        if (second > 0) put(t + second, f64x2.add(get(t + second), f64x2.mul(g1, sumA1)));
      }
      if (gb >= 0) {
        const t = address(gb + s) + offset;
        put(t, f64x2.sub(get(t), f64x2.mul(g0, sumB0)));
        if (second > 0) put(t + second, f64x2.sub(get(t + second), f64x2.mul(g1, sumB1)));
      }
    }
  }
}
