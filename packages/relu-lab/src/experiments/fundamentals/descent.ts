import type { Generator } from "../../random";

/** Points (x, y) that one neuron is to pass through: y = max(0, w x + b). */
export interface NeuronData {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The cost at a pair (w, b), and its two derivatives. */
export interface NeuronCost {
  readonly cost: number;
  readonly byW: number;
  readonly byB: number;
}

/** A function of two variables on a grid: values row after row, the first row at y = lo[1], ends included. */
export interface SurfaceGrid {
  readonly lo: [number, number];
  readonly hi: [number, number];
  readonly columns: number;
  readonly rows: number;
  readonly values: Float64Array;
}

/** One step of a descent. */
export interface DescentRow {
  /** Which descent. */
  readonly name: string;
  /** 0 is the start. */
  readonly step: number;
  readonly w: number;
  readonly b: number;
  /** The cost over all points. */
  readonly cost: number;
}

/** How a descent goes. */
export interface DescentOptions {
  readonly name: string;
  /** (w, b) at the start. */
  readonly start: readonly [number, number];
  /** The step is the rate times the gradient. */
  readonly rate: number;
  readonly steps: number;
  /** Share of the last step's direction that is kept; 0 when not given. */
  readonly momentum?: number;
  /** Points a step, drawn at random; all of them when not given. */
  readonly batchSize?: number;
  /** Where batches come from; needed with `batchSize`. */
  readonly generator?: Generator;
}

/** How much the gradient of a batch differs from that of all points. */
export interface BatchNoiseRow {
  readonly batchSize: number;
  /** Root mean square distance of a batch's gradient from that of all points. */
  readonly measured: number;
  /** The distance for a single point, divided by the root of the batch size. */
  readonly predicted: number;
}

/**
 * Points on a known neuron max(0, w x + b), with noise.
 *
 * @param random where x and the noise come from
 * @param options number of points, the neuron's w and b, the noise's deviation
 * @returns x uniform in [-2, 2], and y
 */
export function neuronData(
  random: Generator,
  options: { count?: number; w?: number; b?: number; noise?: number } = {},
): NeuronData {
  const { count = 60, w = 1.5, b = 0.5, noise = 0.2 } = options;
  const x = Float64Array.from({ length: count }, () => 4 * random.uniform() - 2);
  const y = x.map((value) => Math.max(0, w * value + b) + noise * random.normal());
  return { x, y };
}

/**
 * The mean of (max(0, w x + b) - y)^2 / 2 over points, and its derivatives by w and b.
 *
 * @param data points
 * @param w weight
 * @param b bias
 * @param indices which points; all when not given
 * @returns cost and derivatives
 * @throws RangeError when there is no point
 */
export function neuronCost(
  { x, y }: NeuronData,
  w: number,
  b: number,
  indices?: ArrayLike<number>,
): NeuronCost {
  const count = indices?.length ?? x.length;
  if (count === 0) throw new RangeError("neuronCost: there is no point to take the mean over");
  let [cost, byW, byB] = [0, 0, 0];
  for (let k = 0; k < count; k++) {
    const i = indices ? indices[k] : k;
    const z = w * x[i] + b;
    const error = Math.max(0, z) - y[i];
    cost += (error * error) / 2;
    if (z > 0) {
      byW += error * x[i];
      byB += error;
    }
  }
  return { cost: cost / count, byW: byW / count, byB: byB / count };
}

/**
 * The neuron's cost on a grid of pairs (w, b).
 *
 * @param data points
 * @param lo smallest w and b
 * @param hi largest w and b
 * @param columns grid points along each side
 * @returns the values, for `surface`
 */
export function costSurface(
  data: NeuronData,
  lo: [number, number],
  hi: [number, number],
  columns = 121,
): SurfaceGrid {
  const at = (k: 0 | 1, i: number) => lo[k] + ((hi[k] - lo[k]) * i) / (columns - 1);
  const values = Float64Array.from(
    { length: columns * columns },
    (_, i) => neuronCost(data, at(0, i % columns), at(1, Math.floor(i / columns))).cost,
  );
  return { lo, hi, columns, rows: columns, values };
}

/** A batch of different points. */
function drawBatch(count: number, size: number, random: Generator): Uint32Array {
  return random.permutation(count).subarray(0, size);
}

/**
 * Gradient descent on the neuron's cost, plain or stochastic, with or without momentum.
 *
 * @param data points
 * @param options start, rate, steps, momentum, batches
 * @returns the start and every step
 * @throws RangeError when a batch is asked for without a generator, or is larger than the data
 * @example
 * descend(data, { name: "all points", start: [-0.5, 1], rate: 0.3, steps: 40 });
 */
export function descend(data: NeuronData, options: DescentOptions): DescentRow[] {
  const { name, start, rate, steps, momentum = 0, batchSize, generator } = options;
  const count = data.x.length;
  if (batchSize !== undefined && !(Number.isInteger(batchSize) && batchSize > 0 && batchSize <= count)) {
    throw new RangeError(`descend: the batch size is ${batchSize}; there are ${count} points`);
  }
  if (batchSize !== undefined && !generator) {
    throw new RangeError("descend: batches are drawn at random, so a generator is needed");
  }
  let [w, b] = start;
  let [speedW, speedB] = [0, 0];
  const rows: DescentRow[] = [{ name, step: 0, w, b, cost: neuronCost(data, w, b).cost }];
  for (let step = 1; step <= steps; step++) {
    const batch = batchSize === undefined ? undefined : drawBatch(count, batchSize, generator!.split(step));
    const { byW, byB } = neuronCost(data, w, b, batch);
    speedW = momentum * speedW + byW;
    speedB = momentum * speedB + byB;
    w -= rate * speedW;
    b -= rate * speedB;
    rows.push({ name, step, w, b, cost: neuronCost(data, w, b).cost });
  }
  return rows;
}

/**
 * How noisy the gradient of a batch is, measured, and by the law 1/sqrt(batch size).
 *
 * Points are drawn with replacement, so that the law is exact.
 *
 * @param data points
 * @param at the pair (w, b) where gradients are taken
 * @param sizes batch sizes
 * @param draws batches of each size
 * @param random where batches come from
 * @returns one row a size
 */
export function batchNoise(
  data: NeuronData,
  at: readonly [number, number],
  sizes: readonly number[],
  draws: number,
  random: Generator,
): BatchNoiseRow[] {
  const count = data.x.length;
  const all = neuronCost(data, ...at);
  const distance = (indices: ArrayLike<number>) => {
    const { byW, byB } = neuronCost(data, ...at, indices);
    return (byW - all.byW) ** 2 + (byB - all.byB) ** 2;
  };
  const single = Math.sqrt(
    Array.from({ length: count }, (_, i) => distance([i])).reduce((sum, d) => sum + d, 0) / count,
  );
  return sizes.map((batchSize) => {
    const g = random.split(batchSize);
    let sum = 0;
    for (let draw = 0; draw < draws; draw++) {
      sum += distance(Uint32Array.from({ length: batchSize }, () => g.integer(count)));
    }
    return { batchSize, measured: Math.sqrt(sum / draws), predicted: single / Math.sqrt(batchSize) };
  });
}
