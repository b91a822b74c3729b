import type { ReluNetwork } from "../../network";
import { EXACT_PRODUCTS, reduce, residue } from "../plane/residues";
import type { Pattern } from "./pattern";

/** Output maps modulo a prime, into which binary fractions map exactly: unequal residues prove that two maps differ. */
export class ResidueMap {
  private readonly weights: Float64Array[];
  private readonly biases: Float64Array[];

  constructor(private readonly network: ReluNetwork) {
    this.weights = network.layers.map((layer) => layer.weights.map(residue));
    this.biases = network.layers.map((layer) => layer.biases.map(residue));
  }

  /** `inputs + 1` residues an output. */
  of(pattern: Pattern): Float64Array {
    const { layers, inputs: n } = this.network;
    const columns = n + 1;
    let below = new Float64Array(n * columns);
    for (let i = 0; i < n; i++) below[i * columns + i] = 1;
    let on = Array.from({ length: n }, (_, i) => i);
    const sums = new Float64Array(columns);
    layers.forEach(({ inputs, outputs }, l) => {
      const rows = new Float64Array(outputs * columns);
      const next: number[] = [];
      for (let j = 0; j < outputs; j++) {
        if (!pattern[l][j]) continue;
        next.push(j);
        sums.fill(0);
        sums[n] = this.biases[l][j];
        for (let from = 0; from < on.length; from += EXACT_PRODUCTS) {
          const to = Math.min(on.length, from + EXACT_PRODUCTS);
          for (let k = from; k < to; k++) {
            const w = this.weights[l][j * inputs + on[k]];
            for (let c = 0, at = on[k] * columns; c < columns; c++) sums[c] += w * below[at + c];
          }
          for (let c = 0; c < columns; c++) sums[c] = reduce(sums[c]);
        }
        rows.set(sums, j * columns);
      }
      below = rows;
      on = next;
    });
    return below;
  }
}
