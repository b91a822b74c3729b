import { ReluNetwork } from "../network";
import { segment } from "../regions";

/** A continuous piecewise-linear function on the whole line: knots, values there, and the slopes of the two ends. */
export interface PiecewiseLinear {
  /** t_1 < ... < t_k, at least one */
  readonly knots: readonly number[];
  readonly values: readonly number[];
  readonly leftSlope: number;
  readonly rightSlope: number;
}

function check({ knots, values, leftSlope, rightSlope }: PiecewiseLinear): void {
  if (knots.length === 0) throw new RangeError("piecewise-linear function: at least one knot is needed");
  if (knots.length !== values.length)
    throw new RangeError(`piecewise-linear function: ${knots.length} knots but ${values.length} values`);
  for (const [i, t] of knots.entries()) {
    if (!Number.isFinite(t) || !Number.isFinite(values[i]))
      throw new RangeError(
        `piecewise-linear function: knot ${i} is (${t}, ${values[i]}); both must be finite`,
      );
    if (i > 0 && t === knots[i - 1])
      throw new RangeError(
        values[i] === values[i - 1]
          ? `piecewise-linear function: knot ${t} stands twice; list it once`
          : `piecewise-linear function: not continuous at ${t}, where the values are ${values[i - 1]} and ${values[i]}; ` +
              "ReLU networks make continuous functions only",
      );
    if (i > 0 && t < knots[i - 1])
      throw new RangeError(
        `piecewise-linear function: knots must increase, but ${t} follows ${knots[i - 1]}`,
      );
  }
  if (!Number.isFinite(leftSlope) || !Number.isFinite(rightSlope))
    throw new RangeError(
      `piecewise-linear function: slopes ${leftSlope} and ${rightSlope} of the ends must be finite`,
    );
}

/**
 * The slopes of all k + 1 pieces.
 *
 * @param pwl k knots
 * @returns from left to right
 * @throws RangeError naming the condition that fails when this is no piecewise-linear function
 * @example
 * pieceSlopes({ knots: [0, 1], values: [0, 2], leftSlope: -1, rightSlope: 0 }); // [-1, 2, 0]
 */
export function pieceSlopes(pwl: PiecewiseLinear): number[] {
  check(pwl);
  const { knots, values } = pwl;
  const inner = knots.slice(1).map((t, i) => (values[i + 1] - values[i]) / (t - knots[i]));
  return [pwl.leftSlope, ...inner, pwl.rightSlope];
}

/**
 * The value of a piecewise-linear function.
 *
 * @param pwl the function
 * @param x any number
 * @returns f(x), by interpolation between the two knots around x
 * @example
 * pwlValue({ knots: [0, 1], values: [0, 2], leftSlope: -1, rightSlope: 0 }, 0.5); // 1
 */
export function pwlValue({ knots, values, leftSlope, rightSlope }: PiecewiseLinear, x: number): number {
  const last = knots.length - 1;
  if (x <= knots[0]) return values[0] + leftSlope * (x - knots[0]);
  if (x >= knots[last]) return values[last] + rightSlope * (x - knots[last]);
  const i = knots.findIndex((t) => t >= x);
  const share = (x - knots[i - 1]) / (knots[i] - knots[i - 1]);
  return values[i - 1] + share * (values[i] - values[i - 1]);
}

/**
 * The same function without knots at which nothing bends: the only form in which two lists describe equal functions
 * if and only if they are equal.
 *
 * @param pwl the function
 * @param tolerance slopes that differ by less than this share of the larger one count as equal; default 1e-12
 * @returns the function with bending knots only; one knot stays for an affine function
 * @example
 * minimalForm({ knots: [0, 1], values: [0, 1], leftSlope: -1, rightSlope: 1 }).knots; // [0]
 */
export function minimalForm(pwl: PiecewiseLinear, tolerance = 1e-12): PiecewiseLinear {
  const slopes = pieceSlopes(pwl);
  const bends = (i: number) =>
    Math.abs(slopes[i + 1] - slopes[i]) > tolerance * Math.max(Math.abs(slopes[i]), Math.abs(slopes[i + 1]));
  const kept = pwl.knots.map((_, i) => i).filter(bends);
  if (kept.length === 0) kept.push(0);
  return { ...pwl, knots: kept.map((i) => pwl.knots[i]), values: kept.map((i) => pwl.values[i]) };
}

/** One hidden layer sum_i v_i relu(w_i x + b_i) + c of one input. */
function oneLayer(units: readonly { w: number; b: number; v: number }[], c: number): ReluNetwork {
  if (units.length === 0) return ReluNetwork.of([{ W: [[0]], b: [c], activation: "linear" }]);
  return ReluNetwork.of([
    { W: units.map(({ w }) => [w]), b: units.map(({ b }) => b), activation: "relu" },
    { W: [units.map(({ v }) => v)], b: [c], activation: "linear" },
  ]);
}

/**
 * The ReLU network with one hidden layer of k + 1 neurons for a function of k knots and k + 1 pieces:
 * f(x) = y_1 - s_0 relu(t_1 - x) + s_1 relu(x - t_1) + sum_{i>=2} (s_i - s_{i-1}) relu(x - t_i).
 *
 * @param pwl the function
 * @returns a network of one input, k + 1 neurons and one output, equal to the function on the whole line
 * @throws RangeError when the knots do not increase, the function jumps, or a number is not finite
 * @example
 * pwlToNetwork({ knots: [0], values: [0], leftSlope: -1, rightSlope: 1 }).neurons; // 2: |x|
 */
export function pwlToNetwork(pwl: PiecewiseLinear): ReluNetwork {
  const slopes = pieceSlopes(pwl);
  const { knots, values } = pwl;
  const rest = knots.slice(1).map((t, i) => ({ w: 1, b: -t, v: slopes[i + 2] - slopes[i + 1] }));
  return oneLayer(
    [{ w: -1, b: knots[0], v: -slopes[0] }, { w: 1, b: -knots[0], v: slopes[1] }, ...rest],
    values[0],
  );
}

/**
 * The piecewise-linear function of a network of one input over an interval, read off by the exact segment counter.
 *
 * @param network one input; its first output is read
 * @param from left end of the interval
 * @param to right end
 * @returns the function's bending knots inside the interval (or the left end, when the network is affine there)
 * @throws RangeError when the network has another number of inputs or the interval is empty
 * @example
 * networkToPwl(pwlToNetwork(pwl), -10, 10); // pwl, when all its knots lie inside
 */
export function networkToPwl(network: ReluNetwork, from: number, to: number): PiecewiseLinear {
  if (network.inputs !== 1)
    throw new RangeError(`networkToPwl: the network takes ${network.inputs} inputs; one is needed`);
  if (!(from < to)) throw new RangeError(`networkToPwl: the interval [${from}, ${to}] is empty`);
  const { knots, values, slopes, pieces } = segment(network, [from], [to]);
  const length = to - from;
  const at = pieces > 1 ? Array.from({ length: pieces - 1 }, (_, i) => i + 1) : [0];
  return {
    knots: at.map((i) => from + knots[i] * length),
    values: at.map((i) => values[i]),
    leftSlope: slopes[0] / length,
    rightSlope: slopes[pieces - 1] / length,
  };
}

/** Beyond this many knots {@link minimalNetwork} would try more than 2^22 subsets. */
const mostKnots = 22;

/**
 * A network of one hidden layer with as few neurons as the function allows: k or k + 1 for k bending knots.
 *
 * Every knot needs a neuron, whose jump of slope d_i is fixed; only the side on which it is active is free. With k
 * neurons the leftmost slope is minus the sum of d_i over those that are active on the left, so k suffice if and only
 * if some subset of the jumps sums to -s_0; otherwise one more neuron is needed.
 *
 * @param pwl the function, at most 22 bending knots
 * @returns a network equal to the function on the whole line; none hidden for a constant, two for another affine one
 * @throws RangeError as {@link pwlToNetwork}, or when there are more than 22 bending knots
 * @example
 * minimalNetwork({ knots: [0], values: [0], leftSlope: -1, rightSlope: 1 }).neurons; // 2: |x|
 */
export function minimalNetwork(pwl: PiecewiseLinear): ReluNetwork {
  const form = minimalForm(pwl);
  const slopes = pieceSlopes(form);
  const { knots, values } = form;
  if (knots.length > mostKnots)
    throw new RangeError(`minimalNetwork: ${knots.length} bending knots; at most ${mostKnots} are searched`);
  if (slopes.every((s) => s === 0)) return oneLayer([], values[0]);
  const jumps = knots.map((_, i) => slopes[i + 1] - slopes[i]);
  const tolerance = 1e-12 * slopes.reduce((sum, s) => sum + Math.abs(s), 0);
  const leftward =
    Math.abs(jumps[0]) > tolerance ? subsetWithSum(jumps, -form.leftSlope, tolerance) : undefined;
  if (!leftward) return pwlToNetwork(form);
  const units = knots.map((t, i) => {
    const w = leftward[i] ? -1 : 1;
    return { w, b: -w * t, v: jumps[i] };
  });
  const atFirst = units.reduce((sum, { w, b, v }) => sum + v * Math.max(0, w * knots[0] + b), 0);
  return oneLayer(units, values[0] - atFirst);
}

/** Which of the numbers sum to the target, or undefined when no subset does. */
function subsetWithSum(numbers: readonly number[], target: number, tolerance: number): boolean[] | undefined {
  for (let subset = 0; subset < 2 ** numbers.length; subset++) {
    const chosen = numbers.map((_, i) => ((subset >> i) & 1) === 1);
    const sum = numbers.reduce((total, value, i) => (chosen[i] ? total + value : total), 0);
    if (Math.abs(sum - target) <= tolerance) return chosen;
  }
  return undefined;
}
