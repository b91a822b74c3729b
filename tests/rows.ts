/** Numbers in rows of so many columns: a matrix, or a list of points, written as one flat array. */
export function inRows<T>(columns: 2, values: readonly T[]): [T, T][];
export function inRows<T>(columns: 3, values: readonly T[]): [T, T, T][];
export function inRows<T>(columns: number, values: readonly T[]): T[][];
export function inRows<T>(columns: number, values: readonly T[]): T[][] {
  if (values.length % columns !== 0)
    throw new RangeError(`${values.length} numbers do not make rows of ${columns} columns`);
  return Array.from({ length: values.length / columns }, (_, row) =>
    values.slice(row * columns, (row + 1) * columns),
  );
}
