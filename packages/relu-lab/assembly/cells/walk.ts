// The walk: a cell of the lowest layer is cut until no row of it crosses, then folded; the last layer is counted.
import { alloc, mark, release } from "./arena";
import { countCell, isSimple, term } from "./count";
import { cut, minusCount, minusList, plusCount, plusList } from "./cut";
import { fold } from "./fold";
import { D, MASKS, Vertex, layerOf, lowestOf, neuronOf, rowOf, vertexAt } from "./layout";
import { refine } from "./refine";
import { signAt } from "./sign";
import {
  active, cells, certified, diameter, layers, planeNeurons, planeRows, setPlane, table, tableNeurons, tableStride, words,
} from "./state";

/** Asks whether this walker has the subtree. */
@external("env", "claim")
declare function claim(subtree: i32): i32;

/** Tells how many regions have been found; not 0: stop. */
@external("env", "progress")
declare function progress(found: f64): i32;

/** A radius, in sides of the domain, beyond which a vertex is refined before the network is folded around it. */
const ROUGH: f64 = 1e-10;

let sharedDepth: i32 = 0;
let isFirst: bool = true;
let subtree: i32 = 0;
let found: f64 = 0;
let nextReport: f64 = 0;
let interval: f64 = 0;
export let stopped: bool = false;

export function begin(depth: i32, first: bool, every: f64): void {
  sharedDepth = depth;
  isFirst = first;
  subtree = 0;
  found = 0;
  interval = every;
  nextReport = every;
  stopped = false;
}

/** Whether this walker has everything. */
export function isWhole(): bool {
  return sharedDepth == 0;
}

function add(regions: f64): f64 {
  found += regions;
  if (found >= nextReport) {
    nextReport = found + interval;
    if (progress(found)) stopped = true;
  }
  return regions;
}

/** A cell (n vertices) of the rows in the table; `depth` cuts and folds from the root, `mine` inside of a subtree. */
export function walk(list: usize, n: i32, frame: usize, depth: i32, mine: bool): f64 {
  if (stopped) return 0;
  if (!mine && depth >= sharedDepth) {
    if (!claim(subtree++)) return 0;
    mine = true;
  }
  const layer = lowestOf(frame);
  const before = mark();
  const bytes = <usize>words << 3;
  const crossing = alloc(bytes);
  let first = -1;
  for (let word = 0; word < words; word++) {
    const at = <usize>word << 3;
    let p: u64 = 0;
    let q: u64 = 0;
    for (let v = 0; v < n; v++) {
      const vertex = vertexAt(list, v) + MASKS + at;
      p |= load<u64>(vertex);
      q |= load<u64>(vertex + bytes);
    }
    store<u64>(crossing + at, p & q);
    if (first < 0 && p & q) first = (word << 6) + <i32>ctz(p & q);
  }
  let regions: f64;
  if (layer == layers - 1) regions = countLast(list, n, crossing, mine);
  else if (first < 0) {
    settle(list, n, frame);
    regions = descend(list, n, frame, depth, mine);
  } else {
    const own = slotOf(list, n);
    const neuron = load<i32>(planeNeurons + (<usize>own << 2));
    const row = load<usize>(planeRows + (<usize>own << 2));
    cut(list, n, first);
    const minus = minusList;
    const minuses = minusCount;
    regions = walk(plusList, plusCount, frame, depth + 1, mine);
    regions += walk(minus, minuses, frame, depth + 1, mine);
    setPlane(own, neuron, row);
  }
  release(before);
  return regions;
}

/** The slot that the next cut of a cell takes: the lowest that none of its vertices has. */
function slotOf(list: usize, n: i32): i32 {
  let used: u64 = 0;
  for (let v = 0; v < n; v++) used |= changetype<Vertex>(vertexAt(list, v)).facets;
  return ~used ? <i32>ctz(~used) : 0;
}

function countLast(list: usize, n: i32, crossing: usize, mine: bool): f64 {
  if (mine && D < 3) return add(countCell(list, n, D, crossing));
  // Its sections are walked one by one: they are subtrees, and progress is told between them.
  let total: f64 = mine || isFirst ? add(1) : 0;
  if (D == 1) {
    if (!mine && !isFirst) return 0;
    return total + add(countCell(list, n, D, crossing) - 1);
  }
  const simple = isSimple(list, n, D);
  for (let word = 0; word < words; word++) {
    let left = load<u64>(crossing + (<usize>word << 3));
    while (left) {
      const i = (word << 6) + <i32>ctz(left);
      left &= left - 1;
      if (stopped) return total;
      if (!mine && !claim(subtree++)) continue;
      total += add(term(list, n, D, crossing, i, simple));
    }
  }
  return total;
}

/** Writes the states of the table's rows on a cell that none of them crosses. */
function settle(list: usize, n: i32, frame: usize): void {
  const layer = layerOf(frame, lowestOf(frame));
  for (let word = 0; word < words; word++) {
    let p: u64 = 0;
    for (let v = 0; v < n; v++) p |= load<u64>(vertexAt(list, v) + MASKS + (<usize>word << 3));
    const end = min(64, layer.count - (word << 6));
    for (let i = 0; i < end; i++) store<u8>(active + neuronOf(layer, (word << 6) + i), <u8>((p >> i) & 1));
  }
}

/** The facets that truly bound a cell: those whose vertices have no other facet in common. */
function realFacets(list: usize, n: i32): u64 {
  let used: u64 = 0;
  for (let v = 0; v < n; v++) used |= changetype<Vertex>(vertexAt(list, v)).facets;
  if (isSimple(list, n, D)) return used;
  let real: u64 = 0;
  while (used) {
    const bit = used & -used;
    used ^= bit;
    let common: u64 = ~(<u64>0);
    for (let v = 0; v < n; v++) {
      const facets = changetype<Vertex>(vertexAt(list, v)).facets;
      if (facets & bit) common &= facets;
    }
    if (common == bit) real |= bit;
  }
  return real;
}

/** Folds the network on a cell and walks on with a new table: the vertices are copied, with its signs. */
export function descend(list: usize, n: i32, frame: usize, depth: i32, mine: bool): f64 {
  const before = mark();
  const lower = lowestOf(frame);
  const folded = fold(list, n, frame);
  const lowest = lowestOf(folded);
  if (mine || isFirst) {
    for (let l = max(lower, 0); l < lowest && l < layers - 1; l++) {
      const at = cells + (<usize>l << 3);
      store<f64>(at, load<f64>(at) + 1);
    }
  }
  if (lowest == layers) {
    release(before);
    return mine || isFirst ? add(1) : 0;
  }
  const savedTable = table;
  const savedStride = tableStride;
  const savedNeurons = tableNeurons;
  const savedWords = words;
  const layer = layerOf(folded, lowest);
  table = layer.rows;
  tableStride = layer.stride;
  tableNeurons = layer.neurons;
  words = (layer.count + 63) >> 6;
  const size = MASKS + (<usize>words << 4);
  const copies = alloc(<usize>n << 2);
  const real = realFacets(list, n);
  const half = <usize>words << 3;
  for (let v = 0; v < n; v++) {
    // Cells beside this one share the record, and the vertices of all sections come from it: it had better be good.
    if (certified && changetype<Vertex>(vertexAt(list, v)).radius > ROUGH * diameter) refine(vertexAt(list, v));
    const copy = alloc(size);
    store<usize>(copies + (<usize>v << 2), copy);
    memory.copy(copy, vertexAt(list, v), MASKS);
    changetype<Vertex>(copy).facets &= real;
    memory.fill(copy + MASKS, 0, half << 1);
    for (let i = 0; i < layer.count; i++) {
      const sign = signAt(rowOf(layer, i), neuronOf(layer, i), copy);
      if (!sign) continue;
      const at = copy + MASKS + (<usize>(i >> 6) << 3) + (sign < 0 ? half : 0);
      store<u64>(at, load<u64>(at) | (<u64>1 << (i & 63)));
    }
  }
  const regions = walk(copies, n, folded, depth, mine);
  table = savedTable;
  tableStride = savedStride;
  tableNeurons = savedNeurons;
  words = savedWords;
  release(before);
  return regions;
}
