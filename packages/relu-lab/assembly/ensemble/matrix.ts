// Products of small matrices: a tile of results stays in registers while one index runs, so every sum keeps the order of the
// plain triple loop.
import { address, get, put, where, zero } from "./vector";

// @ts-ignore: decorator
@inline
export function plus(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

// @ts-ignore: decorator
@inline
function finish(at: usize, z: v128, relu: bool): void {
  put(at, relu ? where(z, f64x2.gt(z, zero)) : z);
}

/** Where sums start: at a row's own number (biases), at what stands there, or at 0. */
export const fromZero: i32 = 0;
const fromBiases: i32 = 1;
export const fromThere: i32 = 2;

// @ts-ignore: decorator
@inline
export function begin(from: i32, bias: v128, at: usize): v128 {
  return from == fromThere ? get(at) : bias;
}

/**
 * out[r][s] = start + sum over q of A[r * rowStep + q * step] * B[q][s]: two rows and four columns at a time.
 */
function accumulate(
  out: usize,
  A: usize,
  rowStep: usize,
  step: usize,
  B: usize,
  biases: usize,
  from: i32,
  rows: i32,
  inner: i32,
  columns: i32,
  relu: bool,
): void {
  const line = <usize>columns << 4;
  let r = 0;
  for (; r + 2 <= rows; r += 2) {
    const a = A + <usize>r * rowStep;
    const o = out + <usize>r * line;
    const bias0 = from == fromBiases ? get(biases + (<usize>r << 4)) : zero;
    const bias1 = from == fromBiases ? get(biases + (<usize>r << 4) + 16) : zero;
    let s = 0;
    for (; s + 4 <= columns; s += 4) {
      const at = o + (<usize>s << 4);
      let z00 = begin(from, bias0, at);
      let z01 = begin(from, bias0, at + 16);
      let z02 = begin(from, bias0, at + 32);
      let z03 = begin(from, bias0, at + 48);
      let z10 = begin(from, bias1, at + line);
      let z11 = begin(from, bias1, at + line + 16);
      let z12 = begin(from, bias1, at + line + 32);
      let z13 = begin(from, bias1, at + line + 48);
      let p = a;
      let q = B + (<usize>s << 4);
      for (let i = 0; i < inner; i++) {
        const w0 = get(p);
        const w1 = get(p + rowStep);
        let x = v128.load(q, 0);
        z00 = plus(z00, w0, x);
        z10 = plus(z10, w1, x);
        x = v128.load(q, 16);
        z01 = plus(z01, w0, x);
        z11 = plus(z11, w1, x);
        x = v128.load(q, 32);
        z02 = plus(z02, w0, x);
        z12 = plus(z12, w1, x);
        x = v128.load(q, 48);
        z03 = plus(z03, w0, x);
        z13 = plus(z13, w1, x);
        p += step;
        q += line;
      }
      finish(at, z00, relu);
      finish(at + 16, z01, relu);
      finish(at + 32, z02, relu);
      finish(at + 48, z03, relu);
      finish(at + line, z10, relu);
      finish(at + line + 16, z11, relu);
      finish(at + line + 32, z12, relu);
      finish(at + line + 48, z13, relu);
    }
    for (; s < columns; s++) {
      const at = o + (<usize>s << 4);
      let z0 = begin(from, bias0, at);
      let z1 = begin(from, bias1, at + line);
      let p = a;
      let q = B + (<usize>s << 4);
      for (let i = 0; i < inner; i++) {
        const x = get(q);
        z0 = plus(z0, get(p), x);
        z1 = plus(z1, get(p + rowStep), x);
        p += step;
        q += line;
      }
      finish(at, z0, relu);
      finish(at + line, z1, relu);
    }
  }
  if (r < rows) {
    const a = A + <usize>r * rowStep;
    const o = out + <usize>r * line;
    const bias = from == fromBiases ? get(biases + (<usize>r << 4)) : zero;
    let s = 0;
    for (; s + 4 <= columns; s += 4) {
      const at = o + (<usize>s << 4);
      let z0 = begin(from, bias, at);
      let z1 = begin(from, bias, at + 16);
      let z2 = begin(from, bias, at + 32);
      let z3 = begin(from, bias, at + 48);
      let p = a;
      let q = B + (<usize>s << 4);
      for (let i = 0; i < inner; i++) {
        const w = get(p);
        z0 = plus(z0, w, v128.load(q, 0));
        z1 = plus(z1, w, v128.load(q, 16));
        z2 = plus(z2, w, v128.load(q, 32));
        z3 = plus(z3, w, v128.load(q, 48));
        p += step;
        q += line;
      }
      finish(at, z0, relu);
      finish(at + 16, z1, relu);
      finish(at + 32, z2, relu);
      finish(at + 48, z3, relu);
    }
    for (; s < columns; s++) {
      const at = o + (<usize>s << 4);
      let z = begin(from, bias, at);
      let p = a;
      let q = B + (<usize>s << 4);
      for (let i = 0; i < inner; i++) {
        z = plus(z, get(p), get(q));
        p += step;
        q += line;
      }
      finish(at, z, relu);
    }
  }
}

/** out = W X + b, and a ReLU. */
export function dense(
  to: i32,
  W: i32,
  X: i32,
  b: i32,
  outputs: i32,
  inputs: i32,
  columns: i32,
  relu: i32,
): void {
  const from = b < 0 ? fromZero : fromBiases;
  const biases: usize = b < 0 ? 0 : address(b);
  const rowStep = <usize>inputs << 4;
  accumulate(address(to), address(W), rowStep, 16, address(X), biases, from, outputs, inputs, columns, relu == 1);
}

/** gX = W^T g, or added to it. */
export function denseInput(
  gX: i32,
  W: i32,
  g: i32,
  outputs: i32,
  inputs: i32,
  columns: i32,
  first: i32,
): void {
  const from = first == 1 ? fromZero : fromThere;
  const step = <usize>inputs << 4;
  accumulate(address(gX), address(W), 16, step, address(g), 0, from, inputs, outputs, columns, false);
}

/** g = 0 where the layer's output is 0. */
export function mask(g: i32, y: i32, count: i32): void {
  let p = address(g);
  let q = address(y);
  for (let i = 0; i < count; i++, p += 16, q += 16) put(p, where(get(p), f64x2.gt(get(q), zero)));
}
