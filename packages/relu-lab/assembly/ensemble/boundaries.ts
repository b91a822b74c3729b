// How near each sample is to each neuron's boundary: K(z / |grad z|), and the unit normal times it, in one pass.
import { exponential } from "./elementary";
import { address, get, put, zero } from "./vector";

/** One over the length of the slope. */
// @ts-ignore: decorator
@inline
function inverse(x: v128, y: v128, least: v128): v128 {
  const square = f64x2.add(f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y)), least);
  return f64x2.div(f64x2.splat(1.0), f64x2.sqrt(square));
}

export function boundaries(
  to: i32,
  z: i32,
  x: i32,
  y: i32,
  factor: i32,
  scale: i32,
  least: i32,
  count: i32,
): void {
  const bytes = <usize>count << 4;
  const Z = address(z);
  const X = address(x);
  const Y = address(y);
  const first = address(to);
  const second = first + bytes;
  const third = second + bytes;
  const f = get(address(factor));
  const c = get(address(scale));
  const e = get(address(least));
  for (let i: usize = 0; i < bytes; i += 16) {
    const xi = get(X + i);
    const yi = get(Y + i);
    const r = inverse(xi, yi, e);
    const d = f64x2.mul(get(Z + i), r);
    const k = f64x2.mul(c, exponential(f64x2.mul(f, f64x2.mul(d, d))));
    put(first + i, k);
    put(second + i, f64x2.mul(k, f64x2.mul(xi, r)));
    put(third + i, f64x2.mul(k, f64x2.mul(yi, r)));
  }
}

// @ts-ignore: decorator
@inline
function more(place: i32, first: i32, i: usize, value: v128): void {
  if (place < 0) return;
  const t = address(place) + i;
  put(t, f64x2.add(first == 1 ? zero : get(t), value));
}

export function boundariesGradient(
  g: i32,
  to: i32,
  z: i32,
  x: i32,
  y: i32,
  factor: i32,
  least: i32,
  count: i32,
  gz: i32,
  firstZ: i32,
  gx: i32,
  firstX: i32,
  gy: i32,
  firstY: i32,
): void {
  const bytes = <usize>count << 4;
  const Z = address(z);
  const X = address(x);
  const Y = address(y);
  const G = address(g);
  const K = address(to);
  const f = get(address(factor));
  const twice = f64x2.add(f, f);
  const e = get(address(least));
  for (let i: usize = 0; i < bytes; i += 16) {
    const xi = get(X + i);
    const yi = get(Y + i);
    const zi = get(Z + i);
    const k = get(K + i);
    const g1 = get(G + bytes + i);
    const g2 = get(G + 2 * bytes + i);
    const r = inverse(xi, yi, e);
    const gk = f64x2.add(
      f64x2.add(get(G + i), f64x2.mul(g1, f64x2.mul(xi, r))),
      f64x2.mul(g2, f64x2.mul(yi, r)),
    );
    const gd = f64x2.mul(gk, f64x2.mul(k, f64x2.mul(twice, f64x2.mul(zi, r))));
    const k1 = f64x2.mul(g1, k);
    const k2 = f64x2.mul(g2, k);
    const gr = f64x2.add(f64x2.add(f64x2.mul(k1, xi), f64x2.mul(k2, yi)), f64x2.mul(gd, zi));
    const h = f64x2.mul(gr, f64x2.mul(r, f64x2.mul(r, r)));
    more(gz, firstZ, i, f64x2.mul(gd, r));
    more(gx, firstX, i, f64x2.sub(f64x2.mul(k1, r), f64x2.mul(h, xi)));
    more(gy, firstY, i, f64x2.sub(f64x2.mul(k2, r), f64x2.mul(h, yi)));
  }
}
