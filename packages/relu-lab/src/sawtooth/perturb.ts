import { ReluNetwork } from "../network";
import type { Generator } from "../random";

/** Which parameters noise reaches: all, the weights or the biases, or those of one layer (1 is the first). */
export type PerturbedPart = "all" | "weights" | "biases" | `layer ${number}`;

/**
 * Standard normal numbers, one for each parameter of a network: W row-major, then b, layer by layer.
 *
 * @param network its shape is what counts
 * @param random where the numbers come from
 * @param layers how many layers get noise, from the first; the others get zeros. All when not given
 * @returns `network.parameters` numbers, for {@link perturb}
 * @throws RangeError when `layers` is not a natural number
 * @example
 * const noise = parameterNoise(sawtoothNetwork(6), generator(0).split(trial), 12); // the identity readout keeps its 1
 */
export function parameterNoise(
  network: ReluNetwork,
  random: Generator,
  layers = network.layers.length,
): Float64Array {
  if (!Number.isInteger(layers) || layers < 0)
    throw new RangeError(
      `parameterNoise: ${layers} layers: give how many get noise, 0 to ${network.layers.length}`,
    );
  const reached = network.layers
    .slice(0, layers)
    .reduce((sum, { weights, biases }) => sum + weights.length + biases.length, 0);
  const noise = new Float64Array(network.parameters);
  for (let i = 0; i < reached; i++) noise[i] = random.normal();
  return noise;
}

/**
 * Multiplicative noise: every parameter w of the chosen part becomes w (1 + deviation * noise). Zeros stay zero.
 *
 * @param network what is perturbed; it is not changed
 * @param noise one number a parameter, in the order of {@link parameterNoise}
 * @param deviation the noise's standard deviation (not its variance)
 * @param part which parameters; all when not given
 * @returns the perturbed network
 * @throws RangeError when there are not as many numbers as parameters, there is no such layer, or a noisy parameter is
 *   not finite
 * @example
 * const noisy = perturb(sawtoothNetwork(6), noise, 0.05, "weights");
 */
export function perturb(
  network: ReluNetwork,
  noise: ArrayLike<number>,
  deviation: number,
  part: PerturbedPart = "all",
): ReluNetwork {
  if (noise.length !== network.parameters) {
    throw new RangeError(
      `perturb: ${noise.length} numbers of noise for ${network.parameters} parameters: there must be one each`,
    );
  }
  const only = part.startsWith("layer ") ? Number(part.slice(6)) : undefined;
  const known = only !== undefined || ["all", "weights", "biases"].includes(part);
  if (!known || (only !== undefined && network.layers[only - 1] === undefined)) {
    throw new RangeError(
      `perturb: the part "${part}" is not "all", "weights", "biases" or "layer 1" to "layer ${network.layers.length}"`,
    );
  }
  let at = 0;
  const noisy = (values: Float64Array, kind: PerturbedPart, layer: number): Float64Array => {
    const start = at;
    at += values.length;
    const reached = only === undefined ? part === "all" || part === kind : layer === only;
    return reached ? values.map((value, i) => value * (1 + deviation * noise[start + i])) : values;
  };
  return ReluNetwork.of(
    network.layers.map(({ weights, biases, activation }, l) => ({
      W: noisy(weights, "weights", l + 1),
      b: noisy(biases, "biases", l + 1),
      activation,
    })),
  );
}
