import { ReluNetwork, type LayerSpec } from "../network";

function checkDepth(depth: number, name: string): void {
  if (!Number.isInteger(depth) || depth < 1 || depth > 25)
    throw new RangeError(`${name}: depth ${depth}; a whole number from 1 to 25 is needed`);
}

/**
 * Yarotsky's deep ReLU network for x^2 on [0, 1] (2017): x - sum_{s=1}^m g_s(x) / 4^s, g_s the s-fold mirror map.
 *
 * Three neurons a layer: two fold the sawtooth once more, the third carries the sum, which stays positive. The network is
 * the interpolation of x^2 at the multiples of 2^-m, so its error is 2^(-2m-2) exactly, at every midpoint.
 *
 * @param depth m, the number of hidden layers, 1 to 25
 * @returns a network with 3 m neurons and 2^m pieces; all weights are powers of 2
 * @throws RangeError when m is not a whole number from 1 to 25
 * @example
 * yarotskySquare(6).forward([0.3])[0]; // 0.09 up to 6.2e-5
 */
export function yarotskySquare(depth: number): ReluNetwork {
  checkDepth(depth, "yarotskySquare");
  const layers: LayerSpec[] = [
    { W: [[1], [1], [1]], b: [0, -0.5, 0], activation: "relu" }, // g_0 = x, and the sum starts at x
  ];
  for (let s = 1; s < depth; s++) {
    const share = 4 ** -s;
    // g_s = 2 h_1 - 4 h_2 of the layer before
    layers.push({
      W: [
        [2, -4, 0],
        [2, -4, 0],
        [-2 * share, 4 * share, 1],
      ],
      b: [0, -0.5, 0],
      activation: "relu",
    });
  }
  const share = 4 ** -depth;
  layers.push({ W: [[-2 * share, 4 * share, 1]], b: [0], activation: "linear" });
  return ReluNetwork.of(layers);
}

/**
 * The exact sup error of {@link yarotskySquare} over [0, 1]: that of interpolating x^2 with step 2^-m.
 *
 * @param depth m, 1 to 25
 * @returns 2^(-2m-2)
 * @throws RangeError when the depth is out of range
 * @example
 * yarotskyError(3); // 0.00390625
 */
export function yarotskyError(depth: number): number {
  checkDepth(depth, "yarotskyError");
  return 2 ** (-2 * depth - 2);
}
