import type { LayerValues, Tape, Value } from "../../ensemble";
import { unitBox, volume } from "../box";
import { smallestDensity, smallestSquare, type DensityOptions } from "../densities";
import { affineValues, checkOnTape } from "./affine-forms";
import { combinations } from "./combinations";

/** {@link DensityOptions} with the points on a tape: [inputs, points], uniform in the box. */
export type DensityOnTape = Omit<DensityOptions, "points"> & { readonly points: Value };

interface Boundaries {
  /** exp(-d^2 / 2h^2) of each neuron's distance d: K_h without its constant factor, [neurons, points]. */
  readonly near: Value;
  /** The unit normal times that, by input. */
  readonly normal: readonly Value[];
  /** The constant factor of K_h. */
  readonly factor: number;
  readonly box: Required<DensityOptions>["box"];
}

function boundaries(
  tape: Tape,
  name: string,
  layers: readonly LayerValues[],
  { points, bandwidth = 0.15, box = unitBox(points.rows) }: DensityOnTape,
): Boundaries {
  checkOnTape(name, layers, points, box);
  if (!(bandwidth > 0))
    throw new RangeError(`${name}: the bandwidth is ${bandwidth}, but it must be positive`);
  const near: Value[] = [];
  const normal: Value[][] = Array.from({ length: points.rows }, () => []);
  for (const { slopes, z } of affineValues(tape, layers, points)) {
    // One division for all: it costs more than the products.
    const perLength = tape.number(1).div(
      slopes
        .map((g) => g.square())
        .reduce((sum, g) => sum.add(g))
        .add(smallestSquare)
        .sqrt(),
    );
    const own = z
      .mul(perLength)
      .square()
      .mul(-0.5 / bandwidth ** 2)
      .exp();
    near.push(own);
    const scale = own.mul(perLength);
    for (const [d, g] of slopes.entries()) normal[d].push(scale.mul(g));
  }
  return {
    near: tape.concatRows(near),
    normal: normal.map((parts) => tape.concatRows(parts)),
    factor: 1 / (Math.sqrt(2 * Math.PI) * bandwidth),
    box,
  };
}

const minusLog = (density: Value): Value => density.add(smallestDensity).log().neg();

/**
 * {@link lengthLoss} for the ensemble trainer, in doubles.
 *
 * @param tape where the network's weights are parameters
 * @param layers the hidden layers, from the input on; any depth
 * @param options sample points [inputs, points], bandwidth, box
 * @returns [1, 1]; add it to the fit with a weight
 * @throws RangeError when there are no layers, or points or box do not fit
 * @example
 * const points = tape.uniform(2, 64, -1, 1);
 * const promoted = losses.lengthOnTape(tape, net.layers.slice(0, -1), { points }).mul(0.03);
 * const program = tape.compile(fit.add(promoted));
 */
export function lengthOnTape(tape: Tape, layers: readonly LayerValues[], options: DensityOnTape): Value {
  const { near, factor, box } = boundaries(tape, "lengthOnTape", layers, options);
  return minusLog(near.sum().mul((factor * volume(box)) / near.columns));
}

/** The determinant of rows of values, by minors. */
function determinant(rows: readonly (readonly Value[])[]): Value {
  if (rows.length === 1) return rows[0][0];
  return rows[0]
    .map((value, c) => value.mul(determinant(rows.slice(1).map((row) => row.filter((_, e) => e !== c)))))
    .reduce((sum, term, c) => (c % 2 === 0 ? sum.add(term) : sum.sub(term)));
}

/**
 * {@link kacRiceLoss} for the ensemble trainer, in doubles: pairs of neurons in the plane by a fused kernel, single neurons on a
 * line, triples in space.
 *
 * @param tape where the network's weights are parameters
 * @param layers the hidden layers, from the input on; any depth, one to three inputs
 * @param options sample points [inputs, points], bandwidth, box
 * @returns [1, 1]; add it to the fit with a weight
 * @throws RangeError when there are no layers, fewer neurons than inputs, more than three inputs, or points or box do not fit
 * @example
 * const points = tape.uniform(2, 64, -1, 1);
 * const weight = tape.scheduled(ensemble.until(0.1, steps / 2));
 * const promoted = losses.kacRiceOnTape(tape, net.layers.slice(0, -1), { points }).mul(weight);
 * const program = tape.compile(fit.add(promoted));
 */
export function kacRiceOnTape(tape: Tape, layers: readonly LayerValues[], options: DensityOnTape): Value {
  const { near, normal, factor, box } = boundaries(tape, "kacRiceOnTape", layers, options);
  const inputs = normal.length;
  if (inputs > 3)
    throw new RangeError(`kacRiceOnTape: ${inputs} inputs, but tuples of more than three are too many`);
  if (near.rows < inputs)
    throw new RangeError(`kacRiceOnTape: ${near.rows} neurons, but ${inputs} boundaries make a crossing`);
  const perPoint = (): Value => {
    if (inputs === 2) return tape.crossings(normal[0], normal[1]);
    const chosen = combinations(near.rows, inputs).map((rows) => normal.map((n) => n.rowsAt(rows)));
    return determinant(chosen).abs();
  };
  return minusLog(
    perPoint()
      .sum()
      .mul((factor ** inputs * volume(box)) / near.columns),
  );
}
