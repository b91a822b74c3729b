import { sawtoothValue } from "../../sawtooth";

/**
 * The mean of (f - s_n)^2 over [0, 1], exact up to rounding: between corners of either both are affine.
 *
 * @param found corners of f, as `regions.segment` gives them on [0, 1]
 * @param n mirror maps of the sawtooth
 * @returns 0 for the sawtooth itself, 1/12 for the constant 1/2
 */
export function meanSquareToSawtooth(
  { knots, values }: { readonly knots: ArrayLike<number>; readonly values: ArrayLike<number> },
  n: number,
): number {
  const teeth = 2 ** n;
  let sum = 0;
  let [x, piece, tooth] = [0, 0, 1];
  let before = values[0];
  while (x < 1) {
    const next = Math.min(knots[piece + 1], tooth / teeth, 1);
    const share = (next - knots[piece]) / (knots[piece + 1] - knots[piece]);
    const f = share >= 1 ? values[piece + 1] : values[piece] + share * (values[piece + 1] - values[piece]);
    const after = f - sawtoothValue(n, next);
    sum += ((next - x) * (before * before + before * after + after * after)) / 3;
    [x, before] = [next, after];
    while (piece + 2 < knots.length && knots[piece + 1] <= x) piece++;
    if (tooth / teeth <= x) tooth++;
  }
  return sum;
}
