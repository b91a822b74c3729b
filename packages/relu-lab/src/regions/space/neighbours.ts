import type { ReluNetwork } from "../../network";
import { isSwitched } from "../../network/relu-network";
import { unpackPattern } from "../maps/pattern";
import { neuronClasses } from "../plan/classes";
import { placeOf, startsOf } from "../plan/places";
import { planOf } from "../plan/plan";
import { ExactCrossing } from "./crossing";
import { PatternIndex } from "./pattern-index";
import type { SpaceNeighbours, SpaceRegions } from "./types";

/** For every neuron those of its layer with a multiple of its row, itself included: they switch together. */
function companions(network: ReluNetwork): number[][] {
  const classes = neuronClasses(planOf(network));
  const members = new Map<number, number[]>();
  classes.forEach((first, neuron) => {
    const list = members.get(first);
    if (list) list.push(neuron);
    else members.set(first, [neuron]);
  });
  return Array.from(classes, (first) => members.get(first) ?? []);
}

/** The neurons whose boundaries are facets of a region: those with three edges or more. */
function facetsOf({ edges, edgeOffsets }: NonNullable<SpaceRegions["shapes"]>, region: number): number[] {
  const seen: number[] = [];
  const counts: number[] = [];
  for (let e = 4 * edgeOffsets[region]; e < 4 * edgeOffsets[region + 1]; e += 4) {
    for (const facet of [edges[e + 2], edges[e + 3]]) {
      if (facet < 0) continue;
      const at = seen.indexOf(facet);
      if (at < 0) {
        seen.push(facet);
        counts.push(1);
      } else counts[at]++;
    }
  }
  return seen.filter((_, i) => counts[i] >= 3);
}

/**
 * The pairs of regions that share a facet.
 *
 * Beyond the facet of neuron n lies the region whose pattern has n and its multiples switched, if there is one: on the
 * facet's plane the rows of the layers above agree on both sides, so had another neuron switched too, that pattern
 * would be empty. Where there is none, the neurons that switch are found in integers. Every facet is looked at from
 * both sides; numbers that disagree are an error that is not passed over.
 *
 * @internal
 */
export function neighboursOf(
  network: ReluNetwork,
  found: Pick<SpaceRegions, "count" | "patterns" | "patternWords" | "shapes" | "complete">,
): SpaceNeighbours {
  const { shapes, patterns, patternWords, complete } = found;
  if (!shapes) throw new RangeError("neighboursOf: the regions have no shapes");
  const index = new PatternIndex(found);
  const together = companions(network);
  const starts = startsOf(network.layers);
  let crossing: ExactCrossing | undefined;
  const wanted = new Uint32Array(patternWords);
  const across = (region: number, neuron: number): number => {
    wanted.set(patterns.subarray(region * patternWords, (region + 1) * patternWords));
    for (const n of together[neuron]) wanted[n >>> 5] ^= 1 << (n & 31);
    const simple = index.find(wanted);
    if (simple >= 0) return simple;
    crossing ??= new ExactCrossing(network);
    const { layer, index: place } = placeOf(starts, neuron);
    const there = crossing.beyond(unpackPattern(network, patterns, region * patternWords), layer, place);
    wanted.fill(0);
    let bit = 0;
    for (let l = 0; l < there.length; l++) {
      for (let i = 0; i < there[l].length; i++, bit++) {
        // The engine's bits of neurons without a ReLU say nothing; they are copied.
        const on = isSwitched(network.layers[l], i)
          ? there[l][i]
          : (patterns[region * patternWords + (bit >>> 5)] >>> (bit & 31)) & 1;
        if (on) wanted[bit >>> 5] |= 1 << (bit & 31);
      }
    }
    const exact = index.find(wanted);
    if (exact < 0 && complete)
      throw new Error(`region ${region} has a facet of neuron ${neuron} without a region beyond it`);
    return exact;
  };
  const pairs: number[] = [];
  const neurons: number[] = [];
  let seenBack = 0;
  for (let r = 0; r < found.count; r++) {
    for (const neuron of facetsOf(shapes, r)) {
      const q = across(r, neuron);
      if (q > r) {
        pairs.push(r, q);
        neurons.push(neuron);
      } else if (q >= 0) seenBack++;
    }
  }
  if (seenBack !== neurons.length)
    throw new Error(
      `${neurons.length} facets seen from one side, ${seenBack} from the other: a sign was wrong`,
    );
  return { pairs: Uint32Array.from(pairs), neurons: Int32Array.from(neurons) };
}
