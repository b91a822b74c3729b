import type { EngineExports } from "./engine";

/** What enumeration finds, in arrays of their final layout (see `PlaneRegions`). */
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

/** How much an enumeration, or a part of it, found. */
export interface Extent {
  readonly regions: number;
  readonly edges: number;
}

/** Words of a pattern and number of outputs: what a region takes beside its edges. */
export interface RegionShape {
  readonly patternWords: number;
  readonly outputs: number;
}

/** Where an array goes: bytes of a buffer from `byteOffset` on. */
export type Room = (bytes: number) => { readonly buffer: ArrayBuffer; readonly byteOffset: number };

/** A buffer of its own for each array. */
export const ownRoom: Room = (bytes) => ({ buffer: new ArrayBuffer(bytes), byteOffset: 0 });

/** The same, shared between threads. */
export const sharedRoom: Room = (bytes) => ({
  buffer: new SharedArrayBuffer(bytes) as unknown as ArrayBuffer,
  byteOffset: 0,
});

interface Make<T> {
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

/** Bytes of the arrays of {@link makeArrays}: those of an edge, and those of a region. */
export const EDGE_BYTES = 16 + 4 + 4 + 4;
export const regionBytes = ({ patternWords, outputs }: RegionShape): number =>
  4 + 8 + 16 + 4 * patternWords + 32 * outputs;

/** Arrays for so many regions and edges. */
export function makeArrays(
  { regions, edges }: Extent,
  { patternWords, outputs }: RegionShape,
  room: Room,
): RegionArrays {
  const array = <T>(make: Make<T>, length: number): T => {
    const { buffer, byteOffset } = room(length * make.BYTES_PER_ELEMENT);
    return new make(buffer, byteOffset, length);
  };
  const offsets = array(Uint32Array, regions + 1);
  offsets[regions] = edges;
  return {
    vertices: array(Float64Array, 2 * edges),
    edgeNeurons: array(Int32Array, edges),
    twins: array(Int32Array, edges),
    regionsOfEdges: array(Uint32Array, edges),
    offsets,
    areas: array(Float64Array, regions),
    patternHash: array(Uint32Array, 4 * regions),
    patterns: array(Uint32Array, patternWords * regions),
    maps: array(Float64Array, 3 * outputs * regions),
    mapErrors: array(Float64Array, outputs * regions),
  };
}

interface Typed {
  readonly length: number;
  set(values: ArrayLike<number>, at: number): void;
}

/** Fills an array from the engine's chunks: `width` numbers an item, 2^bits items a chunk, from byte `offset` of each. */
function copyItems<T extends Typed>(
  to: T,
  make: Make<T & ArrayLike<number>>,
  width: number,
  memory: ArrayBuffer,
  chunk: (i: number) => number,
  bits: number,
  offset: number,
): void {
  const whole = width << bits;
  for (let at = 0, i = 0; at < to.length; at += whole, i++) {
    to.set(new make(memory, chunk(i) + offset, Math.min(whole, to.length - at)), at);
  }
}

/** Copies the regions and edges that the engine has written since it handed over the last. */
export function deliver(
  exports: EngineExports,
  to: RegionArrays,
  { patternWords, outputs }: RegionShape,
): void {
  const { buffer } = exports.memory;
  const edgeBits = exports.EDGE_SHIFT.value;
  const edgeChunk = (i: number): number => exports.edgeChunk(i);
  copyItems(to.vertices, Float64Array, 2, buffer, edgeChunk, edgeBits, 0);
  copyItems(to.edgeNeurons, Int32Array, 1, buffer, edgeChunk, edgeBits, exports.LABELS.value);
  copyItems(to.twins, Int32Array, 1, buffer, edgeChunk, edgeBits, exports.TWINS.value);
  copyItems(to.regionsOfEdges, Uint32Array, 1, buffer, edgeChunk, edgeBits, exports.REGIONS.value);
  const bits = exports.regionShift();
  const regionChunk = (i: number): number => exports.regionChunk(i);
  const offsets = to.offsets.subarray(0, to.areas.length);
  copyItems(to.areas, Float64Array, 1, buffer, regionChunk, bits, 0);
  copyItems(to.patternHash, Uint32Array, 4, buffer, regionChunk, bits, exports.hashesAt());
  copyItems(offsets, Uint32Array, 1, buffer, regionChunk, bits, exports.firstsAt());
  copyItems(to.patterns, Uint32Array, patternWords, buffer, regionChunk, bits, exports.patternsAt());
  copyItems(to.maps, Float64Array, 3 * outputs, buffer, regionChunk, bits, exports.mapsAt());
  copyItems(to.mapErrors, Float64Array, outputs, buffer, regionChunk, bits, exports.errorsAt());
}

/** Of the edges written, one of each pair on whose two sides the maps may be the same. */
export function doubtfulEdges(exports: EngineExports, edges: number): Int32Array {
  const { memory, DOUBTFUL, NEXTS, EDGE_SHIFT } = exports;
  const [chunk, doubtful] = [1 << EDGE_SHIFT.value, DOUBTFUL.value]; // to read one takes a call
  const found: number[] = [];
  for (let base = 0, i = 0; base < edges; base += chunk, i++) {
    const length = Math.min(edges - base, chunk);
    const nexts = new Int32Array(memory.buffer, exports.edgeChunk(i) + NEXTS.value, length);
    for (let e = 0; e < length; e++) if (nexts[e] === doubtful) found.push(base + e);
  }
  return Int32Array.from(found);
}
