import { asFunction, type Schedule } from "./schedule";

/** The learning rate: one for all parameters, or one for each group (see `Tape.parameter`). */
export type Rates = Schedule | Readonly<Record<string, Schedule>>;

/** How gradients change the parameters. */
export interface Optimiser {
  readonly type: "sgd" | "momentum" | "adam";
  readonly rate: Rates;
  /** Momentum: share of the last change that goes on. */
  readonly momentum: number;
  /** Adam: decay of the mean and of the mean square, and what is added to the root. */
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

function checkDecay(name: string, decay: number): void {
  if (!(decay >= 0 && decay < 1)) throw new RangeError(`${name} is ${decay}: it must be from 0 to below 1`);
}

const usual = { momentum: 0.9, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/**
 * Gradient descent: p -= rate * g.
 *
 * @param options the rate, of all parameters or by group; a number or a schedule
 * @returns an optimiser for {@link train}
 * @example
 * ensemble.sgd({ rate: 0.1 });
 */
export function sgd({ rate }: { readonly rate: Rates }): Optimiser {
  return { ...usual, type: "sgd", rate };
}

/**
 * Gradient descent with momentum: m = momentum * m + g, p -= rate * m (Polyak 1964, as PyTorch writes it).
 *
 * @param options the rate; `momentum` .9 unless given
 * @returns an optimiser for {@link train}
 * @throws RangeError when the momentum is not from 0 to below 1
 * @example
 * ensemble.momentum({ rate: ensemble.cosine(1e-2, 0, 3000) });
 */
export function momentum(options: { readonly rate: Rates; readonly momentum?: number }): Optimiser {
  const made = { ...usual, ...options, type: "momentum" } as const;
  checkDecay("momentum: momentum", made.momentum);
  return made;
}

/**
 * Adam (Kingma and Ba 2015) with bias correction.
 *
 * @param options the rate; beta1 .9, beta2 .999, epsilon 1e-8 unless given
 * @returns an optimiser for {@link train}
 * @throws RangeError when a beta is not from 0 to below 1, or epsilon is not from 0
 * @example
 * ensemble.adam({ rate: { W: 1e-3, b: 1e-2 } }); // by group of parameters
 */
export function adam(options: {
  readonly rate: Rates;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}): Optimiser {
  const made = { ...usual, ...options, type: "adam" } as const;
  checkDecay("adam: beta1", made.beta1);
  checkDecay("adam: beta2", made.beta2);
  if (!(made.epsilon >= 0 && Number.isFinite(made.epsilon)))
    throw new RangeError(`adam: epsilon is ${made.epsilon}: it must be a finite number from 0`);
  return made;
}

/** What a kernel needs of an optimiser. */
export interface OptimiserCode {
  /** 0 gradient descent, 1 momentum, 2 Adam. */
  readonly kind: number;
  readonly decay1: number;
  readonly decay2: number;
}

export function optimiserCode({ type, momentum, beta1, beta2 }: Optimiser): OptimiserCode {
  const kind = { sgd: 0, momentum: 1, adam: 2 }[type];
  return { kind, decay1: type === "momentum" ? momentum : beta1, decay2: beta2 };
}

/**
 * Step sizes of each group for one step, and Adam's epsilon: with the bias corrections c1 and c2 pulled out,
 * rate (m / c1) / (sqrt(v / c2) + e) = [rate sqrt(c2) / c1] m / (sqrt(v) + [e sqrt(c2)]): one division instead of three.
 *
 * @param step 0 is the first
 * @param to receives the numbers: groups, then epsilon
 * @throws RangeError when a group has no rate or it is not a finite number
 */
export function stepSizes(
  { type, rate, beta1, beta2, epsilon }: Optimiser,
  groups: readonly string[],
  step: number,
  to: Float64Array,
  at: number,
): void {
  const root = Math.sqrt(1 - beta2 ** (step + 1));
  const scale = type === "adam" ? root / (1 - beta1 ** (step + 1)) : 1;
  groups.forEach((group, g) => {
    const schedule = typeof rate === "object" ? rate[group] : rate;
    if (schedule === undefined) {
      throw new RangeError(
        `${type}: no rate for the group "${group}" of parameters: there are ${Object.keys(rate)}`,
      );
    }
    const value = asFunction(schedule)(step);
    if (!Number.isFinite(value))
      throw new RangeError(`${type}: the rate of "${group}" at step ${step} is ${value}`);
    to[at + g] = value * scale;
  });
  to[at + groups.length] = type === "adam" ? epsilon * root : 0;
}
