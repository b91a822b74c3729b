// Products and norms of rows, and how far they are wrong (E, A, rho, P of exactness.md).
import { Layer, SLACK, TINY, UNIT } from "./layer";

/** out = weights * (masked) vector, over the active inputs only; sums are at most active / 2 + 3 deep. */
export function multiply(to: Layer, from: Layer, vector: usize, out: usize): void {
  const list = from.list;
  const m = from.active;
  const stride = <usize>to.inputs << 6;
  let block = to.weights;
  const end = out + (<usize>to.padded << 3);
  for (; out < end; out += 64, block += stride) {
    let a0 = f64x2.splat(0), a1 = f64x2.splat(0), a2 = f64x2.splat(0), a3 = f64x2.splat(0);
    let b0 = f64x2.splat(0), b1 = f64x2.splat(0), b2 = f64x2.splat(0), b3 = f64x2.splat(0);
    let k = 0;
    for (; k + 1 < m; k += 2) {
      const i = <usize>load<i32>(list + (<usize>k << 2));
      const j = <usize>load<i32>(list + (<usize>k << 2), 4);
      const x = v128.load64_splat(vector + (i << 3));
      const y = v128.load64_splat(vector + (j << 3));
      const p = block + (i << 6);
      const q = block + (j << 6);
      a0 = f64x2.add(a0, f64x2.mul(x, v128.load(p)));
      a1 = f64x2.add(a1, f64x2.mul(x, v128.load(p, 16)));
      a2 = f64x2.add(a2, f64x2.mul(x, v128.load(p, 32)));
      a3 = f64x2.add(a3, f64x2.mul(x, v128.load(p, 48)));
      b0 = f64x2.add(b0, f64x2.mul(y, v128.load(q)));
      b1 = f64x2.add(b1, f64x2.mul(y, v128.load(q, 16)));
      b2 = f64x2.add(b2, f64x2.mul(y, v128.load(q, 32)));
      b3 = f64x2.add(b3, f64x2.mul(y, v128.load(q, 48)));
    }
    if (k < m) {
      const i = <usize>load<i32>(list + (<usize>k << 2));
      const x = v128.load64_splat(vector + (i << 3));
      const p = block + (i << 6);
      a0 = f64x2.add(a0, f64x2.mul(x, v128.load(p)));
      a1 = f64x2.add(a1, f64x2.mul(x, v128.load(p, 16)));
      a2 = f64x2.add(a2, f64x2.mul(x, v128.load(p, 32)));
      a3 = f64x2.add(a3, f64x2.mul(x, v128.load(p, 48)));
    }
    v128.store(out, f64x2.add(a0, b0));
    v128.store(out, f64x2.add(a1, b1), 16);
    v128.store(out, f64x2.add(a2, b2), 32);
    v128.store(out, f64x2.add(a3, b3), 48);
  }
}

/** Relative error of a sum over so many active neurons. */
@inline
export function gamma(active: i32): f64 {
  return (<f64>(active >> 1) + 8) * UNIT * SLACK;
}

/** 2-norm; the length is padded to a multiple of 8. */
export function twoNorm(vector: usize, padded: i32): f64 {
  let a = f64x2.splat(0), b = a, c = a, d = a;
  const end = vector + (<usize>padded << 3);
  for (; vector < end; vector += 64) {
    const w = v128.load(vector), x = v128.load(vector, 16), y = v128.load(vector, 32), z = v128.load(vector, 48);
    a = f64x2.add(a, f64x2.mul(w, w));
    b = f64x2.add(b, f64x2.mul(x, x));
    c = f64x2.add(c, f64x2.mul(y, y));
    d = f64x2.add(d, f64x2.mul(z, z));
  }
  a = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  return Math.sqrt(f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1)) * SLACK + 1e-150; // squares below 1e-308 are lost
}

export function stateNorm(at: Layer): void {
  at.P = twoNorm(at.slope, at.padded) + twoNorm(at.intercept, at.padded);
}

/** Bounds of a layer's errors from those of the layer below and its own. */
export function errors(to: Layer, from: Layer): void {
  to.E = (to.rowNorm * from.A + to.rhoMax) * SLACK + TINY;
  to.A = (to.norm * from.A + to.rhoTwo) * SLACK + TINY;
}
