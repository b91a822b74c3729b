import { CholeskyDecomposition, Matrix } from "ml-matrix";
import type { Generator } from "../random";
import { checkSamples } from "./samples";
import { coupledWeights, peakOf, type TentFunction } from "./tents";

/** How tents are fitted by least squares. */
export interface TentFit {
  /** Levels of each chain. */
  readonly levels: number;
  /** Chains that are added up; 1 when not given. */
  readonly chains?: number;
  /** Coupled weights (one number a chain), or free ones (one a level). */
  readonly weights: "coupled" | "free";
  /** Most steps of Levenberg and Marquardt; 200 when not given. */
  readonly iterations?: number;
}

/** One chain's values and their derivatives by its parameters at one point. */
interface ChainAt {
  /** By theta_1, ..., theta_(n+1), then by the weight or the weights. */
  readonly derivatives: Float64Array;
  value: number;
}

/** Parameters of a chain: thetas (levels + 1), then one weight or one a level. */
const chainLength = (levels: number, weights: TentFit["weights"]): number =>
  levels + 1 + (weights === "free" ? levels : 1);

/**
 * Everything a chain's value at a point needs of its parameters, computed once for all points: weights s_l and, when they are
 * coupled, d s_l / d theta_k.
 */
function chainState(p: ArrayLike<number>, levels: number, weights: TentFit["weights"]) {
  const peaks = Array.from({ length: levels + 1 }, (_, l) => peakOf(p[l]));
  const own = Array.from({ length: weights === "free" ? levels : 1 }, (_, l) => p[levels + 1 + l]);
  const s = weights === "free" ? own : coupledWeights(own[0], peaks);
  // s_l = s_1 prod_(i = 2..l) (1 - c_i) c_(i+1): the logarithmic derivatives by theta are -c_i and 1 - c_(i+1)
  const slopes = s.map((value, l) => {
    const by = new Float64Array(levels + 1);
    if (weights === "coupled")
      for (let i = 1; i <= l; i++) {
        by[i] -= value * peaks[i];
        by[i + 1] += value * (1 - peaks[i + 1]);
      }
    return by;
  });
  return { peaks, s, slopes, shares: coupledWeights(1, peaks) };
}

function chainAt(
  state: ReturnType<typeof chainState>,
  x: number,
  weights: TentFit["weights"],
  at: ChainAt,
  scratch: Float64Array,
): void {
  const { peaks, s, slopes, shares } = state;
  const levels = s.length;
  const { derivatives } = at;
  derivatives.fill(0);
  scratch.fill(0); // d u / d theta_k, carried from level to level
  at.value = 0;
  let u = x;
  for (let l = 0; l < levels; l++) {
    const c = peaks[l];
    const rising = u <= c;
    const next = rising ? u / c : (1 - u) / (1 - c);
    const factor = rising ? 1 / c : -1 / (1 - c);
    for (let k = 0; k < l; k++) scratch[k] *= factor;
    // dT/dc is -u / c^2 or (1 - u) / (1 - c)^2, and dc / dtheta = c (1 - c)
    scratch[l] = rising ? -next * (1 - c) : next * c;
    u = next;
    at.value += s[l] * u;
    for (let k = 0; k <= l; k++) derivatives[k] += s[l] * scratch[k];
    if (weights === "free") derivatives[levels + 1 + l] = u;
    else {
      for (let k = 1; k <= l + 1; k++) derivatives[k] += slopes[l][k] * u;
      derivatives[levels + 1] += shares[l] * u;
    }
  }
}

/** Residuals' sum of squares, gradient and Gauss-Newton matrix at given parameters. */
function normalEquations(
  p: Float64Array,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { levels, chains = 1, weights }: TentFit,
): { cost: number; gradient: Float64Array; matrix: Float64Array } {
  const each = chainLength(levels, weights);
  const size = p.length;
  const parts = Array.from({ length: chains }, (_, c) => p.subarray(2 + c * each, 2 + (c + 1) * each));
  const states = parts.map((part) => chainState(part, levels, weights));
  const gradient = new Float64Array(size);
  const matrix = new Float64Array(size * size);
  const row = new Float64Array(size);
  const at: ChainAt = { derivatives: new Float64Array(each), value: 0 };
  const scratch = new Float64Array(levels);
  let cost = 0;
  for (let i = 0; i < x.length; i++) {
    let value = p[0] + p[1] * x[i];
    row[0] = 1;
    row[1] = x[i];
    for (let c = 0; c < chains; c++) {
      chainAt(states[c], x[i], weights, at, scratch);
      value += at.value;
      row.set(at.derivatives, 2 + c * each);
    }
    const residual = value - y[i];
    cost += residual * residual;
    for (let a = 0; a < size; a++) {
      gradient[a] += row[a] * residual;
      for (let b = 0; b <= a; b++) matrix[a * size + b] += row[a] * row[b];
    }
  }
  return { cost, gradient, matrix };
}

/**
 * The step (A + damping diag(A))^-1 g; null when rounding leaves the matrix without an inverse.
 *
 * @param A [size, size] row by row; only the lower triangle is read
 */
function stepOf(A: Float64Array, g: Float64Array, damping: number): number[] | null {
  const size = g.length;
  const damped = new Matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      damped.set(i, j, A[i * size + j]);
      damped.set(j, i, A[i * size + j]);
    }
    // a parameter without effect has a zero here, and stays where it is
    damped.set(i, i, A[i * size + i] * (1 + damping) + 1e-300);
  }
  const factors = new CholeskyDecomposition(damped);
  return factors.isPositiveDefinite() ? factors.solve(Matrix.columnVector(Array.from(g))).to1DArray() : null;
}

/** Peaks stay within 0.02 and 0.98: nearer to the ends a tent is a cliff, and its parameter has no effect any more. */
const furthest = 4;
/** How far a step may move a theta: those of the finest levels hardly count, and a free step would throw them away. */
const longest = 0.5;
const within = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** Peaks around the middle; chains begin with small weights of their own. */
function startOf({ levels, chains = 1, weights }: TentFit, random: Generator): Float64Array {
  const p = [0, 0];
  for (let c = 0; c < chains; c++) {
    const own = random.split(`chain ${c}`);
    for (let l = 0; l <= levels; l++) p.push(own.normal());
    const count = weights === "free" ? levels : 1;
    for (let l = 0; l < count; l++) p.push(0.1 * 4 ** -l * own.normal());
  }
  return Float64Array.from(p);
}

/**
 * Fits tents to samples by the method of Levenberg and Marquardt: second-order steps on peaks and weights together.
 *
 * The family is the one of {@link TentFunction}; every function on the way has 2^levels pieces a chain. With one chain it
 * is a + b x + G(T(x)), too rigid for most targets; several chains are not.
 *
 * @param x points of [0, 1]: several for each of the 2^levels pieces
 * @param y the target there
 * @param fit levels, chains, weights
 * @param random where it begins
 * @returns the fitted function; the mean square of the residuals; the steps that were tried
 * @throws RangeError when there are fewer points than parameters, a sample is not finite, or levels or chains are not
 *   positive integers
 * @example
 * const x = Float64Array.from({ length: 4097 }, (_, i) => i / 4096);
 * training.fitTents(x, x.map((v) => v * v), { levels: 10, weights: "coupled" }, random.generator(0));
 */
export function fitTents(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  fit: TentFit,
  random: Generator,
): { fitted: TentFunction; error: number; iterations: number } {
  const { levels, chains = 1, weights, iterations = 200 } = fit;
  for (const [name, value] of Object.entries({ levels, chains })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`fitTents: ${name} is ${value}, but it must be a positive integer`);
  }
  checkSamples("fitTents", x, y);
  let p = startOf(fit, random);
  const size = p.length;
  if (x.length !== y.length || x.length < size)
    throw new RangeError(
      `fitTents: ${x.length} points, ${y.length} values and ${size} parameters: give more points`,
    );
  const each = chainLength(levels, weights);
  const thetas = Array.from({ length: chains * (levels + 1) }, (_, i) => {
    const chain = Math.floor(i / (levels + 1));
    return 2 + chain * each + (i % (levels + 1));
  });
  let here = normalEquations(p, x, y, fit);
  let damping = 1e-3;
  let tried = 0;
  let idle = 0;
  for (; tried < iterations && damping < 1e12 && idle < 5; tried++) {
    const step = stepOf(here.matrix, here.gradient, damping);
    if (!step) {
      damping *= 3;
      continue;
    }
    const next = p.map((value, k) => value - step[k]);
    for (const k of thetas) next[k] = within(next[k], p[k] - longest, p[k] + longest);
    for (const k of thetas) next[k] = within(next[k], -furthest, furthest);
    const there = normalEquations(next, x, y, fit);
    if (there.cost < here.cost) {
      idle = here.cost - there.cost < 1e-9 * here.cost ? idle + 1 : 0;
      [p, here] = [next, there];
      damping = Math.max(1e-15, damping / 5);
    } else damping *= 3;
  }
  const found = Array.from({ length: chains }, (_, c) => {
    const { peaks, s } = chainState(p.subarray(2 + c * each, 2 + (c + 1) * each), levels, weights);
    return { peaks: peaks.slice(0, levels), weights: s };
  });
  const fitted = { offset: p[0], slope: p[1], chains: found };
  return { fitted, error: here.cost / x.length, iterations: tried };
}
