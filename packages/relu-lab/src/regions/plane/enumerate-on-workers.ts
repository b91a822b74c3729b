import { makeArrays, type Part } from "./collect";
import type { CheckedDomain } from "./domain";
import { checkMismatches, type Enumerated, type Wanted } from "./enumerate";
import { joinSubtrees, type Joints } from "./joints";
import type { Plan } from "./plan";
import type { EnumerateShare, Subtree } from "./task";
import type { PlaneOptions } from "./types";
import { countOf, walkOnWorkers } from "./walk-on-workers";

/** A subtree, who has it, and where its regions and edges begin in the result. */
interface Place extends Subtree {
  readonly worker: number;
  readonly regionShift: number;
  readonly edgeShift: number;
}

/** Places the subtrees of all workers one after the other, in the order of a walk alone. */
function placesOf(shares: readonly EnumerateShare[]): { places: Place[]; regions: number; edges: number } {
  let [regions, edges] = [0, 0];
  const places = shares
    .flatMap(({ subtrees }, worker) => subtrees.map((subtree) => ({ worker, subtree })))
    .sort((a, b) => a.subtree.index - b.subtree.index)
    .map(({ worker, subtree }) => {
      const place = {
        ...subtree,
        worker,
        regionShift: regions - subtree.firstRegion,
        edgeShift: edges - subtree.firstEdge,
      };
      regions += subtree.regions;
      edges += subtree.edges;
      return place;
    });
  return { places, regions, edges };
}

/** The edges along each side of a subtree's polygon, as they are numbered in the result. */
function sidesOf({ sides, edgeShift }: Place): number[][] {
  const result: number[][] = [];
  for (let at = 0; at < sides.length; at += 1 + sides[at]) {
    result.push(Array.from(sides.subarray(at + 1, at + 1 + sides[at]), (e) => e + edgeShift));
  }
  return result;
}

/**
 * Enumerates on several workers. They claim subtrees and keep what they find; when all are done, the place of each
 * subtree in the result is known, the workers copy theirs there (the result's memory is shared), and this thread joins
 * the subtrees along the cuts above them.
 */
export async function enumerateOnWorkers(
  plan: Plan,
  domain: CheckedDomain,
  { patternWords, outputs, withMaps, linear, limit }: Wanted,
  options: PlaneOptions,
  workers: number,
  start: number,
): Promise<Enumerated> {
  return walkOnWorkers(plan, domain, options, workers, limit, async (walk, ask) => {
    const task = { ...walk, outputs, withMaps, linear };
    const shares = await ask<EnumerateShare>(() => ({ enumerate: task }));
    const summary = countOf(shares, task.certified, start);
    const { places, ...extent } = placesOf(shares);
    const arrays = makeArrays(extent, patternWords, outputs, true);
    const partsOf = (worker: number): Part[] => places.filter((place) => place.worker === worker);
    const delivered = await ask<Int32Array[]>((worker) => ({
      deliver: { arrays, parts: partsOf(worker), outputs, linear },
    }));
    const joints: Joints = {
      twins: arrays.twins,
      joined: [],
      mismatches: shares.reduce((sum, share) => sum + share.mismatches, 0),
    };
    if (summary.complete) {
      const known = new Map(places.map((place) => [place.index, place]));
      joinSubtrees(shares[0].script, (subtree) => sidesOf(known.get(subtree) as Place), joints);
      checkMismatches(joints.mismatches);
    }
    const doubtful = linear ? [...delivered.flat().flatMap((edges) => [...edges]), ...joints.joined] : [];
    return { summary, arrays, doubtful };
  });
}
