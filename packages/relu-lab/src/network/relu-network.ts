import { denseRows, staysSparse, type SparseRows } from "./sparse-rows";

/** What a layer does to its pre-activation: max(0, z), or nothing. */
export type Activation = "relu" | "linear";

/** One affine map followed by an activation. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  /**
   * Row-major, one row of `inputs` numbers an output. For a layer with `rows` the numbers are written out when they are
   * first asked for, which throws a RangeError beyond 2^26 of them.
   */
  readonly weights: Float64Array;
  /** The weights by their non-zeros, where the layer is kept so: convolutions, pools, what is carried past a layer. */
  readonly rows?: SparseRows;
  readonly biases: Float64Array;
  readonly activation: Activation;
  /** 1 for each output of a ReLU layer that no ReLU follows: values carried past it. Absent where there is none. */
  readonly identities?: Uint8Array;
}

/** Whether a ReLU follows output j of a layer. */
export const isSwitched = (
  { activation, identities }: Pick<DenseLayer, "activation" | "identities">,
  j: number,
): boolean => activation === "relu" && identities?.[j] !== 1;

/** What a layer is made from: W as rows of outputs (nested or flat row-major) and b. */
export interface LayerSpec {
  readonly W: ArrayLike<ArrayLike<number>> | Float64Array;
  readonly b: ArrayLike<number>;
  readonly activation: Activation;
  /** As in {@link DenseLayer}. */
  readonly identities?: Uint8Array;
}

/** What a layer is made from when its matrix is mostly zeros: its rows (kept, not copied) and b. */
export interface SparseLayerSpec extends Omit<LayerSpec, "W"> {
  readonly rows: SparseRows;
  readonly inputs: number;
}

function checkFinite(values: Float64Array, place: string, columns: number): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      const at = columns > 0 ? `W[${Math.floor(i / columns)}][${i % columns}]` : `b[${i}]`;
      throw new RangeError(`${place}, ${at} is ${values[i]}: weights and biases must be finite numbers`);
    }
  }
}

/** The rows of W, and how many columns they have. */
function toWeights(
  W: LayerSpec["W"],
  outputs: number,
  place: string,
): [weights: Float64Array, columns: number] {
  if (W instanceof Float64Array) {
    const columns = W.length / outputs;
    if (!Number.isInteger(columns) || columns === 0)
      throw new RangeError(`${place}: ${W.length} weights do not make ${outputs} rows`);
    return [W.slice(), columns];
  }
  const rows = W as ArrayLike<ArrayLike<number>>;
  if (rows.length !== outputs)
    throw new RangeError(`${place}: W has ${rows.length} rows but b has ${outputs} entries`);
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) throw new RangeError(`${place}: W has no columns`);
  const weights = new Float64Array(outputs * columns);
  for (let i = 0; i < outputs; i++) {
    if (rows[i].length !== columns)
      throw new RangeError(`${place}: row ${i} of W has ${rows[i].length} entries, but row 0 has ${columns}`);
    weights.set(Float64Array.from(rows[i]), i * columns);
  }
  return [weights, columns];
}

function checkRows({ starts, columns, values }: SparseRows, outputs: number, inputs: number, place: string) {
  const fits =
    starts.length === outputs + 1 &&
    starts[0] === 0 &&
    starts.every((at, i) => i === 0 || at >= starts[i - 1]) &&
    starts[outputs] === columns.length &&
    columns.length === values.length;
  const ascends = (k: number, i: number) => k === starts[i] || columns[k] > columns[k - 1];
  let ordered = fits;
  for (let i = 0; i < outputs && ordered; i++)
    for (let k = starts[i]; k < starts[i + 1] && ordered; k++)
      ordered = ascends(k, i) && columns[k] >= 0 && columns[k] < inputs;
  if (!ordered)
    throw new RangeError(`${place}: its sparse rows do not fit ${outputs} outputs and ${inputs} inputs`);
  const bad = values.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) throw new RangeError(`${place}, weight ${bad} is ${values[bad]}: weights must be finite`);
}

/** A layer whose dense weights are written out when they are first asked for. */
function sparseLayer(layer: Omit<DenseLayer, "weights"> & { rows: SparseRows }): DenseLayer {
  let dense: Float64Array | undefined;
  return Object.defineProperty({ ...layer } as DenseLayer, "weights", {
    enumerable: true,
    get: () => (dense ??= denseRows(layer.rows, layer.outputs, layer.inputs)),
  });
}

function toLayer(spec: LayerSpec | SparseLayerSpec, index: number, inputs: number | undefined): DenseLayer {
  const place = `layer ${index + 1}`;
  const { activation, identities } = spec;
  const biases = Float64Array.from(spec.b);
  const outputs = biases.length;
  if (outputs === 0) throw new RangeError(`${place} has no neurons: b must not be empty`);
  const isSparse = "rows" in spec;
  const [weights, columns] = isSparse ? [undefined, spec.inputs] : toWeights(spec.W, outputs, place);
  if (inputs !== undefined && columns !== inputs) {
    throw new RangeError(`${place} takes ${columns} inputs, but what comes before it gives ${inputs}`);
  }
  if (activation !== "relu" && activation !== "linear") {
    throw new RangeError(`${place}: the activation "${String(activation)}" is not one of "relu", "linear"`);
  }
  if (identities && identities.length !== outputs)
    throw new RangeError(`${place} has ${identities.length} identities for ${outputs} outputs`);
  if (weights) checkFinite(weights, place, columns);
  else if (isSparse) checkRows(spec.rows, outputs, columns, place);
  checkFinite(biases, place, 0);
  const carries = activation === "relu" && identities?.some((one) => one !== 0);
  const layer = { inputs: columns, outputs, biases, activation, ...(carries ? { identities } : {}) };
  if (!isSparse) return { ...layer, weights: weights! };
  return staysSparse(spec.rows, outputs, columns)
    ? sparseLayer({ ...layer, rows: spec.rows })
    : { ...layer, weights: denseRows(spec.rows, outputs, columns) };
}

/** A number that is not one (an input, an overflow) is passed on: max(0, NaN) as 0 would hide it. */
function applyLayer(layer: DenseLayer, x: Float64Array, out: Float64Array): void {
  const { inputs, outputs, rows, biases, activation, identities } = layer;
  const weights = rows ? rows.values : layer.weights;
  for (let i = 0, w = 0; i < outputs; i++) {
    let z = biases[i];
    if (rows) for (; w < rows.starts[i + 1]; w++) z += weights[w] * x[rows.columns[w]];
    else for (let j = 0; j < inputs; j++) z += weights[w++] * x[j];
    out[i] = activation === "relu" && z <= 0 && identities?.[i] !== 1 ? 0 : z;
  }
}

/**
 * A feedforward network of dense layers in doubles, checked once when it is made and never changed after.
 *
 * @example
 * const mirror = ReluNetwork.of([
 *   { W: [[1], [1]], b: [0, -0.5], activation: "relu" },
 *   { W: [[2, -4]], b: [0], activation: "linear" },
 * ]);
 * mirror.forward([0.25]); // Float64Array [0.5]
 */
export class ReluNetwork {
  /** Numbers of neurons: input, each layer in turn, output. */
  readonly sizes: readonly number[];
  readonly layers: readonly DenseLayer[];

  private constructor(layers: DenseLayer[]) {
    this.layers = Object.freeze(layers);
    this.sizes = Object.freeze([layers[0].inputs, ...layers.map((layer) => layer.outputs)]);
  }

  /**
   * A network from its layers.
   *
   * @param specs the layers, first to last; W of shape [outputs][inputs] (copied), or its sparse rows; b of shape [outputs]
   * @returns the network
   * @throws RangeError when shapes do not fit, an activation is unknown, or a number is not finite
   */
  static of(specs: readonly (LayerSpec | SparseLayerSpec)[]): ReluNetwork {
    if (specs.length === 0) throw new RangeError("a network needs at least one layer, but got none");
    const layers: DenseLayer[] = [];
    for (const [index, spec] of specs.entries()) layers.push(toLayer(spec, index, layers.at(-1)?.outputs));
    return new ReluNetwork(layers);
  }

  /** Dimension of the input. */
  get inputs(): number {
    return this.sizes[0];
  }

  /** Dimension of the output. */
  get outputs(): number {
    return this.sizes[this.sizes.length - 1];
  }

  /** Number of neurons with a ReLU: the N of the literature. */
  get neurons(): number {
    return this.layers.reduce((sum, { activation, outputs, identities }) => {
      if (activation !== "relu") return sum;
      return sum + outputs - (identities?.reduce((count, one) => count + one, 0) ?? 0);
    }, 0);
  }

  /** Number of weights and biases; of a layer with sparse rows, of those that are not zero. */
  get parameters(): number {
    return this.layers.reduce(
      (sum, layer) => sum + (layer.rows?.values ?? layer.weights).length + layer.biases.length,
      0,
    );
  }

  /** The layers' numbers, ready for {@link ReluNetwork.of}. */
  specs(): LayerSpec[] {
    return this.layers.map(({ weights, biases, activation, identities }) => ({
      W: weights,
      b: biases,
      activation,
      ...(identities ? { identities } : {}),
    }));
  }

  /** The same with sparse rows where a layer has them: for workers, and for networks that have no dense form. */
  sparseSpecs(): (LayerSpec | SparseLayerSpec)[] {
    return this.layers.map((layer) => {
      const { inputs, rows, biases: b, activation, identities } = layer;
      const more = identities ? { identities } : {};
      return rows ? { rows, inputs, b, activation, ...more } : { W: layer.weights, b, activation, ...more };
    });
  }

  /**
   * The output at one point.
   *
   * @param x input of length `inputs`
   * @returns output of length `outputs`; NaN where x holds a NaN or a sum overflows to one
   * @throws RangeError when the length of x is not `inputs`
   */
  forward(x: ArrayLike<number>): Float64Array {
    if (x.length !== this.inputs) {
      throw new RangeError(
        `forward: the point has ${x.length} coordinates, the network takes ${this.inputs}`,
      );
    }
    return this.forwardBatch(Float64Array.from(x));
  }

  /**
   * The outputs at many points.
   *
   * @param points flat, `inputs` numbers a point
   * @returns flat, `outputs` numbers a point
   * @throws RangeError when the length of `points` is not a multiple of `inputs`
   */
  forwardBatch(points: Float64Array): Float64Array {
    const count = points.length / this.inputs;
    if (!Number.isInteger(count)) {
      throw new RangeError(
        `forwardBatch: ${points.length} numbers do not make points of ${this.inputs} coordinates`,
      );
    }
    const widest = Math.max(...this.sizes);
    let here = new Float64Array(widest);
    let next = new Float64Array(widest);
    const out = new Float64Array(count * this.outputs);
    for (let p = 0; p < count; p++) {
      here.set(points.subarray(p * this.inputs, (p + 1) * this.inputs));
      for (const layer of this.layers) {
        applyLayer(layer, here, next);
        [here, next] = [next, here];
      }
      out.set(here.subarray(0, this.outputs), p * this.outputs);
    }
    return out;
  }
}
