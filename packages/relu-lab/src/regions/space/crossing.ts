import type { ReluNetwork } from "../../network";
import { isSwitched } from "../../network/relu-network";
import { signOf } from "../arithmetic/integers";
import { ExactMap, type ExactRow } from "../maps/exact-map";
import type { Pattern } from "../maps/pattern";

/** 1 or -1 when a row is a positive or negative multiple of another one, 0 when it is zero, else undefined. */
function multiple(row: ExactRow, of: ExactRow): -1 | 0 | 1 | undefined {
  if (row.every((value) => value === 0n)) return 0;
  const lead = of.findIndex((value) => value !== 0n);
  if (!row.every((value, k) => value * of[lead] === of[k] * row[lead])) return undefined;
  return (signOf(row[lead]) * signOf(of[lead])) as -1 | 1;
}

/**
 * The pattern on the other side of a facet, in integers.
 *
 * Only neurons that vanish on the whole facet can differ there. Their rows beyond it are multiples of the plane's own,
 * zero included; layer by layer, because each one's row depends on what switched below.
 */
export class ExactCrossing {
  private readonly maps: ExactMap;

  constructor(private readonly network: ReluNetwork) {
    this.maps = new ExactMap(network);
  }

  /** `here` beyond the facet that neuron `index` of `layer` makes. */
  beyond(here: Pattern, layer: number, index: number): Uint8Array[] {
    const there = here.map((on) => on.slice());
    const side = here[layer][index] ? -1 : 1;
    let rows = this.maps.start();
    let plane: ExactRow | undefined;
    for (let l = 0; l < there.length; l++) {
      rows = this.maps.rows(l, rows, l > 0 ? there[l - 1] : undefined);
      if (l === layer) plane = rows[index];
      if (!plane || this.network.layers[l].activation === "linear") continue;
      for (let i = 0; i < rows.length; i++) {
        if (!isSwitched(this.network.layers[l], i)) continue;
        const factor = multiple(rows[i], plane);
        if (factor !== undefined) there[l][i] = factor * side > 0 ? 1 : 0;
      }
    }
    return there;
  }
}
