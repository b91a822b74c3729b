import type { LayerValues, Tape, Value } from "../ensemble";
import { unitBox, volume } from "./box";
import { smallestDensity, smallestSquare, type DensityOptions } from "./options";
import { affineValues, checkOnTape } from "./affine-forms";
import { combinations } from "./combinations";

/** {@link DensityOptions} with the points on a tape: [inputs, points], uniform in the box. */
export type DensityOnTape = Omit<DensityOptions, "points"> & { readonly points: Value };

interface Boundaries {
  /** K_h of each neuron's distance, [neurons, points]. */
  readonly near: Value;
  /** The density of crossings at each point, [1, points]. */
  crossings(): Value;
  /** The box's volume over the number of points: sums over points become integrals. */
  readonly share: number;
}

/** All hidden neurons below each other: pre-activations and slopes by input, [neurons, points]. */
function stacked(tape: Tape, layers: readonly LayerValues[], points: Value) {
  const ones = tape.constant(1, points.columns, new Float64Array(points.columns).fill(1));
  const forms = affineValues(tape, layers, points);
  return {
    z: tape.concatRows(forms.map(({ z }) => z)),
    slopes: Array.from({ length: points.rows }, (_, d) =>
      tape.concatRows(
        forms.map(({ slopes: { [d]: own } }) => (own.columns === 1 ? tape.product(own, ones) : own)),
      ),
    ),
  };
}

/** The determinant of rows of values, by minors. */
function determinant(rows: readonly (readonly Value[])[]): Value {
  if (rows.length === 1) return rows[0][0];
  return rows[0]
    .map((value, c) => value.mul(determinant(rows.slice(1).map((row) => row.filter((_, e) => e !== c)))))
    .reduce((sum, term, c) => (c % 2 === 0 ? sum.add(term) : sum.sub(term)));
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
  const { z, slopes } = stacked(tape, layers, points);
  const share = volume(box) / points.columns;
  if (slopes.length === 2) {
    const felt = tape.boundaries(z, slopes[0], slopes[1], bandwidth, smallestSquare);
    const near = felt.rowsAt(Array.from({ length: z.rows }, (_, i) => i));
    return { near, share, crossings: () => tape.boundaryCrossings(felt) };
  }
  const square = slopes.map((g) => g.square()).reduce((sum, g) => sum.add(g));
  const length = square.add(smallestSquare).sqrt();
  const exponent = z.div(length).square();
  const near = exponent
    .mul(-0.5 / bandwidth ** 2)
    .exp()
    .mul(1 / (Math.sqrt(2 * Math.PI) * bandwidth));
  const normal = slopes.map((g) => near.mul(g.div(length)));
  const crossings = () => {
    const chosen = combinations(z.rows, slopes.length).map((rows) => normal.map((n) => n.rowsAt(rows)));
    return determinant(chosen).abs();
  };
  return { near, share, crossings };
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
  const { near, share } = boundaries(tape, "lengthOnTape", layers, options);
  return minusLog(near.sum().mul(share));
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
  const inputs = options.points.rows;
  if (inputs > 3)
    throw new RangeError(`kacRiceOnTape: ${inputs} inputs, but tuples of more than three are too many`);
  const { near, crossings, share } = boundaries(tape, "kacRiceOnTape", layers, options);
  if (near.rows < inputs)
    throw new RangeError(`kacRiceOnTape: ${near.rows} neurons, but ${inputs} boundaries make a crossing`);
  return minusLog(crossings().sum().mul(share));
}
