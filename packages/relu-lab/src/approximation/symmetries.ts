import { ReluNetwork } from "../network";

function hiddenLayer(network: ReluNetwork, layer: number, what: string): void {
  if (network.layers[layer]?.activation !== "relu" || layer + 1 >= network.layers.length)
    throw new RangeError(
      `${what}: layer ${layer} is no hidden ReLU layer of a network with sizes ${network.sizes}`,
    );
}

/** Rows of a hidden layer replaced by factor times row `order[i]`; the columns that read them are changed back. */
function rearranged(
  network: ReluNetwork,
  layer: number,
  order: ArrayLike<number>,
  factors: ArrayLike<number>,
) {
  const specs = network.specs().map((spec) => ({ ...spec, W: (spec.W as Float64Array).slice() }));
  const { weights, biases, inputs, outputs } = network.layers[layer];
  const next = network.layers[layer + 1];
  const b = new Float64Array(outputs);
  for (let i = 0; i < outputs; i++) {
    const [from, factor] = [order[i], factors[i]];
    b[i] = factor * biases[from];
    for (let j = 0; j < inputs; j++) specs[layer].W[i * inputs + j] = factor * weights[from * inputs + j];
    for (let o = 0; o < next.outputs; o++)
      specs[layer + 1].W[o * outputs + i] = next.weights[o * outputs + from] / factor;
  }
  specs[layer] = { ...specs[layer], b };
  return ReluNetwork.of(specs);
}

/**
 * The same function by another network: the neurons of a hidden layer in another order.
 *
 * @param network the network
 * @param layer index of a hidden ReLU layer, from 0
 * @param order a permutation: neuron i of the result is neuron order[i]
 * @returns a network with the same values everywhere
 * @throws RangeError when the layer is no hidden ReLU layer or the order no permutation of its neurons
 * @example
 * permuteNeurons(network, 0, [1, 0, 2]);
 */
export function permuteNeurons(network: ReluNetwork, layer: number, order: ArrayLike<number>): ReluNetwork {
  hiddenLayer(network, layer, "permuteNeurons");
  const count = network.layers[layer].outputs;
  if (
    order.length !== count ||
    new Set(Array.from(order)).size !== count ||
    !Array.from(order).every((i) => i >= 0 && i < count && Number.isInteger(i))
  )
    throw new RangeError(`permuteNeurons: [${Array.from(order)}] is no permutation of the ${count} neurons`);
  return rearranged(network, layer, order, new Float64Array(count).fill(1));
}

/**
 * The same function by another network: each neuron of a hidden layer scaled by a positive factor, and what reads it by
 * the inverse, because relu(c z) = c relu(z) for c > 0.
 *
 * @param network the network
 * @param layer index of a hidden ReLU layer, from 0
 * @param factors one positive number a neuron; powers of 2 change no value at all, others by rounding only
 * @returns a network with the same values everywhere
 * @throws RangeError when the layer is no hidden ReLU layer or a factor is not positive
 * @example
 * rescaleNeurons(network, 0, [2, 1, 0.5]);
 */
export function rescaleNeurons(network: ReluNetwork, layer: number, factors: ArrayLike<number>): ReluNetwork {
  hiddenLayer(network, layer, "rescaleNeurons");
  const count = network.layers[layer].outputs;
  if (factors.length !== count)
    throw new RangeError(`rescaleNeurons: ${factors.length} factors for ${count} neurons`);
  const bad = Array.from(factors).findIndex((c) => !(c > 0) || !Number.isFinite(c));
  if (bad >= 0)
    throw new RangeError(
      `rescaleNeurons: factor ${bad} is ${factors[bad]}; relu(c z) = c relu(z) needs c > 0`,
    );
  return rearranged(
    network,
    layer,
    Uint32Array.from({ length: count }, (_, i) => i),
    factors,
  );
}
