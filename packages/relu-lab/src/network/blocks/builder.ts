import type { Activation, LayerSpec } from "../relu-network";
import { exactSum } from "../exact-sum";
import { checkWeights } from "./limits";
import type { Block, BlockActivation, ImageShape } from "./types";

/** A row of a sparse matrix: columns and their coefficients. */
export type SparseRow = [column: number, weight: number][];

export interface Builder {
  specs: LayerSpec[];
  /** What the next layer reads: each value as an exact sum of the last layer's outputs, with weights 1. */
  reads: SparseRow[];
  shape: ImageShape | undefined;
  /** Whether every value is known to be at least 0, so that a ReLU passes it on unchanged. */
  nonNegative: boolean;
}

export const numbersOf = (shape: ImageShape) => shape[0] * shape[1] * shape[2];

const columnsOf = ({ specs, reads }: Builder) => specs.at(-1)?.b.length ?? reads.length;

/** Refuses a layer of so many rows when it is too large; to be asked before its rows are made. */
export function reserve(builder: Builder, rows: number): void {
  const before = builder.specs.reduce((sum, { W }) => sum + W.length, 0);
  checkWeights(rows, columnsOf(builder), before);
}

/** Adds a layer whose rows are given over the values; sums of values become columns of weights. */
export function push(
  builder: Builder,
  rows: SparseRow[],
  b: ArrayLike<number>,
  activation: Activation,
): void {
  const columns = columnsOf(builder);
  reserve(builder, rows.length);
  const W = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    for (const [value, weight] of row) {
      for (const [column, unit] of builder.reads[value]) {
        const at = i * columns + column;
        if (W[at] !== 0 && exactSum(W[at], weight * unit) === undefined) {
          throw new RangeError(
            `blocks: two weights on one path, ${W[at]} and ${weight * unit}, have no exact sum in doubles`,
          );
        }
        W[at] += weight * unit;
      }
    }
  });
  builder.specs.push({ W, b: Float64Array.from(b), activation });
  builder.reads = rows.map((_, i) => [[i, 1]]);
  builder.nonNegative = activation === "relu";
}

export const none = (length: number) => new Float64Array(length);
export const unit = (column: number, weight = 1): SparseRow => [[column, weight]];

export function activate(
  builder: Builder,
  rows: SparseRow[],
  b: ArrayLike<number>,
  activation: BlockActivation,
): void {
  if (typeof activation === "string") return push(builder, rows, b, activation);
  const slope = activation.leaky;
  if (!Number.isFinite(slope)) throw new RangeError(`blocks: leaky slope ${slope} is not a finite number`);
  // leaky(z) = relu(z) - slope relu(-z). Both halves share one boundary, so no region is added; and the slope
  // stands in a linear layer of its own, because the product with the next layer's weights would be rounded.
  const count = rows.length;
  const negated = rows.map((row): SparseRow => row.map(([column, weight]) => [column, -weight]));
  push(builder, [...rows, ...negated], [...Array.from(b), ...Array.from(b, (v) => -v)], "relu");
  const joined = Array.from({ length: count }, (_, i): SparseRow => [
    [i, 1],
    [count + i, -slope],
  ]);
  push(builder, joined, none(count), "linear");
}

export function dense(builder: Builder, block: Extract<Block, { type: "dense" }>): void {
  const count = block.b.length;
  const inputs = builder.reads.length;
  const flat = block.W instanceof Float64Array;
  const given = flat ? block.W.length / inputs : block.W.length;
  if (given !== count) {
    throw new RangeError(
      `blocks: a dense layer has ${count} biases, but ${flat ? `${block.W.length} weights` : `${given} rows`} for ${inputs} inputs`,
    );
  }
  const rows = Array.from({ length: count }, (_, i): SparseRow => {
    const row = flat
      ? (block.W as Float64Array).subarray(i * inputs, (i + 1) * inputs)
      : (block.W as ArrayLike<ArrayLike<number>>)[i];
    if (row?.length !== inputs) {
      throw new RangeError(
        `blocks: row ${i} of a dense layer has ${row?.length} weights for ${inputs} inputs`,
      );
    }
    return Array.from(row, (weight, column): [number, number] => [column, weight]).filter(([, w]) => w !== 0);
  });
  activate(builder, rows, block.b, block.activation);
  builder.shape = undefined;
}

export function imageShape(builder: Builder, what: string): ImageShape {
  if (!builder.shape) throw new RangeError(`blocks: ${what} needs an image, but comes after a dense layer`);
  return builder.shape;
}
