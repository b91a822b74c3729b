import type { ReluNetwork } from "../../network";
import { ExactMap } from "./exact-map";
import { gain } from "./gain";
import type { Pattern } from "./pattern";
import { ResidueMap } from "./residue-map";

/** Whether two activation patterns of a network have the same output map: always certain, exact where need be. */
export class SameMap {
  private residues: ResidueMap | undefined;
  private exact: ExactMap | undefined;

  constructor(private readonly network: ReluNetwork) {}

  equal(a: Pattern, b: Pattern): boolean {
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
        if (flips > 1 && useful) return this.equalMaps(a, b);
      }
    }
    if (!useful) return true;
    return known === "yes" ? false : this.equalMaps(a, b);
  }

  /** A number that equal maps share, and different maps hardly ever. */
  key(pattern: Pattern): string {
    return (this.residues ??= new ResidueMap(this.network)).of(pattern).join();
  }

  /** Whether two maps with the same key are equal. */
  confirm(a: Pattern, b: Pattern): boolean {
    return (this.exact ??= new ExactMap(this.network)).equal(a, b);
  }

  private equalMaps(a: Pattern, b: Pattern): boolean {
    return this.key(a) === this.key(b) && this.confirm(a, b);
  }
}
