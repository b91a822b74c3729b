/** The sum of two doubles, or undefined when it would be rounded (Knuth's two-sum has a remainder). */
export function exactSum(a: number, b: number): number | undefined {
  const sum = a + b;
  const back = sum - a;
  return a - (sum - back) + (b - back) === 0 ? sum : undefined;
}
