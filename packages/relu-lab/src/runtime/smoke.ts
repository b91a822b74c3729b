/** What the smoke test needs of TensorFlow.js. */
export interface SmokeTestable {
  tidy<T>(work: () => T): T;
  tensor2d(values: number[][]): { matMul(other: unknown): { relu(): { dataSync(): ArrayLike<number> } } };
}

/**
 * One small product and a ReLU, compared with the exact answer, on whatever backend is current.
 *
 * @throws Error with the numbers that came out when they are not the right ones
 */
export function smokeTest(tf: SmokeTestable): void {
  const a = [
    [1, -2, 3],
    [4, 5, -6],
  ];
  const b = [
    [1, 0],
    [2, -1],
    [-3, 2],
  ];
  const got = tf.tidy(() => Array.from(tf.tensor2d(a).matMul(tf.tensor2d(b)).relu().dataSync()));
  const right = [0, 8, 32, 0];
  if (got.length !== right.length || got.some((value, i) => !(Math.abs(value - right[i]) < 1e-5))) {
    throw new Error(`its smoke test gave [${got.join(", ")}] instead of [${right.join(", ")}]`);
  }
}
