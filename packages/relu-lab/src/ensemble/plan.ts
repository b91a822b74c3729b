import { optimiserCode, stepSizes, type Optimiser, type OptimiserCode } from "./optimiser";
import type { Program, ProgramCode } from "./program";

/** Everything a thread needs to train trials; plain data. */
export interface Plan {
  readonly code: ProgramCode;
  readonly optimiser: OptimiserCode;
  readonly steps: number;
  /** Ascending steps at which parameters are read. */
  readonly readOuts: readonly number[];
  /** A row a step: scheduled values, step sizes of the groups, epsilon. */
  readonly table: Float64Array;
}

/** How long, by what and when looked at. */
export interface PlanOptions {
  readonly steps: number;
  readonly optimiser: Optimiser;
  readonly readOuts?: readonly number[];
}

/** The numbers of a table's row. */
export const tableWidth = ({ slots, groups }: ProgramCode): number => slots.length + groups.length + 1;

/** The scheduled values at one step. */
export function slotsAt({ schedules }: Program, step: number, to: Float64Array, at = 0): void {
  schedules.forEach((schedule, i) => {
    const value = schedule(step);
    if (!Number.isFinite(value)) throw new RangeError(`a scheduled value is ${value} at step ${step}`);
    to[at + i] = value;
  });
}

/** @throws RangeError when steps or read-outs are not whole numbers in order, or a schedule is not finite */
export function planOf(program: Program, options: PlanOptions): Plan {
  const { steps, optimiser, readOuts = [] } = options;
  if (!Number.isInteger(steps) || steps < 0)
    throw new RangeError(`train: ${steps} steps: give a whole number from 0`);
  const wrong = readOuts.find(
    (step, i) => !Number.isInteger(step) || step < 0 || step > steps || step <= (readOuts[i - 1] ?? -1),
  );
  if (wrong !== undefined)
    throw new RangeError(`train: the read-outs [${readOuts}] must ascend from 0 to at most ${steps}`);
  const { code } = program;
  const width = tableWidth(code);
  const table = new Float64Array(steps * width);
  for (let step = 0; step < steps; step++) {
    slotsAt(program, step, table, step * width);
    stepSizes(optimiser, code.groups, step, table, step * width + code.slots.length);
  }
  return { code, optimiser: optimiserCode(optimiser), steps, readOuts, table };
}
