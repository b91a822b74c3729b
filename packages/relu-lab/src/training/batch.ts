import type { Tape, Value } from "../ensemble";

/** Samples of one step, and what each block of a chain should give there. */
export interface GradedBatch {
  /** [inputs, samples] */
  readonly x: Value;
  /** One value a block, [its outputs, samples]; the last one is the target itself. */
  readonly levels: readonly Value[];
}

/** Records the samples of one step on a tape. */
export type BatchSource = (tape: Tape) => GradedBatch;

function positive(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${name} is ${value}, but it must be a positive integer`);
}

/**
 * Fresh uniform samples of [0, 1]^d with the mirror map applied once, twice, ..., n times to every coordinate.
 *
 * @param n levels
 * @param batchSize samples a step
 * @param dimensions coordinates; 1 when not given
 * @returns a source for {@link trainChains}
 * @throws RangeError when a number is not a positive integer
 * @example
 * const source = training.sawtoothBatch(8, 32); // levels s_1, ..., s_8
 */
export function sawtoothBatch(n: number, batchSize: number, dimensions = 1): BatchSource {
  positive("sawtoothBatch: n", n);
  return (tape) => {
    const x = tape.uniform(dimensions, batchSize);
    const levels: Value[] = [];
    for (let l = 0; l < n; l++) levels.push((levels[l - 1] ?? x).tent());
    return { x, levels };
  };
}

/**
 * Samples drawn with replacement from a table of one's own: points and, for each block, the values it should give.
 *
 * @param x points of one variable
 * @param levels one array a block, as long as x; the last one is the target itself
 * @param batchSize samples a step
 * @returns a source for {@link trainChains}
 * @throws RangeError when the arrays differ in length
 * @example
 * const source = training.tableBatch(x, [coarse, fine], 64);
 */
export function tableBatch(
  x: ArrayLike<number>,
  levels: readonly ArrayLike<number>[],
  batchSize: number,
): BatchSource {
  positive("tableBatch: the number of levels", levels.length);
  const wrong = levels.findIndex((level) => level.length !== x.length);
  if (wrong >= 0)
    throw new RangeError(
      `tableBatch: level ${wrong} has ${levels[wrong].length} values for ${x.length} points`,
    );
  return (tape) => {
    const all = [x, ...levels].flatMap((row) => Array.from(row));
    const drawn = tape.draw(tape.constant(levels.length + 1, x.length, all), batchSize);
    return { x: drawn.rowsAt([0]), levels: levels.map((_, l) => drawn.rowsAt([l + 1])) };
  };
}
