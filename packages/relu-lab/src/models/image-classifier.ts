import type { LabelledImages } from "../datasets";
import { fromBlocks, type Block, type ReluNetwork } from "../network";
import type { Generator } from "../random";
import { transposed } from "../network/transposed";
import { architectureName, layerShapes, type Architecture, type LayerShape } from "./architecture";
import { checkImages } from "./check-images";
import { own, tfjs, type Tensor, type Variable } from "./tensors";

/** What a classifier says about a set of images. */
export interface Evaluation {
  /** Share of right answers, from 0 to 1. */
  readonly accuracy: number;
  /** Mean cross-entropy. */
  readonly loss: number;
  /** The answer for each image. */
  readonly predictions: Uint8Array;
  /** confusion[t][p]: how many images of class t were taken for class p. */
  readonly confusion: number[][];
}

const evaluationBatch = 500;

/** @throws RangeError that names the layer whose numbers do not fill their shape */
function checkSizes(values: readonly Float32Array[], shapes: readonly number[][]): void {
  for (const [i, shape] of shapes.entries()) {
    if (values[i]?.length === shape.reduce((product, n) => product * n, 1)) continue;
    throw new RangeError(
      `layer ${(i >> 1) + 1}: ${values[i]?.length ?? "no"} numbers for ${i % 2 ? "biases" : "weights"} of shape [${shape}]`,
    );
  }
}

/**
 * A classifier of grey images on TensorFlow.js: a feedforward or convolutional network. Its weights live on the
 * backend; `dispose` frees them.
 */
export class ImageClassifier {
  /** Weights and biases, layer by layer. */
  private readonly variables: unknown[];
  readonly shapes: readonly LayerShape[];

  private constructor(
    readonly architecture: Architecture,
    values: readonly Float32Array[],
  ) {
    this.shapes = layerShapes(architecture);
    const shapes = this.parameterShapes();
    checkSizes(values, shapes); // before the first variable: those of a refused network would stay on the backend
    const tf = tfjs();
    this.variables = shapes.map((shape, i) =>
      tf.tidy(() => tf.variable(tf.tensor(Float32Array.from(values[i]), shape))),
    );
  }

  /** Of weights and biases, layer by layer. */
  private parameterShapes(): number[][] {
    return this.shapes.flatMap(({ weights, outputs }) => [weights, [outputs]]);
  }

  /**
   * A classifier with random weights: uniform in +-1/sqrt(inputs of a neuron), biases too (PyTorch's default).
   *
   * @param architecture from {@link feedforward} or {@link convolutional}
   * @param generator the same seed gives the same weights
   * @returns the classifier
   * @throws RangeError when the layers do not fit
   */
  static random(architecture: Architecture, generator: Generator): ImageClassifier {
    const values = layerShapes(architecture).flatMap(({ weights, outputs, fanIn }, i) => {
      const g = generator.split(`layer ${i + 1}`);
      const bound = 1 / Math.sqrt(fanIn);
      return [weights.reduce((product, n) => product * n, 1), outputs].map((length) =>
        Float32Array.from({ length }, () => bound * (2 * g.uniform() - 1)),
      );
    });
    return new ImageClassifier(architecture, values);
  }

  /**
   * A classifier with given weights, such as {@link ImageClassifier.weights} gave.
   *
   * @throws RangeError when the numbers do not fill the layers
   */
  static of(architecture: Architecture, weights: readonly Float32Array[]): ImageClassifier {
    return new ImageClassifier(architecture, weights);
  }

  /** Such as "784-128-10". */
  get name(): string {
    return architectureName(this.architecture);
  }

  /** Number of weights and biases. */
  get parameters(): number {
    return (this.variables as Variable[]).reduce((sum, v) => sum + v.size, 0);
  }

  /** Number of classes. */
  get classes(): number {
    return this.shapes[this.shapes.length - 1].outputs;
  }

  /** Pixels of an image. */
  get pixels(): number {
    return this.architecture.rows * this.architecture.columns;
  }

  /** Copies of the weights and biases, layer by layer: W of shape [inputs, units] or [size, size, channels, filters], b. */
  weights(): Float32Array[] {
    return (this.variables as Variable[]).map((v) => Float32Array.from(v.dataSync()));
  }

  /** The variables themselves, in the same order: tf.Variable each. */
  trainable(): unknown[] {
    return [...this.variables];
  }

  /**
   * Takes over weights such as {@link weights} gave.
   *
   * @throws RangeError when the numbers do not fill the layers
   */
  setWeights(values: readonly Float32Array[]): void {
    checkSizes(values, this.parameterShapes());
    const tf = tfjs();
    for (const [i, v] of (this.variables as Variable[]).entries()) {
      tf.tidy(() => v.assign(tf.tensor(Float32Array.from(values[i]), v.shape)));
    }
  }

  /**
   * A batch of images on the backend, pixels from 0 to 1, in the shape the first layer takes.
   *
   * @param images bytes, one image after the other
   * @param indices which images
   * @returns a tf.Tensor
   */
  batch(images: Uint8Array, indices: ArrayLike<number>): unknown {
    const { rows, columns, layers } = this.architecture;
    const shape = layers[0].type === "dense" ? [rows * columns] : [rows, columns, 1];
    return own().gatherImages(images, shape, indices);
  }

  /**
   * The logits, differentiable.
   *
   * @param batch a tf.Tensor from {@link batch}
   * @returns a tf.Tensor of shape [batch, classes]
   */
  logits(batch: unknown): unknown {
    const { dense, convolution } = own();
    let x = batch as Tensor;
    const layers = this.architecture.layers;
    for (const [i, layer] of layers.entries()) {
      const [weights, bias] = this.variables.slice(2 * i, 2 * i + 2) as Variable[];
      if (layer.type === "convolution") {
        x = convolution(x as never, weights as never, bias as never, {
          activation: "relu",
          pool: layer.pool,
        });
      } else {
        if (x.shape.length !== 2) x = x.reshape([x.shape[0], -1]);
        const activation = i === layers.length - 1 ? "linear" : "relu";
        x = dense(x as never, weights as never, bias as never, activation);
      }
    }
    return x;
  }

  /**
   * What the classifier answers, and how often it is right.
   *
   * @param set images and labels
   * @returns accuracy, loss, answers and confusion matrix
   * @throws RangeError when images or labels do not fit the classifier, or a logit is not finite
   */
  evaluate(set: LabelledImages): Evaluation {
    checkImages(set, this.pixels, this.classes);
    const tf = tfjs();
    const confusion = Array.from({ length: this.classes }, () => new Array<number>(this.classes).fill(0));
    const predictions = new Uint8Array(set.count);
    let loss = 0;
    for (let from = 0; from < set.count; from += evaluationBatch) {
      const count = Math.min(evaluationBatch, set.count - from);
      const indices = Uint32Array.from({ length: count }, (_, i) => from + i);
      const logits = tf.tidy(() => (this.logits(this.batch(set.images, indices)) as Tensor).dataSync());
      for (let i = 0; i < count; i++) {
        const row = logits.subarray(i * this.classes, (i + 1) * this.classes);
        let best = 0;
        for (let c = 1; c < row.length; c++) if (row[c] > row[best]) best = c;
        let sum = 0;
        for (const value of row) sum += Math.exp(value - row[best]);
        const label = set.labels[from + i];
        if (!Number.isFinite(sum)) {
          throw new RangeError(
            `the logits of image ${from + i} are [${row.join(", ")}]: look for a weight that is not finite`,
          );
        }
        loss += Math.log(sum) + row[best] - row[label];
        predictions[from + i] = best;
        confusion[label][best]++;
      }
    }
    const right = confusion.reduce((total, row, c) => total + row[c], 0);
    return { accuracy: right / set.count, loss: loss / set.count, predictions, confusion };
  }

  /**
   * The same function in doubles, for counting its regions: pixels from 0 to 1 in, logits out. Convolutions and max
   * pooling become dense layers that compute the same (network.fromBlocks).
   */
  toNetwork(): ReluNetwork {
    const { layers, rows, columns } = this.architecture;
    const values = this.weights();
    const blocks = layers.flatMap((layer, i): Block[] => {
      const [kernel, b] = [values[2 * i], values[2 * i + 1]];
      if (layer.type === "convolution") {
        const size = [layer.size, layer.size] as const;
        const convolution: Block = { type: "convolution", kernel, size, b, activation: "relu" };
        return layer.pool > 1 ? [convolution, { type: "max-pool", size: layer.pool }] : [convolution];
      }
      const [inputs, outputs] = this.shapes[i].weights;
      const activation = i === layers.length - 1 ? "linear" : "relu";
      return [{ type: "dense", W: transposed(kernel, inputs, outputs), b, activation }];
    });
    return fromBlocks(blocks, [rows, columns, 1]);
  }

  /** Frees the weights on the backend. */
  dispose(): void {
    for (const v of this.variables as Variable[]) v.dispose();
  }
}
