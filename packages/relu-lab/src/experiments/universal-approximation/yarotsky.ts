import { supError, yarotskyError, yarotskySquare } from "../../approximation";
import { segment } from "../../regions";

/** One of Yarotsky's networks for x^2. */
export interface YarotskyRow {
  layers: number;
  neurons: number;
  pieces: number;
  /** sup error over a grid that holds all knots and midpoints, computed without rounding */
  error: number;
  theory: number;
  /** the least error with as many neurons in one hidden layer: x^2 by N + 1 chords that may lie on both sides */
  oneLayer: number;
}

/**
 * Errors of Yarotsky's networks for x^2 on [0, 1].
 *
 * One hidden layer of N neurons has at most N + 1 pieces; on a piece of length h no affine function comes closer to x^2
 * than h^2 / 8, so the best is 1 / (8 (N + 1)^2), with equal pieces.
 *
 * @param config largest number of hidden layers, up to 12
 * @returns a row a depth
 */
export function yarotskyErrors(config: { largest: number }): YarotskyRow[] {
  return Array.from({ length: config.largest }, (_, i) => {
    const network = yarotskySquare(i + 1);
    const { sup } = supError(
      (x) => x * x,
      (x) => network.forward([x])[0],
      { points: 2 ** (i + 3) + 1 },
    );
    return {
      layers: i + 1,
      neurons: network.neurons,
      pieces: segment(network, [0], [1]).pieces,
      error: sup,
      theory: yarotskyError(i + 1),
      oneLayer: 1 / (8 * (network.neurons + 1) ** 2),
    };
  });
}
