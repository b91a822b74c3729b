import type { EngineExports } from "./engine";

/** What enumeration finds, in arrays of their final size and layout (see `PlaneRegions`). */
export interface RegionArrays {
  readonly vertices: Float64Array;
  readonly edgeNeurons: Int32Array;
  readonly twins: Int32Array;
  readonly regionsOfEdges: Uint32Array;
  readonly offsets: Uint32Array;
  readonly areas: Float64Array;
  readonly patternHash: Uint32Array;
  readonly patterns: Uint32Array;
  readonly maps: Float64Array;
  readonly mapErrors: Float64Array;
}

/** How much an enumeration found. */
export interface Extent {
  readonly regions: number;
  readonly edges: number;
}

/** Arrays for so many regions and edges; `shared` between threads. */
export function makeArrays(
  { regions, edges }: Extent,
  patternWords: number,
  outputs: number,
  shared: boolean,
): RegionArrays {
  const room = (bytes: number): ArrayBuffer =>
    shared ? (new SharedArrayBuffer(bytes) as unknown as ArrayBuffer) : new ArrayBuffer(bytes);
  const offsets = new Uint32Array(room(4 * (regions + 1)));
  offsets[regions] = edges;
  return {
    vertices: new Float64Array(room(16 * edges)),
    edgeNeurons: new Int32Array(room(4 * edges)),
    twins: new Int32Array(room(4 * edges)),
    regionsOfEdges: new Uint32Array(room(4 * edges)),
    offsets,
    areas: new Float64Array(room(8 * regions)),
    patternHash: new Uint32Array(room(16 * regions)),
    patterns: new Uint32Array(room(4 * patternWords * regions)),
    maps: new Float64Array(room(24 * outputs * regions)),
    mapErrors: new Float64Array(room(8 * outputs * regions)),
  };
}

/** Some of the regions and edges that an engine has written, and where they go. */
export interface Part extends Extent {
  readonly firstRegion: number;
  readonly firstEdge: number;
  /** Added to the engine's numbers of regions and edges. */
  readonly regionShift: number;
  readonly edgeShift: number;
}

// The layout of assembly/regions/emit.ts.
const EDGE_BITS = 14;
const [LABELS, TWINS, REGIONS, NEXTS] = [16, 20, 24, 28].map((bytes) => bytes << EDGE_BITS);
const DOUBTFUL = -2;

interface Typed {
  set(values: ArrayLike<number>, at: number): void;
}

/** Copies the items `first` .. `first + count - 1` of a chunked array, `width` numbers each. */
function copyItems(
  to: Typed,
  make: new (buffer: ArrayBuffer, at: number, length: number) => ArrayLike<number>,
  width: number,
  exports: EngineExports,
  chunk: (i: number) => number,
  bits: number,
  offset: number,
  size: number,
  { first, count, shift }: { first: number; count: number; shift: number },
): void {
  if (width === 0) return;
  const { buffer } = exports.memory;
  const mask = (1 << bits) - 1;
  for (let i = first; i < first + count;) {
    const length = Math.min(first + count - i, mask + 1 - (i & mask));
    const at = chunk(i >> bits) + offset + (i & mask) * width * size;
    to.set(new make(buffer, at, length * width), (i + shift) * width);
    i += length;
  }
}

/** Copies a part of what the engine wrote to its place, renumbered. */
export function deliver(exports: EngineExports, part: Part, to: RegionArrays, outputs: number): void {
  const { edgeShift, regionShift } = part;
  const bits = exports.regionShift();
  const edges = { first: part.firstEdge, count: part.edges, shift: edgeShift };
  const edgeChunk = (i: number): number => exports.edgeChunk(i);
  copyItems(to.vertices, Float64Array, 2, exports, edgeChunk, EDGE_BITS, 0, 8, edges);
  copyItems(to.edgeNeurons, Int32Array, 1, exports, edgeChunk, EDGE_BITS, LABELS, 4, edges);
  copyItems(to.twins, Int32Array, 1, exports, edgeChunk, EDGE_BITS, TWINS, 4, edges);
  copyItems(to.regionsOfEdges, Uint32Array, 1, exports, edgeChunk, EDGE_BITS, REGIONS, 4, edges);
  const regions = { first: part.firstRegion, count: part.regions, shift: regionShift };
  const regionChunk = (i: number): number => exports.regionChunk(i);
  const patternWords = part.regions === 0 ? 0 : to.patterns.length / to.areas.length;
  const [hashes, firsts, patterns, maps, errors] = [0, 1, 2, 3, 4].map((k) => exports.regionArray(k));
  copyItems(to.areas, Float64Array, 1, exports, regionChunk, bits, 0, 8, regions);
  copyItems(to.patternHash, Uint32Array, 4, exports, regionChunk, bits, hashes, 4, regions);
  copyItems(to.offsets, Uint32Array, 1, exports, regionChunk, bits, firsts, 4, regions);
  copyItems(to.patterns, Uint32Array, patternWords, exports, regionChunk, bits, patterns, 4, regions);
  copyItems(to.maps, Float64Array, 3 * outputs, exports, regionChunk, bits, maps, 8, regions);
  copyItems(to.mapErrors, Float64Array, outputs, exports, regionChunk, bits, errors, 8, regions);
  if (edgeShift === 0 && regionShift === 0) return;
  const { twins, regionsOfEdges, offsets } = to;
  const [e0, r0] = [part.firstEdge + edgeShift, part.firstRegion + regionShift];
  for (let e = e0; e < e0 + part.edges; e++) {
    if (twins[e] >= 0) twins[e] += edgeShift;
    regionsOfEdges[e] += regionShift;
  }
  for (let r = r0; r < r0 + part.regions; r++) offsets[r] += edgeShift;
}

/** The edges of a part on whose two sides the maps may be the same, one of each pair, as numbered after delivery. */
export function doubtfulEdges(exports: EngineExports, part: Part): Int32Array {
  const found: number[] = [];
  const end = part.firstEdge + part.edges;
  for (let first = part.firstEdge; first < end;) {
    const chunk = first >> EDGE_BITS;
    const last = Math.min(end, (chunk + 1) << EDGE_BITS);
    const nexts = new Int32Array(exports.memory.buffer, exports.edgeChunk(chunk) + NEXTS, 1 << EDGE_BITS);
    const base = chunk << EDGE_BITS;
    for (let e = first; e < last; e++) if (nexts[e - base] === DOUBTFUL) found.push(e + part.edgeShift);
    first = last;
  }
  return Int32Array.from(found);
}
