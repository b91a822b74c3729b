import type { Tape, Value } from "../ensemble";

/** A loss's weight by how much of the training is done, from 0 to 1. */
export type LossSchedule = (progress: number) => number;

/**
 * The same weight all the time.
 *
 * @param weight the factor before the loss
 * @returns a schedule
 * @example
 * const weight = losses.always(0.03);
 */
export function always(weight: number): LossSchedule {
  return () => weight;
}

/**
 * A weight that is switched off after a fraction of the training: what the loss has gained must then stand by itself.
 *
 * @param fraction until when, from 0 to 1
 * @param weight the factor until then
 * @returns a schedule
 * @throws RangeError when the fraction is not between 0 and 1
 * @example
 * const weight = losses.switchedOff(0.5, 0.1);
 * weight(step / steps); // 0.1, and 0 from half-way on
 */
export function switchedOff(fraction: number, weight: number): LossSchedule {
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(`switchedOff: the fraction is ${fraction}, but it must lie between 0 and 1`);
  }
  return (progress) => (progress < fraction ? weight : 0);
}

/**
 * A loss's weight on a tape.
 *
 * @param tape where the loss stands
 * @param schedule the weight by the share of the training that is done
 * @param steps how long the training is
 * @returns the factor before the loss, [1, 1]
 * @throws RangeError when steps is not 1 or more
 * @example
 * const weight = losses.weightOnTape(tape, losses.switchedOff(0.5, 0.1), 3000);
 */
export function weightOnTape(tape: Tape, schedule: LossSchedule, steps: number): Value {
  if (!(steps >= 1)) throw new RangeError(`weightOnTape: ${steps} steps: at least 1 is needed`);
  return tape.scheduled((step) => schedule(step / steps));
}
