import { network } from "relu-lab";

const layer = (W: number[][], b: number[]): network.LayerSpec => ({ W, b, activation: "relu" });
const unit = (n: number) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, k) => +(i === k)));

/** Two hidden layers on two inputs at which a quotient or a root could fail. */
export const degenerate: Record<string, network.LayerSpec[]> = {
  parallel: [
    layer([...[1, 1, -2].map((c) => [c, 2 * c])], [0, 0.5, 1]),
    layer(
      [1, 2].map((c) => [c, 0, 0]),
      [0.1, -0.3],
    ),
  ],
  "one line twice": [
    layer(
      [1, 1].map((c) => [c, 2]),
      [0.1, 0.1],
    ),
    layer(
      [1, 1].map((c) => [c, 1]),
      [-0.1, -0.1],
    ),
  ],
  "off everywhere": [
    layer(
      [0, 1, 1e-9].map((c) => [c, 0]),
      [-1, 5, -2],
    ),
    layer(
      [1, 0].map((c) => [c, c - 1, 0]),
      [-0.5, -9],
    ),
  ],
  "second layer sees nothing": [
    layer(unit(2), [-9, -9]),
    layer(
      [1, -1].map((c) => [1, c]),
      [0, -1],
    ),
  ],
  "all weights zero": [
    layer(
      [0, 0].map(() => [0, 0]),
      [0, 0],
    ),
    layer(
      [0, 0].map(() => [0, 0]),
      [0, 0],
    ),
  ],
};

/** Three neurons of which the second is constant, and one above them. */
export const constantNeuron: network.LayerSpec[] = [
  layer(
    [
      [1, 0],
      [0, 0],
      [0, 1],
    ],
    [-0.5, 1, 0.25],
  ),
  layer([[1, 1, 2]], [-2]),
];

/** Its mixed intersection penalty at two points, by hand: the constant's side costs the margin, once an outside does more. */
export const mixedOfConstantNeuron: [point: number[], penalty: number][] = [
  [[0.8, 0.2], (0.05 * 2) / Math.sqrt(5)],
  [[0.8, -0.2], (0.55 + 0.05) / Math.sqrt(5)],
];

/**
 * The hidden layers of a network with every neuron scaled by a positive number of its own: rows of the first layer times c,
 * the columns that take them divided by c, rows of the second times c.
 */
export function rescaled([first, second]: readonly network.DenseLayer[]): network.LayerSpec[] {
  const c = (i: number) => 0.2 + 1.3 * i;
  const biases = (layer: network.DenseLayer) => layer.biases.map((b, i) => b * c(i));
  return [
    {
      W: first.weights.map((w, k) => w * c(Math.floor(k / first.inputs))),
      b: biases(first),
      activation: "relu",
    },
    {
      W: second.weights.map((w, k) => (w / c(k % second.inputs)) * c(Math.floor(k / second.inputs))),
      b: biases(second),
      activation: "relu",
    },
  ];
}
