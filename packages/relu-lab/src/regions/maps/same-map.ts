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

/** A neuron that is on in one pattern alone, and that pattern. */
export interface Flip<P = Pattern> {
  readonly layer: number;
  readonly index: number;
  readonly on: P;
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
    const flips: Flip[] = [];
    a.forEach((on, layer) =>
      on.forEach((state, index) => {
        if (state !== b[layer][index]) flips.push({ layer, index, on: state ? a : b });
      }),
    );
    const known = this.byFlips(flips, (pattern, layer, neuron) => pattern[layer][neuron] === 1);
    return known ?? (this.key(a) === this.key(b) && this.confirm(a, b));
  }

  /**
   * Whether two maps are equal where the neurons that differ tell it, else undefined.
   *
   * @param isOn whether a neuron is on in one of the two patterns
   */
  byFlips<P>(
    flips: readonly Flip<P>[],
    isOn: (pattern: P, layer: number, neuron: number) => boolean,
  ): boolean | undefined {
    let useful = false;
    for (const { layer, index, on } of flips) {
      // With one flip the map changes by the neuron's own row times its gain. The row of a neuron that switches
      // between two regions is not zero, so the maps differ exactly when the gain is not zero.
      const known = gain(this.network.layers, (l, j) => isOn(on, l, j), layer, index);
      if (known === "no") continue;
      if (flips.length > 1) return undefined;
      if (known === "yes") return false;
      useful = true;
    }
    return useful ? undefined : true;
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
