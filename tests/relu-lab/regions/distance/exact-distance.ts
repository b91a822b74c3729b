// Distances to the zeros of all neurons at a point, by rational arithmetic.
import type { network } from "relu-lab";
import { applyLayer, halvings, integerLayers, signOf, toInteger, type Row } from "../../../oracle/integers";

/** sqrt(n / d) in doubles, for natural numbers of any size. */
function root(n: bigint, d: bigint): number {
  if (n === 0n) return 0;
  let half = 0n;
  // n / d times 4^half becomes a number of some 120 bits.
  const bits = (v: bigint) => BigInt(v.toString(2).length);
  half = (120n - (bits(n) - bits(d))) / 2n;
  const q = half >= 0n ? (n << (2n * half)) / d : n / (d << (-2n * half));
  let value = Math.sqrt(Number(q));
  for (let k = Number(half); k !== 0; k -= Math.sign(k) * Math.min(Math.abs(k), 500))
    value *= 2 ** -(Math.sign(k) * Math.min(Math.abs(k), 500));
  return value;
}

export interface ExactDistances {
  /** The least distance to the zero of a neuron's affine extension; Infinity when none depends on the input. */
  distance: number;
  /** Each hidden neuron's, counted through the ReLU layers. */
  all: number[];
  /** Which are on. */
  on: boolean[];
}

/** The activation region's distance at x, exactly but for one rounding. */
export function exactDistance(net: network.ReluNetwork, x: readonly number[]): ExactDistances {
  const n = net.inputs;
  const shift = Math.max(...x.map(halvings));
  // Rows of the displacement (in units of 2^-shift), then the value at x.
  let rows: (Row | null)[] = x.map((v, i) =>
    Array.from({ length: n + 1 }, (_, k) => (k === i ? 1n : k === n ? toInteger(v, shift) : 0n)),
  );
  const all: number[] = [];
  const on: boolean[] = [];
  for (const layer of integerLayers(net, shift)) {
    const above = applyLayer(layer, rows, n);
    rows = above.map((row) => (layer.relu && signOf(row[n]) <= 0 ? null : row));
    if (!layer.relu) continue;
    for (const row of above) {
      let square = 0n;
      for (let k = 0; k < n; k++) square += row[k] * row[k];
      on.push(row[n] > 0n);
      all.push(square === 0n ? Infinity : root(row[n] * row[n], square << BigInt(2 * shift)));
    }
  }
  return { distance: Math.min(Infinity, ...all), all, on };
}
