// From fdlibm's e_log.c:
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Developed at SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
// freely granted, provided that this notice is preserved.

const double = new Float64Array(1);
const words = new Int32Array(double.buffer); // the higher word second

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const [L1, L2, L3, L4, L5, L6, L7] = [
  6.66666666666673513e-1, 3.999999999940941908e-1, 2.857142874366239149e-1, 2.222219843214978396e-1,
  1.818357216161805012e-1, 1.531383769920937332e-1, 1.479819860511658591e-1,
];

/**
 * The natural logarithm of a positive normal number, the same bits on every machine. Math.log is left to the engine; V8's has
 * been this one.
 */
export function log(x: number): number {
  double[0] = x;
  const high = words[1] & 0xfffff;
  // x = 2^k (1 + f), 1 + f from sqrt(1/2) to sqrt(2).
  const carry = (high + 0x95f64) & 0x100000;
  const k = (words[1] >> 20) - 1023 + (carry >> 20);
  words[1] = high | (carry ^ 0x3ff00000);
  const f = double[0] - 1;
  if (((2 + high) & 0xfffff) < 3) {
    // |f| < 2^-20
    if (f === 0) return k * LN2_HIGH + k * LN2_LOW;
    const rest = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - rest : k * LN2_HIGH - (rest - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const rest = z * (L1 + w * (L3 + w * (L5 + w * L7))) + w * (L2 + w * (L4 + w * L6));
  if (((high - 0x6147a) | (0x6b851 - high)) > 0) {
    const half = 0.5 * f * f;
    return k === 0
      ? f - (half - s * (half + rest))
      : k * LN2_HIGH - (half - (s * (half + rest) + k * LN2_LOW) - f);
  }
  return k === 0 ? f - s * (f - rest) : k * LN2_HIGH - (s * (f - rest) - k * LN2_LOW - f);
}
