// Plans from rows of weights, and their rows by exact sums from the definition.
import type { CheckedDomain, Plane } from "../../../../packages/relu-lab/src/regions/plane/domain";
import type { Plan } from "../../../../packages/relu-lab/src/regions/plan/plan";
import { dyadic, plus, times, zero, type Dyadic } from "./dyadic";
import { inRows } from "../../../rows";

export const square = Float64Array.of(-1, -1, 1, -1, 1, 1, -1, 1);
export const here: CheckedDomain = { polygon: square };

export interface Layer {
  W: number[][];
  b?: number[];
  slope?: number;
}

/** A plan's layers from rows of weights; biases are 0 and slopes a ReLU's unless told otherwise. */
export const layersOf = (layers: readonly Layer[]) =>
  layers.map(({ W, b = W.map(() => 0), slope = 0 }) => ({
    inputs: W[0].length,
    outputs: W.length,
    weights: Float64Array.from(W.flat()),
    biases: Float64Array.from(b),
    slope,
  }));

/** How many neurons hidden layers have. */
export const neuronsOf = (hidden: readonly { outputs: number }[]) =>
  hidden.reduce((sum, { outputs }) => sum + outputs, 0);

/** A plan of hidden layers; its output is never asked for. */
export function planFrom(layers: readonly Layer[]): Plan {
  const hidden = layersOf(layers);
  return { hidden, output: hidden[0], neurons: neuronsOf(hidden) };
}

/** The rows of every neuron under these states, by exact sums from the definition. */
export function rowsOf({ hidden }: Plan, states: Uint8Array, plane?: Plane): Dyadic[][] {
  const all: Dyadic[][] = [];
  let below: Dyadic[][] = plane
    ? Array.from(plane.u, (_, i) => [plane.u[i], plane.v[i], plane.origin[i]].map(dyadic))
    : inRows(3, [1, 0, 0, 0, 1, 0]).map((row) => row.map(dyadic));
  for (const { inputs, outputs, weights, biases, slope } of hidden) {
    const rows = Array.from({ length: outputs }, (_, j) =>
      below.reduce(
        (sum, row, i) => sum.map((value, k) => plus(value, times(dyadic(weights[j * inputs + i]), row[k]))),
        [zero, zero, dyadic(biases[j])],
      ),
    );
    const first = all.length;
    all.push(...rows);
    below = rows.map((row, j) => (slope === 1 || states[first + j] ? row : [zero, zero, zero]));
  }
  return all;
}
