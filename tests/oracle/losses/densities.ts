import type { network } from "relu-lab";
import { unitBox, volume } from "../../../packages/relu-lab/src/losses/box";
import {
  smallestDensity,
  smallestSquare,
  type DensityOptions,
} from "../../../packages/relu-lab/src/losses/options";
import { affineForms } from "./affine-forms";

interface Neuron {
  readonly near: number;
  readonly normal: number[];
}

function neuronsAt(layers: readonly network.DenseLayer[], x: readonly number[], bandwidth: number): Neuron[] {
  return affineForms(layers, x)
    .flat()
    .map(({ form, z }) => {
      const slopes = [...form.subarray(0, x.length)];
      const length = Math.sqrt(slopes.reduce((sum, g) => sum + g * g, smallestSquare));
      const near = Math.exp(-0.5 * (z / length / bandwidth) ** 2) / (Math.sqrt(2 * Math.PI) * bandwidth);
      return { near, normal: slopes.map((g) => g / length) };
    });
}

function determinant(rows: readonly (readonly number[])[]): number {
  if (rows.length === 0) return 1;
  return rows[0].reduce((sum, v, c) => {
    const minor = rows.slice(1).map((row) => row.filter((_, e) => e !== c));
    return sum + (c % 2 === 0 ? v : -v) * determinant(minor);
  }, 0);
}

/** Sum over the sets of `size` neurons from `from` on of the product of their K_h and |det| of their normals. */
function tuples(neurons: readonly Neuron[], size: number, from = 0, chosen: readonly Neuron[] = []): number {
  if (chosen.length === size) {
    const product = chosen.reduce((p, { near }) => p * near, 1);
    return product * Math.abs(determinant(chosen.map(({ normal }) => normal)));
  }
  let sum = 0;
  for (let i = from; i < neurons.length; i++) sum += tuples(neurons, size, i + 1, [...chosen, neurons[i]]);
  return sum;
}

function expected(
  layers: readonly network.DenseLayer[],
  { points, bandwidth = 0.15, box = unitBox(layers[0].inputs) }: DensityOptions,
  count: (neurons: readonly Neuron[]) => number,
): number {
  const total = points.reduce((sum, x) => sum + count(neuronsAt(layers, x, bandwidth)), 0);
  return (volume(box) * total) / points.length;
}

/**
 * `losses.lengthLoss` in doubles, written out: what the other forms are checked against.
 *
 * @param layers the hidden layers, from the input on
 * @param options sample points, and what the loss itself takes
 * @returns the loss
 */
export function lengthReference(layers: readonly network.DenseLayer[], options: DensityOptions): number {
  const length = expected(layers, options, (neurons) => neurons.reduce((sum, { near }) => sum + near, 0));
  return -Math.log(length + smallestDensity);
}

/**
 * `losses.kacRiceLoss` in doubles, for any number of inputs.
 *
 * @param layers the hidden layers, from the input on
 * @param options sample points, and what the loss itself takes
 * @returns the loss
 */
export function kacRiceReference(layers: readonly network.DenseLayer[], options: DensityOptions): number {
  const crossings = expected(layers, options, (neurons) => tuples(neurons, layers[0].inputs));
  return -Math.log(crossings + smallestDensity);
}
