/**
 * The Euclidean length of `count` numbers from `from` on: neither squares nor their sum overflow, and roundings are
 * compensated (Kahan 1965). Math.hypot takes its numbers as arguments, which an input of 100,000 coordinates exceeds.
 */
export function lengthOf(values: Float64Array, from = 0, count = values.length): number {
  let largest = 0;
  for (let i = from; i < from + count; i++) largest = Math.max(largest, Math.abs(values[i]));
  if (largest === 0 || largest === Infinity) return largest;
  let sum = 0;
  let lost = 0;
  for (let i = from; i < from + count; i++) {
    const share = values[i] / largest;
    const term = share * share - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return Math.sqrt(sum) * largest;
}
