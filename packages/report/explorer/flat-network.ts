import { ReluNetwork, type DenseLayer } from "relu-lab/network";

/** All parameters of a network: W row by row, then b, layer by layer. */
export function parametersOf(network: ReluNetwork): Float64Array {
  return Float64Array.from(network.layers.flatMap(({ weights, biases }) => [...weights, ...biases]));
}

type Shape = Pick<DenseLayer, "inputs" | "outputs" | "activation">;

/** The network of layers of these shapes whose parameters are given as {@link parametersOf} gives them. */
export function networkOf(shapes: readonly Shape[], parameters: Float64Array): ReluNetwork {
  let at = 0;
  const take = (length: number) => parameters.slice(at, (at += length));
  return ReluNetwork.of(
    shapes.map(({ inputs, outputs, activation }) => ({
      W: take(inputs * outputs),
      b: take(outputs),
      activation,
    })),
  );
}

/** The shapes of layers of these sizes: ReLU but for the last one. */
export function shapesOf(sizes: readonly number[]): Shape[] {
  return sizes.slice(1).map((outputs, l) => ({
    inputs: sizes[l],
    outputs,
    activation: l < sizes.length - 2 ? "relu" : "linear",
  }));
}
