import { ReluNetwork, type Activation, type LayerSpec } from "./relu-network";

/** Height, width and channels of an image; numbers lie in this order, channels running fastest. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** ReLU, nothing, or a leaky ReLU: z where z > 0, slope z elsewhere. */
export type BlockActivation = Activation | { readonly leaky: number };

/** A building block of a piecewise-linear network, beyond the plain dense layer. */
export type Block =
  | {
      readonly type: "dense";
      readonly W: LayerSpec["W"];
      readonly b: ArrayLike<number>;
      readonly activation: BlockActivation;
    }
  | {
      readonly type: "convolution";
      /** Flat, in the order [kernel height][kernel width][input channel][output channel]. */
      readonly kernel: ArrayLike<number>;
      readonly size: readonly [height: number, width: number];
      readonly b: ArrayLike<number>;
      /** One step for both directions, or [down, right]. */
      readonly stride?: number | readonly [down: number, right: number];
      /** "same" as TensorFlow has it, or rows and columns of zeros. */
      readonly padding?:
        "valid" | "same" | readonly [top: number, left: number, bottom: number, right: number];
      readonly activation: BlockActivation;
    }
  | {
      readonly type: "average-pool" | "max-pool";
      readonly size: number;
      readonly stride?: number;
    }
  /** An activation alone; after a linear block it becomes that block's own. */
  | { readonly type: "activation"; readonly activation: BlockActivation }
  /** x + F(x): an identity skip around the blocks of F. */
  | { readonly type: "residual"; readonly blocks: readonly Block[] };

/** A row of a sparse matrix: columns and their coefficients. */
type SparseRow = [column: number, weight: number][];

interface Builder {
  specs: LayerSpec[];
  /** What the next layer reads: each value as an exact sum of the last layer's outputs, with weights 1. */
  reads: SparseRow[];
  shape: ImageShape | undefined;
  /** Whether every value is known to be at least 0, so that a ReLU passes it on unchanged. */
  nonNegative: boolean;
}

const numbersOf = (shape: ImageShape) => shape[0] * shape[1] * shape[2];

/** Adds a layer whose rows are given over the values; sums of values become columns of weights. */
function push(builder: Builder, rows: SparseRow[], b: ArrayLike<number>, activation: Activation): void {
  const columns =
    builder.specs.length === 0 ? builder.reads.length : builder.specs[builder.specs.length - 1].b.length;
  const W = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    for (const [value, weight] of row) {
      for (const [column, unit] of builder.reads[value]) {
        const at = i * columns + column;
        if (W[at] !== 0 && !isExactSum(W[at], weight * unit)) {
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

/** Whether a + b is computed without rounding (Knuth's two-sum has no remainder). */
function isExactSum(a: number, b: number): boolean {
  const sum = a + b;
  const back = sum - a;
  return a - (sum - back) + (b - back) === 0;
}

const none = (length: number) => new Float64Array(length);
const unit = (column: number, weight = 1): SparseRow => [[column, weight]];

function activate(
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

function dense(builder: Builder, block: Extract<Block, { type: "dense" }>): void {
  const count = block.b.length;
  const inputs = builder.reads.length;
  const flat = block.W instanceof Float64Array;
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

function imageShape(builder: Builder, what: string): ImageShape {
  if (!builder.shape) throw new RangeError(`blocks: ${what} needs an image, but comes after a dense layer`);
  return builder.shape;
}

/** Rows and columns of zeros around an image: top, left, bottom, right. */
function zerosAround(
  { padding, size }: Extract<Block, { type: "convolution" }>,
  image: readonly [number, number],
  steps: readonly [number, number],
): readonly [number, number, number, number] {
  if (typeof padding === "object") return padding;
  if (padding !== "same") return [0, 0, 0, 0];
  const [high, wide] = [0, 1].map((d) =>
    Math.max((Math.ceil(image[d] / steps[d]) - 1) * steps[d] + size[d] - image[d], 0),
  );
  const [top, left] = [Math.floor(high / 2), Math.floor(wide / 2)];
  return [top, left, high - top, wide - left];
}

function convolution(builder: Builder, block: Extract<Block, { type: "convolution" }>): void {
  const [height, width, channels] = imageShape(builder, "a convolution");
  const [kh, kw] = block.size;
  const filters = block.b.length;
  const [down, right] =
    typeof block.stride === "object" ? block.stride : [block.stride ?? 1, block.stride ?? 1];
  if (block.kernel.length !== kh * kw * channels * filters) {
    throw new RangeError(
      `blocks: a ${kh} x ${kw} kernel from ${channels} to ${filters} channels has ${kh * kw * channels * filters} weights, not ${block.kernel.length}`,
    );
  }
  const [top, left, bottom, rightPad] = zerosAround(block, [height, width], [down, right]);
  const rowsOut = Math.floor((height + top + bottom - kh) / down) + 1;
  const columnsOut = Math.floor((width + left + rightPad - kw) / right) + 1;
  if (!(rowsOut >= 1 && columnsOut >= 1)) {
    throw new RangeError(`blocks: a ${kh} x ${kw} kernel does not fit into a ${height} x ${width} image`);
  }
  const rows: SparseRow[] = [];
  const biases: number[] = [];
  for (let y = 0; y < rowsOut; y++)
    for (let x = 0; x < columnsOut; x++)
      for (let filter = 0; filter < filters; filter++) {
        const row: SparseRow = [];
        for (let i = 0; i < kh; i++)
          for (let j = 0; j < kw; j++) {
            const [py, px] = [y * down + i - top, x * right + j - left];
            if (py < 0 || px < 0 || py >= height || px >= width) continue;
            for (let c = 0; c < channels; c++) {
              const weight = block.kernel[((i * kw + j) * channels + c) * filters + filter];
              if (weight !== 0) row.push([(py * width + px) * channels + c, weight]);
            }
          }
        rows.push(row);
        biases.push(block.b[filter]);
      }
  activate(builder, rows, biases, block.activation);
  builder.shape = [rowsOut, columnsOut, filters];
}

/** The values under each window of a pooling layer, window by window. */
function windows(shape: ImageShape, size: number, stride: number): { cells: number[][]; shape: ImageShape } {
  const [height, width, channels] = shape;
  const out = (length: number) => Math.floor((length - size) / stride) + 1;
  const [rowsOut, columnsOut] = [out(height), out(width)];
  if (!(rowsOut >= 1 && columnsOut >= 1)) {
    throw new RangeError(
      `blocks: a pool of ${size} x ${size} does not fit into a ${height} x ${width} image`,
    );
  }
  const cells: number[][] = [];
  for (let y = 0; y < rowsOut; y++)
    for (let x = 0; x < columnsOut; x++)
      for (let c = 0; c < channels; c++) {
        const window: number[] = [];
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++)
            window.push(((y * stride + i) * width + x * stride + j) * channels + c);
        cells.push(window);
      }
  return { cells, shape: [rowsOut, columnsOut, channels] };
}

function averagePool(builder: Builder, size: number, stride: number): void {
  const pooled = windows(imageShape(builder, "a pool"), size, stride);
  const nonNegative = builder.nonNegative;
  const rows = pooled.cells.map((window): SparseRow => window.map((value) => [value, 1 / (size * size)]));
  push(builder, rows, none(rows.length), "linear");
  builder.shape = pooled.shape;
  builder.nonNegative = nonNegative;
}

/** max(a, b) = a + relu(b - a), in a tournament; the values pass through a ReLU, so they must not be negative. */
function maxPool(builder: Builder, size: number, stride: number): void {
  const pooled = windows(imageShape(builder, "a pool"), size, stride);
  if (!builder.nonNegative) {
    throw new RangeError("blocks: max-pool is supported after a ReLU only (move the ReLU before the pool)");
  }
  let contests = pooled.cells;
  while (contests[0].length > 1) {
    const rows: SparseRow[] = [];
    const reads: SparseRow[] = [];
    const index = new Map<number, number>();
    const pass = (value: number) => {
      if (!index.has(value)) index.set(value, rows.push(unit(value)) - 1);
      return index.get(value)!;
    };
    contests = contests.map((window) => {
      const winners: number[] = [];
      for (let i = 0; i < window.length; i += 2) {
        const kept = pass(window[i]);
        const read: SparseRow = unit(kept);
        if (i + 1 < window.length) read.push([rows.push([[window[i + 1], 1], [window[i], -1]]) - 1, 1]); // prettier-ignore
        winners.push(reads.push(read) - 1);
      }
      return winners;
    });
    push(builder, rows, none(rows.length), "relu");
    builder.reads = reads;
  }
  builder.shape = pooled.shape;
}

function residual(builder: Builder, blocks: readonly Block[]): void {
  if (!builder.nonNegative) {
    throw new RangeError("blocks: an identity skip is supported around values that come out of a ReLU only");
  }
  // Both branches are lowered side by side: the skip is carried through each layer by one ReLU a value, which
  // changes nothing because the values are not negative; it never switches off, so it draws no boundary.
  const skip = builder.reads.length;
  const inner: Builder = { ...builder, specs: [], reads: Array.from({ length: skip }, (_, i) => unit(i)) };
  for (const block of fused(blocks)) addBlock(inner, block);
  if (inner.reads.length !== skip) {
    throw new RangeError(`blocks: x + F(x) with ${skip} values in x but ${inner.reads.length} in F(x)`);
  }
  let width = skip; // columns of the inner branch's next layer
  for (const spec of inner.specs) {
    const weights = spec.W as Float64Array;
    const count = spec.b.length;
    const rows = Array.from({ length: count }, (_, i) =>
      Array.from(weights.subarray(i * width, (i + 1) * width), (w, c): [number, number] => [c, w]).filter(
        ([, w]) => w !== 0,
      ),
    );
    const first = spec === inner.specs[0];
    const carried = Array.from({ length: skip }, (_, i) => unit(first ? i : width + i));
    push(builder, [...rows, ...carried], [...Array.from(spec.b), ...none(skip)], spec.activation);
    width = count;
  }
  builder.reads = inner.reads.map((read, i) => [...read, [width + i, 1]]);
  builder.nonNegative = inner.nonNegative;
}

/** The blocks with each lone activation moved into the linear block before it. */
function fused(blocks: readonly Block[]): Block[] {
  const out: Block[] = [];
  for (const block of blocks) {
    const before = out.at(-1);
    if (
      block.type === "activation" &&
      (before?.type === "dense" || before?.type === "convolution") &&
      before.activation === "linear"
    ) {
      out[out.length - 1] = { ...before, activation: block.activation };
    } else out.push(block);
  }
  return out;
}

function addBlock(builder: Builder, block: Block): void {
  switch (block.type) {
    case "activation": {
      const rows = builder.reads.map((_, i) => unit(i));
      return activate(builder, rows, none(rows.length), block.activation);
    }
    case "dense":
      return dense(builder, block);
    case "convolution":
      return convolution(builder, block);
    case "average-pool":
      return averagePool(builder, block.size, block.stride ?? block.size);
    case "max-pool":
      return maxPool(builder, block.size, block.stride ?? block.size);
    case "residual":
      return residual(builder, block.blocks);
    default:
      throw new RangeError(`blocks: "${(block as { type: string }).type}" is not a known block`);
  }
}

/**
 * The dense ReLU network that computes exactly the function of these blocks: no weight is multiplied or rounded.
 *
 * Boundaries stay those of the blocks: a leaky ReLU has its own, a convolution one a filter and place, an average
 * pool and an identity skip none, a max-pool one for each contest of its tournament (so a contest that its winner
 * loses later still bounds an activation region; linear regions do not see it).
 *
 * @param blocks first to last
 * @param input number of inputs, or [height, width, channels] of an image
 * @returns a network whose layers are dense, some of them linear
 * @throws RangeError when shapes do not fit, or a max-pool or skip takes values that may be negative
 * @example
 * fromBlocks([{ type: "dense", W: [[1]], b: [0], activation: { leaky: 0.1 } }], 1).forward([-2]); // [-0.2]
 */
export function fromBlocks(blocks: readonly Block[], input: number | ImageShape): ReluNetwork {
  const shape = typeof input === "number" ? undefined : input;
  const count = shape ? numbersOf(shape) : (input as number);
  const builder: Builder = {
    specs: [],
    reads: Array.from({ length: count }, (_, i) => unit(i)),
    shape,
    nonNegative: false,
  };
  for (const block of fused(blocks)) addBlock(builder, block);
  const plain = builder.reads.every((read, i) => read.length === 1 && read[0][0] === i);
  const last = builder.specs.at(-1);
  if (!plain || last?.activation !== "linear") {
    const rows = Array.from({ length: builder.reads.length }, (_, i) => unit(i));
    push(builder, rows, none(rows.length), "linear");
  }
  return ReluNetwork.of(builder.specs);
}
