import { leadingEigenvectors } from "./symmetric-eigen";

/** What one class needs to be fitted: its images as bytes, and how many columns are wanted. */
export interface ClassTask {
  readonly label: number;
  readonly images: Uint8Array;
  readonly pixels: number;
  readonly columns: number;
  readonly centred: boolean;
}

/** The first left singular vectors of one class: `basis` has one row of `pixels` numbers a column of U. */
export interface ClassBasis {
  readonly label: number;
  readonly mean: Float64Array;
  readonly basis: Float64Array;
  readonly singularValues: Float64Array;
}

/**
 * The first left singular vectors of a class's images, as eigenvectors of D D^T.
 *
 * The products are sums of integers below 2^53, hence exact; most pixels are zero, so that an image costs the square
 * of the number of its lit pixels, and pixels that are never lit drop out of the eigenproblem.
 *
 * @throws RangeError when the images span fewer dimensions than there are columns to find
 */
export function fitClass({ label, images, pixels, columns, centred }: ClassTask): ClassBasis {
  const count = images.length / pixels;
  const sums = new Float64Array(pixels);
  for (let i = 0, at = 0; i < count; i++) for (let p = 0; p < pixels; p++) sums[p] += images[at++];
  const lit: number[] = [];
  const place = new Int32Array(pixels);
  for (let p = 0; p < pixels; p++) if (sums[p] > 0) place[p] = lit.push(p) - 1;
  const n = lit.length;

  const gram = new Float64Array(n * n); // lower triangle
  const where = new Int32Array(n);
  const values = new Float64Array(n);
  for (let i = 0; i < count; i++) {
    let nonzero = 0;
    for (let p = 0, at = i * pixels; p < pixels; p++, at++) {
      if (images[at] === 0) continue;
      where[nonzero] = place[p];
      values[nonzero++] = images[at];
    }
    for (let a = 0; a < nonzero; a++) {
      const row = where[a] * n;
      const value = values[a];
      for (let b = 0; b <= a; b++) gram[row + where[b]] += value * values[b];
    }
  }
  if (centred) {
    // sum (x - m)(x - m)^T = (N sum x x^T - s s^T) / N: the bracket is still an exact integer for 60,000 images.
    for (let a = 0; a < n; a++) {
      for (let b = 0; b <= a; b++) {
        gram[a * n + b] = (count * gram[a * n + b] - sums[lit[a]] * sums[lit[b]]) / count;
      }
    }
  }

  const { values: squares, vectors } = leadingEigenvectors(gram, n, Math.min(columns, n));
  // Below 1e-6 of the first singular value a Gram matrix in doubles shows nothing but rounding.
  const rank = squares.findIndex((square) => !(square > 1e-12 * squares[0]));
  const found = rank >= 0 ? rank : squares.length;
  if (found < columns) {
    throw new RangeError(
      `class ${label}: its ${count} ${centred ? "centred " : ""}images span ${found} dimensions, but ${columns} columns are ` +
        `asked for; at most ${found} will do`,
    );
  }
  const basis = new Float64Array(columns * pixels);
  for (let k = 0; k < columns; k++) {
    for (let a = 0; a < n; a++) basis[k * pixels + lit[a]] = vectors[k * n + a];
  }
  const mean = new Float64Array(pixels);
  if (centred) for (let p = 0; p < pixels; p++) mean[p] = sums[p] / count;
  return { label, mean, basis, singularValues: squares.map(Math.sqrt) };
}

/** What is needed to classify images: the bases of all classes, and a batch of images. */
export interface ClassifyTask {
  readonly images: Uint8Array | Float64Array;
  readonly pixels: number;
  readonly columns: number;
  readonly classes: number;
  /** Row p holds, class after class, what pixel p contributes to each coefficient: [pixels][classes * columns]. */
  readonly spread: Float64Array;
  /** The coefficients of the class means, [classes * columns]; zeros when uncentred. */
  readonly offsets: Float64Array;
  /** The class means, [classes][pixels]. */
  readonly means: Float64Array;
  /** Predictions are wanted for `fewest`, ..., `columns` columns. */
  readonly fewest: number;
}

/**
 * Squared residuals |x - m - U_k U_k^T (x - m)|^2 for every number of columns k, through the identity
 * |x - m|^2 - |U_k^T (x - m)|^2.
 *
 * @param visit called for each image with the residuals, [classes][columns + 1], index 0 of a row being |x - m|^2
 */
export function eachResidual(
  task: ClassifyTask,
  visit: (image: number, residuals: Float64Array) => void,
): void {
  const { images, pixels, columns, classes, spread, offsets, means } = task;
  const width = classes * columns;
  const coefficients = new Float64Array(width);
  const residuals = new Float64Array(classes * (columns + 1));
  for (let i = 0, count = images.length / pixels; i < count; i++) {
    for (let w = 0; w < width; w++) coefficients[w] = -offsets[w];
    for (let p = 0; p < pixels; p++) {
      const value = images[i * pixels + p];
      if (value === 0) continue;
      for (let w = 0, s = p * width; w < width; w++, s++) coefficients[w] += value * spread[s];
    }
    for (let c = 0; c < classes; c++) {
      let rest = 0;
      for (let p = 0; p < pixels; p++) rest += (images[i * pixels + p] - means[c * pixels + p]) ** 2;
      let at = c * (columns + 1);
      residuals[at++] = rest;
      for (let k = c * columns; k < (c + 1) * columns; k++) {
        rest -= coefficients[k] * coefficients[k];
        residuals[at++] = rest;
      }
    }
    visit(i, residuals);
  }
}

/**
 * The class with the smallest residual, for each image and each number of columns from `fewest` to `columns`.
 *
 * @returns labels, [images][columns - fewest + 1], by ascending number of columns; the lower class wins a tie
 */
export function classify(task: ClassifyTask): Uint8Array {
  const { columns, classes, fewest } = task;
  const width = columns - fewest + 1;
  const predictions = new Uint8Array((task.images.length / task.pixels) * width);
  eachResidual(task, (image, residuals) => {
    for (let k = fewest; k <= columns; k++) {
      let best = 0;
      for (let c = 1; c < classes; c++) {
        if (residuals[c * (columns + 1) + k] < residuals[best * (columns + 1) + k]) best = c;
      }
      predictions[image * width + k - fewest] = best;
    }
  });
  return predictions;
}
