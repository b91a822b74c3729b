// What enumeration writes: half-edges (32 bytes, kept to the end, for their twins) and regions (handed over in blocks).
import { firstLength, firstList, layerOf, ROW_HEAD, ROWS, rowsOf, strideOf } from "./frame";
import { corner, edgeLine, HEAD, LINE_ID, TAIL } from "./polygon";
import { ENTRIES, ENTRY_BYTES, ENTRY_COLUMN, ENTRY_COUNT } from "./sparse-fold";
import { Net, Run, Stack } from "./state";

/** Takes a block of regions over. */
// @ts-ignore: a decorator
@external("env", "regions")
declare function handOver(block: usize, count: i32): void;

export class Out {
  static edges: usize = 0;
  static edgeCount: i32 = 0;
  static capacity: i32 = 0;
  static block: usize = 0;
  static blockLength: i32 = 0;
  static blockCapacity: i32 = 0;
  static regionBytes: usize = 0;
  static patternBytes: usize = 0;
  /** Number of outputs whose maps are written. */
  static maps: i32 = 0;
  static streaming: bool = false;
  /** Chords whose two sides had unequal numbers of edges: always 0, unless a sign was wrong. */
  static mismatches: i32 = 0;
}

const EDGE_BYTES: usize = 32;
const LABEL: usize = 16;
const NEXT: usize = 20;
const TWIN: usize = 24;
const REGION: usize = 28;
const GROW_PAGES: i32 = 64;

@inline
function edgeAt(e: i32): usize {
  return Out.edges + <usize>e * EDGE_BYTES;
}

export function flush(): void {
  if (Out.blockLength > 0) handOver(Out.block, Out.blockLength);
  Out.blockLength = 0;
  if (Out.streaming) Out.edgeCount = 0;
}

@inline
function mix(h: u64, word: u64, factor: u64): u64 {
  const x = (h ^ word) * factor;
  return x ^ (x >> 29);
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
  let h0: u64 = 0x9e3779b97f4a7c15;
  let h1: u64 = 0xc2b2ae3d27d4eb4f;
  for (let k: usize = 0; k < words; k += 4) {
    const word = <u64>load<u32>(to + k) + 1;
    h0 = mix(h0, word, 0xbf58476d1ce4e5b9);
    h1 = mix(h1, word, 0x94d049bb133111eb);
  }
  store<u64>(hash, mix(h0, h1, 0xff51afd7ed558ccd));
  store<u64>(hash, mix(h1, h0, 0xc4ceb9fe1a85ec53), 8);
}

/** As `writeMaps`, for sparse rows. */
function writeSparseMaps(to: usize, frame: usize): void {
  const rows = <usize>load<u32>(layerOf(frame, Net.layers), ROWS);
  const list = firstList(frame);
  for (let k = 0; k < Out.maps; k++, to += 32) {
    const row = <usize>load<u32>(rows + (<usize>k << 2));
    let ab = v128.load(row);
    let ce = v128.load(row, 16);
    const end = row + ENTRIES + <usize>load<i32>(row, ENTRY_COUNT) * ENTRY_BYTES;
    for (let at = row + ENTRIES; at < end; at += ENTRY_BYTES) {
      const line = <usize>load<u32>(list + (<usize>load<u32>(at, ENTRY_COLUMN) << 2));
      const neuron = load<i32>(line, LINE_ID);
      const factor = load<u8>(Net.states + neuron) ? 1 : load<f64>(Net.slopes + (<usize>neuron << 3));
      if (factor === 0) continue;
      const w = factor * load<f64>(at);
      const ww = f64x2.splat(w);
      ab = f64x2.add(ab, f64x2.mul(ww, v128.load(line)));
      ce = f64x2.add(ce, f64x2.mul(f64x2.replace_lane(ww, 1, Math.abs(w)), v128.load(line, 16)));
    }
    v128.store(to, ab);
    v128.store(to, ce, 16);
  }
}

function writeMaps(to: usize, frame: usize): void {
  if (Net.sparse) return writeSparseMaps(to, frame);
  const rows = rowsOf(frame, Net.layers);
  const stride = strideOf(frame, Net.layers);
  const n = firstLength(frame);
  const list = firstList(frame);
  for (let k = 0; k < Out.maps; k++, to += 32) {
    const row = rows + <usize>k * stride;
    let ab = v128.load(row);
    let ce = v128.load(row, 16);
    for (let i = 0; i < n; i++) {
      const line = <usize>load<u32>(list + (<usize>i << 2));
      const neuron = load<i32>(line, LINE_ID);
      const factor = load<u8>(Net.states + neuron) ? 1 : load<f64>(Net.slopes + (<usize>neuron << 3));
      if (factor === 0) continue;
      const w = factor * load<f64>(row + (<usize>i << 3), ROW_HEAD);
      const ww = f64x2.splat(w);
      ab = f64x2.add(ab, f64x2.mul(ww, v128.load(line)));
      ce = f64x2.add(ce, f64x2.mul(f64x2.replace_lane(ww, 1, Math.abs(w)), v128.load(line, 16)));
    }
    v128.store(to, ab);
    v128.store(to, ce, 16);
  }
}

/** Writes the region of a polygon on which every neuron is decided. */
export function emit(polygon: usize, frame: usize): void {
  const n = load<i32>(polygon);
  if (Out.edgeCount + n > Out.capacity) {
    if (memory.grow(GROW_PAGES) < 0) {
      Run.stopped = true;
      return;
    }
    Out.capacity += (GROW_PAGES << 16) / <i32>EDGE_BYTES;
  }
  const region = <i32>Run.regions;
  const first = Out.edgeCount;
  const x0 = load<f64>(corner(polygon, 0));
  const y0 = load<f64>(corner(polygon, 0), 8);
  let area: f64 = 0;
  let px: f64 = 0;
  let py: f64 = 0;
  for (let i = 0; i < n; i++) {
    const at = corner(polygon, i);
    const to = edgeAt(first + i);
    const x = load<f64>(at);
    const y = load<f64>(at, 8);
    store<f64>(to, x);
    store<f64>(to, y, 8);
    store<i32>(to, load<i32>(edgeLine(at), LINE_ID), LABEL);
    store<i32>(to, -1, NEXT);
    store<i32>(to, -1, TWIN);
    store<i32>(to, region, REGION);
    store<i32>(at, first + i, HEAD);
    store<i32>(at, first + i, TAIL);
    area += px * (y - y0) - py * (x - x0);
    px = x - x0;
    py = y - y0;
  }
  Out.edgeCount = first + n;
  const record = Out.block + <usize>Out.blockLength * Out.regionBytes;
  store<f64>(record, 0.5 * area);
  store<i32>(record, first, 24);
  store<i32>(record, n, 28);
  writePattern(record + 32, record + 8);
  if (Out.maps > 0) writeMaps(record + 32 + ((Out.patternBytes + 7) & ~7), frame);
  Out.blockLength++;
  if (Out.blockLength === Out.blockCapacity) flush();
  Run.regions++;
}

@inline
function setList(at: usize, head: i32, tail: i32): void {
  store<i32>(at, head, HEAD);
  store<i32>(at, tail, TAIL);
}

function joinLists(at: usize, first: usize, second: usize): void {
  store<i32>(edgeAt(load<i32>(first, TAIL)), load<i32>(second, HEAD), NEXT);
  setList(at, load<i32>(first, HEAD), load<i32>(second, TAIL));
}

/** Pairs the half-edges on the two sides of a chord: one side forwards, the other backwards. */
function zip(above: usize, below: usize): void {
  const base = Stack.top;
  let top = base;
  for (let e = load<i32>(below, HEAD); e >= 0; e = load<i32>(edgeAt(e), NEXT), top += 4) {
    if (top + 4 > Stack.end) unreachable();
    store<i32>(top, e);
    if (e === load<i32>(below, TAIL)) {
      top += 4;
      break;
    }
  }
  for (let e = load<i32>(above, HEAD); e >= 0; e = load<i32>(edgeAt(e), NEXT)) {
    if (top === base) {
      Out.mismatches++;
      return;
    }
    top -= 4;
    const twin = load<i32>(top);
    store<i32>(edgeAt(e), twin, TWIN);
    store<i32>(edgeAt(twin), e, TWIN);
    if (e === load<i32>(above, TAIL)) break;
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
