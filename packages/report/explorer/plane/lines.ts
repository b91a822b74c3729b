import { ReluNetwork } from "relu-lab/network";

/** The line of a neuron of the first layer: the points p with direction . p = offset, its positive side ahead. */
export interface NeuronLine {
  /** Of its normal, in radians. */
  readonly angle: number;
  /** Distance from the origin along the normal. */
  readonly offset: number;
  /** Length of its weights: how steep it is. */
  readonly slope: number;
}

/** The line where a neuron of the first layer vanishes. */
export function lineOf(network: ReluNetwork, neuron: number): NeuronLine {
  const { weights, biases } = network.layers[0];
  const [a, b] = [weights[2 * neuron], weights[2 * neuron + 1]];
  const slope = Math.hypot(a, b);
  return { angle: Math.atan2(b, a), offset: -biases[neuron] / slope, slope };
}

/** The network with a neuron of the first layer laid along another line. */
export function withLine(
  network: ReluNetwork,
  neuron: number,
  { angle, offset, slope }: NeuronLine,
): ReluNetwork {
  const [first, ...rest] = network.specs();
  const W = Float64Array.from(network.layers[0].weights);
  const b = Float64Array.from(first.b);
  W.set([slope * Math.cos(angle), slope * Math.sin(angle)], 2 * neuron);
  b[neuron] = -slope * offset;
  return ReluNetwork.of([{ ...first, W, b }, ...rest]);
}

/** The point of a line that is nearest to a given one, and the way along the line. */
export function footOf(
  { angle, offset }: NeuronLine,
  x: number,
  y: number,
): { foot: [number, number]; along: [number, number] } {
  const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
  const away = offset - (nx * x + ny * y);
  return { foot: [x + away * nx, y + away * ny], along: [-ny, nx] };
}
