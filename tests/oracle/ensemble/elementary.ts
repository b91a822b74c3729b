// exp, log and sin with the very operations of assembly/ensemble/elementary.ts: Math's own may differ by the last bit from one
// machine, and from WebAssembly, to the next.

const words = new Int32Array(2);
const double = new Float64Array(words.buffer);
/** 2^k for a whole k from -1022 to 1023. */
function power(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20;
  return double[0];
}

const log2e = 1.4426950408889634;
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/** e^x, 0 below -708, infinite above 709; within two units of the last place. */
export function exponential(x: number): number {
  if (!(x <= 709)) return x > 709 ? Infinity : NaN;
  if (x < -708) return 0;
  const k = Math.floor(x * log2e + 0.5);
  const r = x - k * ln2High - k * ln2Low;
  let p = 1 / 6227020800;
  p = p * r + 1 / 479001600;
  p = p * r + 1 / 39916800;
  p = p * r + 1 / 3628800;
  p = p * r + 1 / 362880;
  p = p * r + 1 / 40320;
  p = p * r + 1 / 5040;
  p = p * r + 1 / 720;
  p = p * r + 1 / 120;
  p = p * r + 1 / 24;
  p = p * r + 1 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  return p * power(k);
}

/** ln x; -Infinity at 0 and for subnormal numbers, NaN below. */
export function logarithm(x: number): number {
  if (!(x >= 2.2250738585072014e-308)) return x >= 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  double[0] = x;
  let e = (words[1] >> 20) - 1023;
  words[1] = (words[1] & 0xfffff) | 0x3ff00000;
  let m = double[0];
  if (m > 1.4142135623730951) {
    m *= 0.5;
    e += 1;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let p = 1 / 21;
  p = p * z + 1 / 19;
  p = p * z + 1 / 17;
  p = p * z + 1 / 15;
  p = p * z + 1 / 13;
  p = p * z + 1 / 11;
  p = p * z + 1 / 9;
  p = p * z + 1 / 7;
  p = p * z + 1 / 5;
  p = p * z + 1 / 3;
  return e * ln2High + (2 * s + (2 * s * (z * p) + e * ln2Low));
}

/** sin(pi x). */
export function sinPi(x: number): number {
  const k = Math.floor(x + 0.5);
  const t = (x - k) * Math.PI;
  const z = t * t;
  let p = 1 / 51090942171709440000;
  p = 1 / 121645100408832000 - p * z;
  p = 1 / 355687428096000 - p * z;
  p = 1 / 1307674368000 - p * z;
  p = 1 / 6227020800 - p * z;
  p = 1 / 39916800 - p * z;
  p = 1 / 362880 - p * z;
  p = 1 / 5040 - p * z;
  p = 1 / 120 - p * z;
  p = 1 / 6 - p * z;
  const odd = k - 2 * Math.floor(k * 0.5);
  return (t - t * (z * p)) * (1 - 2 * odd);
}
