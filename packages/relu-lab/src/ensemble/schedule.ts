/**
 * A number for every step of a training: fixed, or a function of the step (0 is the first). It is tabulated before the
 * training starts, so it may be any function.
 */
export type Schedule = number | ((step: number) => number);

/** The schedule as a function. */
export function asFunction(schedule: Schedule): (step: number) => number {
  return typeof schedule === "number" ? () => schedule : schedule;
}

/**
 * Half a cosine from one value to another, reached after `steps` steps; then it stays.
 *
 * @param from value of the first step
 * @param to the floor
 * @param steps length of the way
 * @returns a schedule
 * @throws RangeError when steps is not 1 or more
 * @example
 * const optimiser = adam({ rate: cosine(1e-2, 1e-5, 6000) });
 */
export function cosine(from: number, to: number, steps: number): Schedule {
  if (!(steps >= 1)) throw new RangeError(`cosine: ${steps} steps: at least 1 is needed`);
  return (step) => to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(1, step / steps)))) / 2;
}

/**
 * A value that is switched off: `value` before step `end`, 0 from then on.
 *
 * @param value until then: a number or a schedule
 * @param end the first step of value 0
 * @returns a schedule
 * @example
 * const weight = tape.scheduled(until(0.01, 0.5 * steps)); // a regulariser in the first half only
 */
export function until(value: Schedule, end: number): Schedule {
  const before = asFunction(value);
  return (step) => (step < end ? before(step) : 0);
}

/**
 * Schedules one after the other; each counts its own steps from 0. The last one goes on for ever.
 *
 * @param parts lengths in steps, and what holds in them
 * @returns a schedule
 * @throws RangeError when there are no parts
 * @example
 * const rate = phases([{ steps: 1000, value: 1e-2 }, { steps: 2000, value: cosine(1e-2, 1e-5, 2000) }]);
 */
export function phases(parts: readonly { readonly steps: number; readonly value: Schedule }[]): Schedule {
  if (parts.length === 0) throw new RangeError("phases: no parts are given");
  return (step) => {
    let part = 0;
    while (part < parts.length - 1 && step >= parts[part].steps) step -= parts[part++].steps;
    return asFunction(parts[part].value)(step);
  };
}
