/** Mean and spread of a sample. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation of one value (n - 1 in the denominator); 0 for a single one. */
  readonly deviation: number;
  /** Standard error of the mean. */
  readonly error: number;
  /** The values below which a tenth, half and nine tenths lie. */
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** The value below which a share of a sorted sample lies, interpolated linearly. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/**
 * Mean, deviation, standard error, and the values below which 10, 50 and 90 % of a sample lie.
 *
 * @throws RangeError when there is no value
 */
export function summary(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError("summary: there is no value to sum up");
  const count = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / count;
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  const deviation = count > 1 ? Math.sqrt(squares / (count - 1)) : 0;
  const sorted = [...values].sort((a, b) => a - b);
  const [low, median, high] = [0.1, 0.5, 0.9].map((share) => quantile(sorted, share));
  return { count, mean, deviation, error: deviation / Math.sqrt(count), low, median, high };
}

/** Rows with equal values in some columns, in the order of first appearance. */
export function groupRows<R extends object>(rows: readonly R[], columns: readonly (keyof R)[]): R[][] {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const key = columns.map((column) => String(row[column])).join("\u0000");
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

/** A share of successes with an interval that holds the true one with a confidence of 95 %. */
export interface Rate {
  readonly successes: number;
  readonly trials: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The rate of success and its 95 % interval (Wilson 1927): sound for few trials and for rates of 0 and 1 too.
 *
 * @param successes how many trials succeeded
 * @param trials how many there were
 * @throws RangeError when there is no trial, or more successes than trials
 * @example
 * successRate(20, 20); // rate 1, from 0.839 to 1
 */
export function successRate(successes: number, trials: number): Rate {
  if (!(trials > 0 && successes >= 0 && successes <= trials))
    throw new RangeError(`successRate: ${successes} successes of ${trials} trials`);
  const z = 1.959963984540054; // a normal variable lies within so many deviations with 95 %
  const rate = successes / trials;
  const centre = rate + z ** 2 / (2 * trials);
  const half = z * Math.sqrt((rate * (1 - rate)) / trials + z ** 2 / (4 * trials ** 2));
  const scale = 1 + z ** 2 / trials;
  const [low, high] = [(centre - half) / scale, (centre + half) / scale];
  return {
    successes,
    trials,
    rate,
    low: Math.max(0, Math.min(low, rate)),
    high: Math.min(1, Math.max(high, rate)),
  };
}
