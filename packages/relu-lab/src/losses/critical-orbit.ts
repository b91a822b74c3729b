import type { LayerValues, Tape, Value } from "../ensemble";
import { smallestHinge, type CriticalOrbitOptions } from "./options";

/** {@link CriticalOrbitOptions}; whether a ReLU follows each map is seen at its layers. */
export type CriticalOrbitOnTape = Omit<CriticalOrbitOptions, "outerRelu">;

/**
 * {@link criticalOrbitLoss} for the ensemble trainer, in doubles.
 *
 * @param tape where the chain's weights are parameters
 * @param layers two a map, 1 -> 2 (ReLU) and 2 -> 1 (linear or ReLU), the first applied first; no read-out
 * @param options margins
 * @returns [1, 1]; add it to the fit with a weight
 * @throws RangeError when the chain is empty or a map is not 1 -> 2 -> 1
 * @example
 * const net = ensemble.chain(tape, 6, 2, { outerRelu: true, readout: true });
 * const kept = losses.criticalOrbitOnTape(tape, net.layers.slice(0, -1)).mul(0.1);
 */
export function criticalOrbitOnTape(
  tape: Tape,
  layers: readonly LayerValues[],
  { margin = 0.05, slope = 0.1 }: CriticalOrbitOnTape = {},
): Value {
  const name = "criticalOrbitOnTape";
  if (layers.length === 0 || layers.length % 2 !== 0)
    throw new RangeError(`${name}: ${layers.length} layers, but a map has two of them`);
  const terms: Value[] = [];
  const hinge = (least: number, value: Value) => value.neg().add(least).relu();
  let peak = tape.number(1);
  let ends = tape.number(0); // [1, how many]
  for (let l = 0; l < layers.length; l += 2) {
    const [inner, outer] = [layers[l], layers[l + 1]];
    const shapes = `${inner.W.shape} and ${outer.W.shape}`;
    if (shapes !== "[2, 1] and [1, 2]" || inner.activation !== "relu")
      throw new RangeError(
        `${name}: map ${l / 2 + 1} has the weights ${shapes} (${inner.activation}), not [2, 1] and [1, 2] (relu)`,
      );
    const weight = inner.W.rowsAt([1]);
    const critical = inner.b.rowsAt([1]).neg().div(weight.max(smallestHinge));
    const highest = Array.from({ length: ends.columns }, (_, e) => ends.columnsAt([e])).reduce((p, q) =>
      p.max(q),
    );
    // Slopes: the first unit alone to the left of the critical point, both to the right.
    const [left, more] = [0, 1].map((unit) => outer.W.columnsAt([unit]).mul(inner.W.rowsAt([unit])));
    terms.push(hinge(margin, peak.sub(critical)), hinge(margin, critical.sub(highest)));
    terms.push(hinge(slope, left), hinge(slope, left.add(more).neg()), hinge(slope, weight));
    const below = tape.concatColumns([ends, peak, critical]);
    const mapped = tape.dense(
      tape.dense(below, inner.W, inner.b, "relu"),
      outer.W,
      outer.b,
      outer.activation,
    );
    ends = mapped.columnsAt(Array.from({ length: ends.columns + 1 }, (_, e) => e));
    peak = mapped.columnsAt([mapped.columns - 1]);
  }
  return terms.reduce((sum, term) => sum.add(term));
}
