import { ExactMap } from "./exact-map";
import { gain } from "./gain";
import { wholeInput, type MapNetwork } from "./input-rows";
import type { Pattern } from "./pattern";
import { ResidueMap } from "./residue-map";

/** Output maps in integers. */
export interface IntegerMaps {
  /** `columns` numbers an output, times what all patterns share. */
  coefficients(pattern: Pattern): readonly bigint[];
}

/** Whether two activation patterns of a network have the same output map: always certain, exact where need be. */
export class SameMap {
  readonly columns: number;
  private residueMap: ResidueMap | undefined;
  private exact: IntegerMaps | undefined;

  /**
   * @param inputs the inputs' own rows: by default maps are compared in the whole input space
   * @param makeExact makes maps in integers, when they are first wanted
   */
  constructor(
    private readonly network: MapNetwork,
    private readonly inputs = wholeInput(network.inputs),
    private readonly makeExact: () => IntegerMaps = () => new ExactMap(network, inputs),
  ) {
    this.columns = inputs.columns;
  }

  equal(a: Pattern, b: Pattern): boolean {
    return this.byFlips(a, b) ?? (this.key(a) === this.key(b) && this.confirm(a, b));
  }

  /** Whether the maps are equal where the neurons that differ tell it, else undefined. */
  byFlips(a: Pattern, b: Pattern): boolean | undefined {
    let flips = 0;
    let useful = false;
    let known: "yes" | "no" | "unknown" = "unknown";
    for (let l = 0; l < a.length; l++) {
      for (let i = 0; i < a[l].length; i++) {
        if (a[l][i] === b[l][i]) continue;
        flips++;
        // With one flip the map changes by the neuron's own row times its gain. The row of a neuron that switches
        // between two regions is not zero, so the maps differ exactly when the gain is not zero.
        const pattern = a[l][i] ? a : b;
        known = gain(this.network.layers, (m, j) => pattern[m][j] === 1, l, i);
        if (known !== "no") useful = true;
        if (flips > 1 && useful) return undefined;
      }
    }
    if (!useful) return true;
    return known === "yes" ? false : undefined;
  }

  /** The map modulo a prime: equal maps share it, and different ones hardly ever. */
  residues(pattern: Pattern): Float64Array {
    return (this.residueMap ??= new ResidueMap(this.network, this.inputs)).of(pattern);
  }

  /** A text that equal maps share, and different maps hardly ever. */
  key(pattern: Pattern): string {
    return this.residues(pattern).join();
  }

  /** Whether two maps with the same key are equal. */
  confirm(a: Pattern, b: Pattern): boolean {
    const [p, q] = this.coefficients(a, b);
    return p.every((value, i) => value === q[i]);
  }

  /** Whether two maps are equal but for their constants. */
  confirmGradients(a: Pattern, b: Pattern): boolean {
    const [p, q] = this.coefficients(a, b);
    return p.every((value, i) => i % this.columns === this.columns - 1 || value === q[i]);
  }

  private coefficients(a: Pattern, b: Pattern): [readonly bigint[], readonly bigint[]] {
    const exact = (this.exact ??= this.makeExact());
    return [exact.coefficients(a), exact.coefficients(b)];
  }
}
