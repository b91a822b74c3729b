import type { ReluNetwork } from "../../network";
import { scaleNetwork, type ScaledLayer } from "../segment/scaled-network";
import type { Pattern } from "./pattern";

/** An affine function of the input in integers: its coefficients, then its constant. */
export type ExactRow = bigint[];

/** Affine maps of activation patterns in integers: each layer times a power of two, the same for every pattern. */
export class ExactMap {
  private readonly layers: readonly ScaledLayer[];
  private readonly inputs: number;

  constructor(network: ReluNetwork) {
    this.layers = scaleNetwork(network, 0);
    this.inputs = network.inputs;
  }

  /** The input itself. */
  start(): ExactRow[] {
    return Array.from({ length: this.inputs }, (_, i) =>
      Array.from({ length: this.inputs + 1 }, (_v, k) => (k === i ? 1n : 0n)),
    );
  }

  /** Pre-activations of layer l, given those of the layer below (or the input) and which of these are on (all). */
  rows(l: number, below: readonly ExactRow[], on?: ArrayLike<number>): ExactRow[] {
    const { inputs, outputs, weights, biases } = this.layers[l];
    return Array.from({ length: outputs }, (_, j) => {
      const row = new Array<bigint>(this.inputs + 1).fill(0n);
      row[this.inputs] = biases[j];
      for (let i = 0; i < inputs; i++) {
        const w = weights[j * inputs + i];
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

  /** Whether two patterns have the same output map. */
  equal(a: Pattern, b: Pattern): boolean {
    const other = this.of(b);
    return this.of(a).every((row, o) => row.every((value, k) => value === other[o][k]));
  }
}
