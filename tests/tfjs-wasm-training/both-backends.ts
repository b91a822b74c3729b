import * as assert from "uvu/assert";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { enableTraining } from "tfjs-wasm-training";

type Result = tf.Tensor | tf.Tensor[];

/** Starts the wasm backend with the own kernels; fails when they are off. */
export async function start(): Promise<void> {
  await tf.setBackend("wasm");
  assert.equal(enableTraining(), { active: true, reason: "" });
}

async function on(backend: "cpu" | "wasm", work: () => Result): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const result = tf.tidy(work);
  const tensors = Array.isArray(result) ? result : [result];
  const values = tensors.map((t) => Float32Array.from(t.dataSync()));
  tf.dispose(tensors);
  assert.is(tf.memory().numTensors, before, `${backend}: tensors are left`);
  return values;
}

/** Asserts that two lists of arrays agree to `tolerance` of each array's largest number; NaN must meet NaN. */
export function close(got: Float32Array[], wanted: Float32Array[], what: string, tolerance = 1e-5): void {
  assert.is(got.length, wanted.length);
  for (let t = 0; t < wanted.length; t++) {
    assert.is(got[t].length, wanted[t].length, `${what}: result ${t} has another size`);
    const largest = wanted[t].reduce((max, v) => (Number.isFinite(v) ? Math.max(max, Math.abs(v)) : max), 0);
    for (let i = 0; i < wanted[t].length; i++) {
      const [a, b] = [got[t][i], wanted[t][i]];
      if (Object.is(a, b) || a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
      if (!(Math.abs(a - b) <= tolerance * largest + 1e-15)) {
        assert.unreachable(`${what}: result ${t}[${i}] is ${a}, not ${b} (largest ${largest})`);
      }
    }
  }
}

/** Runs the same work on the wasm backend with the own kernels and on the cpu backend, and compares. */
export async function agree(work: () => Result, what: string, tolerance = 1e-5): Promise<void> {
  try {
    close(await on("wasm", work), await on("cpu", work), what, tolerance);
  } finally {
    await tf.setBackend("wasm");
  }
}

/** Numbers in [-1, 1) from a 32-bit congruence: the same on every machine. */
export function numbers(length: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A tensor of such numbers; `levels` rounds them to few values, so that ties occur. */
export function randomTensor<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  seed: number,
  levels = 0,
): tf.Tensor<R> {
  const size = (shape as number[]).reduce((product, n) => product * n, 1);
  const values = numbers(size, seed);
  if (levels > 0) for (let i = 0; i < size; i++) values[i] = Math.round(values[i] * levels) / levels;
  return tf.tensor(values, shape);
}
