import { test } from "uvu";
import * as assert from "uvu/assert";
import process from "node:process";
import * as tf from "@tensorflow/tfjs";
import { adam, convolution, dense, gatherImages, momentum, softmaxCrossEntropy } from "tfjs-wasm-training";
import { numbers, randomTensor, start } from "./both-backends";

test.before(start);

test("2,000 steps leave no tensor, no heap and no resident memory behind", () => {
  const images = Uint8Array.from(numbers(50 * 100, 1), (v) => 127 * (v + 1));
  const shapes: number[][] = [[3, 3, 1, 5], [5], [80, 20], [20], [20, 10], [10]];
  const parameters = shapes.map((shape, i) => tf.variable(randomTensor(shape as [number], i).mul(0.2)));
  const optimisers = [adam(1e-4), momentum(1e-4)];
  const labels = tf.tensor1d(
    Array.from({ length: 16 }, (_, i) => i % 10),
    "int32",
  );
  const step = (i: number) =>
    tf.tidy(() => {
      const x = gatherImages(
        images,
        [10, 10, 1],
        Array.from({ length: 16 }, (_, j) => (i + 3 * j) % 50),
      );
      optimisers[i & 1].minimize(() => {
        const [k, kb, w1, b1, w2, b2] = parameters as tf.Tensor[];
        const z = convolution(x as tf.Tensor4D, k as tf.Tensor4D, kb as tf.Tensor1D, {
          activation: "relu",
          pool: 2,
        });
        const hidden = dense(
          z.reshape([16, -1]) as tf.Tensor2D,
          w1 as tf.Tensor2D,
          b1 as tf.Tensor1D,
          "relu",
        );
        return softmaxCrossEntropy(dense(hidden, w2 as tf.Tensor2D, b2 as tf.Tensor1D, "linear"), labels);
      });
    });
  for (let i = 0; i < 300; i++) step(i);
  const heap = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
  const before = { ...tf.memory(), heap: heap(), rss: process.memoryUsage().rss };
  for (let i = 0; i < 2000; i++) step(i);
  const after = { ...tf.memory(), heap: heap(), rss: process.memoryUsage().rss };
  assert.is(after.numTensors, before.numTensors);
  assert.is(after.numDataBuffers, before.numDataBuffers);
  assert.is(after.numBytes, before.numBytes);
  assert.is(after.heap, before.heap);
  // 2,000 leaked batches alone would be 12 MB, with gradients 40; the collector's own ups and downs are below this.
  assert.ok(after.rss - before.rss < 64e6, `rss grew by ${(after.rss - before.rss) / 1e6} MB`);
});

test.run();
