import { deliver, makeArrays, type Extent, type RegionArrays, type RegionShape, type Room } from "./collect";
import type { EngineExports } from "./engine";

/** The regions of one subtree, numbered from 0 like their edges, until their place in the result is known. */
export interface Piece extends Extent {
  readonly arrays: RegionArrays;
  /** Holds all of the arrays. */
  readonly buffer: ArrayBuffer;
}

/** Pieces from this size on give their memory back at once when they are placed, not when it is collected. */
const LARGE = 1 << 18;

interface Resizable {
  resize?(bytes: number): void;
}

function makeBuffer(bytes: number): ArrayBuffer {
  if (bytes < LARGE) return new ArrayBuffer(bytes);
  const Make = ArrayBuffer as unknown as new (bytes: number, options: object) => ArrayBuffer;
  return new Make(bytes, { maxByteLength: bytes });
}

/** A multiple of 8, where any array may begin. */
const aligned = (bytes: number): number => (bytes + 7) & ~7;

/** Copies what the engine has written of a subtree. */
export function takePiece(exports: EngineExports, extent: Extent, shape: RegionShape): Piece {
  const { regions, edges } = extent;
  const { patternWords, outputs } = shape;
  const bytes =
    edges * 28 + (regions + 1) * 4 + regions * (8 + 16 + 4 * patternWords + 32 * outputs) + 10 * 8;
  const buffer = makeBuffer(aligned(bytes));
  let top = 0;
  const room: Room = (size) => {
    const byteOffset = top;
    top += aligned(size);
    return { buffer, byteOffset };
  };
  const arrays = makeArrays(extent, shape, room);
  deliver(exports, arrays, shape);
  return { regions, edges, arrays, buffer };
}

/** Copies a piece to its place in the result, renumbered, and gives its memory back: the piece is empty afterwards. */
export function placePiece(
  { arrays, buffer, regions, edges }: Piece,
  to: RegionArrays,
  region: number,
  edge: number,
): void {
  const {
    vertices,
    edgeNeurons,
    twins,
    regionsOfEdges,
    offsets,
    areas,
    patternHash,
    patterns,
    maps,
    mapErrors,
  } = arrays;
  const share = (array: { length: number }): number => (array.length / regions) * region;
  to.vertices.set(vertices, 2 * edge);
  to.edgeNeurons.set(edgeNeurons, edge);
  for (let e = 0; e < edges; e++) to.twins[edge + e] = twins[e] < 0 ? twins[e] : twins[e] + edge;
  for (let e = 0; e < edges; e++) to.regionsOfEdges[edge + e] = regionsOfEdges[e] + region;
  for (let r = 0; r < regions; r++) to.offsets[region + r] = offsets[r] + edge;
  if (regions > 0) {
    to.areas.set(areas, region);
    to.patternHash.set(patternHash, 4 * region);
    to.patterns.set(patterns, share(patterns));
    to.maps.set(maps, share(maps));
    to.mapErrors.set(mapErrors, share(mapErrors));
  }
  if (buffer.byteLength >= LARGE) (buffer as Resizable).resize?.(0);
}
