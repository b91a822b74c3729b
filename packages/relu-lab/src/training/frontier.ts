import { adam, cosine, Tape, train, type Program, type Value } from "../ensemble";
import type { ReluNetwork } from "../network";
import type { Generator } from "../random";
import { bentChain, type BentMap } from "./scalar-blocks";

/** How the frontier curriculum runs. */
export interface FrontierTraining {
  /** Folds to be learned: the target has 2^n pieces. */
  readonly n: number;
  /** The target at points [1, samples] of [0, 1]; the sawtooth s_n when not given. Nothing else is known of it. */
  readonly target?: (x: Value) => Value;
  /** Variance of the relative noise on each new block's first slopes; 0.01 when not given. */
  readonly variance?: number;
  /** Steps by which the frontier moves: stage k takes 2 K (k + 4); 100 when not given. */
  readonly pace?: number;
  /** Adam's rate before the step rule; 0.02 when not given. */
  readonly rate?: number;
  /** Samples a step; 64 when not given. */
  readonly batchSize?: number;
  /** Steps of all blocks together after each stage, at 3e-2 2^-k falling to 0; none when not given. */
  readonly polish?: number;
  /**
   * Parts that can be switched off to see what they do: the growth of the interval, the step rule that slows the
   * rate down as the frontier moves, the fold rule that slows the hinge down with the laps' width, the hinge's place at
   * the frontier (else normal around it with deviation 0.1).
   */
  readonly without?: "growth" | "step rule" | "fold rule" | "frontier hinge";
  readonly workers?: number;
}

/** What the curriculum has learned. */
export interface FrontierResult {
  /** Null when the training diverged. */
  readonly network: ReluNetwork | null;
  /** The maps in the order they are applied; the last stage's first. */
  readonly maps: readonly BentMap[];
}

/** A trial's blocks so far, the newest first, as the tape holds them. */
const blockNumbers = ({ rise, bend, fold }: BentMap): number[] => [rise, bend, fold];

/** Half of the samples anywhere in [0, end], half within one lap of the frontier. */
function samples(tape: Tape, batchSize: number, end: Value, lap: number): Value {
  const half = batchSize >> 1;
  return tape.concatColumns([
    tape.uniform(1, batchSize - half, 0, end),
    tape.uniform(1, half, end.sub(lap).max(0), end),
  ]);
}

interface Stage {
  readonly stage: number;
  readonly phase: "rise" | "hinge" | "polish";
  readonly steps: number;
}

/** The program of a phase; its parameters are rise, bend and fold of each block, the newest first. */
function programOf(
  options: Required<Pick<FrontierTraining, "n" | "batchSize">> & FrontierTraining,
  at: Stage,
): Program {
  const { n, batchSize, target = (x: Value) => x.tents(n), without } = options;
  const { stage, phase } = at;
  const tape = new Tape();
  const blocks = Array.from({ length: stage }, (_, block) => {
    const isNew = block === 0;
    const trained = {
      rise: phase !== "hinge" || stage === 1,
      bend: phase !== "rise",
      fold: phase !== "rise",
    };
    const parameter = (part: keyof BentMap) =>
      tape.parameter(1, 1, {
        group: part === "fold" ? "fold" : "slope",
        frozen: phase === "polish" ? false : !(isNew && trained[part]),
      });
    return { rise: parameter("rise"), bend: parameter("bend"), fold: parameter("fold") };
  });
  const end =
    phase === "polish"
      ? tape.number(1)
      : tape.scheduled((step) => (phase === "hinge" ? 0.5 : 0) + frontier(options, at, step));
  const t =
    without === "growth"
      ? tape.uniform(1, batchSize, 0, phase === "rise" ? 0.5 : 1)
      : samples(tape, batchSize, end, 2 ** -stage);
  let u = t;
  blocks.forEach(({ rise, bend, fold }, block) => {
    const straight = u.mul(rise);
    // before its phase the newest block has no hinge
    u = block === 0 && phase === "rise" ? straight : straight.add(u.sub(fold).relu().mul(bend));
  });
  return tape.compile(tape.meanSquare(u, target(t.mul(2 ** (stage - n)))));
}

/** How far the frontier has come: geometrically from 2^(-k-2) to 1/2, then it stays. */
function frontier({ pace = 100, without }: FrontierTraining, { stage }: Stage, step: number): number {
  if (without === "growth") return 0.5;
  const way = Math.min(1, step / (pace * (stage + 2)));
  return 2 ** (-stage - 2) * 2 ** ((stage + 1) * way);
}

/** The rate at a step: as the frontier moves out by d, the same error of a slope costs more, so steps shrink as 2^-k / d. */
function rateAt(options: FrontierTraining, at: Stage, step: number): number {
  const { pace = 100, rate = 0.02, without } = options;
  if (at.phase === "polish")
    return (cosine(3e-2 * 2 ** -at.stage, 0, at.steps) as (step: number) => number)(step);
  const moving = pace * (at.stage + 2);
  const slowed = (d: number) => (without === "step rule" ? rate : rate * Math.min(1, 2 ** -at.stage / d));
  if (step < moving) return slowed(frontier(options, at, step));
  return (cosine(slowed(0.5), 0, 2 * pace) as (step: number) => number)(step - moving);
}

/**
 * The hinge's rate as a share of the slopes'. Adam's steps are as long as the rate, so a hinge that may move by .05 of it
 * jumps over whole laps from stage 9 on (measured: no run gets to n = 10); a share of 2^-k keeps it within its own lap.
 */
function foldShare({ without }: FrontierTraining, { phase, stage }: Stage): number {
  if (phase === "polish") return 1;
  return without === "fold rule" ? 0.05 : Math.min(0.05, 2 ** -stage);
}

/**
 * Steps of all phases together, for one trial.
 *
 * @param training n, pace and polish of {@link trainFrontier}
 * @returns the number of steps
 */
export function frontierSteps({ n, pace = 100, polish = 0 }: FrontierTraining): number {
  return Array.from({ length: n }, (_, k) => 2 * pace * (k + 5) + polish).reduce((a, b) => a + b, 0);
}

/**
 * The frontier curriculum: learns n folds from samples (x, f(x)) of the target alone, without intermediate targets.
 *
 * Stage k learns f on [0, 2^(k-n)] and puts one new block u -> a u + b relu(u - t) before those already learned, which are
 * frozen. First its slope a, on an interval that grows from a fraction of a lap to the half; then a hinge is put at the
 * frontier, and its strength and place are learned as the interval grows over the other half. At each moment only the last
 * lap is new: it is phase unwrapping.
 *
 * Assumes that f(2x) on the left half is the same composition with one fold less: the method is *told* that the domains
 * double. Slopes, strengths and places of the folds are learned.
 *
 * @param randoms one generator a trial
 * @param training folds, target, pace, rate
 * @returns the learned networks in the order of the generators (specification, 8.2)
 * @throws RangeError when n is not a positive integer
 * @example
 * const [{ network }] = await training.trainFrontier([random.generator(0)], { n: 6 });
 * regions.segment(network!, [0], [1]).pieces; // 64
 */
export async function trainFrontier(
  randoms: readonly Generator[],
  training: FrontierTraining,
): Promise<FrontierResult[]> {
  const { n, variance = 0.01, pace = 100, polish = 0, workers, batchSize = 64, without } = training;
  if (!Number.isInteger(n) || n < 1)
    throw new RangeError(`trainFrontier: n is ${n}, but it must be a positive integer`);
  const options = { ...training, n, batchSize };
  const deviation = Math.sqrt(variance);
  const learned: BentMap[][] = randoms.map(() => []);
  const lost = randoms.map(() => false);
  for (let stage = 1; stage <= n; stage++) {
    const own = randoms.map((random) => random.split(`stage ${stage}`));
    const starts = own.map((random) => {
      const noise = random.split("start");
      const rise = 2 * (1 + deviation * noise.normal());
      const [strength, place] = [noise.normal(), noise.normal()];
      const spread = without === "frontier hinge" ? 0.1 : 0.05 * 2 ** -stage;
      return { rise, bend: -1 - deviation * strength, fold: 0.5 + spread * place };
    });
    starts.forEach((start, trial) => learned[trial].unshift(start));
    const phases: Stage[] = (["rise", "hinge"] as const).map((phase) => ({
      stage,
      phase,
      steps: pace * (stage + 4),
    }));
    if (polish > 0) phases.push({ stage, phase: "polish", steps: polish });
    for (const at of phases) {
      const live = randoms.map((_, trial) => trial).filter((trial) => !lost[trial]);
      if (live.length === 0) break;
      const results = await train(programOf(options, at), {
        trials: live.map((trial) => ({
          parameters: learned[trial].flatMap(blockNumbers),
          random: own[trial].split(at.phase),
        })),
        steps: at.steps,
        optimiser: adam({
          rate: {
            slope: (step) => rateAt(options, at, step),
            fold: (step) => foldShare(options, at) * rateAt(options, at, step),
          },
        }),
        workers,
      });
      results.forEach(({ parameters, failedAt }, i) => {
        const trial = live[i];
        lost[trial] = failedAt !== null;
        learned[trial] = learned[trial].map((_, block) => {
          const [rise, bend, fold] = parameters.subarray(3 * block);
          return { rise, bend, fold };
        });
      });
    }
  }
  return learned.map((maps, trial) => ({ network: lost[trial] ? null : bentChain(maps), maps }));
}
