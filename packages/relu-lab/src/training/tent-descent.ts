import { adam, cosine, Tape, train, type Value } from "../ensemble";
import type { Generator } from "../random";
import { coupledWeights, peakOf, type TentFunction } from "./tents";

/** How tents are fitted by gradient descent. */
export interface TentDescent {
  /** Levels: 2^levels pieces. */
  readonly levels: number;
  /** The target at points [1, samples] of [0, 1]. */
  readonly target: (x: Value) => Value;
  /** Weights of the levels: tied by {@link coupledWeights}, or each its own. */
  readonly weights: "coupled" | "free";
  /** 4000 when not given. */
  readonly steps?: number;
  /** Adam's first rate; falls to 1e-5 in half a cosine. 1e-2 when not given. */
  readonly rate?: number;
  /** Samples a step; 64 when not given. */
  readonly batchSize?: number;
  readonly workers?: number;
}

/**
 * Where descent begins: peaks around the middle, and a small straight function.
 *
 * @param levels of the chain
 * @param weights tied or free
 * @param random where the numbers come from
 * @returns the parameters in the order of {@link descendTents}: the peaks' thetas, offset, slope, weights
 */
export function tentStart(levels: number, weights: TentDescent["weights"], random: Generator): Float64Array {
  const own = random.split("tents");
  const thetas = Array.from({ length: levels + 1 }, () => own.normal());
  const first = 0.1 * own.normal();
  const rest =
    weights === "free"
      ? Array.from({ length: levels - 1 }, (_, l) => 0.1 * 4 ** -(l + 1) * own.normal())
      : [];
  return Float64Array.from([...thetas, 0.1 * own.normal(), 0.1 * own.normal(), first, ...rest]);
}

/**
 * Fits tents to a function by Adam (specification, 8.3). Every function on the way has 2^levels pieces.
 *
 * Assumes a target on [0, 1] whose fine structure repeats its coarse one, such as x^2: the family is a + b x + G(T(x)), with
 * the same T for both halves, and for other targets (sin pi x) it stops at a floor; see `fitTents` for several chains.
 *
 * @param randoms one generator a trial
 * @param descent levels, target, weights
 * @returns the fitted functions in the order of the generators; null where the training diverged
 * @throws RangeError when levels is not a positive integer
 * @example
 * const [fit] = await training.descendTents([random.generator(0)], {
 *   levels: 8, target: (x) => x.square(), weights: "coupled",
 * });
 */
export async function descendTents(
  randoms: readonly Generator[],
  { levels, target, weights, steps = 4000, rate = 1e-2, batchSize = 64, workers }: TentDescent,
): Promise<(TentFunction | null)[]> {
  if (!Number.isInteger(levels) || levels < 1)
    throw new RangeError(`descendTents: levels is ${levels}, but it must be a positive integer`);
  const tape = new Tape();
  const thetas = Array.from({ length: levels + 1 }, () => tape.parameter(1, 1));
  const [offset, slope] = [tape.parameter(1, 1), tape.parameter(1, 1)];
  const own = Array.from({ length: weights === "free" ? levels : 1 }, () => tape.parameter(1, 1));
  const peaks = thetas.map((theta) => tape.number(1).div(theta.neg().exp().add(1)));
  const rests = peaks.map((peak) => tape.number(1).sub(peak));
  const x = tape.uniform(1, batchSize);
  let sum = x.mul(slope).add(offset);
  let u = x;
  let weight = own[0];
  for (let l = 0; l < levels; l++) {
    u = u.div(peaks[l]).min(tape.number(1).sub(u).div(rests[l]));
    if (l > 0) weight = weights === "free" ? own[l] : weight.mul(rests[l]).mul(peaks[l + 1]);
    sum = sum.add(u.mul(weight));
  }
  const program = tape.compile(tape.meanSquare(sum, target(x)));
  const trials = randoms.map((random) => ({ parameters: tentStart(levels, weights, random), random }));
  const optimiser = adam({ rate: cosine(rate, 1e-5, steps) });
  const results = await train(program, { trials, steps, optimiser, workers });
  return results.map(({ parameters, failedAt }): TentFunction | null => {
    if (failedAt !== null) return null;
    const found = Array.from(parameters.subarray(0, levels + 1), peakOf);
    const [a, b, ...s] = parameters.subarray(levels + 1);
    const all = weights === "free" ? s : coupledWeights(s[0], found);
    return { offset: a, slope: b, chains: [{ peaks: found.slice(0, levels), weights: all }] };
  });
}
