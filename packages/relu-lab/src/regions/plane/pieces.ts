import {
  deliver,
  EDGE_BYTES,
  makeArrays,
  regionBytes,
  type Extent,
  type RegionArrays,
  type RegionShape,
  type Room,
} from "./collect";
import type { EngineExports } from "./engine";

/** The regions of one subtree, numbered from 0 like their edges, until their place in the result is known. */
interface Piece extends Extent {
  readonly arrays: RegionArrays;
  /** Holds all of the arrays, and gives its memory back by being resized; undefined when they are in the arena. */
  readonly buffer: Resizable | undefined;
}

/** Where a subtree's regions and edges begin in the result. */
export interface Place {
  readonly index: number;
  readonly region: number;
  readonly edge: number;
}

/** Where subtrees go. */
export interface Delivery {
  readonly arrays: RegionArrays;
  readonly places: readonly Place[];
}

/** ES2024; where it is missing, memory comes back when it is collected. */
interface Resizable extends ArrayBuffer {
  resize?(bytes: number): void;
}

function makeResizable(bytes: number): Resizable {
  const Make = ArrayBuffer as unknown as new (bytes: number, options: object) => Resizable;
  return new Make(bytes, { maxByteLength: bytes });
}

/**
 * Room for the first pieces, kept from one enumeration to the next: a small enumeration then needs no memory but its
 * result's. Pages never touched cost nothing.
 */
const ARENA_BYTES = 1 << 24;
let spareArena: ArrayBuffer | undefined;

/** A multiple of 8, where any array may begin. */
const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** What a thread has enumerated and not delivered yet: pieces by the numbers of their subtrees. */
export class Pieces {
  private readonly pieces = new Map<number, Piece>();
  private arena: ArrayBuffer | undefined;
  private top = 0;

  constructor(private readonly shape: RegionShape) {
    this.arena = spareArena ?? new ArrayBuffer(ARENA_BYTES);
    spareArena = undefined;
  }

  /** Copies what the engine has written of a subtree. */
  take(index: number, exports: EngineExports, extent: Extent): void {
    const { regions, edges } = extent;
    const bytes = aligned(edges * EDGE_BYTES + regions * regionBytes(this.shape) + 4 + 10 * 8);
    const own = !this.arena || this.top + bytes > this.arena.byteLength;
    const buffer = own ? makeResizable(bytes) : (this.arena as ArrayBuffer);
    let top = own ? 0 : this.top;
    const room: Room = (size) => {
      const byteOffset = top;
      top += aligned(size);
      return { buffer, byteOffset };
    };
    const arrays = makeArrays(extent, this.shape, room);
    if (!own) this.top = top;
    deliver(exports, arrays, this.shape);
    this.pieces.set(index, { regions, edges, arrays, buffer: own ? buffer : undefined });
  }

  /** Copies those subtrees that are here to their places, renumbered, and forgets them. */
  deliver({ arrays, places }: Delivery): void {
    for (const { index, region, edge } of places) {
      const piece = this.pieces.get(index);
      if (!piece) continue;
      place(piece, arrays, region, edge);
      piece.buffer?.resize?.(0);
      this.pieces.delete(index);
    }
  }

  /** Leaves the arena to the next enumeration. Nothing can be delivered afterwards. */
  release(): void {
    this.pieces.clear();
    spareArena ??= this.arena;
    this.arena = undefined;
  }
}

function place({ arrays, regions, edges }: Piece, to: RegionArrays, region: number, edge: number): void {
  const { twins, regionsOfEdges, offsets } = arrays;
  const share = (array: { length: number }): number => (regions && array.length / regions) * region;
  to.vertices.set(arrays.vertices, 2 * edge);
  to.edgeNeurons.set(arrays.edgeNeurons, edge);
  for (let e = 0; e < edges; e++) to.twins[edge + e] = twins[e] < 0 ? twins[e] : twins[e] + edge;
  for (let e = 0; e < edges; e++) to.regionsOfEdges[edge + e] = regionsOfEdges[e] + region;
  for (let r = 0; r < regions; r++) to.offsets[region + r] = offsets[r] + edge;
  to.areas.set(arrays.areas, region);
  to.patternHash.set(arrays.patternHash, 4 * region);
  to.patterns.set(arrays.patterns, share(arrays.patterns));
  to.maps.set(arrays.maps, share(arrays.maps));
  to.mapErrors.set(arrays.mapErrors, share(arrays.mapErrors));
}
