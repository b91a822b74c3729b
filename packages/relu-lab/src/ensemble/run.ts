import type { Engine, TrialState } from "./engine";
import { tableWidth, type Plan } from "./plan";
import type { ProgramCode } from "./program";

/** A trial with its number. */
export interface NumberedTrial extends TrialState {
  readonly trial: number;
}

/** A trial's parameters after some steps. */
export interface ReadOut {
  readonly trial: number;
  /** Steps of the optimiser so far. */
  readonly step: number;
  /** The loss on the batch of the last step, before its update; NaN before the first step. */
  readonly loss: number;
  /** All parameters, in the order of the tape: a copy. */
  readonly parameters: Float64Array;
  /** The watched values at the last step, row by row. */
  readonly watched: Readonly<Record<string, Float64Array>>;
}

/** How a trial ended. */
export interface TrialEnd extends ReadOut {
  /** The step (counted from 1) after which the loss or a parameter was not finite; null when all went well. */
  readonly failedAt: number | null;
}

/** What happens while trials are trained: read-outs and ends, and steps taken by a trial. */
export type RunEvent =
  { readonly readOut: ReadOut } | { readonly end: TrialEnd } | { readonly trialSteps: number };

/** ms a thread works before it looks up. */
const patience = 15;

function look(
  { loss, parameters, watches }: ProgramCode,
  engine: Engine,
  lane: number,
  trial: number,
  step: number,
): ReadOut {
  return {
    trial,
    step,
    loss: step === 0 ? NaN : engine.read(lane, loss, 1)[0],
    parameters: engine.read(lane, 0, parameters),
    watched: Object.fromEntries(
      watches.map(({ name, at, rows, columns }) => [name, engine.read(lane, at, rows * columns)]),
    ),
  };
}

/** Trains as many trials as the engine has lanes; yields what happens. Nothing depends on how the steps are cut. */
export function* runTrials(
  { code, steps, readOuts, table }: Plan,
  engine: Engine,
  trials: readonly NumberedTrial[],
): globalThis.Generator<RunEvent, void> {
  const width = tableWidth(code);
  engine.begin(trials);
  const failedAt = trials.map((): number | null => null);
  const done = trials.map(() => false);
  const stops = [...new Set([...readOuts, steps])];
  let step = 0;
  let chunk = 8;
  for (const stop of stops) {
    while (step < stop && !done.every(Boolean)) {
      const count = Math.min(chunk, stop - step);
      const start = performance.now();
      const failures = engine.run(table.subarray(step * width, (step + count) * width), count);
      if (performance.now() - start < patience / 2) chunk = Math.min(4096, 2 * chunk);
      for (let lane = 0; lane < trials.length; lane++) {
        if (done[lane] || failures[lane] < 0) continue;
        failedAt[lane] = step + failures[lane] + 1;
        done[lane] = true;
        const { trial } = trials[lane];
        yield { end: { ...look(code, engine, lane, trial, failedAt[lane]!), failedAt: failedAt[lane] } };
      }
      step += count;
      yield { trialSteps: count * trials.length };
    }
    for (let lane = 0; lane < trials.length; lane++) {
      if (done[lane]) continue;
      const readOut = look(code, engine, lane, trials[lane].trial, step);
      if (readOuts.includes(step)) yield { readOut };
      if (step === steps) yield { end: { ...readOut, failedAt: null } };
    }
  }
  if (step < steps) yield { trialSteps: (steps - step) * trials.length }; // all have failed: nothing is left to do
}
