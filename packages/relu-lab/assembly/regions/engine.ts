// What JavaScript calls: prepare(), the setters with the places of what has been written into reserve()d room, build(), run().
// Memory from low to high: network, scratch, stack, what enumeration writes.
import { buildRoot, Given, rootFrame, rootPolygon, Source, sourceOf } from "./build";
import { flush, Out, prepareOutput } from "./chunks";
import { lineAt } from "./layout";
import { filter } from "./lines";
import { allocate, Heap, Net, reserve, Run, Stack } from "./state";
import { walk } from "./walk";

export { reserve };
// Where a chunk of half-edges has its arrays: the host reads them by these names.
export { EDGE_SHIFT, LABELS, NEXTS, REGIONS, TWINS } from "./chunks";
export { DOUBTFUL } from "./join";

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

/**
 * Starts a network of so many hidden layers and neurons; `outputs`: 1 when the output layer is folded too. A sparse one
 * has lists of non-zeros (setSparse) and may have fewer rows than neurons.
 */
export function prepare(layers: i32, outputs: i32, neurons: i32, sparse: bool, certified: bool): void {
  Net.layers = layers;
  Net.outputs = outputs;
  Net.neurons = neurons;
  Net.sparse = sparse;
  Net.certified = certified;
  setSums(0, 0, 0, 0);
  const bytes = <usize>(layers + outputs) * offsetof<Source>();
  Given.layers = reserve(bytes);
  memory.fill(Given.layers, 0, bytes);
  Net.states = reserve(<usize>((neurons + 63) & ~31));
  memory.fill(Net.states, 0, <usize>((neurons + 63) & ~31));
  Run.cells = reserve((<usize>layers) << 3);
}

/** f64 a hidden neuron: its slope below zero; i32 a hidden neuron: the first one of its layer on the same line. */
export function setNeurons(slopes: usize, classes: usize): void {
  Net.slopes = slopes;
  Net.classes = classes;
}

/** The domain: a DomainEdge a corner, and its diameter. */
export function setDomain(corners: i32, edges: usize, diameter: f64): void {
  Given.corners = corners;
  Given.domain = edges;
  Net.diameter = diameter;
}

/**
 * Layer l (outputs last): f64 rows and biases, of the first one the rows a, b on the plane; and the rows' neurons (i32),
 * 0 where every neuron has one.
 */
export function setLayer(l: i32, rows: i32, weights: usize, biases: usize, neurons: usize): void {
  const source = sourceOf(l);
  source.size = rows;
  source.weights = weights;
  source.biases = biases;
  source.neurons = neurons;
}

/** f64 a neuron of the first layer: how far its row may be from the true one. */
export function setErrors(errors: usize): void {
  Given.errors = errors;
}

/** Layer l of a sparse network, beside setLayer: where its rows' entries begin, their columns and values. */
export function setSparse(l: i32, starts: usize, columns: usize, values: usize): void {
  const source = sourceOf(l);
  source.starts = starts;
  source.columns = columns;
  source.values = values;
}

/** Net.sums and Net.zeroable of a sparse network, each with its bytes. */
export function setSums(sums: usize, sumsBytes: usize, zeroable: usize, zeroableBytes: usize): void {
  Net.sums = sums;
  Net.sumsEnd = sums + sumsBytes;
  Net.zeroable = zeroable;
  Net.zeroableEnd = zeroable + zeroableBytes;
}

/** Builds the root of the walk from what was set. `stackBytes`: beside what the root's frames take. */
export function build(stackBytes: usize): void {
  buildRoot(stackBytes);
}

/**
 * Prepares for enumeration; `maps`: how many outputs' maps to write; `comparing`: note the edges on whose two sides the
 * maps may be the same. Streaming keeps nothing once a block of regions is handed over, and so finds no twins.
 */
export function enumerate(maps: i32, streaming: bool, comparing: bool): void {
  Run.enumerating = true;
  prepareOutput(maps, streaming, comparing);
}

/** Claims subtrees at this depth instead of walking them all; `first`: also answers for what lies above them. */
export function claimAt(depth: i32, first: bool): void {
  Run.claimDepth = depth;
  Run.first = first;
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
  const n = rootFrame.length;
  const list = allocate((<usize>n) << 2);
  let k = 0;
  for (let i = 0; i < n; i++) {
    const line = lineAt(rootFrame.list, i);
    store<u8>(Net.states + line.id, 1);
    if (load<f64>(Net.slopes + ((<usize>line.id) << 3)) === 1) continue;
    store<u32>(list + ((<usize>k) << 2), <u32>changetype<usize>(line));
    k++;
  }
  walk(rootPolygon, rootFrame, list, filter(list, k, rootPolygon, list), 0);
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
// Where in a chunk of regions its arrays begin; the areas come first.
export function hashesAt(): usize {
  return Out.hashes;
}
export function firstsAt(): usize {
  return Out.firsts;
}
export function patternsAt(): usize {
  return Out.patterns;
}
export function mapsAt(): usize {
  return Out.mapsAt;
}
export function errorsAt(): usize {
  return Out.errors;
}
export function mismatches(): i32 {
  return Out.mismatches;
}
