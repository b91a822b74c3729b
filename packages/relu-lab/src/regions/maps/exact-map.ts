import { commonScale, toInteger } from "../arithmetic/integers";
import { scaleNetwork, type ScaledLayer } from "../plan/scaled-network";
import { wholeInput, type InputRows, type MapNetwork } from "./input-rows";
import type { Pattern } from "./pattern";

/** An affine function of the input in integers: its coefficients, then its constant. */
export type ExactRow = bigint[];

/** Affine maps of activation patterns in integers: each layer times a power of two, the same for every pattern. */
export class ExactMap {
  private readonly layers: readonly ScaledLayer[];
  private readonly scale: number;

  /** @param inputs the inputs' own rows: by default maps of the whole input space */
  constructor(
    network: MapNetwork,
    private readonly inputs: InputRows = wholeInput(network.inputs),
  ) {
    this.scale = commonScale(inputs.values);
    this.layers = scaleNetwork(network.layers, this.scale);
  }

  /** The input itself. */
  start(): ExactRow[] {
    const { columns, values } = this.inputs;
    return Array.from({ length: values.length / columns }, (_, i) =>
      Array.from(values.subarray(i * columns, (i + 1) * columns), (value) => toInteger(value, this.scale)),
    );
  }

  /** Pre-activations of layer l, given those of the layer below (or the input) and which of these are on (all). */
  rows(l: number, below: readonly ExactRow[], on?: ArrayLike<number>): ExactRow[] {
    const { inputs, outputs, weights, biases, rows } = this.layers[l];
    return Array.from({ length: outputs }, (_, j) => {
      const row = new Array<bigint>(this.inputs.columns).fill(0n);
      row[row.length - 1] = biases[j];
      const [from, to] = rows ? [rows.starts[j], rows.starts[j + 1]] : [j * inputs, (j + 1) * inputs];
      for (let at = from; at < to; at++) {
        const i = rows ? rows.columns[at] : at - from;
        const w = weights[at];
        if (w === 0n || (on && !on[i])) continue;
        for (let k = 0; k < row.length; k++) if (below[i][k] !== 0n) row[k] += w * below[i][k];
      }
      return row;
    });
  }

  /** The outputs' map under a pattern; outputs that are off are zero. */
  of(pattern: Pattern): ExactRow[] {
    let rows = this.start();
    for (let l = 0; l < this.layers.length; l++)
      rows = this.rows(l, rows, l > 0 ? pattern[l - 1] : undefined);
    const last = pattern[pattern.length - 1];
    return rows.map((row, o) => (last[o] ? row : row.map(() => 0n)));
  }

  /** The same, one output after the other. */
  coefficients(pattern: Pattern): bigint[] {
    return this.of(pattern).flat();
  }

  /** Whether two patterns have the same output map. */
  equal(a: Pattern, b: Pattern): boolean {
    const other = this.of(b);
    return this.of(a).every((row, o) => row.every((value, k) => value === other[o][k]));
  }
}
