import type { TensorFlow } from "../../runtime";
import { affineForms, type AffineLayer } from "./affine-forms";
import { checkDomain, unitBox, type Box, type Points } from "../box";
import { pairKinds, shortestLine, smallestSine, smallestSquare, type IntersectionOptions } from "../options";
import { constant, typed, type Tensor, type Tfjs } from "./tfjs";
import type { LayerTensors, TensorLike } from "./types";

/** A homogeneous line (a, b, c): a x + b y + c = 0. */
type Line = readonly [Tensor, Tensor, Tensor];

/** Rows of length 1, so that a line's value is a signed distance; a constant neuron becomes 0. */
function normalised(tf: Tfjs, { forms: [a, b, c] }: AffineLayer): Line {
  const square = tf.add(tf.square(a), tf.square(b));
  const live = constant(tf, tf.step(tf.sub(square, shortestLine)));
  const scale = tf.div(live, tf.sqrt(tf.add(square, smallestSquare)));
  return [tf.mul(a, scale), tf.mul(b, scale), tf.mul(c, scale)];
}

/** The cross product: the homogeneous point where two lines meet, its third number the sine of their angle. */
function meet(tf: Tfjs, [a, b, c]: Line, [d, e, f]: Line): Line {
  const minor = (p: Tensor, q: Tensor, r: Tensor, s: Tensor) => tf.sub(tf.mul(p, q), tf.mul(r, s));
  return [minor(b, f, c, e), minor(c, d, a, f), minor(a, e, b, d)];
}

/** Zero when the point lies in the box with its margin; everything is multiplied by |p_3|, so nothing is divided. */
function outsideBox(tf: Tfjs, [x, y, w]: Line, margin: number): Tensor {
  const limit = tf.mul(tf.abs(w), 1 - margin);
  return tf.add(tf.relu(tf.sub(tf.abs(x), limit)), tf.relu(tf.sub(tf.abs(y), limit)));
}

/** Zero when the point lies on each line's side `sign` with the margin. */
function outsideRegion(tf: Tfjs, [x, y, w]: Line, [a, b, c]: Line, sign: Tensor, margin: number): Tensor {
  const side = constant(
    tf,
    tf.sub(tf.step(tf.sub(w, smallestSine)), tf.step(tf.sub(tf.neg(w), smallestSine))),
  );
  const value = tf.add(tf.add(tf.mul(a, x), tf.mul(b, y)), tf.mul(c, w));
  return tf.relu(tf.sub(tf.mul(tf.abs(w), margin), tf.mul(tf.mul(sign, side), value)));
}

const mapped = (line: Line, f: (t: Tensor) => Tensor): Line => [f(line[0]), f(line[1]), f(line[2])];

/** One-hot [points, neurons]: the first-layer line nearest to each point, which is a facet of its region. */
function nearest(tf: Tfjs, first: Line, points: Points, box: Box): Tensor {
  const [a, b, c] = first.map((t) => t.dataSync());
  const width = first[0].shape[1] as number;
  const hot = new Float32Array(points.length * width);
  for (const [p, point] of points.entries()) {
    const [x, y] = point.map((v, d) => (2 * v - box.min[d] - box.max[d]) / (box.max[d] - box.min[d]));
    let [best, at] = [Infinity, 0];
    for (let k = 0; k < width; k++) {
      const i = p * width + k;
      const distance = a[i] === 0 && b[i] === 0 ? Infinity : Math.abs(a[i] * x + b[i] * y + c[i]);
      if (distance < best) [best, at] = [distance, k];
    }
    hot[p * width + at] = 1;
  }
  return tf.tensor2d(hot, [points.length, width]);
}

/**
 * The presentation's perceptron-like intersection penalty, for a plane and two hidden layers: boundaries should meet
 * inside the box, and those of the second layer inside the regions of the first that sampled points lie in.
 *
 * Lines are rows l = (w, b) / |w|, their intersection the cross product p. With p never divided by p_3 there is no singular
 * case: sum of (|p_d| - (1 - m) |p_3|)_+ for the box, (m |p_3| - s_k l_k . p sgn p_3)_+ for each side of a region. The mean
 * over each kind of pairs, then their sum. Patterns, nearest facets and signs count as constants.
 *
 * @param tf the TensorFlow.js that the tensors belong to
 * @param layers the two hidden layers, the first with two inputs
 * @param options sample points, margin, box, kinds of pairs
 * @returns a scalar, differentiable at the weights; 0 when every asked intersection lies where it should
 * @throws RangeError when there are not two hidden layers on two inputs, no points, or the box does not fit
 * @example
 * const loss = () => tf.add(fit(), tf.mul(0.01, losses.intersectionPenalty(tf, hidden, { points })));
 */
export function intersectionPenalty<T = TensorLike>(
  tf: TensorFlow,
  layers: readonly LayerTensors[],
  { points, margin = 0.05, box = unitBox(2), pairs = pairKinds }: IntersectionOptions,
): T {
  const t = typed(tf);
  if (layers.length !== 2 || layers[0].kernel.shape[0] !== 2) {
    const sizes = layers.map(({ kernel }) => `[${kernel.shape}]`).join(", ");
    throw new RangeError(
      `intersectionPenalty: the kernels are ${sizes || "none"}, but it takes two hidden layers on two inputs`,
    );
  }
  checkDomain("intersectionPenalty", 2, points, box);
  return t.tidy(() => {
    const [one, two] = affineForms(t, layers, points, box);
    const [first, second] = [normalised(t, one), normalised(t, two)];
    const [count, n1] = one.z.shape as [number, number];
    const n2 = two.z.shape[1] as number;
    const sign = t.sub(t.mul(one.active, 2), 1);
    const grid = (tensor: Tensor, ...shape: number[]) => t.reshape(tensor, shape);
    const terms: Tensor[] = [t.scalar(0)];
    // Every ordered pair counts half; a line with itself gives p = 0, which costs nothing.
    const ordered = (n: number) => Math.max(1, n * (n - 1)) * count;
    if (pairs.includes("first")) {
      const [rows, columns] = [
        mapped(first, (v) => grid(v, count, n1, 1)),
        mapped(first, (v) => grid(v, count, 1, n1)),
      ];
      const point = meet(t, rows, columns);
      terms.push(t.div(t.sum(outsideBox(t, point, margin)), ordered(n1)));
    }
    if (pairs.includes("second")) {
      const [rows, columns] = [
        mapped(second, (v) => grid(v, count, n2, 1)),
        mapped(second, (v) => grid(v, count, 1, n2)),
      ];
      const point = meet(t, rows, columns);
      const wide = mapped(point, (v) => grid(v, count, n2, n2, 1));
      const sides = mapped(first, (v) => grid(v, count, 1, 1, n1));
      const outside = outsideRegion(t, wide, sides, grid(sign, count, 1, 1, n1), margin);
      terms.push(t.div(t.add(t.sum(outsideBox(t, point, margin)), t.sum(outside)), ordered(n2)));
    }
    if (pairs.includes("mixed")) {
      const hot = nearest(t, first, points, box);
      const facet = mapped(first, (v) => t.sum(t.mul(v, hot), 1, true));
      const point = meet(t, facet, second);
      const wide = mapped(point, (v) => grid(v, count, n2, 1));
      const sides = mapped(first, (v) => grid(v, count, 1, n1));
      const outside = outsideRegion(t, wide, sides, grid(sign, count, 1, n1), margin);
      const others = t.mul(outside, grid(t.sub(1, hot), count, 1, n1));
      terms.push(t.div(t.add(t.sum(outsideBox(t, point, margin)), t.sum(others)), count * n2));
    }
    return terms.reduce((a, b) => t.add(a, b));
  }) as unknown as T;
}
