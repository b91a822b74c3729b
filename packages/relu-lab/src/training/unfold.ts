import { checkSamples } from "./samples";
import { tent } from "./tents";

/** What unfolding found in samples of a function. */
export interface Unfolding {
  /** Where each tent peaks, the first to be applied first: f(x) = h(T_n(...T_1(x))). */
  readonly peaks: readonly number[];
  /** The intermediate values u_1, ..., u_n at each sample, in the samples' order. */
  readonly levels: readonly Float64Array[];
}

/** How samples are unfolded. */
export interface UnfoldOptions {
  /** Most folds; 16 when not given. */
  readonly most?: number;
  /** A fold counts when its two sides differ by less than this share of the function's variance; 0.1 when not
   * given. Without a fold it is above 1; noise of deviation d adds up to 2 d^2. */
  readonly tolerance?: number;
  /** Peaks are looked for between this and 1 minus this; 0.15 when not given. */
  readonly margin?: number;
}

/** The function through samples, at equal distances in [0, 1], for look-ups in constant time. */
class Lookup {
  private readonly values: Float64Array;
  readonly variance: number;

  constructor(x: Float64Array, y: Float64Array) {
    const order = Uint32Array.from(x.keys()).sort((a, b) => x[a] - x[b]);
    const count = Math.max(1024, 2 * x.length);
    let at = 0;
    this.values = Float64Array.from({ length: count + 1 }, (_, i) => {
      const t = i / count;
      while (at + 2 < order.length && x[order[at + 1]] < t) at++;
      const [left, right] = [order[at], order[at + 1]];
      const share = x[right] > x[left] ? (t - x[left]) / (x[right] - x[left]) : 0;
      return y[left] + Math.max(0, Math.min(1, share)) * (y[right] - y[left]);
    });
    const mean = this.values.reduce((sum, v) => sum + v, 0) / this.values.length;
    this.variance = this.values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / this.values.length;
  }

  get cells(): number {
    return this.values.length - 1;
  }

  at(t: number): number {
    const place = Math.max(0, Math.min(1, t)) * this.cells;
    const cell = Math.min(this.cells - 1, Math.floor(place));
    return this.values[cell] + (place - cell) * (this.values[cell + 1] - this.values[cell]);
  }

  /** How far the left side, reflected at c and stretched, is from the right side: a mean square. */
  misfit(c: number, points: number): number {
    let sum = 0;
    for (let i = 0; i < points; i++) {
      const v = (i + 0.5) / points;
      sum += (this.at(c * (1 - v)) - this.at(c + (1 - c) * v)) ** 2;
    }
    return sum / points;
  }
}

/** The best fold: every place is tried, at half the distance of the samples; the best one is refined. */
function bestFold(f: Lookup, margin: number): { peak: number; misfit: number } {
  const step = 1 / f.cells;
  let best = 0.5;
  let least = Infinity;
  for (let c = margin; c <= 1 - margin; c += step) {
    const misfit = f.misfit(c, 64);
    if (misfit < least) [best, least] = [c, misfit];
  }
  let [low, high] = [best - 2 * step, best + 2 * step];
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; i < 40; i++) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)];
    if (f.misfit(a, 512) < f.misfit(b, 512)) high = b;
    else low = a;
  }
  const peak = (low + high) / 2;
  return { peak, misfit: f.misfit(peak, 512) };
}

/**
 * Finds the folds of a function from its samples: where does the left side, reflected and stretched, lie on the right side?
 *
 * If f = h(T_c(x)), then f(c (1 - v)) = f(c + (1 - c) v) for all v. The place c with the least mean square of the difference
 * is taken for the peak, every sample moves to u = T_c(x), and the search begins again with h. It ends when no place folds
 * well. What it finds are the intermediate values that depth-graded supervision needs: no level has to be known.
 *
 * Assumes that the target *is* a composition of tents with peaks anywhere (and any function after them), and several samples
 * for each lap. A target without such a reflection has no folds, and none is found.
 *
 * @param x points of [0, 1], in any order
 * @param y the target there; it may be noisy
 * @param options how many folds, how good they must be
 * @returns the peaks in the order the tents are applied, and the intermediate values
 * @throws RangeError when there are fewer than 16 samples, the arrays differ in length, or a number is not finite
 * @example
 * const { peaks, levels } = training.unfold(x, y);
 * const source = training.tableBatch(x, [...levels.slice(0, -1), y], 32);
 */
export function unfold(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { most = 16, tolerance = 0.1, margin = 0.15 }: UnfoldOptions = {},
): Unfolding {
  checkSamples("unfold", x, y);
  if (x.length < 16) throw new RangeError(`unfold: ${x.length} samples: give at least 16`);
  if (!(margin > 0 && margin < 0.5))
    throw new RangeError(`unfold: the margin is ${margin}: it must lie between 0 and 1/2`);
  const values = Float64Array.from(y);
  const peaks: number[] = [];
  const levels: Float64Array[] = [];
  let u = Float64Array.from(x);
  while (peaks.length < most) {
    const f = new Lookup(u, values);
    const { peak, misfit } = bestFold(f, margin);
    if (!(misfit < tolerance * f.variance)) break;
    u = u.map((value) => tent(peak, value));
    peaks.push(peak);
    levels.push(u);
  }
  return { peaks, levels };
}
