// Rows and knots along a line in rational arithmetic, for one activation pattern: what the refinement's doubles approximate.
import type { network } from "relu-lab";
import type { Cell, Line } from "../../../../packages/relu-lab/src/regions/segment/cell";
import type { Rows } from "../../../../packages/relu-lab/src/regions/segment/rows";
import { halvings, toInteger } from "../../../oracle/integers";

/** Numerators over 2^scale of slope * t + intercept. */
export interface Affine {
  readonly slope: bigint;
  readonly intercept: bigint;
  readonly scale: number;
}

const magnitude = (v: bigint): bigint => (v < 0n ? -v : v);

/** |a - b| <= bound, for a and bound doubles and b an integer over 2^scale. */
export function within(a: number, b: bigint, scale: number, bound: number): boolean {
  const common = Math.max(halvings(a), halvings(bound), scale);
  const error = magnitude(toInteger(a, common) - (b << BigInt(common - scale)));
  return error <= toInteger(bound, common);
}

/** The sign of slope * numerator / denominator + intercept. */
export function signAt({ slope, intercept }: Affine, numerator: bigint, denominator: bigint): number {
  const value = slope * numerator + intercept * denominator;
  return value > 0n ? 1 : value < 0n ? -1 : 0;
}

/** Whether a neuron's row of doubles is off by at most `error` all along [0, 1]. */
export function rowHolds(s: number, c: number, error: number, exact: Affine): boolean {
  const end = Math.max(halvings(s), halvings(c));
  const sum = toInteger(s, end) + toInteger(c, end);
  const common = Math.max(end, exact.scale, halvings(error));
  const at1 =
    (sum << BigInt(common - end)) - ((exact.slope + exact.intercept) << BigInt(common - exact.scale));
  return (
    within(c, exact.intercept, exact.scale, error) && magnitude(at1) <= toInteger(error, common) // an affine error is largest at an end
  );
}

function rowOf(
  { inputs, weights, biases }: network.DenseLayer,
  j: number,
  below: ReadonlyMap<number, Affine>,
  scale: number,
): Affine {
  let own = Math.max(0, halvings(biases[j]) - scale);
  for (let k = 0; k < inputs; k++) own = Math.max(own, halvings(weights[j * inputs + k]));
  let slope = 0n;
  let intercept = toInteger(biases[j], scale + own);
  for (const [k, row] of below) {
    const w = toInteger(weights[j * inputs + k], own);
    slope += (w * row.slope) << BigInt(scale - row.scale);
    intercept += (w * row.intercept) << BigInt(scale - row.scale);
  }
  return { slope, intercept, scale: scale + own };
}

/** The active neurons' rows of a cell, exactly, by their index in the layer. */
export function exactRowsOf(
  net: network.ReluNetwork,
  line: Line,
  rows: Rows,
  cell: Cell,
): Map<number, Affine> {
  const found = new Map<number, Affine>();
  if (cell.parent === null) {
    const scale = Math.max(...[...line.from, ...(line.to ?? line.direction)].map(halvings));
    line.from.forEach((p, i) => {
      const intercept = toInteger(p, scale);
      const slope = line.to ? toInteger(line.to[i], scale) - intercept : toInteger(line.direction[i], scale);
      found.set(i, { slope, intercept, scale });
    });
    return found;
  }
  const below = exactRowsOf(net, line, rows, cell.parent);
  const scale = Math.max(0, ...[...below.values()].map((row) => row.scale));
  for (let k = cell.start; k < cell.start + cell.count; k++)
    found.set(rows.neuron[k], rowOf(net.layers[cell.level - 1], rows.neuron[k], below, scale));
  return found;
}

/** Neuron j of the layer above a cell, exactly. */
export function exactRowAbove(
  net: network.ReluNetwork,
  line: Line,
  rows: Rows,
  cell: Cell,
  j: number,
): Affine {
  const below = exactRowsOf(net, line, rows, cell);
  const scale = Math.max(0, ...[...below.values()].map((row) => row.scale));
  return rowOf(net.layers[cell.level], j, below, scale);
}
