// Doubles are binary fractions: an integer times a power of two. Many of them become integers over one power of two.

const bits = new DataView(new ArrayBuffer(8));

/** The exponent e of the lowest bit of a finite double, so that value / 2^e is an odd integer; 0 for 0. */
export function lowestExponent(value: number): number {
  if (value === 0) return 0;
  bits.setFloat64(0, value);
  const low = bits.getUint32(4);
  const high = bits.getUint32(0);
  const biased = (high >>> 20) & 0x7ff;
  const fraction = biased === 0 ? high & 0xfffff : (high & 0xfffff) | 0x100000;
  const zeros = low !== 0 ? 31 - Math.clz32(low & -low) : 63 - Math.clz32(fraction & -fraction);
  return Math.max(biased, 1) - 1075 + zeros;
}

/** The integer value * 2^scale; `scale` is at least minus the lowest exponent of the value. */
export function toInteger(value: number, scale: number): bigint {
  if (value === 0) return 0n;
  const exponent = lowestExponent(value);
  // Two steps, because 2^-exponent alone can exceed the doubles.
  const half = Math.trunc(exponent / 2);
  const odd = (value * 2 ** -half) / 2 ** (exponent - half);
  return BigInt(odd) << BigInt(scale + exponent);
}

/** The smallest scale at which every value * 2^scale is an integer, at least `least`. */
export function commonScale(values: ArrayLike<number>, least = 0): number {
  let scale = least;
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0) scale = Math.max(scale, -lowestExponent(values[i]));
  }
  return scale;
}

/** -1, 0 or 1. */
export function signOf(value: bigint): number {
  return value > 0n ? 1 : value < 0n ? -1 : 0;
}

/** Bits of a natural number, at most three too many. */
export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(16).length * 4;
}

/** numerator / denominator, correctly rounded to a double (subnormal results: within one unit). */
export function quotient(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const shift = Math.max(-1074, 70 - (bitLength(n) - bitLength(d)));
  const top = shift >= 0 ? n << BigInt(shift) : n;
  const bottom = shift >= 0 ? d : d << BigInt(-shift);
  let q = top / bottom;
  if (q * bottom !== top) q |= 1n; // a sticky bit, so that Number() rounds as the exact quotient would
  const half = Math.trunc(-shift / 2);
  const value = Number(q) * 2 ** half * 2 ** (-shift - half);
  return negative ? -value : value;
}
