/**
 * Rows of a matrix by their non-zeros: entries of row i are `starts[i]` to `starts[i + 1]` of `columns`, which ascend, and
 * `values`.
 */
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

/** The transpose: for each column its entries, by ascending rows. */
function transposedRows({ starts, columns, values }: SparseRows, inputs: number): SparseRows {
  const to = new Int32Array(inputs + 1);
  for (let k = 0; k < columns.length; k++) if (values[k] !== 0) to[columns[k] + 1]++;
  for (let i = 0; i < inputs; i++) to[i + 1] += to[i];
  const next = to.slice(0, inputs);
  const turned = { starts: to, columns: new Int32Array(to[inputs]), values: new Float64Array(to[inputs]) };
  for (let i = 0; i + 1 < starts.length; i++)
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      if (values[k] === 0) continue;
      const at = next[columns[k]]++;
      turned.columns[at] = i;
      turned.values[at] = values[k];
    }
  return turned;
}

/** The same rows with ascending columns and without zeros. */
export function ascending(rows: SparseRows, inputs: number): SparseRows {
  const { starts, columns, values } = rows;
  let sorted = !values.includes(0);
  for (let i = 0; i + 1 < starts.length && sorted; i++)
    for (let k = starts[i] + 1; k < starts[i + 1]; k++) if (columns[k] <= columns[k - 1]) sorted = false;
  return sorted ? rows : transposedRows(transposedRows(rows, inputs), starts.length - 1);
}
