import { planeInput, wholeInput } from "../maps/input-rows";
import type { Pattern } from "../maps/pattern";
import { RegionMaps } from "../maps/region-maps";
import { SameMap, type IntegerMaps } from "../maps/same-map";
import type { Plan } from "../plan/plan";
import type { CheckedDomain } from "./domain";
import { ExactSigns } from "./exact";

/** Maps along the plane in the integers of the engine's signs, which make a row anew only where others have switched. */
class PlaneIntegers implements IntegerMaps {
  private readonly states: Uint8Array;
  private readonly exact: ExactSigns;

  constructor(
    private readonly plan: Plan,
    domain: CheckedDomain,
  ) {
    this.states = new Uint8Array(plan.neurons);
    const withOutputs = { ...plan, hidden: [...plan.hidden, plan.output] };
    this.exact = new ExactSigns(withOutputs, domain, () => this.states);
  }

  coefficients(pattern: Pattern): bigint[] {
    const { neurons, output } = this.plan;
    let at = 0;
    for (const on of pattern.slice(0, -1)) {
      this.states.set(on, at);
      at += on.length;
    }
    const map: bigint[] = [];
    for (let k = 0; k < output.outputs; k++) {
      const { row } = this.exact.row(neurons + k);
      map.push(row.a, row.b, row.c);
    }
    return map;
  }
}

/**
 * The output maps of regions on a plane, compared along the plane.
 *
 * @param patterns `words` words a region
 */
export function planeMaps(
  plan: Plan,
  domain: CheckedDomain,
  patterns: Uint32Array,
  words: number,
): RegionMaps {
  const layers = [...plan.hidden, plan.output];
  const inputs = domain.plane ? planeInput(domain.plane) : wholeInput(2);
  const same = new SameMap(
    { inputs: layers[0].inputs, layers },
    inputs,
    () => new PlaneIntegers(plan, domain),
  );
  const switched = layers.map(({ outputs, slope, identities }) => ({
    outputs,
    linear: slope === 1,
    identities,
  }));
  return new RegionMaps(same, switched, { patterns, patternWords: words });
}
