import type { LayerValues, Tape, Value } from "../ensemble";

/**
 * Hidden layers seen along a plane x = origin + directions u: functions of the two numbers u. So the losses of the plane
 * also work on slices through many inputs, such as the plane of three images.
 *
 * @param tape where the network's weights are parameters
 * @param layers the hidden layers, from the input on
 * @param origin [inputs, 1]
 * @param directions [inputs, 2]
 * @returns layers on two inputs, with the same parameters
 * @throws RangeError when the shapes do not fit
 * @example
 * const images = tape.draw(table, 3); // three images a step
 * const [a, b, c] = [0, 1, 2].map((i) => images.columnsAt([i]));
 * const slice = losses.sliceOnTape(tape, hidden, a, tape.concatColumns([b.sub(a), c.sub(a)]));
 * const box = { min: [0, 0], max: [1, 1] };
 * const promoted = losses.kacRiceOnTape(tape, slice, { points: tape.uniform(2, 64), box });
 */
export function sliceOnTape(
  tape: Tape,
  layers: readonly LayerValues[],
  origin: Value,
  directions: Value,
): LayerValues[] {
  if (layers.length === 0) throw new RangeError("sliceOnTape: there are no hidden layers");
  const [first, ...others] = layers;
  const inputs = first.W.columns;
  if (origin.shape !== `[${inputs}, 1]` || directions.shape !== `[${inputs}, 2]`)
    throw new RangeError(
      `sliceOnTape: origin ${origin.shape} and directions ${directions.shape}: [${inputs}, 1] and [${inputs}, 2]`,
    );
  const W = tape.product(first.W, directions);
  const b = tape.dense(origin, first.W, first.b);
  const { activation } = first;
  return [{ W, b, activation, preactivation: (X) => tape.dense(X, W, b) }, ...others];
}
