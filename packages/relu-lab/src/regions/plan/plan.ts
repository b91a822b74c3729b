import type { DenseLayer, ReluNetwork, SparseRows } from "../../network";
import { denseRows } from "../../network/sparse-rows";

/** One layer of a plan: its own doubles, and whether a ReLU follows. */
export interface PlanLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float64Array;
  readonly biases: Float64Array;
  /** Slope below zero: 0 for a ReLU, 1 for a linear layer. */
  readonly slope: number;
  /** The weights by their non-zeros, and 1 for each output of a ReLU layer without a ReLU: as in a network's layers. */
  readonly rows?: SparseRows;
  readonly identities?: Uint8Array;
}

/** Whether no ReLU follows neuron j of a layer. */
export const isLinear = (
  { slope, identities }: Pick<PlanLayer, "slope" | "identities">,
  j: number,
): boolean => slope === 1 || identities?.[j] === 1;

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

/** A layer whose dense weights, where it has rows, are written out when they are first asked for. */
function lazily(layer: Omit<PlanLayer, "weights">, weights: () => Float64Array): PlanLayer {
  // Not enumerable: what is sent to a worker holds the rows alone.
  return Object.defineProperty({ ...layer } as PlanLayer, "weights", { get: weights });
}

function planLayer(layer: DenseLayer): PlanLayer {
  const { inputs, outputs, biases, rows, identities, activation } = layer;
  const slope = activation === "relu" ? 0 : 1;
  const own = { inputs, outputs, biases, slope, ...(identities ? { identities } : {}) };
  return rows ? lazily({ ...own, rows }, () => layer.weights) : { ...own, weights: layer.weights };
}

/** A plan as it was before it was sent to a worker: layers with rows have their weights again. */
export function withWeights(plan: Plan): Plan {
  const hydrated = (layer: PlanLayer): PlanLayer => {
    const { rows, outputs, inputs } = layer;
    if (!rows || "weights" in layer) return layer;
    let dense: Float64Array | undefined;
    return lazily(layer, () => (dense ??= denseRows(rows, outputs, inputs)));
  };
  return { ...plan, hidden: plan.hidden.map(hydrated), output: hydrated(plan.output) };
}

/** The layers of a network; the identity follows a last ReLU, and stands for the hidden layers when there are none. */
export function planOf(network: ReluNetwork): Plan {
  const layers = network.layers.map(planLayer);
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
