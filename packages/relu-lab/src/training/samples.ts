/**
 * Refuses samples (x, y) that no method can fit.
 *
 * @throws RangeError when x and y differ in length, or one of their numbers is not finite
 */
export function checkSamples(name: string, x: ArrayLike<number>, y: ArrayLike<number>): void {
  if (x.length !== y.length) throw new RangeError(`${name}: ${x.length} points and ${y.length} values`);
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i]))
      throw new RangeError(`${name}: sample ${i} is (${x[i]}, ${y[i]}): both must be finite`);
  }
}
