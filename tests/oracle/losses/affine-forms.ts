import type { network } from "relu-lab";
import type { Box } from "../../../packages/relu-lab/src/losses/box";

/** One neuron at one point: slopes by input then offset, in the box's coordinates, and its pre-activation there. */
export interface AffineNeuron {
  readonly form: Float64Array;
  readonly z: number;
}

/** By hidden layer, its neurons as the affine functions they are on the region of x. */
export function affineForms(
  layers: readonly network.DenseLayer[],
  x: readonly number[],
  box?: Box,
): AffineNeuron[][] {
  const inputs = x.length;
  const centre = x.map((_, d) => (box ? (box.min[d] + box.max[d]) / 2 : 0));
  const half = x.map((_, d) => (box ? (box.max[d] - box.min[d]) / 2 : 1));
  let below: Float64Array[] = x.map((_, d) => {
    const form = new Float64Array(inputs + 1);
    form[d] = half[d];
    form[inputs] = centre[d];
    return form;
  });
  return layers.map(({ outputs, inputs: columns, weights, biases }) => {
    const neurons = Array.from({ length: outputs }, (_, i) => {
      const form = new Float64Array(inputs + 1);
      for (let d = 0; d <= inputs; d++) {
        for (let j = 0; j < columns; j++) form[d] += weights[i * columns + j] * below[j][d];
      }
      form[inputs] += biases[i];
      const z = x.reduce((sum, v, d) => sum + (form[d] * (v - centre[d])) / half[d], form[inputs]);
      return { form, z };
    });
    below = neurons.map(({ form, z }) => (z > 0 ? form : new Float64Array(inputs + 1)));
    return neurons;
  });
}
