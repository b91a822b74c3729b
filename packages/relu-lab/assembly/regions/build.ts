// Builds the root of the walk from what the host has set: the polygon of the domain, and every row on it.
import { newFrame, coefficientsOf, boundOf, rowBytes, setLayer, setLowest } from "./frame";
import { Absorbed, Corner, corner, Entry, entriesOf, Frame, Line, NOT_NEGATIVE, NOT_POSITIVE, Polygon, Row, SparseRow } from "./layout"; // prettier-ignore
import { newPoints, resetPoints } from "./points";
import { closePolygon, newPolygon, setCorner } from "./polygon";
import { COLUMN_PAIR_BYTES, Scratch } from "./scratch";
import { SparseScratch } from "./sparse-row";
import { allocate, ETA, gamma, Heap, Net, reserve, Run, Stack } from "./state";

/** A layer as the host gives it (outputs last); each number a place where it has written the values. */
@unmanaged
export class Source {
  /** Rows: the layer's neurons, or in a sparse network those that have a row. */
  size: i32;
  /** f64: rows of as many weights as the layer before has neurons; a, b of the plane in the first layer. */
  weights: usize;
  /** f64 a row. */
  biases: usize;
  /** i32 a row: its neuron; 0 where every neuron has a row. */
  neurons: usize;
  // Of a sparse network, above the first layer:
  /** i32 a row, and one more: where its entries begin. */
  starts: usize;
  /** i32 and f64 an entry. */
  columns: usize;
  values: usize;
}

/** An edge of the domain as the host gives it: the corner it leaves, and its line. */
@unmanaged
export class DomainEdge {
  x: f64;
  y: f64;
  a: f64;
  b: f64;
  c: f64;
  error: f64;
}

/** What the host has set. */
export class Given {
  /** A {@link Source} a layer. */
  static layers: usize = 0;
  /** f64 a neuron of the first layer: how far its row may be from the true one. */
  static errors: usize = 0;
  static corners: i32 = 0;
  /** A {@link DomainEdge} a corner. */
  static domain: usize = 0;
}

@inline
export function sourceOf(l: i32): Source {
  return changetype<Source>(Given.layers + <usize>l * offsetof<Source>());
}

/** Address space for sparse rows: untouched pages cost nothing. */
const SPARSE_BYTES: usize = 1 << 27;

export let rootPolygon: Polygon = changetype<Polygon>(0);
export let rootFrame: Frame = changetype<Frame>(0);

/** Lays out scratch and stack, and builds the root in them. `stackBytes`: beside what the root's frames take. */
export function buildRoot(stackBytes: usize): void {
  resetPoints();
  reserveRoom(stackBytes);
  buildPolygon();
  rootFrame = newFrame();
  firstLayer();
  let before = sourceOf(0).size;
  for (let l = 1; l < Net.layers + Net.outputs; l++) {
    if (Net.sparse) sparseLayer(l);
    else denseLayer(l, before);
    before += sourceOf(l).size;
  }
}

function reserveRoom(stackBytes: usize): void {
  const total = Net.layers + Net.outputs;
  let columns = 0;
  let widest = 0;
  let rows: usize = 0;
  for (let l = 0; l < total; l++) {
    const size = sourceOf(l).size;
    rows += <usize>size * (rowBytes(columns) + 8);
    columns += size;
    widest = max(widest, size);
  }
  if (Net.sparse) {
    for (let at = Net.sums; at < Net.sumsEnd; at += 8 + (<usize>load<i32>(at, 4) << 2)) {
      store<u8>(Net.states + load<i32>(at), 1);
    }
    Net.shown = reserve(<usize>((Net.neurons + 63) & ~31));
    SparseScratch.place(reserve(SparseScratch.bytes(<usize>columns)), <usize>columns);
    SparseScratch.rows = reserve(SPARSE_BYTES);
    SparseScratch.rowsEnd = Heap.top;
    rows = SPARSE_BYTES;
  } else {
    Scratch.kept = reserve((<usize>columns) << 2);
    Scratch.waiting = reserve((<usize>widest) << 2);
    Scratch.absorbed = reserve(<usize>columns * offsetof<Absorbed>());
    Scratch.columns = reserve((<usize>columns / 2 + 1) * COLUMN_PAIR_BYTES);
    Scratch.rows = reserve(rows + 64);
  }
  // The root's rows, and frames below it: six of the root's size where the address space has room for them.
  Stack.top = reserve((rows < 0x1a000000 ? 6 : 3) * rows + <usize>columns * 64 + stackBytes);
  Stack.end = Heap.top;
}

function buildPolygon(): void {
  Net.X = 0;
  Net.Y = 0;
  const lines = allocate(<usize>Given.corners * offsetof<Line>());
  const points = newPoints(Given.corners);
  rootPolygon = newPolygon(Given.corners);
  for (let i = 0; i < Given.corners; i++) {
    const edge = changetype<DomainEdge>(Given.domain + <usize>i * offsetof<DomainEdge>());
    const line = changetype<Line>(lines + <usize>i * offsetof<Line>());
    line.a = edge.a;
    line.b = edge.b;
    line.c = edge.c;
    line.error = edge.error;
    line.inverse = 0;
    line.id = -1 - i;
    Net.X = Math.max(Net.X, Math.abs(edge.x));
    Net.Y = Math.max(Net.Y, Math.abs(edge.y));
    setCorner(corner(rootPolygon, i), edge.x, edge.y, 0, line, points + (<usize>i << 2));
  }
  closePolygon(rootPolygon, Given.corners);
}

/** The neuron of row j of a layer, with `before` neurons in those below it. */
@inline
function neuronOf(source: Source, before: i32, j: i32): i32 {
  return source.neurons === 0 ? before + j : load<i32>(source.neurons + ((<usize>j) << 2));
}

/** The first layer's rows are lines. */
function firstLayer(): void {
  const source = sourceOf(0);
  const list = allocate((<usize>source.size) << 2);
  for (let j = 0; j < source.size; j++) {
    const line = changetype<Line>(allocate(offsetof<Line>()));
    const a = load<f64>(source.weights + ((<usize>j) << 4));
    const b = load<f64>(source.weights + ((<usize>j) << 4), 8);
    const c = load<f64>(source.biases + ((<usize>j) << 3));
    const size = Math.abs(a) * Net.X + Math.abs(b) * Net.Y + Math.abs(c);
    line.a = a;
    line.b = b;
    line.c = c;
    line.error = load<f64>(Given.errors + ((<usize>j) << 3)) + gamma(8) * size + ETA;
    line.inverse = 1 / (a * a + b * b);
    line.id = neuronOf(source, 0, j);
    store<u32>(list + ((<usize>j) << 2), <u32>changetype<usize>(line));
  }
  setLowest(rootFrame, 0, source.size, list);
}

/** Rows with one coefficient for each of the `before` neurons below them; those of earlier layers are zero. */
function denseLayer(l: i32, before: i32): void {
  const source = sourceOf(l);
  const inputs = sourceOf(l - 1).size;
  const stride = rowBytes(before);
  const ids = allocate((<usize>source.size) << 2);
  const rows = allocate(<usize>source.size * stride);
  memory.fill(rows, 0, <usize>source.size * stride);
  for (let j = 0; j < source.size; j++) {
    const row = changetype<Row>(rows + <usize>j * stride);
    row.c = load<f64>(source.biases + ((<usize>j) << 3));
    boundOf(row, stride).rho = Infinity; // not bounded yet
    const bytes = (<usize>inputs) << 3;
    memory.copy(coefficientsOf(row) + ((<usize>(before - inputs)) << 3), source.weights + <usize>j * bytes, bytes);
    store<i32>(ids + ((<usize>j) << 2), neuronOf(source, before, j));
  }
  setLayer(rootFrame, l, source.size, rows, stride, ids);
}

function sparseLayer(l: i32): void {
  const source = sourceOf(l);
  const ids = allocate((<usize>source.size) << 2);
  memory.copy(ids, source.neurons, (<usize>source.size) << 2);
  const pointers = allocate((<usize>source.size) << 2);
  for (let j = 0; j < source.size; j++) {
    const from = load<i32>(source.starts + ((<usize>j) << 2));
    const count = load<i32>(source.starts + ((<usize>j) << 2), 4) - from;
    const row = changetype<SparseRow>(allocate(offsetof<SparseRow>() + <usize>count * offsetof<Entry>()));
    const bias = load<f64>(source.biases + ((<usize>j) << 3));
    row.a = 0;
    row.b = 0;
    row.c = bias;
    row.error = 0;
    row.count = count;
    row.signs = bias > 0 ? NOT_NEGATIVE : bias < 0 ? NOT_POSITIVE : NOT_NEGATIVE | NOT_POSITIVE;
    for (let i = 0; i < count; i++) {
      const entry = changetype<Entry>(entriesOf(row) + <usize>i * offsetof<Entry>());
      entry.value = load<f64>(source.values + ((<usize>(from + i)) << 3));
      entry.column = load<i32>(source.columns + ((<usize>(from + i)) << 2));
    }
    store<u32>(pointers + ((<usize>j) << 2), <u32>changetype<usize>(row));
  }
  setLayer(rootFrame, l, source.size, pointers, 0, ids);
}
