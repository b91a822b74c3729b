import type { LayerValues, Tape, Value } from "../ensemble";
import { unitBox } from "./box";
import { pairKinds, shortestLine, smallestSine, smallestSquare, type IntersectionOptions } from "./options";
import { affineValues, checkOnTape } from "./affine-forms";
import { combinations } from "./combinations";

/** {@link IntersectionOptions} with the points on a tape: [2, points], uniform in the box. */
export type IntersectionOnTape = Omit<IntersectionOptions, "points"> & { readonly points: Value };

/** Homogeneous lines (a, b, c), or points (x, y, w): [how many, points] or [how many, 1]. */
type Homogeneous = readonly [Value, Value, Value];

/** Rows of length 1; a constant neuron becomes 0, and is no line: `dead` is 1. */
function normalised(a: Value, b: Value, c: Value): { line: Homogeneous; dead: Value } {
  const square = a.square().add(b.square());
  const live = square.sub(shortestLine).step();
  const scale = live.div(square.add(smallestSquare).sqrt());
  return { line: [a.mul(scale), b.mul(scale), c.mul(scale)], dead: live.neg().add(1) };
}

/** The cross product: the homogeneous point where two lines meet, its third number the sine of their angle. */
function meet([a, b, c]: Homogeneous, [d, e, f]: Homogeneous): Homogeneous {
  const minor = (p: Value, q: Value, r: Value, s: Value) => p.mul(q).sub(r.mul(s));
  return [minor(b, f, c, e), minor(c, d, a, f), minor(a, e, b, d)];
}

/** Where each two of several lines meet; null when there is only one. */
function meetings(lines: Homogeneous): Homogeneous | null {
  if (lines[0].rows < 2) return null;
  const [i, k] = combinations(lines[0].rows, 2);
  const rows = (at: readonly number[]) => lines.map((v) => v.rowsAt(at)) as unknown as Homogeneous;
  return meet(rows(i), rows(k));
}

/** Zero when the point lies in the box with its margin. */
function outsideBox([x, y, w]: Homogeneous, margin: number): Value {
  const limit = w.abs().mul(1 - margin);
  return x.abs().sub(limit).relu().add(y.abs().sub(limit).relu());
}

/**
 * {@link intersectionPenalty} for the ensemble trainer, in doubles: all three kinds of pairs, never divided by the sine.
 *
 * @param tape where the network's weights are parameters
 * @param layers the two hidden layers, the first with two inputs
 * @param options sample points [2, points], margin, box, kinds of pairs
 * @returns [1, 1]; add it to the fit with a weight
 * @throws RangeError when there are not two hidden layers on two inputs, or points or box do not fit
 * @example
 * const points = tape.uniform(2, 8, -1, 1);
 * const weight = tape.scheduled(ensemble.until(0.01, steps / 2));
 * const promoted = losses.intersectionOnTape(tape, net.layers.slice(0, -1), { points }).mul(weight);
 * const program = tape.compile(fit.add(promoted));
 */
export function intersectionOnTape(
  tape: Tape,
  layers: readonly LayerValues[],
  { points, margin = 0.05, box = unitBox(2), pairs = pairKinds }: IntersectionOnTape,
): Value {
  const name = "intersectionOnTape";
  if (layers.length !== 2 || layers[0].W.columns !== 2) {
    const sizes = layers.map(({ W }) => W.shape).join(", ");
    throw new RangeError(
      `${name}: the weights are ${sizes || "none"}, but it takes two hidden layers on two inputs`,
    );
  }
  checkOnTape(name, layers, points, box);
  const [one, two] = affineValues(tape, layers, points, box);
  const centre = box.min.map((low, d) => (low + box.max[d]) / 2);
  const offset = centre.every((c) => c === 0)
    ? layers[0].b
    : tape.dense(tape.constant(2, 1, centre), layers[0].W, layers[0].b);
  const first = normalised(one.slopes[0], one.slopes[1], offset);
  const below = tape.dense(offset.mul(one.active), layers[1].W, layers[1].b);
  const second = normalised(two.slopes[0], two.slopes[1], below);
  const signs = one.active.mul(2).sub(1);
  const stack = (of: Homogeneous) => tape.concatRows(of);
  const outsideSides = (of: Homogeneous, sides: Value) =>
    tape.outsideRegion(stack(of), stack(first.line), sides, margin, smallestSine).mean();
  const terms = [tape.number(0)];
  const among = meetings(first.line);
  if (pairs.includes("first") && among) terms.push(outsideBox(among, margin).mean());
  const above = meetings(second.line);
  if (pairs.includes("second") && above)
    terms.push(outsideBox(above, margin).mean(), outsideSides(above, signs));
  if (pairs.includes("mixed")) {
    const [u, v] = centre.map((c, d) =>
      points
        .rowsAt([d])
        .sub(c)
        .mul(2 / (box.max[d] - box.min[d])),
    );
    const [a, b, c] = first.line;
    const distance = a.mul(u).add(b.mul(v)).add(c).abs();
    const hot = tape.smallest(distance.add(first.dead.mul(1e300)));
    const facet = first.line.map((part) => hot.mul(part).sumRows()) as unknown as Homogeneous;
    const at = meet(facet, second.line);
    terms.push(outsideBox(at, margin).mean(), outsideSides(at, signs.mul(hot.neg().add(1))));
  }
  return terms.reduce((sum, term) => sum.add(term));
}
