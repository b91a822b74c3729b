import type { Plan } from "./plan";

/** Layers whose neurons are numbered one layer after the other. */
type Layers = readonly { readonly outputs: number }[];

/** The number of each layer's first neuron, and at the end that of all neurons. */
export function startsOf(layers: Layers): Int32Array {
  const starts = new Int32Array(layers.length + 1);
  layers.forEach(({ outputs }, l) => (starts[l + 1] = starts[l] + outputs));
  return starts;
}

/** The layer (0 for the first) in which a neuron is; no layer is empty. */
export function layerAt(starts: Int32Array, neuron: number): number {
  let layer = starts.length - 2;
  while (starts[layer] > neuron) layer--;
  return layer;
}

/** The layer (0 for the first) of a neuron's number, and its place there. */
export function placeOf(starts: Int32Array, neuron: number): { layer: number; index: number } {
  const layer = layerAt(starts, neuron);
  return { layer, index: neuron - starts[layer] };
}

/** For each hidden neuron its layer: 1 for the neurons of the first one. */
export function layersOfNeurons({ hidden, neurons }: Plan): Uint16Array {
  const layers = new Uint16Array(neurons);
  const starts = startsOf(hidden);
  hidden.forEach((_, l) => layers.fill(l + 1, starts[l], starts[l + 1]));
  return layers;
}
