import { ReluNetwork, type LayerSpec } from "../network";

/** A tent that is cut off below: zero up to `start`, then up to `peak` at 1/2, and down again as steeply. */
export interface OverfullTent {
  /** Where the tent leaves zero, from 0 to below 1/2. */
  readonly start: number;
  /** Its height at 1/2; above 1 it reaches over the next tent's far end, whose valley the outer ReLU cuts flat. */
  readonly peak: number;
}

/**
 * n overfull tents in a row: relu(a relu(u - start) - 2 a relu(u - 1/2)) with a = peak / (1/2 - start).
 *
 * With start 0 and peak 1 it is the sawtooth itself. With a peak above 1 a valley has to rise a good deal before a
 * fold passes over it: laps survive noise, at the price of long flat stretches.
 *
 * @param n number of tents, 1 or more
 * @param tent where it starts and how high it is
 * @returns a network of the same shape as the naive sawtooth
 * @throws RangeError when n, start or peak make no tent
 * @example
 * segment(overfullSawtooth(6, { start: 0.1, peak: 1.5 }), [0], [1]).laps; // 64
 */
export function overfullSawtooth(n: number, { start, peak }: OverfullTent): ReluNetwork {
  if (!Number.isInteger(n) || n < 1) {
    throw new RangeError(`overfull sawtooth of ${n} tents: the number must be a positive integer`);
  }
  if (!(start >= 0 && start < 0.5 && peak > 0 && Number.isFinite(peak))) {
    throw new RangeError(
      `overfull tent from ${start} to ${peak}: start must be from 0 to below 1/2, peak positive`,
    );
  }
  const slope = peak / (0.5 - start);
  const specs: LayerSpec[] = [];
  for (let i = 0; i < n; i++) {
    specs.push({ W: [[1], [1]], b: [-start, -0.5], activation: "relu" });
    specs.push({ W: [[slope, -2 * slope]], b: [0], activation: "relu" });
  }
  return ReluNetwork.of([...specs, { W: [[1]], b: [0], activation: "linear" }]);
}
