import type { ReluNetwork } from "../../network";

/** One layer of a plan: its own doubles, and whether a ReLU follows. */
export interface PlanLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float64Array;
  readonly biases: Float64Array;
  /** Slope below zero: 0 for a ReLU, 1 for a linear layer. */
  readonly slope: number;
}

/** A network as the engine sees it: hidden layers, then one affine output layer. */
export interface Plan {
  readonly hidden: readonly PlanLayer[];
  readonly output: PlanLayer;
  /** Hidden neurons of all layers. */
  readonly neurons: number;
}

/** The layer that gives its `n` inputs back. */
function identity(n: number): PlanLayer {
  const weights = new Float64Array(n * n);
  for (let i = 0; i < n; i++) weights[i * n + i] = 1;
  return { inputs: n, outputs: n, weights, biases: new Float64Array(n), slope: 1 };
}

/** The layers of a network; the identity follows a last ReLU, and stands for the hidden layers when there are none. */
export function planOf(network: ReluNetwork): Plan {
  const layers = network.layers.map(({ inputs, outputs, weights, biases, activation }): PlanLayer => ({
    inputs,
    outputs,
    weights,
    biases,
    slope: activation === "relu" ? 0 : 1,
  }));
  const last = layers[layers.length - 1];
  if (last.slope !== 1) layers.push(identity(last.outputs));
  if (layers.length === 1) layers.unshift(identity(last.inputs));
  const hidden = layers.slice(0, -1);
  return {
    hidden,
    output: layers[layers.length - 1],
    neurons: hidden.reduce((sum, layer) => sum + layer.outputs, 0),
  };
}
