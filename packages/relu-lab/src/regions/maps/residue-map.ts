import { EXACT_PRODUCTS, reduce, residue } from "../arithmetic/residues";
import { wholeInput, type MapNetwork } from "./input-rows";
import type { Pattern } from "./pattern";

/** Output maps modulo a prime, into which binary fractions map exactly: unequal residues prove that two maps differ. */
export class ResidueMap {
  private readonly weights: Float64Array[];
  private readonly biases: Float64Array[];
  private readonly columns: number;
  /** Rows of the first layer, which no pattern changes. */
  private readonly first: Float64Array;

  /** @param inputs the inputs' own rows: by default maps of the whole input space */
  constructor(
    private readonly network: MapNetwork,
    inputs = wholeInput(network.inputs),
  ) {
    this.weights = network.layers.map((layer) =>
      (layer.rows ? layer.rows.values : layer.weights).map(residue),
    );
    this.biases = network.layers.map((layer) => layer.biases.map(residue));
    this.columns = inputs.columns;
    this.first = this.rows(0, inputs.values.map(residue), numbers(network.inputs), () => true);
  }

  /** `columns` residues an output. */
  of(pattern: Pattern): Float64Array {
    const { layers } = this.network;
    const onOf = (l: number): number[] => numbers(layers[l].outputs).filter((j) => pattern[l][j] !== 0);
    if (layers.length === 1)
      return this.first.map((v, at) => (pattern[0][Math.floor(at / this.columns)] ? v : 0));
    let below = this.first;
    for (let l = 1; l < layers.length; l++)
      below = this.rows(l, below, onOf(l - 1), (j) => pattern[l][j] !== 0);
    return below;
  }

  private rows(
    l: number,
    below: Float64Array,
    on: readonly number[],
    wanted: (neuron: number) => boolean,
  ): Float64Array {
    const { inputs, outputs, rows: sparse } = this.network.layers[l];
    const { columns } = this;
    const weights = this.weights[l];
    const rows = new Float64Array(outputs * columns);
    const sums = new Float64Array(columns);
    const isOn = new Uint8Array(sparse ? inputs : 0);
    if (sparse) for (const k of on) isOn[k] = 1;
    for (let j = 0; j < outputs; j++) {
      if (!wanted(j)) continue;
      sums.fill(0);
      sums[columns - 1] = this.biases[l][j];
      if (sparse) {
        for (let from = sparse.starts[j]; from < sparse.starts[j + 1]; from += EXACT_PRODUCTS) {
          const to = Math.min(sparse.starts[j + 1], from + EXACT_PRODUCTS);
          for (let e = from; e < to; e++) {
            const k = sparse.columns[e];
            if (isOn[k])
              for (let c = 0, at = k * columns; c < columns; c++) sums[c] += weights[e] * below[at + c];
          }
          for (let c = 0; c < columns; c++) sums[c] = reduce(sums[c]);
        }
        rows.set(sums, j * columns);
        continue;
      }
      for (let from = 0; from < on.length; from += EXACT_PRODUCTS) {
        const to = Math.min(on.length, from + EXACT_PRODUCTS);
        for (let k = from; k < to; k++) {
          const w = weights[j * inputs + on[k]];
          for (let c = 0, at = on[k] * columns; c < columns; c++) sums[c] += w * below[at + c];
        }
        for (let c = 0; c < columns; c++) sums[c] = reduce(sums[c]);
      }
      rows.set(sums, j * columns);
    }
    return rows;
  }
}

const numbers = (length: number): number[] => Array.from({ length }, (_, i) => i);
