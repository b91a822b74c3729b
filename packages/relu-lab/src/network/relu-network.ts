/** What a layer does to its pre-activation: max(0, z), or nothing. */
export type Activation = "relu" | "linear";

/** One affine map followed by an activation. `weights` is row-major, one row of `inputs` numbers an output. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float64Array;
  readonly biases: Float64Array;
  readonly activation: Activation;
}

/** What a layer is made from: W as rows of outputs (nested or flat row-major) and b. */
export interface LayerSpec {
  readonly W: ArrayLike<ArrayLike<number>> | Float64Array;
  readonly b: ArrayLike<number>;
  readonly activation: Activation;
}

function checkFinite(values: Float64Array, place: string, columns: number): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      const at = columns > 0 ? `W[${Math.floor(i / columns)}][${i % columns}]` : `b[${i}]`;
      throw new RangeError(`${place}, ${at} is ${values[i]}: weights and biases must be finite numbers`);
    }
  }
}

function toLayer(spec: LayerSpec, index: number, inputs: number | undefined): DenseLayer {
  const place = `layer ${index + 1}`;
  const biases = Float64Array.from(spec.b);
  const outputs = biases.length;
  if (outputs === 0) throw new RangeError(`${place} has no neurons: b must not be empty`);
  let weights: Float64Array;
  let columns: number;
  if (spec.W instanceof Float64Array) {
    weights = spec.W.slice();
    columns = weights.length / outputs;
    if (!Number.isInteger(columns) || columns === 0) {
      throw new RangeError(`${place}: ${weights.length} weights do not make ${outputs} rows`);
    }
  } else {
    const rows = spec.W as ArrayLike<ArrayLike<number>>;
    if (rows.length !== outputs) {
      throw new RangeError(`${place}: W has ${rows.length} rows but b has ${outputs} entries`);
    }
    columns = rows[0]?.length ?? 0;
    if (columns === 0) throw new RangeError(`${place}: W has no columns`);
    weights = new Float64Array(outputs * columns);
    for (let i = 0; i < outputs; i++) {
      if (rows[i].length !== columns) {
        throw new RangeError(
          `${place}: row ${i} of W has ${rows[i].length} entries, but row 0 has ${columns}`,
        );
      }
      weights.set(Float64Array.from(rows[i]), i * columns);
    }
  }
  if (inputs !== undefined && columns !== inputs) {
    throw new RangeError(`${place} takes ${columns} inputs, but what comes before it gives ${inputs}`);
  }
  if (spec.activation !== "relu" && spec.activation !== "linear") {
    throw new RangeError(
      `${place}: the activation "${String(spec.activation)}" is not one of "relu", "linear"`,
    );
  }
  checkFinite(weights, place, columns);
  checkFinite(biases, place, 0);
  return { inputs: columns, outputs, weights, biases, activation: spec.activation };
}

/** A number that is not one (an input, an overflow) is passed on: max(0, NaN) as 0 would hide it. */
function applyLayer(
  { inputs, outputs, weights, biases, activation }: DenseLayer,
  x: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0, w = 0; i < outputs; i++) {
    let z = biases[i];
    for (let j = 0; j < inputs; j++) z += weights[w++] * x[j];
    out[i] = activation === "relu" && z <= 0 ? 0 : z;
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
   * @param specs the layers, first to last; W of shape [outputs][inputs] (copied), b of shape [outputs]
   * @returns the network
   * @throws RangeError when shapes do not fit, an activation is unknown, or a number is not finite
   */
  static of(specs: readonly LayerSpec[]): ReluNetwork {
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
    return this.layers.reduce((sum, layer) => sum + (layer.activation === "relu" ? layer.outputs : 0), 0);
  }

  /** Number of weights and biases. */
  get parameters(): number {
    return this.layers.reduce((sum, layer) => sum + layer.weights.length + layer.biases.length, 0);
  }

  /** The layers' numbers, ready for {@link ReluNetwork.of}. */
  specs(): LayerSpec[] {
    return this.layers.map(({ weights, biases, activation }) => ({ W: weights, b: biases, activation }));
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
