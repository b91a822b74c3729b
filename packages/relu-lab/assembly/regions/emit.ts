// What enumeration writes: half-edges and regions, array by array, in chunks of a power of two of them.
import { firstLength, firstList, layerOf, ROW_HEAD, ROWS, rowsOf, strideOf } from "./frame";
import { corner, edgeLine, HEAD, LINE_ID, TAIL } from "./polygon";
import { ENTRIES, ENTRY_BYTES, ENTRY_COLUMN, ENTRY_COUNT } from "./sparse-fold";
import { Net, reserveIfPossible, Run, Stack, U } from "./state";

/** Takes over the `regions` regions and `edges` half-edges that were written since the last call. */
// @ts-ignore: a decorator
@external("env", "regions")
declare function handOver(regions: i32, edges: i32): void;

/** A cut above the claimed subtrees: one sign (i8) a corner. Its two parts have been walked, here or elsewhere. */
// @ts-ignore: a decorator
@external("env", "joint")
export declare function joint(signs: usize, corners: i32): void;

/** A claimed subtree is done. For each side of its polygon: the number of half-edges along it, and these (i32). */
// @ts-ignore: a decorator
@external("env", "finished")
declare function finished(sides: usize, words: i32): void;

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

const EDGE_SHIFT: i32 = 14;
const EDGE_MASK: i32 = (1 << EDGE_SHIFT) - 1;
// A chunk of half-edges: x, y; then these arrays of words.
const LABELS: usize = 16 << EDGE_SHIFT;
const TWINS: usize = 20 << EDGE_SHIFT;
const REGIONS: usize = 24 << EDGE_SHIFT;
const NEXTS: usize = 28 << EDGE_SHIFT;
const EDGE_CHUNK_BYTES: usize = 32 << EDGE_SHIFT;
/** In NEXTS, of an edge that has its twin: the maps on its two sides may be the same. */
const DOUBTFUL: i32 = -2;
const TABLE_LENGTH: i32 = 1 << 13;
const REGION_CHUNK_BYTES: usize = 1 << 20;

/** Lays out the chunks. */
export function prepare(maps: i32, streaming: bool, comparing: bool): void {
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

function addChunk(table: usize, chunks: i32, bytes: usize): bool {
  const at = chunks < TABLE_LENGTH ? reserveIfPossible(bytes) : 0;
  if (at === 0) {
    Run.stopped = true;
    return false;
  }
  store<u32>(table + (<usize>chunks << 2), <u32>at);
  return true;
}

@inline
function edgeChunkOf(e: i32): usize {
  return <usize>load<u32>(Out.edgeTable + (<usize>(e >> EDGE_SHIFT) << 2));
}

/** Where a half-edge's word in one of the arrays stands. */
@inline
function wordAt(e: i32, array: usize): usize {
  return edgeChunkOf(e) + array + (<usize>(e & EDGE_MASK) << 2);
}

export function flush(): void {
  const regions = <i32>(Run.regions - Out.handedOver);
  if (regions > 0) handOver(regions, Out.edgeCount);
  Out.handedOver = Run.regions;
  Out.edgeCount = 0;
}

const FIRST: u64 = 0x87c37b91114253d5;
const SECOND: u64 = 0x4cf5ad432745937f;

@inline
function finish64(h: u64): u64 {
  let x = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53;
  return x ^ (x >> 33);
}

/** 128 bits that equal patterns share: the mixes of MurmurHash3 (Appleby 2011), both fed with every eight bytes. */
function writeHash(hash: usize, pattern: usize, bytes: usize): void {
  let h0: u64 = 0;
  let h1: u64 = 0;
  for (const end = pattern + bytes; pattern < end; pattern += 8) {
    const word = pattern + 4 < end ? load<u64>(pattern) : <u64>load<u32>(pattern);
    h0 = (rotl(h0 ^ (rotl(word * FIRST, 31) * SECOND), 27) + h1) * 5 + 0x52dce729;
    h1 = (rotl(h1 ^ (rotl(word * SECOND, 33) * FIRST), 31) + h0) * 5 + 0x38495ab5;
  }
  h0 += h1;
  h1 += h0;
  h0 = finish64(h0);
  h1 = finish64(h1);
  h0 += h1;
  h1 += h0;
  store<u64>(hash, h0);
  store<u64>(hash, h1, 8);
}

/** Whether one of the neurons of an entry of Net.sums or Net.zeroable is on; 1 when it lists none. */
@inline
function anyOn(at: usize, end: usize): u8 {
  let on = <u8>(end === at + 8); // a linear neuron
  for (let term = at + 8; term < end; term += 4) on |= load<u8>(Net.shown + load<i32>(term));
  return on;
}

/**
 * The states as patterns show them. A neuron without a column sums up activations, and is on when one of them is;
 * one that the signs of its terms have decided is off where all of them are.
 */
function showStates(): void {
  memory.copy(Net.shown, Net.states, <usize>((Net.neurons + 31) & ~31));
  let p = Net.sums;
  let q = Net.zeroable;
  while (p < Net.sumsEnd || q < Net.zeroableEnd) {
    // In the order of neurons, for terms may be such neurons themselves.
    if (q >= Net.zeroableEnd || (p < Net.sumsEnd && load<i32>(p) < load<i32>(q))) {
      const end = p + 8 + (<usize>load<i32>(p, 4) << 2);
      store<u8>(Net.shown + load<i32>(p), anyOn(p, end));
      p = end;
    } else {
      const end = q + 8 + (<usize>load<i32>(q, 4) << 2);
      const at = Net.shown + load<i32>(q);
      if (load<u8>(at)) store<u8>(at, anyOn(q, end));
      q = end;
    }
  }
}

function writePattern(to: usize, hash: usize): void {
  if (Net.sparse) showStates();
  const words = Out.patternBytes;
  let p = Net.sparse ? Net.shown : Net.states;
  for (let k: usize = 0; k < words; k += 2, p += 16) {
    store<u16>(to + k, <u16>i8x16.bitmask(i8x16.ne(v128.load(p), i8x16.splat(0))));
  }
  writeHash(hash, to, words);
}

/** The slope of a line's neuron where it is: 1 where it is active. */
@inline
function slopeOn(line: usize): f64 {
  const neuron = load<i32>(line, LINE_ID);
  return load<u8>(Net.states + neuron) ? 1 : load<f64>(Net.slopes + (<usize>neuron << 3));
}

/** Writes one output's map a, b, c, the bound of its error, and that of its gradient. */
@inline
function storeMap(to: usize, errors: usize, gradients: usize, ab: v128, ce: v128, perWidth: f64): void {
  v128.store(to, ab);
  v128.store64_lane(to + 16, ce, 0);
  v128.store64_lane(errors, ce, 1);
  store<f64>(gradients, perWidth * f64x2.extract_lane(ce, 1));
}

/** As `writeMaps`, for sparse rows. */
function writeSparseMaps(to: usize, errors: usize, gradients: usize, frame: usize, perWidth: f64): void {
  const rows = <usize>load<u32>(layerOf(frame, Net.layers), ROWS);
  const list = firstList(frame);
  for (let k = 0; k < Out.maps; k++, to += 24, errors += 8, gradients += 8) {
    const row = <usize>load<u32>(rows + (<usize>k << 2));
    let ab = v128.load(row);
    let ce = v128.load(row, 16);
    const end = row + ENTRIES + <usize>load<i32>(row, ENTRY_COUNT) * ENTRY_BYTES;
    for (let at = row + ENTRIES; at < end; at += ENTRY_BYTES) {
      const line = <usize>load<u32>(list + (<usize>load<u32>(at, ENTRY_COLUMN) << 2));
      const factor = slopeOn(line);
      if (factor === 0) continue;
      const w = factor * load<f64>(at);
      const ww = f64x2.splat(w);
      ab = f64x2.add(ab, f64x2.mul(ww, v128.load(line)));
      ce = f64x2.add(ce, f64x2.mul(f64x2.replace_lane(ww, 1, Math.abs(w)), v128.load(line, 16)));
    }
    storeMap(to, errors, gradients, ab, ce, perWidth);
  }
}

/**
 * Writes the outputs' maps with the bounds of their errors. On a polygon of width w an affine error of at most E has a
 * gradient of at most 2 E / w; `perWidth` is above 2 / w.
 */
function writeMaps(to: usize, errors: usize, gradients: usize, frame: usize, perWidth: f64): void {
  if (Net.sparse) return writeSparseMaps(to, errors, gradients, frame, perWidth);
  const rows = rowsOf(frame, Net.layers);
  const stride = strideOf(frame, Net.layers);
  const n = firstLength(frame);
  const list = firstList(frame);
  for (let k = 0; k < Out.maps; k++, to += 24, errors += 8, gradients += 8) {
    const row = rows + <usize>k * stride;
    let ab = v128.load(row);
    let ce = v128.load(row, 16);
    for (let i = 0; i < n; i++) {
      const line = <usize>load<u32>(list + (<usize>i << 2));
      const factor = slopeOn(line);
      if (factor === 0) continue;
      const w = factor * load<f64>(row + (<usize>i << 3), ROW_HEAD);
      const ww = f64x2.splat(w);
      ab = f64x2.add(ab, f64x2.mul(ww, v128.load(line)));
      ce = f64x2.add(ce, f64x2.mul(f64x2.replace_lane(ww, 1, Math.abs(w)), v128.load(line, 16)));
    }
    storeMap(to, errors, gradients, ab, ce, perWidth);
  }
}

/** Writes the region of a polygon on which every neuron is decided. */
export function emit(polygon: usize, frame: usize): void {
  const n = load<i32>(polygon);
  const slot = <i32>(Run.regions - Out.handedOver);
  const shift = Out.regionShift;
  while (Out.edgeCount + n > Out.edgeChunks << EDGE_SHIFT) {
    if (!addChunk(Out.edgeTable, Out.edgeChunks, EDGE_CHUNK_BYTES)) return;
    Out.edgeChunks++;
  }
  if (slot >> shift === Out.regionChunks) {
    if (!addChunk(Out.regionTable, Out.regionChunks, Out.regionBytes << shift)) return;
    Out.regionChunks++;
  }
  const first = Out.edgeCount;
  const x0 = load<f64>(corner(polygon, 0));
  const y0 = load<f64>(corner(polygon, 0), 8);
  let area: f64 = 0;
  let px: f64 = 0;
  let py: f64 = 0;
  let reach: f64 = 0;
  for (let i = 0; i < n; i++) {
    const at = corner(polygon, i);
    const e = first + i;
    const chunk = edgeChunkOf(e);
    const x = load<f64>(at);
    const y = load<f64>(at, 8);
    v128.store(chunk + (<usize>(e & EDGE_MASK) << 4), v128.load(at));
    const words = chunk + (<usize>(e & EDGE_MASK) << 2);
    store<i32>(words, load<i32>(edgeLine(at), LINE_ID), LABELS);
    store<i32>(words, -1, NEXTS);
    store<i32>(words, -1, TWINS);
    store<i32>(words, slot, REGIONS);
    store<i32>(at, e, HEAD);
    store<i32>(at, e, TAIL);
    area += px * (y - y0) - py * (x - x0);
    px = x - x0;
    py = y - y0;
    reach = Math.max(reach, Math.abs(px) + Math.abs(py));
  }
  area *= 0.5;
  Out.edgeCount = first + n;
  const chunk = <usize>load<u32>(Out.regionTable + (<usize>(slot >> shift) << 2));
  const at = <usize>(slot & ((1 << shift) - 1));
  store<f64>(chunk + (at << 3), area);
  store<i32>(chunk + Out.firsts + (at << 2), first);
  writePattern(chunk + Out.patterns + at * Out.patternBytes, chunk + Out.hashes + (at << 4));
  if (Out.maps > 0) {
    // The true polygon's diameter and area, from corners within r of it and rounded sums (exactness.md).
    const r = load<f64>(polygon, 8);
    const diameter = 2 * reach + 4 * r;
    const slack = <f64>n * (6 * r + 16 * <f64>n * U * diameter) * diameter;
    const perWidth = area > slack ? (2.001 * diameter) / (area - slack) : Infinity;
    const k = at * <usize>Out.maps;
    writeMaps(
      chunk + Out.mapsAt + k * 24,
      chunk + Out.errors + (k << 3),
      chunk + Out.gradients + (k << 3),
      frame,
      perWidth,
    );
  }
  Run.regions++;
  if (Out.streaming && slot + 1 === 1 << shift) flush();
}

/** Whether the maps of the regions on the two sides of an edge surely differ: by their gradients. */
function surelyDiffer(e: i32, twin: i32): bool {
  const shift = Out.regionShift;
  const mask = (1 << shift) - 1;
  const r = load<i32>(wordAt(e, REGIONS));
  const q = load<i32>(wordAt(twin, REGIONS));
  const chunkR = <usize>load<u32>(Out.regionTable + (<usize>(r >> shift) << 2));
  const chunkQ = <usize>load<u32>(Out.regionTable + (<usize>(q >> shift) << 2));
  const atR = <usize>(r & mask) * <usize>Out.maps;
  const atQ = <usize>(q & mask) * <usize>Out.maps;
  for (let k: usize = 0; k < <usize>Out.maps; k++) {
    const tolerance =
      load<f64>(chunkR + Out.gradients + ((atR + k) << 3)) + load<f64>(chunkQ + Out.gradients + ((atQ + k) << 3));
    const mapR = chunkR + Out.mapsAt + (atR + k) * 24;
    const mapQ = chunkQ + Out.mapsAt + (atQ + k) * 24;
    const difference = f64x2.abs(f64x2.sub(v128.load(mapR), v128.load(mapQ)));
    if (v128.any_true(f64x2.gt(difference, f64x2.splat(tolerance * 1.0001)))) return true;
  }
  return false;
}

/**
 * Hands over a claimed subtree, with what along its border it has to be joined by; when streaming, all that it has left.
 * Its room serves the next one.
 */
export function finish(polygon: usize): void {
  if (Out.streaming) flush();
  const base = Stack.top;
  let top = base;
  if (!Out.streaming && !Run.stopped) {
    const n = load<i32>(polygon);
    for (let i = 0; i < n; i++) {
      const at = corner(polygon, i);
      const tail = load<i32>(at, TAIL);
      const count = top;
      top += 4;
      for (let e = load<i32>(at, HEAD); ; e = load<i32>(wordAt(e, NEXTS))) {
        if (top + 8 > Stack.end) unreachable();
        store<i32>(top, e);
        top += 4;
        if (e === tail) break;
      }
      store<i32>(count, <i32>((top - count) >> 2) - 1);
    }
  }
  finished(base, <i32>((top - base) >> 2));
  Out.handedOver = Run.regions;
  Out.edgeCount = 0;
}

@inline
function setList(at: usize, head: i32, tail: i32): void {
  store<i32>(at, head, HEAD);
  store<i32>(at, tail, TAIL);
}

function joinLists(at: usize, first: usize, second: usize): void {
  store<i32>(wordAt(load<i32>(first, TAIL), NEXTS), load<i32>(second, HEAD));
  setList(at, load<i32>(first, HEAD), load<i32>(second, TAIL));
}

/** Pairs the half-edges on the two sides of a chord: one side forwards, the other backwards. */
function zip(above: usize, below: usize): void {
  const base = Stack.top;
  let top = base;
  for (let e = load<i32>(below, HEAD); ; e = load<i32>(wordAt(e, NEXTS))) {
    if (top + 4 > Stack.end) unreachable();
    store<i32>(top, e);
    top += 4;
    if (e === load<i32>(below, TAIL)) break;
  }
  for (let e = load<i32>(above, HEAD); ;) {
    if (top === base) {
      Out.mismatches++;
      return;
    }
    top -= 4;
    const twin = load<i32>(top);
    const next = load<i32>(wordAt(e, NEXTS));
    store<i32>(wordAt(e, TWINS), twin);
    store<i32>(wordAt(twin, TWINS), e);
    if (Out.comparing && !surelyDiffer(e, twin)) store<i32>(wordAt(min(e, twin), NEXTS), DOUBTFUL);
    if (e === load<i32>(above, TAIL)) break;
    e = next;
  }
  if (top !== base) Out.mismatches++;
}

/** After both parts of a polygon are done: joins their lists along its edges, and zips the chord between them. */
export function merge(polygon: usize, signs: usize, above: usize, below: usize): void {
  const n = load<i32>(polygon);
  let up = 0;
  let down = 0;
  let chordAbove: usize = 0;
  let chordBelow: usize = 0;
  for (let i = 0; i < n; i++) {
    const at = corner(polygon, i);
    const here = <i32>load<i8>(signs + i);
    const next = <i32>load<i8>(signs + (i + 1 === n ? 0 : i + 1));
    let part: usize = 0;
    if (here === 0) {
      const u = corner(above, up++);
      const d = corner(below, down++);
      if (next < 0) {
        chordAbove = u;
        part = d;
      } else {
        chordBelow = d;
        part = u;
      }
      setList(at, load<i32>(part, HEAD), load<i32>(part, TAIL));
    } else if (here > 0) {
      part = corner(above, up++);
      if (next < 0) {
        chordAbove = corner(above, up++);
        joinLists(at, part, corner(below, down++));
      } else setList(at, load<i32>(part, HEAD), load<i32>(part, TAIL));
    } else {
      part = corner(below, down++);
      if (next > 0) {
        chordBelow = corner(below, down++);
        joinLists(at, part, corner(above, up++));
      } else setList(at, load<i32>(part, HEAD), load<i32>(part, TAIL));
    }
  }
  zip(chordAbove, chordBelow);
}
