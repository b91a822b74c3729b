/** Rows of a matrix by their non-zeros: entries of row i are `starts[i]` to `starts[i + 1]` of `columns` and `values`. */
export interface SparseRows {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** Numbers of a dense form: half a GiB of doubles. */
const mostDense = 2 ** 26;

/** A matrix with at least so many entries, and at most this share of them not zero, stays a list of its non-zeros. */
const smallestSparse = 10_000;
const sparseShare = 0.25;

/** Whether rows are worth keeping as lists. */
export function staysSparse({ values }: SparseRows, outputs: number, inputs: number): boolean {
  return outputs * inputs >= smallestSparse && values.length <= sparseShare * outputs * inputs;
}

/**
 * All numbers of sparse rows, row-major.
 *
 * @throws RangeError when there would be more than 2^26
 */
export function denseRows(
  { starts, columns, values }: SparseRows,
  outputs: number,
  inputs: number,
): Float64Array {
  if (outputs * inputs > mostDense) {
    throw new RangeError(
      `a layer of ${outputs} x ${inputs} weights, ${values.length} of them not zero, has no dense form (at most ${mostDense} numbers): read its rows instead`,
    );
  }
  const weights = new Float64Array(outputs * inputs);
  for (let i = 0; i < outputs; i++)
    for (let k = starts[i]; k < starts[i + 1]; k++) weights[i * inputs + columns[k]] = values[k];
  return weights;
}

/** The non-zeros of a dense matrix. */
export function sparseRows(weights: Float64Array, outputs: number, inputs: number): SparseRows {
  let count = 0;
  for (const w of weights) if (w !== 0) count++;
  const [starts, columns, values] = [
    new Int32Array(outputs + 1),
    new Int32Array(count),
    new Float64Array(count),
  ];
  for (let i = 0, at = 0; i < outputs; i++) {
    for (let j = 0; j < inputs; j++) {
      const w = weights[i * inputs + j];
      if (w === 0) continue;
      columns[at] = j;
      values[at++] = w;
    }
    starts[i + 1] = at;
  }
  return { starts, columns, values };
}
