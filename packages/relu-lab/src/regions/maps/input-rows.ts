import type { SparseRows } from "../../network";

/** What of a network makes its output map under a pattern. */
export interface MapNetwork {
  readonly inputs: number;
  readonly layers: readonly MapLayer[];
}

interface MapLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float64Array;
  readonly biases: Float64Array;
  readonly rows?: SparseRows;
}

/** The inputs as affine functions: `columns` numbers an input, gradient first, then its constant. */
export interface InputRows {
  readonly columns: number;
  readonly values: Float64Array;
}

/** The inputs as functions of themselves: maps are compared in the whole input space. */
export function wholeInput(inputs: number): InputRows {
  const columns = inputs + 1;
  const values = new Float64Array(inputs * columns);
  for (let i = 0; i < inputs; i++) values[i * columns + i] = 1;
  return { columns, values };
}

/** The inputs on the plane origin + x u + y v, as functions of x and y. */
export function planeInput(plane: {
  readonly origin: Float64Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
}): InputRows {
  const values = new Float64Array(3 * plane.origin.length);
  plane.origin.forEach((c, i) => values.set([plane.u[i], plane.v[i], c], 3 * i));
  return { columns: 3, values };
}
