// The activation regions of a ReLU network in a box of three dimensions.
// Use: prepare(), fill what it laid out, setLayer() for every layer and fill it, then run().
import { alloc, resetArena } from "./arena";
import { bufferAt, buffered, closeBuffers, openBuffers } from "./emit";
import { resetEpochs } from "./fold";
import { Frame, Layer, Plane, Polyhedron, Row, labels, layerOf, pitch, xs } from "./layout";
import {
  active, cells, certified, diameter, enumerating, fallbacks, hiX, hiY, hiZ, keepsShapes, kinds, layers, linearNeurons,
  loX, loY, loZ, maxX, maxY, maxZ, neurons, planeAt, planeCount, planes, slots,
} from "./state";
import { reportEvery, share, stopped, walk } from "./walk";

let root: usize = 0;
let columns: i32 = 0;

export { bufferAt, buffered };

/** Starts a network of so many layers and neurons (those without a ReLU as well). */
export function prepare(layerCount: i32, neuronCount: i32, enumerate: bool, shapes: bool): void {
  resetArena();
  resetEpochs();
  layers = layerCount;
  neurons = neuronCount;
  enumerating = enumerate;
  keepsShapes = shapes;
  fallbacks = 0;
  linearNeurons = alloc(neuronCount);
  memory.fill(linearNeurons, 0, neuronCount);
  // Padded to words of 32 neurons: a pattern is read 16 bytes at a time.
  active = alloc((neuronCount + 31) & ~31);
  kinds = alloc((<usize>neuronCount + 6) << 2);
  cells = alloc(<usize>layerCount << 3);
  memory.fill(active, 0, (neuronCount + 31) & ~31);
  memory.fill(cells, 0, <usize>layerCount << 3);
  const most = <usize>neuronCount + 6;
  planes = alloc(most * offsetof<Plane>());
  slots = alloc(most << 2);
  memory.fill(slots, 0, most << 2);
  if (enumerate) openBuffers((bytes) => alloc(bytes));
  root = alloc(16 + <usize>layerCount * offsetof<Layer>());
  const frame = changetype<Frame>(root);
  frame.lowest = -1;
  frame.epoch = 0;
  columns = 0;
}

/** Whether the last walk was told to end early. */
export function wasStopped(): bool {
  return stopped;
}

/** One i32 a neuron, then one for each face of the box: the classes of Plane.kind. */
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

/**
 * Lays out layer l of n neurons, the first of them number `neuron`. The caller fills row i at the returned address plus
 * i * rowBytes(l): in layer 0 the weights and the bias as a, b, c, d; above, the bias as d and the weights to
 * weightsAt(l) from there on.
 */
export function setLayer(l: i32, n: i32, neuron: i32): usize {
  const layer = layerOf(changetype<Frame>(root), l);
  layer.count = n;
  layer.stride = <i32>offsetof<Row>() + (((columns + 1) & ~1) << 3);
  layer.neurons = alloc(<usize>n << 2);
  for (let i = 0; i < n; i++) store<i32>(layer.neurons + (<usize>i << 2), neuron + i);
  layer.rows = alloc(<usize>n * <usize>layer.stride);
  memory.fill(layer.rows, 0, <usize>n * <usize>layer.stride);
  columns += n;
  return layer.rows;
}

export function rowBytes(l: i32): i32 {
  return layerOf(changetype<Frame>(root), l).stride;
}

/** Bytes from a row of layer l to its first weight. */
export function weightsAt(l: i32): i32 {
  let before = 0;
  for (let k = 0; k < l - 1; k++) before += layerOf(changetype<Frame>(root), k).count;
  return <i32>offsetof<Row>() + (before << 3);
}

function face(k: i32, a: f64, b: f64, c: f64, d: f64): void {
  const plane = planeAt(k);
  plane.a = a;
  plane.b = b;
  plane.c = c;
  plane.d = d;
  // Vertices of the box lie on its faces exactly; others are near, by at most the rounding of a coordinate.
  plane.tolerance = 0;
  plane.norm = 1 + 1e-15;
  plane.neuron = -1 - k;
  plane.kind = load<i32>(kinds + (<usize>(neurons + k) << 2));
}

function box(): Polyhedron {
  const p = changetype<Polyhedron>(alloc(offsetof<Polyhedron>() + 8 * 40));
  p.vertices = 8;
  p.edges = 12;
  p.capacity = 8;
  p.radius = 0;
  const step = pitch(p);
  p.edgeList = alloc(12 << 3);
  let edge = p.edgeList;
  for (let v = 0; v < 8; v++) {
    const at = xs(p) + (<usize>v << 3);
    store<f64>(at, v & 1 ? hiX : loX);
    store<f64>(at + step, v & 2 ? hiY : loY);
    store<f64>(at + 2 * step, v & 4 ? hiZ : loZ);
    store<f64>(at + 3 * step, 0);
    const x = <u64>(v & 1);
    const y = <u64>(2 + ((v >> 1) & 1));
    const z = <u64>(4 + ((v >> 2) & 1));
    store<u64>(labels(p) + (<usize>v << 3), x | (y << 16) | (z << 32));
    for (let axis = 0; axis < 3; axis++) {
      if (v & (1 << axis)) continue;
      const f = axis == 0 ? y : x;
      const g = axis == 2 ? y : z;
      store<u64>(edge, <u64>v | (<u64>(v | (1 << axis)) << 16) | (f << 32) | (g << 48));
      edge += 8;
    }
  }
  return p;
}

/**
 * Walks the box from lo to hi. `sharedDepth` cuts deep and below, subtrees are handed out (0: everything is walked);
 * `isFirst` tells the one thread that counts what lies above them; the host hears of progress after every `interval`
 * regions. Returns the number of regions.
 */
export function run(
  x0: f64, y0: f64, z0: f64, x1: f64, y1: f64, z1: f64, certain: bool, sharedDepth: i32, isFirst: bool,
  interval: f64,
): f64 {
  certified = certain;
  loX = x0;
  loY = y0;
  loZ = z0;
  hiX = x1;
  hiY = y1;
  hiZ = z1;
  maxX = max(abs(x0), abs(x1));
  maxY = max(abs(y0), abs(y1));
  maxZ = max(abs(z0), abs(z1));
  diameter = max(x1 - x0, max(y1 - y0, z1 - z0)) * (1 + 1e-15);
  planeCount = 6;
  face(0, 1, 0, 0, -x0);
  face(1, 1, 0, 0, -x1);
  face(2, 0, 1, 0, -y0);
  face(3, 0, 1, 0, -y1);
  face(4, 0, 0, 1, -z0);
  face(5, 0, 0, 1, -z1);
  share(sharedDepth, isFirst);
  reportEvery(interval);
  const regions = walk(box(), changetype<Frame>(root), 0, 0, 0, 0, sharedDepth == 0);
  store<f64>(cells + (<usize>(layers - 1) << 3), regions);
  if (enumerating) closeBuffers();
  return regions;
}

