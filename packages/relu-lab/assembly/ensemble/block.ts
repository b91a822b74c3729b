// Blocks u -> v relu(w u + b) + d from one number to one number: the hidden neurons never reach memory.
import { address, clear, get, put, where, zero } from "./vector";

// @ts-ignore: decorator
@inline
function rectified(z: v128): v128 {
  return where(z, f64x2.gt(z, zero));
}

// @ts-ignore: decorator
@inline
function neuron(y: v128, u: v128, w: v128, b: v128, v: v128): v128 {
  return f64x2.add(y, f64x2.mul(v, rectified(f64x2.add(b, f64x2.mul(w, u)))));
}

export function block(
  to: i32,
  u: i32,
  w: i32,
  b: i32,
  v: i32,
  d: i32,
  width: i32,
  columns: i32,
  relu: i32,
): void {
  const start = get(address(d));
  const atW = address(w);
  const atB = address(b);
  const atV = address(v);
  const end = <usize>width << 4;
  let p = address(u);
  let q = address(to);
  let s = 0;
  for (; s + 4 <= columns; s += 4, p += 64, q += 64) {
    const u0 = v128.load(p, 0);
    const u1 = v128.load(p, 16);
    const u2 = v128.load(p, 32);
    const u3 = v128.load(p, 48);
    let y0 = start;
    let y1 = start;
    let y2 = start;
    let y3 = start;
    for (let k: usize = 0; k < end; k += 16) {
      const wk = get(atW + k);
      const bk = get(atB + k);
      const vk = get(atV + k);
      y0 = neuron(y0, u0, wk, bk, vk);
      y1 = neuron(y1, u1, wk, bk, vk);
      y2 = neuron(y2, u2, wk, bk, vk);
      y3 = neuron(y3, u3, wk, bk, vk);
    }
    v128.store(q, relu == 1 ? rectified(y0) : y0, 0);
    v128.store(q, relu == 1 ? rectified(y1) : y1, 16);
    v128.store(q, relu == 1 ? rectified(y2) : y2, 32);
    v128.store(q, relu == 1 ? rectified(y3) : y3, 48);
  }
  for (; s < columns; s++, p += 16, q += 16) {
    const us = get(p);
    let y = start;
    for (let k: usize = 0; k < end; k += 16) y = neuron(y, us, get(atW + k), get(atB + k), get(atV + k));
    put(q, relu == 1 ? rectified(y) : y);
  }
}

// @ts-ignore: decorator
@inline
function begin(first: i32, at: usize): v128 {
  return first == 1 ? zero : get(at);
}

export function blockGradient(
  g: i32,
  y: i32,
  u: i32,
  w: i32,
  b: i32,
  v: i32,
  width: i32,
  columns: i32,
  relu: i32,
  gu: i32,
  firstU: i32,
  gw: i32,
  firstW: i32,
  gb: i32,
  firstB: i32,
  gv: i32,
  firstV: i32,
  gd: i32,
  firstD: i32,
): void {
  const line = <usize>columns << 4;
  const atG = address(g);
  const atU = address(u);
  let sum = begin(firstD, address(gd));
  if (relu == 1) {
    const atY = address(y);
    for (let s: usize = 0; s < line; s += 16) {
      const slope = where(get(atG + s), f64x2.gt(get(atY + s), zero));
      put(atG + s, slope);
      sum = f64x2.add(sum, slope);
    }
  } else {
    for (let s: usize = 0; s < line; s += 16) sum = f64x2.add(sum, get(atG + s));
  }
  put(address(gd), sum);
  const inner = gu >= 0;
  const atGu = inner ? address(gu) : 0;
  if (inner && firstU == 1) clear(atGu, columns);
  let k = 0;
  for (; k + 2 <= width; k += 2) {
    const at = <usize>k << 4;
    const w0 = get(address(w) + at);
    const w1 = get(address(w) + at + 16);
    const b0 = get(address(b) + at);
    const b1 = get(address(b) + at + 16);
    const v0 = get(address(v) + at);
    const v1 = get(address(v) + at + 16);
    let sumW0 = begin(firstW, address(gw) + at);
    let sumW1 = begin(firstW, address(gw) + at + 16);
    let sumB0 = begin(firstB, address(gb) + at);
    let sumB1 = begin(firstB, address(gb) + at + 16);
    let sumV0 = begin(firstV, address(gv) + at);
    let sumV1 = begin(firstV, address(gv) + at + 16);
    if (inner) {
      for (let s: usize = 0; s < line; s += 16) {
        const us = get(atU + s);
        const gs = get(atG + s);
        const z0 = f64x2.add(b0, f64x2.mul(w0, us));
        const z1 = f64x2.add(b1, f64x2.mul(w1, us));
        const on0 = f64x2.gt(z0, zero);
        const on1 = f64x2.gt(z1, zero);
        sumV0 = f64x2.add(sumV0, f64x2.mul(gs, where(z0, on0)));
        sumV1 = f64x2.add(sumV1, f64x2.mul(gs, where(z1, on1)));
        const g0 = where(f64x2.mul(v0, gs), on0);
        const g1 = where(f64x2.mul(v1, gs), on1);
        sumW0 = f64x2.add(sumW0, f64x2.mul(g0, us));
        sumW1 = f64x2.add(sumW1, f64x2.mul(g1, us));
        sumB0 = f64x2.add(sumB0, g0);
        sumB1 = f64x2.add(sumB1, g1);
        put(atGu + s, f64x2.add(f64x2.add(get(atGu + s), f64x2.mul(w0, g0)), f64x2.mul(w1, g1)));
      }
    } else {
      for (let s: usize = 0; s < line; s += 16) {
        const us = get(atU + s);
        const gs = get(atG + s);
        const z0 = f64x2.add(b0, f64x2.mul(w0, us));
        const z1 = f64x2.add(b1, f64x2.mul(w1, us));
        const on0 = f64x2.gt(z0, zero);
        const on1 = f64x2.gt(z1, zero);
        sumV0 = f64x2.add(sumV0, f64x2.mul(gs, where(z0, on0)));
        sumV1 = f64x2.add(sumV1, f64x2.mul(gs, where(z1, on1)));
        const g0 = where(f64x2.mul(v0, gs), on0);
        const g1 = where(f64x2.mul(v1, gs), on1);
        sumW0 = f64x2.add(sumW0, f64x2.mul(g0, us));
        sumW1 = f64x2.add(sumW1, f64x2.mul(g1, us));
        sumB0 = f64x2.add(sumB0, g0);
        sumB1 = f64x2.add(sumB1, g1);
      }
    }
    put(address(gw) + at, sumW0);
    put(address(gw) + at + 16, sumW1);
    put(address(gb) + at, sumB0);
    put(address(gb) + at + 16, sumB1);
    put(address(gv) + at, sumV0);
    put(address(gv) + at + 16, sumV1);
  }
  if (k < width) {
    const at = <usize>k << 4;
    const wk = get(address(w) + at);
    const bk = get(address(b) + at);
    const vk = get(address(v) + at);
    let sumW = begin(firstW, address(gw) + at);
    let sumB = begin(firstB, address(gb) + at);
    let sumV = begin(firstV, address(gv) + at);
    for (let s: usize = 0; s < line; s += 16) {
      const us = get(atU + s);
      const gs = get(atG + s);
      const z = f64x2.add(bk, f64x2.mul(wk, us));
      const on = f64x2.gt(z, zero);
      sumV = f64x2.add(sumV, f64x2.mul(gs, where(z, on)));
      const gz = where(f64x2.mul(vk, gs), on);
      sumW = f64x2.add(sumW, f64x2.mul(gz, us));
      sumB = f64x2.add(sumB, gz);
      if (inner) put(atGu + s, f64x2.add(get(atGu + s), f64x2.mul(wk, gz)));
    }
    put(address(gw) + at, sumW);
    put(address(gb) + at, sumB);
    put(address(gv) + at, sumV);
  }
}
