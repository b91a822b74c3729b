// exp, ln and sin(pi x) of two numbers: the operations of src/ensemble/elementary.ts, one by one.
import { zero } from "./vector";

// @ts-ignore: decorator
@inline
function splat(x: f64): v128 {
  return f64x2.splat(x);
}

/** p * r + c */
// @ts-ignore: decorator
@inline
function horner(p: v128, r: v128, c: f64): v128 {
  return f64x2.add(f64x2.mul(p, r), f64x2.splat(c));
}

/** c - p * z */
// @ts-ignore: decorator
@inline
function alternate(p: v128, z: v128, c: f64): v128 {
  return f64x2.sub(f64x2.splat(c), f64x2.mul(p, z));
}

const ln2High: f64 = 0.6931471803691238;
const ln2Low: f64 = 1.9082149292705877e-10;

export function exponential(x: v128): v128 {
  const k = f64x2.floor(f64x2.add(f64x2.mul(x, splat(1.4426950408889634)), splat(0.5)));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, splat(ln2High))), f64x2.mul(k, splat(ln2Low)));
  let p = splat(1.0 / 6227020800.0);
  p = horner(p, r, 1.0 / 479001600.0);
  p = horner(p, r, 1.0 / 39916800.0);
  p = horner(p, r, 1.0 / 3628800.0);
  p = horner(p, r, 1.0 / 362880.0);
  p = horner(p, r, 1.0 / 40320.0);
  p = horner(p, r, 1.0 / 5040.0);
  p = horner(p, r, 1.0 / 720.0);
  p = horner(p, r, 1.0 / 120.0);
  p = horner(p, r, 1.0 / 24.0);
  p = horner(p, r, 1.0 / 6.0);
  p = horner(p, r, 0.5);
  p = horner(p, r, 1.0);
  p = horner(p, r, 1.0);
  // k + 1023 in the last bits of a number near 2^52, moved to where the exponent stands: 2^k.
  const power = i64x2.shl(f64x2.add(k, splat(4503599627370496.0 + 1023.0)), 52);
  let y = f64x2.mul(p, power);
  y = v128.andnot(y, f64x2.lt(x, splat(-708.0)));
  return v128.bitselect(splat(Infinity), y, f64x2.gt(x, splat(709.0)));
}

export function logarithm(x: v128): v128 {
  const exponent = i64x2.shr_u(x, 52);
  let e = f64x2.sub(
    v128.or(exponent, i64x2.splat(0x4330000000000000)),
    splat(4503599627370496.0 + 1023.0),
  );
  let m = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000));
  const large = f64x2.gt(m, splat(1.4142135623730951));
  m = v128.bitselect(f64x2.mul(m, splat(0.5)), m, large);
  e = f64x2.add(e, v128.and(splat(1.0), large));
  const s = f64x2.div(f64x2.sub(m, splat(1.0)), f64x2.add(m, splat(1.0)));
  const z = f64x2.mul(s, s);
  let p = splat(1.0 / 21.0);
  p = horner(p, z, 1.0 / 19.0);
  p = horner(p, z, 1.0 / 17.0);
  p = horner(p, z, 1.0 / 15.0);
  p = horner(p, z, 1.0 / 13.0);
  p = horner(p, z, 1.0 / 11.0);
  p = horner(p, z, 1.0 / 9.0);
  p = horner(p, z, 1.0 / 7.0);
  p = horner(p, z, 1.0 / 5.0);
  p = horner(p, z, 1.0 / 3.0);
  const twice = f64x2.mul(splat(2.0), s);
  const small = f64x2.add(
    twice,
    f64x2.add(f64x2.mul(twice, f64x2.mul(z, p)), f64x2.mul(e, splat(ln2Low))),
  );
  let y = f64x2.add(f64x2.mul(e, splat(ln2High)), small);
  // Below the normal numbers: -Infinity from 0 on, NaN for negative numbers and NaN.
  const below = v128.bitselect(splat(-Infinity), splat(NaN), f64x2.ge(x, zero));
  y = v128.bitselect(y, below, f64x2.ge(x, splat(2.2250738585072014e-308)));
  return v128.bitselect(x, y, f64x2.eq(x, splat(Infinity)));
}

export function sinPi(x: v128): v128 {
  const k = f64x2.floor(f64x2.add(x, splat(0.5)));
  const t = f64x2.mul(f64x2.sub(x, k), splat(Math.PI));
  const z = f64x2.mul(t, t);
  let p = splat(1.0 / 51090942171709440000.0);
  p = alternate(p, z, 1.0 / 121645100408832000.0);
  p = alternate(p, z, 1.0 / 355687428096000.0);
  p = alternate(p, z, 1.0 / 1307674368000.0);
  p = alternate(p, z, 1.0 / 6227020800.0);
  p = alternate(p, z, 1.0 / 39916800.0);
  p = alternate(p, z, 1.0 / 362880.0);
  p = alternate(p, z, 1.0 / 5040.0);
  p = alternate(p, z, 1.0 / 120.0);
  p = alternate(p, z, 1.0 / 6.0);
  const odd = f64x2.sub(k, f64x2.mul(splat(2.0), f64x2.floor(f64x2.mul(k, splat(0.5)))));
  const sign = f64x2.sub(splat(1.0), f64x2.mul(splat(2.0), odd));
  return f64x2.mul(f64x2.sub(t, f64x2.mul(t, f64x2.mul(z, p))), sign);
}
