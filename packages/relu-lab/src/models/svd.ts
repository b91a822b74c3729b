import path from "node:path";
import { withWorkers } from "../runtime/workers";
import { checkImages, checkLabels, requireBytes } from "./check-images";
import {
  classify,
  eachResidual,
  fitClass,
  type ClassBasis,
  type ClassifyTask,
  type ClassTask,
} from "./svd-kernel";

/** How {@link fitSvd} fits. */
export interface SvdOptions {
  /** k, the number of columns of each U_c; 50 when not given. */
  readonly columns?: number;
  /** Subtract each class's mean image first (then this is PCA); off when not given. */
  readonly centred?: boolean;
  /** Number of classes; one more than the largest label when not given. */
  readonly classes?: number;
  /** Worker threads; 0 or 1 computes in this one. One a core when not given (see `runtime.workerCount`). */
  readonly workers?: number;
}

/** The accuracy with a number of columns. */
export interface ColumnAccuracy {
  readonly columns: number;
  readonly correct: number;
  /** Fraction of the images that are classified correctly. */
  readonly accuracy: number;
}

/** An image that is classified wrongly. */
export interface Mistake {
  /** Its place in the set. */
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  /** Distance to the right class's span less distance to the predicted one's. */
  readonly margin: number;
  readonly pixels: Uint8Array;
}

const workerFile = path.join(__dirname, "svd-worker.js");

/** How many images of a size there are; a RangeError where they do not fill the bytes. */
function countImages(images: Uint8Array, pixels: number): number {
  requireBytes(images);
  const count = images.length / pixels;
  if (!Number.isInteger(count) || count === 0) {
    throw new RangeError(`${images.length} numbers are no images of ${pixels} pixels`);
  }
  return count;
}

/**
 * The SVD classifier: class c is represented by the span of the first k left singular vectors U_c of its images, and
 * an image x belongs to the class whose span is nearest, argmin_c |x - U_c U_c^T x|.
 *
 * Made by {@link fitSvd}.
 */
export class SvdClassifier {
  readonly classes: number;
  readonly columns: number;
  readonly pixels: number;
  readonly centred: boolean;
  private readonly bases: readonly ClassBasis[];
  private frame: Omit<ClassifyTask, "images" | "fewest"> | undefined;
  private readonly workers: number | undefined;

  /** @internal */
  constructor(bases: readonly ClassBasis[], columns: number, centred: boolean, workers?: number) {
    this.bases = bases;
    this.classes = bases.length;
    this.columns = columns;
    this.centred = centred;
    this.pixels = bases[0].mean.length;
    this.workers = workers;
  }

  /** What the kernel needs to classify with so many columns; the last one made is kept. */
  private frameFor(columns: number): Omit<ClassifyTask, "images" | "fewest"> {
    if (this.frame?.columns === columns) return this.frame;
    const { pixels, classes } = this;
    const width = classes * columns;
    const spread = new Float64Array(pixels * width);
    const offsets = new Float64Array(width);
    const means = new Float64Array(classes * pixels);
    for (const [c, { mean, basis }] of this.bases.entries()) {
      means.set(mean, c * pixels);
      for (let k = 0; k < columns; k++) {
        const column = c * columns + k;
        for (let p = 0; p < pixels; p++) {
          spread[p * width + column] = basis[k * pixels + p];
          offsets[column] += mean[p] * basis[k * pixels + p];
        }
      }
    }
    return (this.frame = { pixels, columns, classes, spread, offsets, means });
  }

  /**
   * One left singular vector: column `column` (0 the first) of U_label, as an image.
   *
   * @throws RangeError when there is no such class or column
   */
  basis(label: number, column: number): Float64Array {
    const found = this.bases[label];
    if (!found) throw new RangeError(`class ${label}: there are classes 0 to ${this.classes - 1}`);
    this.checkColumns(column + 1);
    return found.basis.slice(column * this.pixels, (column + 1) * this.pixels);
  }

  /** The singular values of a class, descending. */
  singularValues(label: number): Float64Array {
    const found = this.bases[label];
    if (!found) throw new RangeError(`class ${label}: there are classes 0 to ${this.classes - 1}`);
    return found.singularValues.slice();
  }

  /**
   * Distances |x - U_c U_c^T x| of one image to the span of each class.
   *
   * @param image one number a pixel
   * @param columns how many columns of each U_c to use
   * @returns one distance a class
   * @throws RangeError when the image has another size, a pixel is not finite, or there are not so many columns
   */
  residuals(image: ArrayLike<number>, columns = this.columns): Float64Array {
    this.checkColumns(columns);
    if (image.length !== this.pixels) {
      throw new RangeError(`the image has ${image.length} pixels, those of the fit had ${this.pixels}`);
    }
    const odd = Array.from(image).findIndex((value) => !Number.isFinite(value));
    if (odd >= 0)
      throw new RangeError(`pixel ${odd} of the image is ${image[odd]}: it must be a finite number`);
    const distances = new Float64Array(this.classes);
    const task = { ...this.frameFor(columns), images: Float64Array.from(image), fewest: columns };
    eachResidual(task, (_, squares) => {
      for (let c = 0; c < this.classes; c++) {
        distances[c] = Math.sqrt(Math.max(0, squares[c * (columns + 1) + columns]));
      }
    });
    return distances;
  }

  /** Predictions for `fewest` to `columns` columns, [images][columns - fewest + 1]. */
  private async predictions(images: Uint8Array, fewest: number, columns: number): Promise<Uint8Array> {
    const count = countImages(images, this.pixels);
    const width = columns - fewest + 1;
    const all = new Uint8Array(count * width);
    const pieces = count * columns < 20_000 ? 1 : 8;
    const size = Math.ceil(count / pieces);
    const starts = Array.from({ length: Math.ceil(count / size) }, (_, i) => i * size);
    const frame = this.frameFor(columns);
    await withWorkers(
      workerFile,
      { classify },
      async (call) => {
        const work = starts.map(async (start) => {
          const part = images.slice(start * this.pixels, (start + size) * this.pixels);
          all.set(await call("classify", { ...frame, images: part, fewest }), start * width);
        });
        await Promise.all(work);
      },
      pieces === 1 ? 0 : this.workers,
    );
    return all;
  }

  /**
   * The predicted class of each image.
   *
   * @param images bytes, `pixels` an image
   * @param columns how many columns of each U_c to use; all of the fit's when not given
   * @returns one label an image
   * @throws RangeError when the images' size or the number of columns does not fit
   */
  async predict(images: Uint8Array, columns = this.columns): Promise<Uint8Array> {
    this.checkColumns(columns);
    return this.predictions(images, columns, columns);
  }

  /**
   * The accuracy with 1, 2, ... columns, all from one pass over the images.
   *
   * @param images bytes, `pixels` an image
   * @param labels the right classes
   * @returns one row for each number of columns
   * @throws RangeError when sizes do not fit or a label is out of range
   */
  async accuracyByColumns(images: Uint8Array, labels: Uint8Array): Promise<ColumnAccuracy[]> {
    const count = this.checkLabelled(images, labels);
    const all = await this.predictions(images, 1, this.columns);
    return Array.from({ length: this.columns }, (_, k) => {
      let correct = 0;
      for (let i = 0; i < count; i++) if (all[i * this.columns + k] === labels[i]) correct++;
      return { columns: k + 1, correct, accuracy: correct / count };
    });
  }

  /**
   * The confusion matrix.
   *
   * @param images bytes, `pixels` an image
   * @param labels the right classes
   * @param columns how many columns of each U_c to use; all of the fit's when not given
   * @returns [true class][predicted class], numbers of images
   * @throws RangeError when sizes do not fit or a label is out of range
   */
  async confusion(images: Uint8Array, labels: Uint8Array, columns = this.columns): Promise<number[][]> {
    this.checkLabelled(images, labels);
    const predicted = await this.predict(images, columns);
    const matrix = Array.from({ length: this.classes }, () => new Array<number>(this.classes).fill(0));
    for (const [i, label] of labels.entries()) matrix[label][predicted[i]]++;
    return matrix;
  }

  /**
   * The images that are classified wrongly, the most convincing errors first.
   *
   * @param images bytes, `pixels` an image
   * @param labels the right classes
   * @param columns how many columns of each U_c to use; all of the fit's when not given
   * @returns index of the image, its class, the prediction, and by how much the wrong span is nearer than the right one
   * @throws RangeError when sizes do not fit or a label is out of range
   */
  async mistakes(images: Uint8Array, labels: Uint8Array, columns = this.columns): Promise<Mistake[]> {
    this.checkLabelled(images, labels);
    const predicted = await this.predict(images, columns);
    const found: Mistake[] = [];
    for (const [index, label] of labels.entries()) {
      if (predicted[index] === label) continue;
      const image = images.subarray(index * this.pixels, (index + 1) * this.pixels);
      const distances = this.residuals(image, columns);
      const margin = distances[label] - distances[predicted[index]];
      found.push({ index, label, predicted: predicted[index], margin, pixels: image });
    }
    return found.sort((a, b) => b.margin - a.margin || a.index - b.index);
  }

  private checkLabelled(images: Uint8Array, labels: Uint8Array): number {
    const count = countImages(images, this.pixels);
    checkImages({ images, labels, count }, this.pixels, this.classes);
    return count;
  }

  private checkColumns(columns: number): void {
    if (!Number.isInteger(columns) || columns < 1 || columns > this.columns) {
      throw new RangeError(`${columns} columns: the fit has 1 to ${this.columns}`);
    }
  }
}

/**
 * Fits the SVD classifier: for each class the first k left singular vectors of its images, not centred by default.
 *
 * Checked against an independent implementation (NumPy's eigh, full MNIST): 83 accuracies of the specification's
 * table for 60,000, 10,000, 5,000 and 1,000 images and for the centred form; see tests/relu-lab/models/svd.full.ts.
 *
 * @param images bytes, one image after another
 * @param labels one label an image, 0, 1, ...
 * @param options number of columns, centring, workers
 * @returns the fitted classifier
 * @throws RangeError when sizes do not fit, a label is out of range, a class has no image, or a class's images span
 *   fewer dimensions than there are columns
 * @example
 * const svd = await fitSvd(mnist.train.images, mnist.train.labels, { columns: 40 });
 * const rows = await svd.accuracyByColumns(mnist.test.images, mnist.test.labels);
 */
export async function fitSvd(
  images: Uint8Array,
  labels: Uint8Array,
  options: SvdOptions = {},
): Promise<SvdClassifier> {
  const { columns = 50, centred = false } = options;
  requireBytes(images);
  if (labels.length === 0)
    throw new RangeError("there are no labels: at least one image of each class is needed");
  const pixels = images.length / labels.length;
  if (!Number.isInteger(pixels) || pixels === 0) {
    throw new RangeError(`${images.length} bytes are no ${labels.length} images of one size`);
  }
  const classes = options.classes ?? labels.reduce((most, label) => Math.max(most, label), 0) + 1;
  if (!Number.isInteger(classes) || classes < 1 || classes > 256) {
    throw new RangeError(`${classes} classes: there can be 1 to 256`);
  }
  checkLabels(labels, classes);
  if (!Number.isInteger(columns) || columns < 1 || columns > pixels) {
    throw new RangeError(`${columns} columns: with images of ${pixels} pixels there can be 1 to ${pixels}`);
  }
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  for (const [label, count] of counts.entries()) {
    if (count === 0)
      throw new RangeError(`class ${label} has no image: each of the ${classes} classes needs some`);
    if (count < columns) {
      throw new RangeError(
        `class ${label} has ${count} images: they give at most ${count} columns, not ${columns}`,
      );
    }
  }
  const tasks = counts.map((count, label): ClassTask => {
    const own = new Uint8Array(count * pixels);
    for (let i = 0, at = 0; i < labels.length; i++) {
      if (labels[i] !== label) continue;
      own.set(images.subarray(i * pixels, (i + 1) * pixels), at);
      at += pixels;
    }
    return { label, images: own, pixels, columns, centred };
  });
  // Threads cost a tenth of a second to start: small problems are done before that.
  const workers = images.length * columns < 2e6 ? 0 : options.workers;
  const bases = await withWorkers(
    workerFile,
    { fitClass },
    (call) => Promise.all(tasks.map((task) => call("fitClass", task))),
    workers,
  );
  return new SvdClassifier(bases, columns, centred, options.workers);
}
