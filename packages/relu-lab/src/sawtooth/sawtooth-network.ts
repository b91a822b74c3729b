import { ReluNetwork, type LayerSpec } from "../network";

/**
 * How n mirror maps become one network.
 * - `naive`: each map keeps its own output neuron, with a ReLU after it: 2n ReLU layers of widths 2, 1, 2, 1, ...
 * - `merged`: a map's output and the next map's input are multiplied into one layer: n ReLU layers of width 2.
 */
export type SawtoothForm = "naive" | "merged";

function checkCompositions(n: number): void {
  if (!Number.isInteger(n) || n < 1) {
    throw new RangeError(
      `sawtooth of ${n} mirror maps: the number of compositions must be a positive integer`,
    );
  }
}

function naive(n: number): LayerSpec[] {
  const specs: LayerSpec[] = [];
  for (let i = 0; i < n; i++) {
    specs.push({ W: [[1], [1]], b: [0, -0.5], activation: "relu" });
    specs.push({ W: [[2, -4]], b: [0], activation: "relu" });
  }
  return [...specs, { W: [[1]], b: [0], activation: "linear" }];
}

function merged(n: number): LayerSpec[] {
  const specs: LayerSpec[] = [{ W: [[1], [1]], b: [0, -0.5], activation: "relu" }];
  const fold = [
    [2, -4],
    [2, -4],
  ];
  for (let i = 1; i < n; i++) specs.push({ W: fold, b: [0, -0.5], activation: "relu" });
  return [...specs, { W: [[2, -4]], b: [0], activation: "linear" }];
}

/**
 * The sawtooth s_n, n composed mirror maps, as a network: 2^n affine pieces on [0, 1], each 2^-n wide.
 *
 * @param n number of compositions, 1 or more
 * @param form `naive` (3n neurons, 2n layers) or `merged` (2n neurons, n layers)
 * @returns a network from one number to one number
 * @throws RangeError when n is not a positive integer
 * Source: Telgarsky 2015, "Representation benefits of deep feedforward networks".
 * @example
 * sawtooth.sawtoothNetwork(6).neurons; // 18
 */
export function sawtoothNetwork(n: number, form: SawtoothForm = "naive"): ReluNetwork {
  checkCompositions(n);
  if (form !== "naive" && form !== "merged") {
    throw new RangeError(`sawtooth form "${String(form)}" is not one of "naive", "merged"`);
  }
  return ReluNetwork.of(form === "naive" ? naive(n) : merged(n));
}

/**
 * The number of ReLU neurons of a sawtooth: 3n in the naive form, 2n in the merged one.
 *
 * @param n number of compositions, 1 or more
 * @param form as in {@link sawtoothNetwork}
 * @returns the number of neurons
 * @throws RangeError when n is not a positive integer
 * @example
 * sawtoothNeurons(6, "merged"); // 12
 */
export function sawtoothNeurons(n: number, form: SawtoothForm = "naive"): number {
  checkCompositions(n);
  return form === "naive" ? 3 * n : 2 * n;
}

/**
 * The fewest neurons with which ONE hidden layer has as many pieces as the sawtooth: 2^n - 1.
 *
 * A neuron of one hidden layer has one kink, so k of them make at most k + 1 pieces.
 *
 * @param n number of compositions, 1 or more
 * @returns 2^n - 1
 * @throws RangeError when n is not a positive integer
 * @example
 * shallowNeuronsForSawtooth(6); // 63
 */
export function shallowNeuronsForSawtooth(n: number): number {
  checkCompositions(n);
  return 2 ** n - 1;
}
