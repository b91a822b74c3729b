// What an enumeration keeps of each region: written into a buffer that is handed over whenever it is full.
import { Polyhedron, pitch, xs } from "./layout";
import { active, keepsShapes, neurons, planeAt } from "./state";
import { volumeOf } from "./volume";

/** Hands over what the buffers hold: regions, and vertices and edges when shapes are kept. */
@external("env", "flush")
declare function flush(regions: i32, vertices: i32, edgeCount: i32): void;

const BATCH: i32 = 1024;
const SHAPE_ROOM: i32 = 1 << 14;

let volumes: usize = 0;
let patterns: usize = 0;
let counts: usize = 0;
let corners: usize = 0;
let sides: usize = 0;
let regions: i32 = 0;
let vertexCount: i32 = 0;
let edgeCount: i32 = 0;

/** Where the buffers lie: volumes (f64), patterns (u32 words), counts (vertices and edges, i32), corners (3 f64), sides (4 i32). */
export function bufferAt(which: i32): usize {
  return which == 0 ? volumes : which == 1 ? patterns : which == 2 ? counts : which == 3 ? corners : sides;
}

/** Makes the buffers; `take` is an allocator whose memory stays until the walk is over. */
export function openBuffers(take: (bytes: usize) => usize): void {
  volumes = take(<usize>BATCH << 3);
  patterns = take(<usize>BATCH * patternBytes());
  counts = take(<usize>BATCH << 3);
  corners = take(<usize>SHAPE_ROOM * 24);
  sides = take(<usize>SHAPE_ROOM * 32);
  regions = 0;
  vertexCount = 0;
  edgeCount = 0;
}

/** Bytes of a pattern: one bit a neuron, in words of 32. */
// @ts-ignore: decorator
@inline
function patternBytes(): usize {
  return (((<usize>neurons + 31) >> 5) << 2);
}

/** Regions in the buffers. */
export function buffered(): i32 {
  return regions;
}

export function emit(p: Polyhedron): void {
  if (regions == BATCH) closeBuffers();
  if (keepsShapes) {
    if (vertexCount + p.vertices > SHAPE_ROOM || edgeCount + p.edges > 2 * SHAPE_ROOM) closeBuffers();
    if (p.vertices > SHAPE_ROOM || p.edges > 2 * SHAPE_ROOM) unreachable();
    keepShape(p);
  }
  store<f64>(volumes + (<usize>regions << 3), volumeOf(p));
  const bytes = patternBytes();
  const pattern = patterns + <usize>regions * bytes;
  for (let i: usize = 0; i < bytes; i += 2) {
    const states = i8x16.neg(v128.load(active + (i << 3)));
    store<u16>(pattern + i, <u16>i8x16.bitmask(states));
  }
  regions++;
}

function keepShape(p: Polyhedron): void {
  const at = xs(p);
  const step = pitch(p);
  for (let v: usize = 0; v < <usize>p.vertices; v++) {
    const to = corners + <usize>vertexCount * 24;
    store<f64>(to, load<f64>(at + (v << 3)));
    store<f64>(to + 8, load<f64>(at + step + (v << 3)));
    store<f64>(to + 16, load<f64>(at + 2 * step + (v << 3)));
    vertexCount++;
  }
  for (let e: usize = 0; e < <usize>p.edges; e++) {
    const edge = load<u64>(p.edgeList + (e << 3));
    const to = sides + (<usize>edgeCount << 4);
    store<i32>(to, <i32>(edge & 0xffff));
    store<i32>(to + 4, <i32>((edge >> 16) & 0xffff));
    store<i32>(to + 8, planeAt(<i32>((edge >> 32) & 0xffff)).neuron);
    store<i32>(to + 12, planeAt(<i32>(edge >> 48)).neuron);
    edgeCount++;
  }
  store<i32>(counts + (<usize>regions << 3), p.vertices);
  store<i32>(counts + (<usize>regions << 3) + 4, p.edges);
}

export function closeBuffers(): void {
  if (regions > 0) flush(regions, vertexCount, edgeCount);
  regions = 0;
  vertexCount = 0;
  edgeCount = 0;
}

