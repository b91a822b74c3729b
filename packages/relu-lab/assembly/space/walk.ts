// The walk: a folding binary space partition, depth first. Every cut is a neuron's own boundary, so every leaf is one
// activation region, the children's counts add, and subtrees are independent.
import { alloc, mark, release } from "./arena";
import { BOTH_MINUS, BOTH_PLUS, ON_MINUS, ON_PLUS, classify, crossWithin } from "./classify";
import { cutBy } from "./cut";
import { emit } from "./emit";
import { fold } from "./fold";
import { halfOf } from "./half";
import { Cut, Frame, Layer, MINUS, PLUS, Polyhedron, Row, layerOf, neuronOf, pitch, rowOf, xs } from "./layout";
import { active, cells, enumerating, kinds, layers, planeAt, planeCount } from "./state";

/** Whether this thread walks subtree number `subtree`; the threads agree on the numbers. */
@external("env", "claim")
declare function claim(subtree: i32): i32;

/** Told now and then how many regions this thread has found; anything but 0 ends the walk. */
@external("env", "progress")
declare function progress(regions: f64): i32;

let found: f64 = 0;
let report: f64 = 0;
let interval: f64 = 0;
/** The walk was told to end: what follows finds nothing more. */
export let stopped: bool = false;

/** Reports after every `regions` regions. */
export function reportEvery(regions: f64): void {
  interval = regions;
  report = regions;
  found = 0;
  stopped = false;
}

/** Notes that so many regions were found. */
// @ts-ignore: decorator
@inline
function tally(regions: f64): f64 {
  found += regions;
  if (found >= report) {
    report = found + interval;
    if (progress(found) != 0) stopped = true;
  }
  return regions;
}

/** Subtrees this many cuts deep are handed out to threads. */
export let sharedDepth: i32 = 0;
/** Whether this thread counts what lies above the shared subtrees. */
export let first: bool = true;
let subtrees: i32 = 0;

export function share(depth: i32, isFirst: bool): void {
  sharedDepth = depth;
  first = isFirst;
  subtrees = 0;
}

/** Notes that the cell is one cell of every layer from `from` up to (not including) `to`. */
function noteCells(from: i32, to: i32, counts: bool): void {
  if (!counts) return;
  for (let l = max(from, 0); l < to; l++) {
    store<f64>(cells + (<usize>l << 3), load<f64>(cells + (<usize>l << 3)) + 1);
  }
}

/**
 * The activation regions of cell p.
 *
 * `list` holds the m rows of the frame's lowest layer that take both signs on p, `folded` how many there were at the
 * last fold, `depth` how many cuts lie above; `mine` is false above the shared subtrees.
 */
export function walk(p: Polyhedron, frame: Frame, list: usize, m: i32, folded: i32, depth: i32, mine: bool): f64 {
  if (stopped) return 0;
  const start = mark();
  if (!mine && depth >= sharedDepth) {
    if (!claim(subtrees++)) return 0;
    mine = true;
  }
  const last = layers - 1;
  while (frame.lowest != last && (m == 0 || (folded >= 4 && 4 * m <= 3 * folded))) {
    const before = frame.lowest;
    frame = fold(p, frame, list, m);
    noteCells(before, min(frame.lowest, last), mine || first);
    if (frame.lowest == layers) {
      m = 0;
      break;
    }
    m = layerOf(frame, frame.lowest).count;
    folded = m;
    list = alloc(<usize>m << 1);
    for (let i = 0; i < m; i++) store<u16>(list + (<usize>i << 1), <u16>i);
  }
  let regions: f64;
  if (m == 0) {
    // A region above the shared subtrees is a subtree of its own.
    if (!mine && !claim(subtrees++)) regions = 0;
    else {
      if (enumerating) emit(p);
      regions = tally(1);
    }
  } else if (frame.lowest == last && !enumerating && m < 3 && (mine || claim(subtrees++))) {
    mine = true;
    regions = m == 2 ? few(p, frame, list, depth) : tally(2);
  } else if (frame.lowest == last && !enumerating && m < 3) {
    regions = 0;
  } else {
    regions = split(p, frame, list, m, folded, depth, mine);
  }
  release(start);
  return regions;
}

/** Two boundaries of the last layer: three regions, or four when they cross within p. */
function few(p: Polyhedron, frame: Frame, list: usize, depth: i32): f64 {
  const layer = layerOf(frame, frame.lowest);
  const a = rowOf(layer, load<u16>(list));
  const b = rowOf(layer, load<u16>(list + 2));
  const crossing = crossWithin(p, a, b, alloc(pitch(p) << 1));
  return crossing < 0 ? split(p, frame, list, 2, 2, depth, true) : tally(<f64>(3 + crossing));
}

/** The row to cut by: central and steep, so that the halves are alike. */
function choose(p: Polyhedron, layer: Layer, list: usize, m: i32): i32 {
  let x: f64 = 0;
  let y: f64 = 0;
  let z: f64 = 0;
  const step = pitch(p);
  for (let at = xs(p), end = at + (<usize>p.vertices << 3); at < end; at += 8) {
    x += load<f64>(at);
    y += load<f64>(at + step);
    z += load<f64>(at + 2 * step);
  }
  const n = <f64>p.vertices;
  x /= n;
  y /= n;
  z /= n;
  let best = 0;
  let least = Infinity;
  for (let i = 0; i < m; i++) {
    const row = rowOf(layer, load<u16>(list + (<usize>i << 1)));
    const value = row.a * x + row.b * y + row.c * z + row.d;
    const score = value * value * row.inverseSquare;
    if (score < least) {
      least = score;
      best = i;
    }
  }
  return best;
}

function pushPlane(row: Row, neuron: i32): i32 {
  const plane = planeAt(planeCount);
  plane.a = row.a;
  plane.b = row.b;
  plane.c = row.c;
  plane.d = row.d;
  plane.tolerance = row.tolerance;
  plane.norm = sqrt(row.a * row.a + row.b * row.b + row.c * row.c) * (1 + 1e-14);
  plane.neuron = neuron;
  plane.kind = load<i32>(kinds + (<usize>neuron << 2));
  return planeCount++;
}

function split(p: Polyhedron, frame: Frame, list: usize, m: i32, folded: i32, depth: i32, mine: bool): f64 {
  const layer = layerOf(frame, frame.lowest);
  const epoch = frame.epoch;
  const chosen = choose(p, layer, list, m);
  const chosenIndex = load<u16>(list + (<usize>chosen << 1));
  const cutRow = rowOf(layer, chosenIndex);
  const cutNeuron = neuronOf(layer, chosenIndex);
  const cut = cutBy(p, cutRow, cutNeuron, pushPlane(cutRow, cutNeuron), epoch);
  const codes = alloc(m);
  let above = 0;
  let below = 0;
  for (let i = 0; i < m; i++) {
    if (i == chosen) continue;
    const index = load<u16>(list + (<usize>i << 1));
    const code = classify(rowOf(layer, index), neuronOf(layer, index), p, cut, epoch);
    store<u8>(codes + i, <u8>code);
    above += i32((code & BOTH_PLUS) != 0);
    below += i32((code & BOTH_MINUS) != 0);
  }
  const regions =
    half(p, frame, list, m, folded, depth, mine, cut, PLUS, chosen, codes, above) +
    half(p, frame, list, m, folded, depth, mine, cut, MINUS, chosen, codes, below);
  planeCount--;
  return regions;
}

/** The regions of one half; `kept` rows of the list take both signs there. */
function half(
  p: Polyhedron, frame: Frame, list: usize, m: i32, folded: i32, depth: i32, mine: bool,
  cut: Cut, side: u8, chosen: i32, codes: usize, kept: i32,
): f64 {
  const isLast = frame.lowest == layers - 1;
  // Without enumeration nobody asks for the shape of these.
  if (isLast && !enumerating && mine && kept < 2) return tally(<f64>(kept + 1));
  const start = mark();
  const layer = layerOf(frame, frame.lowest);
  const both = <u8>(side == PLUS ? BOTH_PLUS : BOTH_MINUS);
  const on = <u8>(side == PLUS ? ON_PLUS : ON_MINUS);
  const remaining = alloc(<usize>kept << 1);
  let next = 0;
  for (let i = 0; i < m; i++) {
    const index = load<u16>(list + (<usize>i << 1));
    if (i == chosen) {
      store<u8>(active + neuronOf(layer, index), side);
      continue;
    }
    const code = load<u8>(codes + i);
    if (code & both) {
      store<u16>(remaining + (<usize>next << 1), index);
      next++;
    } else {
      store<u8>(active + neuronOf(layer, index), u8((code & on) != 0));
    }
  }
  const regions = walk(halfOf(p, cut, side), frame, remaining, kept, folded, depth + 1, mine);
  release(start);
  return regions;
}
