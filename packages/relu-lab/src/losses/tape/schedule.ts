import type { Tape, Value } from "../../ensemble";
import type { LossSchedule } from "../schedule";

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
