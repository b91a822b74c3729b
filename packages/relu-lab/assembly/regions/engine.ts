// What JavaScript calls. Memory from low to high: network, scratch, stack, what enumeration writes.
import { flush, Out, prepare } from "./chunks";
import { BOUND_BYTES, firstLength, firstList, frameBytes, ROW_HEAD, setLayer, setLowest } from "./frame";
import { filter } from "./lines";
import { closePolygon, corner, LINE_BYTES, LINE_ID, LINE_INVERSE, newPolygon, setCorner } from "./polygon";
import { ABSORBED_BYTES, Scratch } from "./scratch";
import { ENTRIES, ENTRY_BYTES, ENTRY_COLUMN, ENTRY_COUNT, NOT_NEGATIVE, NOT_POSITIVE, SIGNS, SparseScratch } from "./sparse-row";
import { allocate, ETA, gamma, Heap, Net, reserveIfPossible, Run, Stack } from "./state";
import { walk } from "./walk";

/** Address space for sparse rows: untouched pages cost nothing. */
const SPARSE_BYTES: usize = 1 << 27;

let polygon: usize = 0;
let frame: usize = 0;

/** Forgets the network: an instance serves one walk after another without new memory. */
export function reset(): void {
  Heap.top = (__heap_base + 63) & ~63;
  Run.enumerating = false;
  Run.claimDepth = -1;
  Run.first = true;
  Out.mismatches = 0;
  Out.streaming = false;
}
reset();

/** Builds one layer above the first of a sparse network. */
function sparseLayer(l: i32, size: i32, link: usize, biases: usize, ids: usize): void {
  const starts = <usize>load<u32>(link);
  const columns = <usize>load<u32>(link, 4);
  const values = <usize>load<u32>(link, 8);
  memory.copy(ids, <usize>load<u32>(link, 12), (<usize>size) << 2);
  const pointers = allocate((<usize>size) << 2);
  for (let j = 0; j < size; j++) {
    const from = load<i32>(starts + ((<usize>j) << 2));
    const count = load<i32>(starts + ((<usize>j) << 2), 4) - from;
    const row = allocate(ENTRIES + (<usize>count) * ENTRY_BYTES);
    memory.fill(row, 0, ENTRIES);
    const bias = load<f64>(biases + ((<usize>j) << 3));
    store<f64>(row, bias, 16);
    store<i32>(row, count, ENTRY_COUNT);
    store<i32>(row, bias > 0 ? NOT_NEGATIVE : bias < 0 ? NOT_POSITIVE : NOT_NEGATIVE | NOT_POSITIVE, SIGNS);
    for (let i = 0; i < count; i++) {
      const entry = row + ENTRIES + (<usize>i) * ENTRY_BYTES;
      store<f64>(entry, load<f64>(values + ((<usize>(from + i)) << 3)));
      store<i32>(entry, load<i32>(columns + ((<usize>(from + i)) << 2)), ENTRY_COLUMN);
    }
    store<u32>(pointers + ((<usize>j) << 2), <u32>row);
  }
  setLayer(frame, l, size, pointers, 0, ids);
}

/** Room that is kept until the next reset. */
export function reserve(bytes: usize): usize {
  const at = reserveIfPossible(bytes);
  if (at === 0) unreachable();
  return at;
}

/**
 * Builds the root. `sizes`: i32 a layer (outputs last). `weights`, `biases`: pointers (u32) a layer to f64 rows.
 * `errors`: f64 a neuron of the first layer. `slopes`: f64, `classes`: i32 a hidden neuron. The domain: `corners` times x, y, and
 * the line a, b, c, error of the edge that leaves the corner.
 * `links`: 0, or for a sparse network four pointers (u32) a layer: where each row's entries begin (i32, one more than rows),
 * their columns (i32), their values (f64), the rows' neurons (i32); `sizes` are then numbers of rows, which may be fewer
 * than neurons. `sums`, `zeroable`: Net.sums and Net.zeroable, each with its bytes.
 */
export function build(
  layers: i32,
  outputs: i32,
  sizes: usize,
  weights: usize,
  biases: usize,
  slopes: usize,
  classes: usize,
  errors: usize,
  corners: i32,
  domain: usize,
  diameter: f64,
  certified: i32,
  stackBytes: usize,
  neurons: i32,
  links: usize,
  sums: usize,
  sumsBytes: usize,
  zeroable: usize,
  zeroableBytes: usize,
): void {
  Net.sparse = links !== 0;
  Net.sums = sums;
  Net.sumsEnd = sums + sumsBytes;
  Net.zeroable = zeroable;
  Net.zeroableEnd = zeroable + zeroableBytes;
  Net.layers = layers;
  Net.outputs = outputs;
  Net.slopes = slopes;
  Net.classes = classes;
  Net.certified = certified !== 0;
  Net.diameter = diameter;
  const total = layers + outputs;
  let columns = 0;
  let widest = 0;
  for (let l = 0; l < total; l++) {
    const size = load<i32>(sizes + ((<usize>l) << 2));
    columns += size;
    widest = max(widest, size);
  }
  Net.neurons = neurons;
  Net.states = reserve(<usize>((neurons + 63) & ~31));
  memory.fill(Net.states, 0, <usize>((neurons + 63) & ~31));
  Run.cells = reserve((<usize>layers) << 3);
  memory.fill(Run.cells, 0, (<usize>layers) << 3);
  let rowBytes: usize = 0;
  let before = 0;
  for (let l = 0; l < total; l++) {
    const size = load<i32>(sizes + ((<usize>l) << 2));
    rowBytes += <usize>size * (ROW_HEAD + BOUND_BYTES + 8 + ((<usize>before) << 3));
    before += size;
  }
  if (Net.sparse) {
    for (let at = Net.sums; at < Net.sumsEnd; at += 8 + (<usize>load<i32>(at, 4) << 2)) {
      store<u8>(Net.states + load<i32>(at), 1);
    }
    Net.shown = reserve(<usize>((neurons + 63) & ~31));
    SparseScratch.place(reserve(SparseScratch.bytes(<usize>columns)), <usize>columns);
    SparseScratch.rows = reserve(SPARSE_BYTES);
    SparseScratch.rowsEnd = Heap.top;
    rowBytes = SPARSE_BYTES;
  } else {
    Scratch.kept = reserve((<usize>columns) << 2);
    Scratch.waiting = reserve((<usize>widest) << 2);
    Scratch.absorbed = reserve(<usize>columns * ABSORBED_BYTES);
    Scratch.columns = reserve((<usize>columns / 2 + 1) * 80);
    Scratch.rows = reserve(rowBytes + 64);
  }
  // The root's rows, and frames below it: six of the root's size where the address space has room for them.
  Stack.top = reserve((rowBytes < 0x1a000000 ? 6 : 3) * rowBytes + <usize>columns * 64 + stackBytes);
  Stack.end = Heap.top;

  Net.X = 0;
  Net.Y = 0;
  const edges = allocate(<usize>corners * LINE_BYTES);
  polygon = newPolygon(corners);
  for (let i = 0; i < corners; i++) {
    const from = domain + <usize>i * 48;
    const line = edges + <usize>i * LINE_BYTES;
    memory.copy(line, from + 16, 32);
    store<f64>(line, 0, LINE_INVERSE);
    store<i32>(line, -1 - i, LINE_ID);
    const x = load<f64>(from);
    const y = load<f64>(from, 8);
    Net.X = Math.max(Net.X, Math.abs(x));
    Net.Y = Math.max(Net.Y, Math.abs(y));
    setCorner(corner(polygon, i), x, y, 0, line);
  }
  closePolygon(polygon, corners);

  frame = allocate(frameBytes());
  let id = 0;
  before = 0;
  for (let l = 0; l < total; l++) {
    const size = load<i32>(sizes + ((<usize>l) << 2));
    const w = <usize>load<u32>(weights + ((<usize>l) << 2));
    const b = <usize>load<u32>(biases + ((<usize>l) << 2));
    const ids = allocate((<usize>size) << 2);
    if (Net.sparse && l > 0) {
      sparseLayer(l, size, links + ((<usize>l) << 4), b, ids);
      continue;
    }
    if (l === 0) {
      const list = allocate((<usize>size) << 2);
      for (let j = 0; j < size; j++, id++) {
        const line = allocate(LINE_BYTES);
        const a0 = load<f64>(w + ((<usize>j) << 4));
        const b0 = load<f64>(w + ((<usize>j) << 4), 8);
        const c0 = load<f64>(b + ((<usize>j) << 3));
        const size = Math.abs(a0) * Net.X + Math.abs(b0) * Net.Y + Math.abs(c0);
        store<f64>(line, a0);
        store<f64>(line, b0, 8);
        store<f64>(line, c0, 16);
        store<f64>(line, load<f64>(errors + ((<usize>j) << 3)) + gamma(8) * size + ETA, 24);
        store<f64>(line, 1 / (a0 * a0 + b0 * b0), LINE_INVERSE);
        store<i32>(line, id, LINE_ID);
        store<u32>(list + ((<usize>j) << 2), <u32>line);
      }
      setLowest(frame, 0, size, list);
      continue;
    }
    const inputs = load<i32>(sizes + ((<usize>(l - 1)) << 2));
    before += inputs;
    const stride = ROW_HEAD + BOUND_BYTES + ((<usize>((before + 1) & ~1)) << 3);
    const rows = allocate(<usize>size * stride);
    memory.fill(rows, 0, <usize>size * stride);
    for (let j = 0; j < size; j++, id++) {
      const row = rows + <usize>j * stride;
      store<f64>(row, load<f64>(b + ((<usize>j) << 3)), 16);
      store<f64>(row + stride - 8, Infinity); // not bounded yet
      memory.copy(
        row + ROW_HEAD + ((<usize>(before - inputs)) << 3),
        w + <usize>j * ((<usize>inputs) << 3),
        (<usize>inputs) << 3,
      );
      store<i32>(ids + ((<usize>j) << 2), id);
    }
    setLayer(frame, l, size, rows, stride, ids);
  }
}

/**
 * Prepares for enumeration; `maps`: how many outputs' maps to write; `comparing`: note the edges on whose two sides the
 * maps may be the same. Streaming keeps nothing once a block of regions is handed over, and so finds no twins.
 */
export function enumerate(maps: i32, streaming: i32, comparing: i32): void {
  Run.enumerating = true;
  prepare(maps, streaming !== 0, comparing !== 0);
}

/** Claims subtrees at this depth instead of walking them all; `first`: also answers for what lies above them. */
export function claimAt(depth: i32, first: i32): void {
  Run.claimDepth = depth;
  Run.first = first !== 0;
}

/** Walks. Counters start at 0; the stack is as build left it. */
export function run(): void {
  Run.regions = 0;
  Run.nodes = 0;
  Run.fallbacks = 0;
  Run.claimedFallbacks = 0;
  Run.subtrees = 0;
  Run.regionLimit = 0;
  Run.stopped = false;
  memory.fill(Run.cells, 0, (<usize>Net.layers) << 3);
  const mark = Stack.top;
  const n = firstLength(frame);
  const all = firstList(frame);
  const list = allocate((<usize>n) << 2);
  let k = 0;
  for (let i = 0; i < n; i++) {
    const line = load<u32>(all + ((<usize>i) << 2));
    const neuron = load<i32>(<usize>line, LINE_ID);
    store<u8>(Net.states + neuron, 1);
    if (load<f64>(Net.slopes + ((<usize>neuron) << 3)) === 1) continue;
    store<u32>(list + ((<usize>k) << 2), line);
    k++;
  }
  walk(polygon, frame, list, filter(list, k, polygon, list), 0);
  if (Out.streaming) flush();
  Stack.top = mark;
}

export function regions(): f64 {
  return <f64>Run.regions;
}
export function fallbacks(): f64 {
  return <f64>(Run.first ? Run.fallbacks : Run.claimedFallbacks);
}
export function stopped(): i32 {
  return <i32>Run.stopped;
}
export function cellsAfter(layer: i32): f64 {
  return <f64>load<i64>(Run.cells + ((<usize>layer) << 3));
}
export function statesPointer(): usize {
  return Net.states;
}
export function edgeCount(): i32 {
  return Out.edgeCount;
}
/** Where the half-edges' chunk `i` begins; its arrays are listed in chunks.ts. */
export function edgeChunk(i: i32): usize {
  return <usize>load<u32>(Out.edgeTable + (<usize>i << 2));
}
/** Where the regions' chunk `i` begins. */
export function regionChunk(i: i32): usize {
  return <usize>load<u32>(Out.regionTable + (<usize>i << 2));
}
/** Regions a chunk, as a power of two. */
export function regionShift(): i32 {
  return Out.regionShift;
}
/** Where in a chunk the regions' array `k` begins: hashes, first edges, patterns, maps, errors. */
export function regionArray(k: i32): usize {
  if (k === 0) return Out.hashes;
  if (k === 1) return Out.firsts;
  if (k === 2) return Out.patterns;
  return k === 3 ? Out.mapsAt : Out.errors;
}
export function mismatches(): i32 {
  return Out.mismatches;
}
