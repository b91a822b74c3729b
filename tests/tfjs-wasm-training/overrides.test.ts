import { test } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import * as tf from "@tensorflow/tfjs";
import { disableTraining, enableTraining, overridden } from "tfjs-wasm-training";
import { agree, numbers, randomTensor, start } from "./both-backends";

test.before(start);

type Shape4 = [number, number, number, number];

const extent = (max: number) => fc.integer({ min: 1, max });
const sampled = async <T>(shapes: fc.Arbitrary<T>, work: (shape: T) => Promise<void>, runs = 60) =>
  fc.assert(fc.asyncProperty(shapes, work), { seed: 5, numRuns: runs });

test("products of any shape and transposition agree with the cpu backend", async () => {
  const shapes = fc.tuple(extent(40), extent(40), extent(40), fc.boolean(), fc.boolean(), extent(3));
  await sampled(shapes, async ([m, n, k, ta, tb, batch]) => {
    const work = () => {
      const a = randomTensor<tf.Rank.R3>([batch, ...((ta ? [k, m] : [m, k]) as [number, number])], 1);
      const b = randomTensor<tf.Rank.R3>([batch, ...((tb ? [n, k] : [k, n]) as [number, number])], 2);
      const c = randomTensor<tf.Rank.R3>([1, ...((tb ? [n, k] : [k, n]) as [number, number])], 3);
      return [tf.matMul(a, b, ta, tb), tf.matMul(a, c, ta, tb)];
    };
    await agree(work, `${batch} x ${m} x ${n} x ${k}, transposed ${ta} ${tb}`);
  });
});

test("long sums are cut into blocks and put together again", async () => {
  for (const k of [255, 256, 257, 784, 1023]) {
    const work = () => tf.matMul(randomTensor<tf.Rank.R2>([13, k], 1), randomTensor<tf.Rank.R2>([k, 21], 2));
    await agree(work, `k = ${k}`);
  }
});

test("fused products agree with the cpu backend, and what is not covered still works", async () => {
  const activations = fc.constantFrom<"linear" | "relu" | "sigmoid" | "elu">(
    "linear",
    "relu",
    "sigmoid",
    "elu",
  );
  await sampled(
    fc.tuple(extent(20), extent(20), extent(20), fc.boolean(), activations),
    ([m, n, k, withBias, activation]) =>
      agree(
        () =>
          tf.fused.matMul({
            a: randomTensor<tf.Rank.R2>([m, k], 1),
            b: randomTensor<tf.Rank.R2>([k, n], 2),
            bias: withBias ? randomTensor<tf.Rank.R1>([n], 3) : undefined,
            activation,
          }),
        `${m} x ${n} x ${k} ${activation}`,
      ),
  );
});

test("NaN goes through a product and its ReLU as on the cpu backend", async () => {
  const work = () => {
    const values = numbers(12, 1);
    values[5] = NaN;
    const a = tf.tensor2d(values, [3, 4]);
    return [tf.matMul(a, tf.ones([4, 9])), tf.fused.matMul({ a, b: tf.ones([4, 9]), activation: "relu" })];
  };
  await agree(work, "NaN");
});

const convolutions = fc.record({
  batch: extent(3),
  height: fc.integer({ min: 3, max: 11 }),
  width: fc.integer({ min: 3, max: 11 }),
  channels: extent(5),
  filterHeight: extent(3),
  filterWidth: extent(3),
  outputs: extent(18),
  strides: fc.tuple(extent(3), extent(3)),
  pad: fc.constantFrom<"valid" | "same" | 1 | 2>("valid", "same", 1, 2),
});

test("a convolution and both its gradients agree with the cpu backend", async () => {
  await sampled(
    convolutions,
    async ({ batch, height, width, channels, filterHeight, filterWidth, outputs, strides, pad }) => {
      // With a numeric padding and filters or strides that are not square, tfjs takes the width from the height's, and
      // the stock forward convolution writes outside of its memory. The own one answers as the cpu backend does.
      const mode = typeof pad === "number" ? "floor" : undefined;
      const work = () => {
        const x = randomTensor<tf.Rank.R4>([batch, height, width, channels], 1);
        const filter = randomTensor<tf.Rank.R4>([filterHeight, filterWidth, channels, outputs], 2);
        const forward = (x: tf.Tensor, f: tf.Tensor) =>
          tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, strides, pad, "NHWC", 1, mode);
        const y = forward(x, filter);
        return [y, ...tf.grads(forward)([x, filter], randomTensor<tf.Rank.R4>(y.shape as Shape4, 3))];
      };
      await agree(
        work,
        JSON.stringify({ batch, height, width, channels, filterHeight, filterWidth, outputs, strides, pad }),
      );
    },
  );
});

test("the gradient of max pooling agrees with the cpu backend: negatives, ties, overlaps, borders, NaN", async () => {
  const shapes = fc.record({
    batch: extent(2),
    height: fc.integer({ min: 3, max: 9 }),
    width: fc.integer({ min: 3, max: 9 }),
    channels: extent(9),
    size: fc.tuple(extent(3), extent(3)),
    strides: fc.tuple(extent(3), extent(3)),
    pad: fc.constantFrom<"valid" | "same">("valid", "same"),
    levels: fc.constantFrom(0, 1, 2),
    shift: fc.constantFrom(0, -2),
    holes: fc.constantFrom(0, 1, 3),
  });
  await sampled(shapes, async (shape) => {
    const { batch, height, width, channels, size, strides, pad, levels, shift, holes } = shape;
    const work = () => {
      const values = numbers(batch * height * width * channels, 1).map((v, i) =>
        holes > 0 && i % 7 < holes ? NaN : (levels > 0 ? Math.round(v * levels) / levels : v) + shift,
      );
      const x = tf.tensor4d(values, [batch, height, width, channels]);
      const forward = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, size, strides, pad);
      return tf.grad(forward)(x, randomTensor<tf.Rank.R4>(forward(x).shape, 2));
    };
    await agree(work, JSON.stringify(shape));
  });
});

test("the stock gradient of max pooling is wrong on negative windows, and comes back when switched off", () => {
  const gradient = () =>
    tf.tidy(() => [
      ...tf
        .grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"))(tf.tensor4d([-4, -3, -2, -1], [1, 2, 2, 1]))
        .dataSync(),
    ]);
  assert.equal(gradient(), [0, 0, 0, 1]);
  disableTraining();
  assert.equal(gradient(), [1, 0, 0, 0]);
  assert.throws(
    () =>
      tf.tidy(() =>
        tf.grad((f) => tf.conv2d(tf.ones([1, 3, 3, 1]) as tf.Tensor4D, f as tf.Tensor4D, 1, "valid"))(
          tf.ones([2, 2, 1, 1]),
        ),
      ),
    /Conv2DBackpropFilter/,
  );
  assert.is(enableTraining().active, true);
  assert.equal(gradient(), [0, 0, 0, 1]);
  assert.is(overridden.length, 12);
});

test("rows are gathered as on the cpu backend; other axes and wrong indices go to the stock kernel", async () => {
  const indices = () => tf.tensor2d([3, 0, 3, 2], [2, 2], "int32");
  await agree(() => {
    const x = randomTensor<tf.Rank.R3>([4, 3, 2], 1);
    const whole = x.mul(100).toInt();
    return [
      x.gather(indices()),
      x.gather(tf.tensor1d([2, 0], "int32"), 1),
      whole.gather(indices()),
      x.greater(0).gather(indices()),
    ];
  }, "rows");
  tf.tidy(() => assert.throws(() => tf.ones([2, 3]).gather(indices()), /not in \[0, 1\]/));
});

test("consecutive rows are cut out as on the cpu backend; other cuts go to the stock kernel", async () => {
  await sampled(
    fc.tuple(extent(6), extent(5), extent(4), fc.nat(3), fc.boolean()),
    ([a, b, c, from, columns]) =>
      agree(() => {
        const x = randomTensor<tf.Rank.R3>([a, b, c], 1);
        const begin = Math.min(from, a - 1);
        const rows = x.slice([begin], [a - begin]);
        return [
          rows,
          x.mul(100).toInt().slice([begin], [1]),
          x.greater(0).slice([0], [a - begin]),
          x.slice([begin, 0, columns ? c - 1 : 0], [-1, b, columns ? 1 : c]),
        ];
      }, `[${a},${b},${c}] from ${from}`),
  );
  tf.tidy(() => assert.throws(() => tf.ones([2, 3]).slice([1], [2]), /begin\[0\] \+ size\[0\] \(3\)/));
});

test("a row added to every row agrees with the cpu backend, either way round; so do other sums", async () => {
  await sampled(fc.tuple(extent(9), extent(9), extent(40)), ([a, b, n]) =>
    agree(() => {
      const x = randomTensor<tf.Rank.R3>([a, b, n], 1);
      const row = randomTensor<tf.Rank.R1>([n], 2);
      return [
        x.add(row),
        row.add(x),
        x.add(x),
        x.add(row.toInt()),
        x.add(randomTensor<tf.Rank.R2>([b, 1], 3)),
      ];
    }, `[${a},${b},${n}]`),
  );
  await agree(() => randomTensor<tf.Rank.R2>([3, 2000], 1).add(randomTensor<tf.Rank.R1>([2000], 2)), "wide");
});

test("copies share their numbers until the last is gone", () => {
  const before = tf.memory();
  const x = randomTensor<tf.Rank.R1>([5], 1);
  const wanted = [...x.dataSync()];
  const [copy, cast] = [x.clone(), x.toFloat()];
  assert.is(tf.memory().numDataBuffers, before.numDataBuffers + 1);
  x.dispose();
  assert.equal([...copy.dataSync()], wanted);
  copy.dispose();
  assert.equal([...cast.dataSync()], wanted);
  assert.equal(
    [...tf.tidy(() => cast.mul(3).toInt().dataSync())],
    wanted.map((v) => Math.trunc(Math.fround(3 * v)) + 0),
  );
  cast.dispose();
  assert.is(tf.memory().numTensors, before.numTensors);
  assert.is(tf.memory().numDataBuffers, before.numDataBuffers);
  assert.equal(
    tf.tidy(() => tf.tensor1d(["a", "b"]).clone().dataSync()),
    ["a", "b"],
  );
});

test("dilated convolutions go to the stock kernel", async () => {
  await agree(
    () =>
      tf.conv2d(
        randomTensor<tf.Rank.R4>([2, 9, 8, 2], 1),
        randomTensor<tf.Rank.R4>([3, 2, 2, 4], 2),
        1,
        "valid",
        "NHWC",
        2,
      ),
    "dilations of 2",
  );
});

test("NaN goes through a convolution, its gradients and a bias as on the cpu backend", async () => {
  const work = () => {
    const values = numbers(2 * 6 * 5 * 3, 1);
    values[40] = NaN;
    const x = tf.tensor4d(values, [2, 6, 5, 3]);
    const filter = randomTensor<tf.Rank.R4>([3, 2, 3, 7], 2);
    const forward = (x: tf.Tensor, f: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, "valid");
    const dy = randomTensor<tf.Rank.R4>([2, 4, 4, 7], 3);
    const spoilt = tf.where<tf.Tensor>(dy.greater(0.99), tf.scalar(NaN), dy);
    return [
      forward(x, filter),
      ...tf.grads(forward)([x, filter], dy),
      ...tf.grads(forward)([x, filter], spoilt),
      x.add(randomTensor<tf.Rank.R1>([3], 4)),
    ];
  };
  await agree(work, "NaN");
});

test("sums over any axes agree with the cpu backend, long ones too", async () => {
  await sampled(
    fc.tuple(extent(9), extent(9), extent(9), fc.subarray([0, 1, 2]), fc.boolean()),
    ([a, b, c, axes, keep]) =>
      agree(() => randomTensor<tf.Rank.R3>([a, b, c], 1).sum(axes, keep), `[${a},${b},${c}] over ${axes}`),
  );
  await agree(() => randomTensor<tf.Rank.R2>([40_000, 6], 1).sum(0), "40,000 rows");
  await agree(() => randomTensor<tf.Rank.R2>([5, 4], 1, 2).toInt().sum(-2), "whole numbers");
});

test("an unchanged tf.layers model with convolutions trains", async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 3, kernelSize: 3, activation: "relu" }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.02), loss: "sparseCategoricalCrossentropy" });
  const x = randomTensor<tf.Rank.R4>([64, 8, 8, 1], 1);
  const y = tf.tidy(() => x.mean([1, 2, 3]).greater(0).toFloat());
  const { history } = await model.fit(x, y, { epochs: 25, shuffle: false, verbose: 0 });
  const losses = history.loss as number[];
  assert.ok(losses.at(-1)! < 0.5 * losses[0], `the loss went from ${losses[0]} to ${losses.at(-1)}`);
  tf.dispose([x, y]);
  model.dispose();
});

test.run();
