// Sum over pairs i < j of k_i k_j |x_i y_j - y_i x_j| at each sample: the Kac-Rice density of crossings.
import { address, clear, get, put, where, zero } from "./vector";

// @ts-ignore: decorator
@inline
function sine(xp: v128, yp: v128, xq: v128, yq: v128): v128 {
  return f64x2.sub(f64x2.mul(xp, yq), f64x2.mul(yp, xq));
}

export function crossings(to: i32, k: i32, x: i32, y: i32, rows: i32, columns: i32): void {
  const line = <usize>columns << 4;
  const end = <usize>rows * line;
  let s = 0;
  for (; s + 2 <= columns; s += 2) {
    const K = address(k + s);
    const X = address(x + s);
    const Y = address(y + s);
    let sum0 = zero;
    let sum1 = zero;
    for (let p: usize = 0; p < end; p += line) {
      const xp0 = v128.load(X + p, 0);
      const xp1 = v128.load(X + p, 16);
      const yp0 = v128.load(Y + p, 0);
      const yp1 = v128.load(Y + p, 16);
      let own0 = zero;
      let own1 = zero;
      for (let q = p + line; q < end; q += line) {
        const sine0 = f64x2.abs(sine(xp0, yp0, v128.load(X + q, 0), v128.load(Y + q, 0)));
        const sine1 = f64x2.abs(sine(xp1, yp1, v128.load(X + q, 16), v128.load(Y + q, 16)));
        own0 = f64x2.add(own0, f64x2.mul(v128.load(K + q, 0), sine0));
        own1 = f64x2.add(own1, f64x2.mul(v128.load(K + q, 16), sine1));
      }
      sum0 = f64x2.add(sum0, f64x2.mul(v128.load(K + p, 0), own0));
      sum1 = f64x2.add(sum1, f64x2.mul(v128.load(K + p, 16), own1));
    }
    const at = address(to + s);
    v128.store(at, sum0, 0);
    v128.store(at, sum1, 16);
  }
  if (s < columns) {
    const K = address(k + s);
    const X = address(x + s);
    const Y = address(y + s);
    let sum = zero;
    for (let p: usize = 0; p < end; p += line) {
      const xp = get(X + p);
      const yp = get(Y + p);
      let own = zero;
      for (let q = p + line; q < end; q += line)
        own = f64x2.add(own, f64x2.mul(get(K + q), f64x2.abs(sine(xp, yp, get(X + q), get(Y + q)))));
      sum = f64x2.add(sum, f64x2.mul(get(K + p), own));
    }
    put(address(to + s), sum);
  }
}

/** Every neuron against all others, each pair from both sides: no sum waits for another neuron's. */
export function crossingsGradient(
  g: i32,
  k: i32,
  x: i32,
  y: i32,
  rows: i32,
  columns: i32,
  gk: i32,
  firstK: i32,
  gx: i32,
  firstX: i32,
  gy: i32,
  firstY: i32,
): void {
  const line = <usize>columns << 4;
  const end = <usize>rows * line;
  const count = rows * columns;
  if (gk >= 0 && firstK == 1) clear(address(gk), count);
  if (gx >= 0 && firstX == 1) clear(address(gx), count);
  if (gy >= 0 && firstY == 1) clear(address(gy), count);
  for (let s = 0; s < columns; s++) {
    const K = address(k + s);
    const X = address(x + s);
    const Y = address(y + s);
    const slope = get(address(g + s));
    for (let p: usize = 0; p < end; p += line) {
      const xp = get(X + p);
      const yp = get(Y + p);
      let sumK = zero;
      let sumX = zero;
      let sumY = zero;
      for (let q: usize = 0; q < end; q += line) {
        const kq = get(K + q);
        const xq = get(X + q);
        const yq = get(Y + q);
        const z = sine(xp, yp, xq, yq);
        sumK = f64x2.add(sumK, f64x2.mul(kq, f64x2.abs(z)));
        const signed = v128.or(where(kq, f64x2.gt(z, zero)), where(f64x2.neg(kq), f64x2.lt(z, zero)));
        sumX = f64x2.add(sumX, f64x2.mul(signed, yq));
        sumY = f64x2.add(sumY, f64x2.mul(signed, xq));
      }
      const weight = f64x2.mul(slope, get(K + p));
      if (gk >= 0) {
        const t = address(gk + s) + p;
        put(t, f64x2.add(get(t), f64x2.mul(slope, sumK)));
      }
      if (gx >= 0) {
        const t = address(gx + s) + p;
        put(t, f64x2.add(get(t), f64x2.mul(weight, sumX)));
      }
      if (gy >= 0) {
        const t = address(gy + s) + p;
        put(t, f64x2.sub(get(t), f64x2.mul(weight, sumY)));
      }
    }
  }
}
