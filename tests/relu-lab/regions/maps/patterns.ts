// Small networks under patterns of one's own choice, and their maps in integers.
import { network, type random } from "relu-lab";
import { applyLayer, integerLayers, type Row } from "../../../oracle/integers";

type Generator = random.Generator;

/** One byte a neuron and layer. */
export type Pattern = Uint8Array[];

/** The outputs' rows under a pattern (outputs that are off are zero), times one power of two. */
export function exactRows(net: network.ReluNetwork, pattern: Pattern): Row[] {
  const n = net.inputs;
  let values: (Row | null)[] = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n + 1 }, (_v, k) => (k === i ? 1n : 0n)),
  );
  integerLayers(net, 0).forEach((layer, l) => {
    values = applyLayer(layer, values, n).map((row, i) => (pattern[l][i] ? row : null));
  });
  return values.map((row) => row ?? new Array<bigint>(n + 1).fill(0n));
}

/** Patterns of random bits; layers without a ReLU are on. */
export function randomPattern(net: network.ReluNetwork, r: Generator): Pattern {
  return net.layers.map(({ outputs, activation }) =>
    Uint8Array.from({ length: outputs }, () => (activation === "linear" ? 1 : r.integer(2))),
  );
}

/** One to three hidden layers, any of them linear, of weights from `weight` and biases from `bias`. */
export function smallNetwork(
  inputs: number,
  r: Generator,
  weight: () => number,
  bias = weight,
): network.ReluNetwork {
  const sizes = [
    inputs,
    ...Array.from({ length: 1 + r.integer(3) }, () => 1 + r.integer(4)),
    1 + r.integer(3),
  ];
  const linear = r.integer(2 * sizes.length);
  return network.ReluNetwork.of(
    sizes.slice(1).map((n, l) => ({
      W: Array.from({ length: n }, () => Array.from({ length: sizes[l] }, weight)),
      b: Array.from({ length: n }, bias),
      activation: l === linear || (l === sizes.length - 2 && r.integer(3) > 0) ? "linear" : "relu",
    })),
  );
}

/** A pattern's bits, packed layer by layer behind so many words of others. */
export function pack(pattern: Pattern, before = 0): { words: Uint32Array; from: number; length: number } {
  const bits = pattern.flatMap((layer) => [...layer]);
  const length = Math.ceil(bits.length / 32);
  const words = new Uint32Array(before + length + 1).fill(0xffffffff);
  words.fill(0, before, before + length);
  bits.forEach((bit, n) => (words[before + (n >>> 5)] |= bit << (n & 31)));
  return { words, from: before, length };
}
