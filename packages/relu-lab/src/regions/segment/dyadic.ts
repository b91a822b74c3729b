// Doubles are binary fractions: m * 2^e. A list of them becomes a list of integers over one power of two.

const bytes = new DataView(new ArrayBuffer(8));

/** The integer m and the exponent e with value = m * 2^e, m odd or zero. */
function decompose(value: number): { mantissa: bigint; exponent: number } {
  if (value === 0) return { mantissa: 0n, exponent: 0 };
  bytes.setFloat64(0, value);
  const bits = bytes.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  let mantissa = bits & 0xfffffffffffffn;
  let exponent = biased === 0 ? -1074 : biased - 1075;
  if (biased !== 0) mantissa |= 0x10000000000000n;
  const zeros = trailingZeros(mantissa);
  mantissa >>= BigInt(zeros);
  exponent += zeros;
  return { mantissa: value < 0 ? -mantissa : mantissa, exponent };
}

function trailingZeros(mantissa: bigint): number {
  const low = Number(mantissa & 0xffffffffn);
  if (low !== 0) return 31 - Math.clz32(low & -low);
  return 32 + 31 - Math.clz32(Number(mantissa >> 32n) & -Number(mantissa >> 32n));
}

/** The smallest s >= 0 such that every value times 2^s is an integer. */
export function fractionBits(values: Float64Array): number {
  let bits = 0;
  for (const value of values) {
    if (!Number.isInteger(value)) bits = Math.max(bits, -decompose(value).exponent);
  }
  return bits;
}

/** value * 2^bits as an integer; bits must be at least the value's own number of fraction bits. */
export function scaledInteger(value: number, bits: number): bigint {
  const { mantissa, exponent } = decompose(value);
  return mantissa << BigInt(mantissa === 0n ? 0 : exponent + bits);
}

function bitLength(value: bigint): number {
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
