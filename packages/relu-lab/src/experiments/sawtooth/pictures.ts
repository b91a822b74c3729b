import type { ReluNetwork } from "../../network";
import { segment } from "../../regions";

/** One corner of a piecewise-linear function's graph. */
export interface FunctionRow {
  name: string;
  x: number;
  y: number;
}

/**
 * The graph of functions of one variable as its exact corners: nothing between them is sampled or smoothed.
 *
 * @param functions names and networks from one number to one number
 * @param from left end, in input units
 * @param to right end, in input units
 * @returns a row for every end of an affine piece, function by function, from left to right
 * @throws RangeError when a network is not a function of one variable
 * @example
 * functionRows([{ name: "f", network: mirrorMap() }]); // corners (0, 0), (1/2, 1), (1, 0)
 */
export function functionRows(
  functions: readonly { name: string; network: ReluNetwork }[],
  from = 0,
  to = 1,
): FunctionRow[] {
  return functions.flatMap(({ name, network }) => {
    const { knots, values } = segment(network, [from], [to]);
    return Array.from(knots, (t, i) => ({ name, x: from + t * (to - from), y: values[i] }));
  });
}
