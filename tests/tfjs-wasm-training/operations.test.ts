import { test } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import * as tf from "@tensorflow/tfjs";
import { convolution, countCorrect, dense, gatherImages, softmaxCrossEntropy } from "tfjs-wasm-training";
import { agree, numbers, randomTensor, start } from "./both-backends";

test.before(start);

const extent = (max: number) => fc.integer({ min: 1, max });
const settings = { seed: 6, numRuns: 50 };
const activations = fc.constantFrom<"linear" | "relu">("linear", "relu");

test("dense: values and gradients agree with stock operations on the cpu backend", async () => {
  await fc.assert(
    fc.asyncProperty(
      extent(20),
      extent(30),
      extent(20),
      activations,
      async (batch, inputs, outputs, activation) => {
        const work = () => {
          const x = randomTensor<tf.Rank.R2>([batch, inputs], 1);
          const w = randomTensor<tf.Rank.R2>([inputs, outputs], 2);
          const b = randomTensor<tf.Rank.R1>([outputs], 3);
          const f = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
            dense(x as tf.Tensor2D, w as tf.Tensor2D, b as tf.Tensor1D, activation);
          return [f(x, w, b), ...tf.grads(f)([x, w, b], randomTensor<tf.Rank.R2>([batch, outputs], 4))];
        };
        await agree(work, `${batch} x ${inputs} -> ${outputs} ${activation}`);
      },
    ),
    settings,
  );
});

test("convolution with activation and pooling: values and gradients agree with stock operations", async () => {
  const shapes = fc.record({
    batch: extent(3),
    height: fc.integer({ min: 5, max: 11 }),
    width: fc.integer({ min: 5, max: 11 }),
    channels: extent(4),
    filterHeight: extent(3),
    filterWidth: extent(3),
    outputs: extent(18),
    strides: fc.tuple(extent(2), extent(2)),
    padding: fc.constantFrom<"valid" | "same">("valid", "same"),
    activation: activations,
    pool: fc.constantFrom(0, 2, 3),
  });
  await fc.assert(
    fc.asyncProperty(shapes, async (s) => {
      const after = (n: number, f: number, stride: number) =>
        s.padding === "same" ? Math.ceil(n / stride) : Math.floor((n - f) / stride) + 1;
      const [high, wide] = [
        after(s.height, s.filterHeight, s.strides[0]),
        after(s.width, s.filterWidth, s.strides[1]),
      ];
      fc.pre(Math.min(high, wide) >= s.pool);
      const work = () => {
        const x = randomTensor<tf.Rank.R4>([s.batch, s.height, s.width, s.channels], 1);
        const w = randomTensor<tf.Rank.R4>([s.filterHeight, s.filterWidth, s.channels, s.outputs], 2);
        const b = randomTensor<tf.Rank.R1>([s.outputs], 3);
        const f = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
          convolution(x as tf.Tensor4D, w as tf.Tensor4D, b as tf.Tensor1D, s);
        const y = f(x, w, b);
        return [
          y,
          ...tf.grads(f)([x, w, b], randomTensor<tf.Rank.R4>(y.shape as [number, number, number, number], 4)),
        ];
      };
      await agree(work, JSON.stringify(s));
    }),
    { ...settings, numRuns: 80 },
  );
});

test("tied maxima: the first of the window gets the gradient, as on the cpu backend", async () => {
  const work = () => {
    const x = randomTensor<tf.Rank.R4>([2, 8, 8, 1], 1, 1);
    const w = tf.ones<tf.Rank.R4>([1, 1, 1, 3]);
    const f = (x: tf.Tensor) =>
      convolution(x as tf.Tensor4D, w, tf.zeros<tf.Rank.R1>([3]), { activation: "linear", pool: 2 });
    return tf.grad(f)(x, randomTensor<tf.Rank.R4>([2, 4, 4, 3], 2));
  };
  await agree(work, "ties");
});

test("a NaN in an image or a weight reaches the loss", () => {
  const loss = (x: tf.Tensor4D) =>
    tf.tidy(() => {
      const z = convolution(x, tf.ones([3, 3, 1, 2]), tf.zeros([2]), { activation: "relu", pool: 2 });
      const logits = dense(z.reshape([1, -1]) as tf.Tensor2D, tf.ones([8, 3]), tf.zeros([3]), "relu");
      return softmaxCrossEntropy(logits, tf.tensor1d([1], "int32")).dataSync()[0];
    });
  const values = numbers(36, 1);
  assert.ok(Number.isFinite(loss(tf.tensor4d(values, [1, 6, 6, 1]))));
  values[14] = NaN;
  assert.ok(Number.isNaN(loss(tf.tensor4d(values, [1, 6, 6, 1]))));
});

test("softmax cross-entropy: value, gradient and scaled gradient agree with the cpu backend", async () => {
  await fc.assert(
    fc.asyncProperty(
      extent(20),
      fc.integer({ min: 2, max: 12 }),
      fc.constantFrom(0.01, 1, 100),
      async (batch, classes, size) => {
        const work = () => {
          const logits = randomTensor<tf.Rank.R2>([batch, classes], 1).mul(size) as tf.Tensor2D;
          const labels = tf.tensor1d(
            Array.from({ length: batch }, (_, i) => (i * 7) % classes),
            "int32",
          );
          const f = (z: tf.Tensor) => softmaxCrossEntropy(z as tf.Tensor2D, labels).mul(3) as tf.Scalar;
          return [f(logits), tf.grad(f)(logits)];
        };
        await agree(work, `${batch} x ${classes}, logits of ${size}`, 2e-5);
      },
    ),
    settings,
  );
});

test("softmax cross-entropy of equal logits is log(classes), and of huge ones finite", () => {
  const labels = tf.tensor1d([3], "int32");
  assert.ok(Math.abs(softmaxCrossEntropy(tf.zeros([1, 10]), labels).dataSync()[0] - Math.log(10)) < 1e-6);
  const huge = tf.tensor2d([[1e30, -1e30, 0, 1e30]]);
  assert.ok(Math.abs(softmaxCrossEntropy(huge, labels).dataSync()[0] - Math.log(2)) < 1e-6);
  tf.dispose([labels, huge]);
});

test("a label that is no class is refused by row", async () => {
  for (const backend of ["wasm", "cpu"]) {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    tf.tidy(() =>
      assert.throws(
        () => softmaxCrossEntropy(tf.zeros([3, 10]), tf.tensor1d([1, 10, 2], "int32")),
        /label of row 1 is 10: with 10 classes it must be 0 to 9/,
      ),
    );
    assert.is(tf.memory().numTensors, before);
  }
  await tf.setBackend("wasm");
});

test("correct answers are counted as on the cpu backend", async () => {
  const work = () => {
    const labels = tf.tensor1d(
      Array.from({ length: 90 }, (_, i) => i % 4),
      "int32",
    );
    return countCorrect(randomTensor<tf.Rank.R2>([90, 4], 1, 3), labels);
  };
  await agree(work, "count");
});

test("images are gathered and scaled as on the cpu backend; a wrong index is refused", async () => {
  const images = Uint8Array.from({ length: 21 * 15 }, (_, i) => (i * 37) & 255);
  await agree(() => gatherImages(images, [5, 3, 1], [20, 0, 7, 7]), "images", 1e-7);
  await agree(() => gatherImages(images, [15], new Uint32Array([3]), 1), "images", 0);
  assert.throws(
    () => gatherImages(images, [15], [0, 21]),
    /index 1 is 21: it must be an integer from 0 to 20/,
  );
  assert.throws(() => gatherImages(images, [16], [0]), /315 bytes do not make images of shape \[16\]/);
});

test("gradients of a whole network agree with finite differences", () => {
  const [labels, images] = [tf.tensor1d([0, 2, 1], "int32"), randomTensor<tf.Rank.R4>([3, 6, 6, 1], 1)];
  const shapes: number[][] = [[3, 3, 1, 2], [2], [8, 5], [5], [5, 3], [3]];
  const parameters = shapes.map((shape, i) => randomTensor(shape as [number], 10 + i));
  const loss = (...[k, kb, w1, b1, w2, b2]: tf.Tensor[]) => {
    const z = convolution(images, k as tf.Tensor4D, kb as tf.Tensor1D, { activation: "relu", pool: 2 });
    const hidden = dense(z.reshape([3, -1]) as tf.Tensor2D, w1 as tf.Tensor2D, b1 as tf.Tensor1D, "relu");
    return softmaxCrossEntropy(dense(hidden, w2 as tf.Tensor2D, b2 as tf.Tensor1D, "linear"), labels);
  };
  const gradients = tf.grads(loss)(parameters);
  const value = (changed: tf.Tensor[]) => tf.tidy(() => loss(...changed).dataSync()[0]);
  const h = 1e-3;
  let checked = 0;
  for (const [p, parameter] of parameters.entries()) {
    const base = parameter.dataSync();
    const analytic = gradients[p].dataSync();
    for (let i = 0; i < base.length; i++) {
      const shifted = [h, -h, h / 2, -h / 2].map((step) => {
        const values = Float32Array.from(base);
        values[i] += step;
        const moved = [...parameters];
        moved[p] = tf.tensor(values, parameter.shape);
        const result = value(moved);
        moved[p].dispose();
        return result;
      });
      const [wide, narrow] = [(shifted[0] - shifted[1]) / (2 * h), (shifted[2] - shifted[3]) / h];
      if (Math.abs(wide - narrow) > 2e-3) continue; // a kink lies between
      assert.ok(
        Math.abs(narrow - analytic[i]) < 2e-3,
        `parameter ${p}[${i}]: ${analytic[i]} against ${narrow}`,
      );
      checked++;
    }
  }
  assert.ok(checked > 80, `only ${checked} numbers could be checked`);
  tf.dispose([labels, images, parameters, gradients]);
});

test("shapes that do not fit are named", () => {
  assert.throws(
    () => dense(tf.ones([2, 3]), tf.ones([4, 5]), tf.ones([5]), "relu"),
    /x \[2,3\], weights \[4,5\]/,
  );
  assert.throws(
    () => convolution(tf.ones([1, 5, 5, 2]), tf.ones([3, 3, 1, 4]), tf.ones([4]), { activation: "relu" }),
    /filter \[3,3,1,4\]/,
  );
  assert.throws(
    () =>
      convolution(tf.ones([1, 5, 4, 1]), tf.ones([3, 3, 1, 4]), tf.ones([4]), {
        activation: "relu",
        pool: 3,
      }),
    /gives 3 x 2 pixels, too few for windows of 3/,
  );
});

test.run();
