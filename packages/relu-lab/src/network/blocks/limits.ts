/** Values between two layers: a million, as many as an image of 1,024 x 1,024 has. */
const mostValues = 2 ** 20;
/** Weights of a lowered network: half a GiB of doubles. A few bytes of a file can ask for any number of them. */
const mostWeights = 2 ** 26;

/**
 * Refuses what is no whole number of at least `least`.
 *
 * @throws RangeError that says what it is
 */
export function checkWhole(value: number, least: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new RangeError(`blocks: ${what} is ${value}: a whole number of ${least} or more is needed`);
}

/**
 * Refuses a number of values between two layers that is beyond what can be lowered.
 *
 * @throws RangeError that says how many there would be
 */
export function checkValues(count: number, what: string): void {
  if (!(count >= 1 && count <= mostValues))
    throw new RangeError(
      `blocks: ${what} would have ${count} values: 1 to ${mostValues} can be lowered to dense layers`,
    );
}

/**
 * Refuses weights that would take more memory than a lowered network may.
 *
 * @param before weights that there are already
 * @throws RangeError that says how many there would be
 */
export function checkWeights(rows: number, columns: number, before = 0): void {
  checkValues(rows, "a layer");
  if (!(before + rows * columns <= mostWeights)) {
    throw new RangeError(
      `blocks: a dense layer of ${rows} x ${columns} weights, ${before + rows * columns} with those before it: ` +
        `at most ${mostWeights} can be lowered (take a smaller image, fewer filters, or larger strides)`,
    );
  }
}
