// The two networks of the benchmark, each as a function that takes one training step on a batch of 64 and reads its loss,
// written four ways: with this package's operations, with unchanged tfjs, and with tfjs rewritten until the stock wasm
// backend can train it.
import { performance } from "node:perf_hooks";

const batchSize = 64;

/** Made-up digits: a fifth of the pixels is lit, as in MNIST. Time does not depend on what they show. */
export function digits(count) {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const images = Uint8Array.from({ length: count * 784 }, () => (random() < 0.19 ? 255 * random() : 0));
  const labels = Int32Array.from({ length: count }, () => 10 * random());
  return {
    images,
    labels,
    count,
    next: () => Array.from({ length: batchSize }, () => Math.floor(random() * count)),
  };
}

const dense = [
  [784, 128],
  [128, 10],
];
const cnn = [
  [5, 5, 1, 6],
  [5, 5, 6, 16],
  [256, 120],
  [120, 84],
  [84, 10],
];

/** Multiplications and additions of one step: products forwards, for the weights, and for all but the first input. */
export const flops = {
  dense: 2 * batchSize * (2 * 784 * 128 + 3 * 128 * 10),
  cnn: 2 * batchSize * (2 * 576 * 25 * 6 + 3 * 64 * 150 * 16 + 3 * (256 * 120 + 120 * 84 + 84 * 10)),
};

function variables(tf, shapes) {
  return shapes.flatMap((shape, i) => {
    const inputs = shape.slice(0, -1).reduce((a, b) => a * b);
    return [
      tf.variable(tf.truncatedNormal(shape, 0, Math.sqrt(1 / inputs), "float32", i + 1)),
      tf.variable(tf.zeros([shape.at(-1)])),
    ];
  });
}

function trainer(tf, data, optimiser, imageShape, batch, lossOf) {
  return () => {
    const indices = data.next();
    return tf.tidy(() => {
      const x = batch(indices, imageShape);
      const y = tf.tensor1d(
        Int32Array.from(indices, (i) => data.labels[i]),
        "int32",
      );
      return optimiser.minimize(() => lossOf(x, y), true).dataSync()[0];
    });
  };
}

/** With this package's operations and optimisers. */
export function ownDense(tf, own, data) {
  const [w1, b1, w2, b2] = variables(tf, dense);
  const gather = (indices, shape) => own.gatherImages(data.images, shape, indices);
  return trainer(tf, data, own.adam(1e-3), [784], gather, (x, y) =>
    own.softmaxCrossEntropy(own.dense(own.dense(x, w1, b1, "relu"), w2, b2, "linear"), y),
  );
}

export function ownCnn(tf, own, data) {
  const [k1, c1, k2, c2, w1, b1, w2, b2, w3, b3] = variables(tf, cnn);
  const gather = (indices, shape) => own.gatherImages(data.images, shape, indices);
  const step = { activation: "relu", pool: 2 };
  return trainer(tf, data, own.momentum(1e-2, 0.9), [28, 28, 1], gather, (x, y) => {
    const h = own.convolution(own.convolution(x, k1, c1, step), k2, c2, step).reshape([batchSize, 256]);
    return own.softmaxCrossEntropy(
      own.dense(own.dense(own.dense(h, w1, b1, "relu"), w2, b2, "relu"), w3, b3, "linear"),
      y,
    );
  });
}

function floats(tf, data) {
  return (indices, shape) => {
    const values = new Float32Array(indices.length * 784);
    for (const [i, index] of indices.entries()) {
      for (let j = 0; j < 784; j++) values[i * 784 + j] = data.images[index * 784 + j] / 255;
    }
    return tf.tensor(values, [indices.length, ...shape]);
  };
}

/** Ordinary tf.layers code; one call trains `steps` batches. */
export function layersDense(tf, data, steps) {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [784], units: 128, activation: "relu" }),
      tf.layers.dense({ units: 10, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(1e-3), loss: "categoricalCrossentropy" });
  const all = Array.from({ length: steps * batchSize }, (_, i) => i % data.count);
  return async () => {
    const x = floats(tf, data)(all, [784]);
    const y = tf.tidy(() =>
      tf
        .oneHot(
          tf.tensor1d(
            all.map((i) => data.labels[i]),
            "int32",
          ),
          10,
        )
        .toFloat(),
    );
    const start = performance.now();
    await model.fit(x, y, { batchSize, epochs: 1, verbose: 0 });
    const time = (performance.now() - start) / steps;
    tf.dispose([x, y]);
    return time;
  };
}

/** Ordinary tfjs operations. */
export function plainCnn(tf, data, conv2d = (x, k) => tf.conv2d(x, k, 1, "valid"), matMul = tf.matMul) {
  const [k1, c1, k2, c2, w1, b1, w2, b2, w3, b3] = variables(tf, cnn);
  return trainer(tf, data, tf.train.momentum(1e-2, 0.9), [28, 28, 1], floats(tf, data), (x, y) => {
    const pooled = (x, k, b) => tf.maxPool(tf.relu(tf.add(conv2d(x, k), b)), 2, 2, "valid");
    const h = pooled(pooled(x, k1, c1), k2, c2).reshape([batchSize, 256]);
    const affine = (x, w, b) => tf.add(matMul(x, w), b);
    const logits = affine(tf.relu(affine(tf.relu(affine(h, w1, b1)), w2, b2)), w3, b3);
    return tf.losses.softmaxCrossEntropy(tf.oneHot(y, 10), logits);
  });
}

/**
 * The same with gradients written in stock operations that the wasm backend has and has fast: the filter's as a
 * convolution of the images by dy with batch and channels swapped, the images' as one with the turned filter.
 */
export function rewrittenCnn(tf, data) {
  const conv2d = tf.customGrad((x, k, save) => {
    save([x, k]);
    const filterGradient = (x, dy) => {
      const swapped = tf.conv2d(tf.transpose(x, [3, 1, 2, 0]), tf.transpose(dy, [1, 2, 0, 3]), 1, "valid");
      return tf.transpose(swapped, [1, 2, 0, 3]);
    };
    const inputGradient = (x, k, dy) => {
      if (x.shape[3] === 1) return tf.zerosLike(x); // the images: nobody asks
      const [high, wide] = [k.shape[0] - 1, k.shape[1] - 1];
      const turned = tf.transpose(tf.reverse(k, [0, 1]), [0, 1, 3, 2]);
      return tf.conv2d(
        tf.pad(dy, [
          [0, 0],
          [high, high],
          [wide, wide],
          [0, 0],
        ]),
        turned,
        1,
        "valid",
      );
    };
    return {
      value: tf.conv2d(x, k, 1, "valid"),
      gradFunc: (dy, [x, k]) => [inputGradient(x, k, dy), filterGradient(x, dy)],
    };
  });
  const matMul = tf.customGrad((x, w, save) => {
    save([x, w]);
    return {
      value: tf.matMul(x, w),
      gradFunc: (dy, [x, w]) => [tf.matMul(dy, tf.transpose(w)), tf.matMul(tf.transpose(x), dy)],
    };
  });
  return plainCnn(tf, data, conv2d, matMul);
}
