import type { DenseLayer, SparseRows } from "../../network";
import { toInteger } from "../arithmetic/integers";

import { stepOf } from "./scales";

/** One layer in integers: weights * scaled input + biases is the true pre-activation times a power of two of the layer. */
export interface ScaledLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** Row-major, or the values of `rows`. */
  readonly weights: bigint[];
  readonly biases: bigint[];
  /** Where the weights stand, of a layer that is given by its non-zeros. */
  readonly rows?: Pick<SparseRows, "starts" | "columns">;
}

/**
 * A network in integers, exactly: every layer is multiplied by a power of two, so that no rationals appear.
 *
 * @param layers the layers as given; their doubles are binary fractions
 * @param inputBits fraction bits of the input coordinates
 */
export function scaleNetwork(
  layers: readonly Omit<DenseLayer, "activation">[],
  inputBits: number,
): ScaledLayer[] {
  let bits = inputBits;
  return layers.map((layer) => {
    const { inputs, outputs, biases, rows } = layer;
    const weights = rows ? rows.values : layer.weights;
    const own = stepOf({ weights, biases }, bits);
    bits += own;
    return {
      inputs,
      outputs,
      weights: Array.from(weights, (w) => toInteger(w, own)),
      biases: Array.from(biases, (b) => toInteger(b, bits)),
      ...(rows ? { rows } : {}),
    };
  });
}
