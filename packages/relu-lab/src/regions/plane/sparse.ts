import type { SparseRows } from "../../network";
import { exactProduct, isPowerOfTwo } from "../../network/exact-product";
import { exactSum } from "../../network/exact-sum";
import { sparseRows } from "../../network/sparse-rows";
import { isLinear, type Plan } from "../plan/plan";

/** The rows of one layer above the first: entries of row j are `starts[j]` to `starts[j + 1]`. */
export interface SparseLayer {
  /** The neuron of each row (outputs: their number within the layer). */
  readonly neurons: Int32Array;
  readonly starts: Int32Array;
  /** Columns: the rows of all lower layers, counted from the first layer's first. */
  readonly columns: Int32Array;
  readonly values: Float64Array;
  readonly biases: Float64Array;
}

/** A network by its non-zeros. */
export interface SparseNetwork {
  /** The layers above the first; the outputs last. */
  readonly layers: readonly SparseLayer[];
  /** The neuron of each column. */
  readonly neuronOf: Int32Array;
  /** Neurons without a row, each as neuron, number of terms, terms: it is on where one of the terms is. */
  readonly sums: Int32Array;
  /** Likewise the rows without constant: neurons that are off where all of their terms are. */
  readonly zeroable: Int32Array;
}

type Entries = Map<number, number>;

/** The most terms of a sum that is passed on instead of computed. */
const MOST_TERMS = 16;
/** Rows become lists when at most this share of their entries is not zero, ... */
const SPARSE_SHARE = 0.25;
/**
 * ... and the dense rows would take so many numbers. (A small convolutional network gains most from what lists know of a
 * max-pool: one with 280 neurons needed 36,488 exact decisions for 421 regions as dense rows, and needs 2.)
 */
const SMALLEST = 10_000;

/** What a neuron is: a sum over columns, and the ReLUs of which one must be on for it to be positive. */
interface Source {
  readonly neuron: number;
  readonly entries: Entries;
  /** Undefined when there are none to name: a linear neuron with a row of its own. */
  readonly terms?: readonly number[];
  readonly notNegative: boolean;
  /** Whether it has no row of its own. */
  readonly passedOn: boolean;
}

/** One row over the columns; undefined when a sum or product on the way would be rounded. */
function rowEntries(
  { starts, columns, values }: SparseRows,
  sources: readonly Source[],
  j: number,
): Entries | undefined {
  const entries: Entries = new Map();
  for (let k = starts[j]; k < starts[j + 1]; k++) {
    for (const [column, unit] of sources[columns[k]].entries) {
      if (unit === 0) continue; // two paths that cancelled
      const product = exactProduct(values[k], unit);
      const sum = product === undefined ? undefined : exactSum(entries.get(column) ?? 0, product);
      if (sum === undefined) return undefined;
      entries.set(column, sum);
    }
  }
  return entries;
}

/** The ReLUs a row sums up with weights that are powers of two, if it does nothing else; undefined otherwise. */
function termsOf(
  { starts, columns, values }: SparseRows,
  sources: readonly Source[],
  j: number,
): number[] | undefined {
  const terms = new Set<number>();
  for (let k = starts[j]; k < starts[j + 1]; k++) {
    const own = sources[columns[k]].terms;
    if (!own || !isPowerOfTwo(values[k])) return undefined;
    for (const term of own) terms.add(term);
    if (terms.size > MOST_TERMS) return undefined;
  }
  return [...terms];
}

function isNotNegative(
  { starts, columns, values }: SparseRows,
  sources: readonly Source[],
  j: number,
): boolean {
  for (let k = starts[j]; k < starts[j + 1]; k++)
    if (!(values[k] > 0 && sources[columns[k]].notNegative)) return false;
  return true;
}

/** Rows by their non-zeros; neurons that only pass sums on get none, except those in `needed`, which may grow. */
function attempt(
  plan: Plan,
  rows: readonly SparseRows[],
  biases: readonly Float64Array[],
  needed: Set<number>,
  constant: Uint8Array,
): SparseNetwork | undefined {
  const layers: SparseLayer[] = [];
  const neuronOf: number[] = [];
  const sums: number[] = [];
  const zeroable: number[] = [];
  let neuron = 0;
  const ownRow = (notNegative: boolean, isRelu: boolean): Source => ({
    neuron: neuron - 1,
    entries: new Map([[neuronOf.push(neuron - 1) - 1, 1]]),
    terms: isRelu ? [neuron - 1] : undefined,
    notNegative: notNegative || isRelu,
    passedOn: false,
  });
  const isRelu = (l: number, j: number) => !isLinear(plan.hidden[l], j);
  // Neurons of the first layer that are constant on the plane: 0, or else equal where their biases are. So the border
  // of images, where a filter sees black everywhere, makes no differences that vanish identically.
  const constants = new Map<number, Entries>();
  let below = Array.from(biases[0], (bias, j): Source => {
    neuron++;
    const source = ownRow(false, isRelu(0, j));
    if (!constant[j] || !isRelu(0, j)) return source;
    if (bias <= 0) return { ...source, entries: new Map(), terms: [] };
    const known = constants.get(bias);
    if (!known) constants.set(bias, source.entries);
    return { ...source, entries: known ?? source.entries };
  });
  for (let l = 1; l < biases.length; l++) {
    const isOutput = l === plan.hidden.length;
    const row: Record<keyof SparseLayer, number[]> = {
      neurons: [],
      starts: [0],
      columns: [],
      values: [],
      biases: [],
    };
    const next: Source[] = [];
    for (let j = 0; j < biases[l].length; j++) {
      const id = isOutput ? j : neuron++;
      const entries = rowEntries(rows[l], below, j);
      if (!entries) {
        for (const column of rows[l].columns.subarray(rows[l].starts[j], rows[l].starts[j + 1]))
          if (below[column].passedOn) needed.add(below[column].neuron);
        return undefined;
      }
      const notNegative = biases[l][j] >= 0 && isNotNegative(rows[l], below, j);
      if (!isOutput && biases[l][j] === 0 && !needed.has(id) && (notNegative || !isRelu(l, j))) {
        const terms = termsOf(rows[l], below, j);
        if (terms) {
          // max(0, z) = z for a sum of activations: no boundary, hence no row. A linear neuron counts as on everywhere.
          next.push({ neuron: id, entries, terms, notNegative, passedOn: true });
          sums.push(id, ...(isRelu(l, j) ? [terms.length, ...terms] : [0]));
          continue;
        }
      }
      for (const [column, value] of entries) if (value === 0) entries.delete(column);
      if (!isOutput && isRelu(l, j) && entries.size === 0 && biases[l][j] <= 0) {
        next.push({ neuron: id, entries, terms: [], notNegative: true, passedOn: false }); // off everywhere
        continue;
      }
      for (const [column, value] of entries) {
        row.columns.push(column);
        row.values.push(value);
      }
      row.starts.push(row.columns.length);
      if (!isOutput && isRelu(l, j) && biases[l][j] === 0)
        zeroable.push(id, entries.size, ...[...entries.keys()].map((column) => neuronOf[column]));
      row.neurons.push(id);
      row.biases.push(biases[l][j]);
      if (!isOutput) next.push(ownRow(notNegative, isRelu(l, j)));
    }
    layers.push({
      neurons: Int32Array.from(row.neurons),
      starts: Int32Array.from(row.starts),
      columns: Int32Array.from(row.columns),
      values: Float64Array.from(row.values),
      biases: Float64Array.from(row.biases),
    });
    below = next;
  }
  return {
    layers,
    neuronOf: Int32Array.from(neuronOf),
    sums: Int32Array.from(sums),
    zeroable: Int32Array.from(zeroable),
  };
}

/** Whether the rows above the first layer are large and mostly zeros, as those of convolutions and pools are. */
function isMostlyZeros(weights: readonly Float64Array[]): boolean {
  let total = 0;
  let others = 0;
  let before = 0;
  for (let l = 1; l < weights.length; l++) {
    before += weights[l - 1].length;
    total += weights[l].length;
  }
  if (total < SMALLEST || before === 0) return false;
  for (let l = 1; l < weights.length; l++) for (const w of weights[l]) if (w !== 0) others++;
  return others <= SPARSE_SHARE * total;
}

/**
 * A network by its non-zeros, or undefined when dense rows serve it better.
 *
 * Neurons that only pass on sums of activations, as those of a max-pool's tournament or an average pool do, get no row:
 * what reads them reads the terms. That is done where no weight is rounded by it, so the network stays the one given.
 *
 * @param plan the network
 * @param weights of each layer, outputs last, as the engine takes them
 * @param biases likewise
 * @param constant 1 for each neuron of the first layer that is its bias on all of the domain
 * @param always also when rows are small or dense (for tests)
 * @param known the rows of layers that are given by their non-zeros, in place of their weights
 */
export function sparseNetwork(
  plan: Plan,
  weights: readonly Float64Array[],
  biases: readonly Float64Array[],
  constant: Uint8Array,
  always = false,
  known: readonly (SparseRows | undefined)[] = [],
): SparseNetwork | undefined {
  if (!always && !known.some(Boolean) && !isMostlyZeros(weights)) return undefined;
  const rows = biases.map(
    ({ length }, l) => known[l] ?? sparseRows(weights[l], length, weights[l].length / length),
  );
  const needed = new Set<number>();
  for (;;) {
    const before = needed.size;
    const found = attempt(plan, rows, biases, needed, constant);
    if (found) return found;
    if (needed.size === before) return undefined; // the given rows themselves do not add up: cannot happen
  }
}
