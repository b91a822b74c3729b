// Where enumeration writes half-edges and regions: array by array, in chunks of a power of two of them.
import { Net, reserveIfPossible, Run } from "./state";

/** Takes over the `regions` regions and `edges` half-edges that were written since the last call. */
// @ts-ignore: a decorator
@external("env", "regions")
declare function handOver(regions: i32, edges: i32): void;

export class Out {
  static edgeCount: i32 = 0;
  /** u32 a chunk: where it begins. */
  static edgeTable: usize = 0;
  static edgeChunks: i32 = 0;
  static regionTable: usize = 0;
  static regionChunks: i32 = 0;
  /** Regions a chunk, as a power of two. */
  static regionShift: i32 = 0;
  static regionBytes: usize = 0;
  // Where a chunk of regions has its arrays; the areas come first.
  static hashes: usize = 0;
  static firsts: usize = 0;
  static patterns: usize = 0;
  static mapsAt: usize = 0;
  static errors: usize = 0;
  /** f64 an output: how far the map's gradient may be from the true one. */
  static gradients: usize = 0;
  /** Regions handed over: a block when streaming, else a subtree. Edges and regions count from there. */
  static handedOver: i64 = 0;
  static patternBytes: usize = 0;
  /** Number of outputs whose maps are written. */
  static maps: i32 = 0;
  static streaming: bool = false;
  static comparing: bool = false;
  /** Chords whose two sides had unequal numbers of edges: always 0, unless a sign was wrong. */
  static mismatches: i32 = 0;
}

export const EDGE_SHIFT: i32 = 14;
export const EDGE_MASK: i32 = (1 << EDGE_SHIFT) - 1;
// A chunk of half-edges: x, y; then these arrays of words.
export const LABELS: usize = 16 << EDGE_SHIFT;
export const TWINS: usize = 20 << EDGE_SHIFT;
export const REGIONS: usize = 24 << EDGE_SHIFT;
export const NEXTS: usize = 28 << EDGE_SHIFT;
export const EDGE_CHUNK_BYTES: usize = 32 << EDGE_SHIFT;
const TABLE_LENGTH: i32 = 1 << 13;
const REGION_CHUNK_BYTES: usize = 1 << 20;

/** Lays out the chunks. */
export function prepareOutput(maps: i32, streaming: bool, comparing: bool): void {
  Out.maps = maps;
  Out.streaming = streaming;
  Out.comparing = comparing;
  Out.patternBytes = <usize>(((Net.neurons + 31) >> 5) << 2);
  Out.regionBytes = 28 + Out.patternBytes + <usize>maps * 40;
  let shift = 12;
  while (shift > (streaming ? 9 : 6) && (streaming || Out.regionBytes << shift > REGION_CHUNK_BYTES)) shift--;
  Out.regionShift = shift;
  Out.hashes = 8 << shift;
  Out.firsts = 24 << shift;
  Out.patterns = 28 << shift;
  Out.mapsAt = Out.patterns + (Out.patternBytes << shift);
  Out.errors = Out.mapsAt + ((<usize>maps * 24) << shift);
  Out.gradients = Out.errors + ((<usize>maps * 8) << shift);
  Out.edgeTable = reserveIfPossible(TABLE_LENGTH << 2);
  Out.regionTable = reserveIfPossible(TABLE_LENGTH << 2);
  Out.edgeCount = 0;
  Out.edgeChunks = 0;
  Out.regionChunks = 0;
  Out.handedOver = 0;
}

/** Takes room for one more chunk; where there is none the walk stops. */
export function addChunk(table: usize, chunks: i32, bytes: usize): bool {
  const at = chunks < TABLE_LENGTH ? reserveIfPossible(bytes) : 0;
  if (at === 0) {
    Run.stopped = true;
    return false;
  }
  store<u32>(table + (<usize>chunks << 2), <u32>at);
  return true;
}

@inline
export function edgeChunkOf(e: i32): usize {
  return <usize>load<u32>(Out.edgeTable + (<usize>(e >> EDGE_SHIFT) << 2));
}

/** Where a half-edge's word in one of the arrays stands. */
@inline
export function wordAt(e: i32, array: usize): usize {
  return edgeChunkOf(e) + array + (<usize>(e & EDGE_MASK) << 2);
}

/** Hands over what has been written since the last time. */
export function flush(): void {
  const regions = <i32>(Run.regions - Out.handedOver);
  if (regions > 0) handOver(regions, Out.edgeCount);
  Out.handedOver = Run.regions;
  Out.edgeCount = 0;
}
