import type { LayerValues, Tape, Value } from "../ensemble";
import type { Box } from "./box";

/** A layer's pre-activations at sampled points, each as the affine function it is on the point's activation region. */
export interface AffineValues {
  /** Slopes by input, in the box's coordinates: [neurons, 1] in the first layer, then [neurons, points]. */
  readonly slopes: readonly Value[];
  /** Pre-activations, [neurons, points]. */
  readonly z: Value;
  /** 1 where active, else 0: a constant of differentiation, [neurons, points]. */
  readonly active: Value;
}

/**
 * The hidden layers as affine functions at points: slopes go through the same products as the values, with the pattern fixed.
 *
 * @param layers hidden layers, from the input on
 * @param points [inputs, points]
 * @param box coordinates in which the box is [-1, 1]^n; without one the input's own
 */
export function affineValues(
  tape: Tape,
  layers: readonly LayerValues[],
  points: Value,
  box?: Box,
): AffineValues[] {
  const result: AffineValues[] = [];
  let slopes = Array.from({ length: points.rows }, (_, d) => {
    const column = layers[0].W.columnsAt([d]);
    const half = box ? (box.max[d] - box.min[d]) / 2 : 1;
    return half === 1 ? column : column.mul(half);
  });
  let inputs = points;
  for (const [l, { W, b }] of layers.entries()) {
    if (l > 0) slopes = slopes.map((below) => tape.product(W, below.mul(result[l - 1].active)));
    const z = tape.dense(inputs, W, b);
    result.push({ slopes, z, active: z.step() });
    inputs = z.relu();
  }
  return result;
}

/** @throws RangeError when layers, points and box do not fit */
export function checkOnTape(name: string, layers: readonly LayerValues[], points: Value, box: Box): void {
  if (layers.length === 0) throw new RangeError(`${name}: there are no hidden layers`);
  const inputs = layers[0].W.columns;
  if (points.rows !== inputs)
    throw new RangeError(`${name}: the points are ${points.shape}, but the network takes ${inputs} numbers`);
  const linear = layers.findIndex(({ activation }) => activation !== "relu");
  if (linear >= 0)
    throw new RangeError(
      `${name}: layer ${linear} is ${layers[linear].activation}, not relu: give hidden layers only`,
    );
  if (box.min.length !== inputs || box.max.length !== inputs || box.min.some((m, d) => !(m < box.max[d])))
    throw new RangeError(
      `${name}: the box [${box.min}] to [${box.max}] is not a box in ${inputs} dimensions: min must be below max`,
    );
}
