import {
  doubtfulEdges,
  makeArrays,
  type Extent,
  type RegionArrays,
  type RegionShape,
  type Room,
} from "./collect";
import type { Engine, EngineHost } from "./engine";
import { joinSubtrees, type Joints, type Script } from "./joints";
import { Pieces, type Place } from "./pieces";

/** A subtree as the thread that enumerated it describes it to the one that puts the result together. */
export interface Subtree extends Extent {
  readonly index: number;
  /** For each side of its polygon the number of edges along it, and these; edges count from the subtree's first. */
  readonly sides: Int32Array;
  /** Edges across which linear regions may have to be merged. */
  readonly doubtful: Int32Array;
}

/** What an enumeration keeps of each region. */
export interface Kept extends RegionShape {
  /** Note the edges across which linear regions may have to be merged. */
  readonly linear: boolean;
}

/** Takes over the subtrees that an engine enumerates. */
export class SubtreeCollector {
  readonly script: Script = [];
  readonly subtrees: Subtree[] = [];
  readonly pieces: Pieces;
  private index = 0;
  private before = 0;

  constructor(private readonly kept: Kept) {
    this.pieces = new Pieces(kept);
  }

  /** What the engine tells of an enumeration. */
  host(
    engine: () => Engine,
    mayClaim: (subtree: number) => boolean,
  ): Required<Pick<EngineHost, "claim" | "joint" | "finished">> {
    return {
      claim: (subtree) => {
        this.script.push(subtree);
        if (!mayClaim(subtree)) return false;
        this.index = subtree;
        this.before = engine().exports.regions();
        return true;
      },
      joint: (at, corners) =>
        void this.script.push(new Int8Array(engine().exports.memory.buffer, at, corners).slice()),
      finished: (at, words) => {
        const { exports } = engine();
        const extent = { regions: exports.regions() - this.before, edges: exports.edgeCount() };
        this.pieces.take(this.index, exports, extent);
        this.subtrees.push({
          ...extent,
          index: this.index,
          sides: new Int32Array(exports.memory.buffer, at, words).slice(),
          doubtful: this.kept.linear ? doubtfulEdges(exports, extent.edges) : new Int32Array(0),
        });
      },
    };
  }
}

/** The result's arrays, and the place of each subtree in them: one after the other, in the order of a walk. */
export function layOut(
  subtrees: readonly Subtree[],
  shape: RegionShape,
  room: Room,
): { arrays: RegionArrays; places: Place[] } {
  let [region, edge] = [0, 0];
  const places = [...subtrees]
    .sort((a, b) => a.index - b.index)
    .map(({ index, regions, edges }) => {
      const place = { index, region, edge };
      region += regions;
      edge += edges;
      return place;
    });
  return { arrays: makeArrays({ regions: region, edges: edge }, shape, room), places };
}

/** The edges along each side of a subtree's polygon, as they are numbered in the result. */
function sidesOf({ sides }: Subtree, edge: number): number[][] {
  const result: number[][] = [];
  for (let at = 0; at < sides.length; at += 1 + sides[at]) {
    result.push(Array.from(sides.subarray(at + 1, at + 1 + sides[at]), (e) => e + edge));
  }
  return result;
}

/**
 * Joins the subtrees along the cuts above them, once all are at their places.
 *
 * @returns the edges that the subtrees noted as doubtful, and one of each pair that was joined
 * @throws Error when cuts have unequal numbers of edges on their two sides: a free detector of wrong signs
 */
export function join(
  subtrees: readonly Subtree[],
  places: readonly Place[],
  script: Script,
  twins: Int32Array,
  mismatches: number,
  complete: boolean,
): number[] {
  const known = new Map(subtrees.map((subtree) => [subtree.index, subtree]));
  const edgeOf = new Map(places.map(({ index, edge }) => [index, edge]));
  const doubtful: number[] = [];
  for (const { index, edge } of places) {
    for (const e of (known.get(index) as Subtree).doubtful) doubtful.push(e + edge);
  }
  if (!complete) return doubtful;
  const joints: Joints = { twins, joined: [], mismatches };
  joinSubtrees(script, (index) => sidesOf(known.get(index) as Subtree, edgeOf.get(index) as number), joints);
  if (joints.mismatches > 0) {
    throw new Error(
      `${joints.mismatches} chords have unequal numbers of edges on their two sides: a sign was wrong`,
    );
  }
  return doubtful.concat(joints.joined);
}
