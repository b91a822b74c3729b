// Gradients of a dense layer's weights and biases: sums over samples, in the order of the plain triple loop.
import { begin, fromThere, fromZero, plus } from "./matrix";
import { address, get, put, zero } from "./vector";

/** gW = g X^T, or added to it: two rows and four columns at a time. */
export function denseWeights(
  gW: i32,
  g: i32,
  X: i32,
  outputs: i32,
  inputs: i32,
  columns: i32,
  first: i32,
): void {
  const from = first == 1 ? fromZero : fromThere;
  const line = <usize>columns << 4;
  const width = <usize>inputs << 4;
  let o = 0;
  for (; o + 2 <= outputs; o += 2) {
    const rows = address(g) + <usize>o * line;
    const out = address(gW) + <usize>o * width;
    let i = 0;
    for (; i + 4 <= inputs; i += 4) {
      const at = out + (<usize>i << 4);
      let z00 = begin(from, zero, at);
      let z01 = begin(from, zero, at + 16);
      let z02 = begin(from, zero, at + 32);
      let z03 = begin(from, zero, at + 48);
      let z10 = begin(from, zero, at + width);
      let z11 = begin(from, zero, at + width + 16);
      let z12 = begin(from, zero, at + width + 32);
      let z13 = begin(from, zero, at + width + 48);
      let p = rows;
      let q = address(X) + <usize>i * line;
      const q3: usize = 3 * line;
      for (let s = 0; s < columns; s++) {
        const g0 = get(p);
        const g1 = get(p + line);
        let x = get(q);
        z00 = plus(z00, g0, x);
        z10 = plus(z10, g1, x);
        x = get(q + line);
        z01 = plus(z01, g0, x);
        z11 = plus(z11, g1, x);
        x = get(q + 2 * line);
        z02 = plus(z02, g0, x);
        z12 = plus(z12, g1, x);
        x = get(q + q3);
        z03 = plus(z03, g0, x);
        z13 = plus(z13, g1, x);
        p += 16;
        q += 16;
      }
      put(at, z00);
      put(at + 16, z01);
      put(at + 32, z02);
      put(at + 48, z03);
      put(at + width, z10);
      put(at + width + 16, z11);
      put(at + width + 32, z12);
      put(at + width + 48, z13);
    }
    for (; i < inputs; i++) {
      const at = out + (<usize>i << 4);
      let z0 = begin(from, zero, at);
      let z1 = begin(from, zero, at + width);
      let p = rows;
      let q = address(X) + <usize>i * line;
      for (let s = 0; s < columns; s++) {
        const x = get(q);
        z0 = plus(z0, get(p), x);
        z1 = plus(z1, get(p + line), x);
        p += 16;
        q += 16;
      }
      put(at, z0);
      put(at + width, z1);
    }
  }
  if (o < outputs) {
    const rows = address(g) + <usize>o * line;
    const out = address(gW) + <usize>o * width;
    let i = 0;
    for (; i + 4 <= inputs; i += 4) {
      const at = out + (<usize>i << 4);
      let z0 = begin(from, zero, at);
      let z1 = begin(from, zero, at + 16);
      let z2 = begin(from, zero, at + 32);
      let z3 = begin(from, zero, at + 48);
      let p = rows;
      let q = address(X) + <usize>i * line;
      const q3: usize = 3 * line;
      for (let s = 0; s < columns; s++) {
        const y = get(p);
        z0 = plus(z0, y, get(q));
        z1 = plus(z1, y, get(q + line));
        z2 = plus(z2, y, get(q + 2 * line));
        z3 = plus(z3, y, get(q + q3));
        p += 16;
        q += 16;
      }
      put(at, z0);
      put(at + 16, z1);
      put(at + 32, z2);
      put(at + 48, z3);
    }
    for (; i < inputs; i++) {
      const at = out + (<usize>i << 4);
      let z = begin(from, zero, at);
      let p = rows;
      let q = address(X) + <usize>i * line;
      for (let s = 0; s < columns; s++) {
        z = plus(z, get(p), get(q));
        p += 16;
        q += 16;
      }
      put(at, z);
    }
  }
}

/** gb = row sums of g, or added to it; four rows at a time, so that no sum waits for itself. */
export function denseBiases(gb: i32, g: i32, outputs: i32, columns: i32, first: i32): void {
  const from = first == 1 ? fromZero : fromThere;
  const line = <usize>columns << 4;
  let o = 0;
  for (; o + 4 <= outputs; o += 4) {
    const at = address(gb + o);
    let z0 = begin(from, zero, at);
    let z1 = begin(from, zero, at + 16);
    let z2 = begin(from, zero, at + 32);
    let z3 = begin(from, zero, at + 48);
    let p = address(g) + <usize>o * line;
    const three: usize = 3 * line;
    for (let s = 0; s < columns; s++) {
      z0 = f64x2.add(z0, get(p));
      z1 = f64x2.add(z1, get(p + line));
      z2 = f64x2.add(z2, get(p + 2 * line));
      z3 = f64x2.add(z3, get(p + three));
      p += 16;
    }
    put(at, z0);
    put(at + 16, z1);
    put(at + 32, z2);
    put(at + 48, z3);
  }
  for (; o < outputs; o++) {
    const at = address(gb + o);
    let z = begin(from, zero, at);
    let p = address(g) + <usize>o * line;
    for (let s = 0; s < columns; s++, p += 16) z = f64x2.add(z, get(p));
    put(at, z);
  }
}
