// The activation regions of a ReLU network in a box or a simplex of DIMENSION dimensions, in homogeneous coordinates.
// Use: prepare(), fill what it laid out, setLayer() for every layer and fill it; then for each domain setFace(),
// setVertex(), and run().
import { alloc, mark, release, resetArena } from "./arena";
import { COLUMNS, LAYER, MASKS, N, ROW, Row, VERTEX, Vertex, layerOf } from "./layout";
import { asked } from "./sign";
import {
  active, cells, certified, diameter, fallbacks, height, heightError, kinds, layers, linearNeurons, neurons, nextId, sections, setPlane,
  sizes, words,
} from "./state";
import { begin, descend, isWhole, stopped } from "./walk";

let root: usize = 0;
let columns: i32 = 0;
let start: usize = 0;
let list: usize = 0;
let count: i32 = 0;
let faces: usize = 0;

/** Starts a network of so many layers and neurons (those without a ReLU as well) and domains of so many vertices. */
export function prepare(layerCount: i32, neuronCount: i32, certain: bool): void {
  resetArena();
  layers = layerCount;
  neurons = neuronCount;
  certified = certain;
  fallbacks = 0;
  nextId = 0;
  columns = 0;
  start = 0;
  linearNeurons = alloc(neuronCount);
  active = alloc(neuronCount);
  kinds = alloc(<usize>neuronCount << 2);
  cells = alloc(<usize>layerCount << 3);
  memory.fill(linearNeurons, 0, neuronCount);
  memory.fill(active, 0, neuronCount);
  memory.fill(cells, 0, <usize>layerCount << 3);
  root = alloc(16 + <usize>layerCount * LAYER);
  store<i32>(root, -1);
}

export function wasStopped(): bool {
  return stopped;
}

/** One i32 a neuron: equal numbers mean the same hyperplane. */
export function kindsAt(): usize {
  return kinds;
}

/** One byte a neuron: 1 where no ReLU follows it. */
export function linearAt(): usize {
  return linearNeurons;
}

/** One byte a neuron: the states decided so far. */
export function activeAt(): usize {
  return active;
}

/** One f64 a layer: cells of the layers up to it. */
export function cellsAt(): usize {
  return cells;
}

export function fallbackCount(): i32 {
  return fallbacks;
}

/** The hyperplanes of a question, i32 each. */
export function askedAt(): usize {
  return asked;
}

/**
 * Lays out layer l of n neurons, the first of them number `neuron`. The caller fills row i at the returned address plus
 * i * rowBytes(l): its error, and from rowAt() on in layer 0 the weights and the bias; above, the bias as the last of
 * N numbers and the weights from weightsAt(l) on.
 */
export function setLayer(l: i32, n: i32, neuron: i32): usize {
  const layer = layerOf(root, l);
  layer.count = n;
  layer.stride = <i32>COLUMNS + (columns << 3);
  layer.neurons = alloc(<usize>n << 2);
  for (let i = 0; i < n; i++) store<i32>(layer.neurons + (<usize>i << 2), neuron + i);
  layer.rows = alloc(<usize>n * <usize>layer.stride);
  memory.fill(layer.rows, 0, <usize>n * <usize>layer.stride);
  columns += n;
  return layer.rows;
}

export function rowBytes(l: i32): i32 {
  return layerOf(root, l).stride;
}

export function rowAt(): i32 {
  return <i32>ROW;
}

/** Bytes from a row of layer l to its first weight. */
export function weightsAt(l: i32): i32 {
  let before = 0;
  for (let k = 0; k < l - 1; k++) before += layerOf(root, k).count;
  return <i32>COLUMNS + (before << 3);
}

/** Starts a domain of so many vertices, no side longer than `side`, on which the height is 1 up to an error. */
export function domain(vertices: i32, side: f64, error: f64): void {
  heightError = error;
  if (start) release(start);
  start = mark();
  list = alloc(<usize>vertices << 2);
  faces = alloc(64 * COLUMNS);
  memory.fill(faces, 0, 64 * COLUMNS);
  count = 0;
  diameter = side;
  words = 0;
  sections = 0;
}

/** The largest size of each coordinate in the domain: N numbers to be filled in. */
export function sizesAt(): usize {
  return sizes;
}

/** The height: N numbers to be filled in. */
export function heightAt(): usize {
  return height;
}

/** Face k of the domain, in slot k: the plane of a neuron, or number -1 - k. Its N coefficients are to be filled in at the returned address. */
export function setFace(k: i32, neuron: i32, error: f64): usize {
  const row = faces + <usize>k * COLUMNS;
  changetype<Row>(row).error = error;
  changetype<Row>(row).tolerance = error;
  setPlane(k, neuron, row);
  return row + ROW;
}

/** A vertex on the faces of which `low` and `high` have the bits; its N coordinates are to be filled in. */
export function setVertex(low: u32, high: u32, radius: f64): usize {
  const at = alloc(MASKS);
  memory.fill(at, 0, MASKS);
  store<usize>(list + (<usize>(count++) << 2), at);
  const v = changetype<Vertex>(at);
  v.radius = radius;
  v.facets = <u64>low | (<u64>high << 32);
  v.id = nextId++;
  v.refined = 1;
  return at + VERTEX;
}

/**
 * Starts the walks. `sharedDepth` cuts deep, subtrees are handed out (0: everything is walked); `isFirst` tells the one
 * walker that counts what lies above them; the host hears of progress after every `interval` regions.
 */
export function share(sharedDepth: i32, isFirst: bool, interval: f64): void {
  begin(sharedDepth, isFirst, interval);
}

/** Walks the domain. Returns the number of regions that fell to this walker. */
export function run(): f64 {
  const regions = descend(list, count, root, 0, isWhole());
  const at = cells + (<usize>(layers - 1) << 3);
  store<f64>(at, load<f64>(at) + regions);
  return regions;
}

/** Coordinates of a point. */
export function width(): i32 {
  return N;
}
