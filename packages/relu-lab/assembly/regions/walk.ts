// The walk: depth first from the whole domain down to the regions.
import { Out } from "./chunks";
import { emit } from "./emit";
import { fold, foldBytes } from "./fold";
import { Frame, Line, lineAt, Polygon } from "./layout";
import { finish, joint, merge } from "./join";
import { leaf, LEAF_LINES } from "./leaf";
import { choose, filter } from "./lines";
import { forgetPoint, newPoints } from "./points";
import { newPolygon, signAt, split } from "./polygon";
import { allocate, claim, Net, progress, Run, Stack } from "./state";

const PROGRESS_MASK: i64 = 0x3fff;

@inline
function count(regions: i32, depth: i32): void {
  if (depth >= Run.claimDepth || Run.first) Run.regions += regions;
}

/** Counts or writes the regions of a polygon on which the `n` lines of `list` are unstable in the lowest layer. */
export function walk(polygon: Polygon, frame: Frame, list: usize, n: i32, depth: i32): void {
  if (depth !== Run.claimDepth) {
    descend(polygon, frame, list, n, depth);
    return;
  }
  if (Run.stopped || !claim(Run.subtrees++)) return;
  const before = Run.fallbacks;
  descend(polygon, frame, list, n, depth);
  Run.claimedFallbacks += Run.fallbacks - before;
  if (Run.enumerating) finish(polygon);
}

function ask(): void {
  const limit = progress(<f64>Run.regions);
  Run.regionLimit = limit < 9e18 ? <i64>limit : i64.MAX_VALUE;
  if (Run.regions >= Run.regionLimit) Run.stopped = true;
}

function descend(polygon: Polygon, frameBefore: Frame, listBefore: usize, nBefore: i32, depth: i32): void {
  if (Run.stopped) return;
  // Above the subtrees there is nothing to stop: what is left of them may be another worker's.
  if (((++Run.nodes & PROGRESS_MASK) === 0 || Run.regions >= Run.regionLimit) && depth >= Run.claimDepth) ask();
  if (Run.stopped) return;
  const mark = Stack.top;
  let frame = frameBefore;
  let list = listBefore;
  let n = nBefore;
  const last = Net.layers - 1;
  if (frame.lowest < last) {
    const first = frame.length;
    // A fold before the list is empty saves work, not more; where it would take much of the stack, go on splitting.
    if (n === 0 || (first >= 4 && 4 * n <= 3 * first && foldBytes(frame) <= (Stack.end - Stack.top) >> 2)) {
      frame = fold(frame, polygon, list, n, depth);
      list = frame.list;
      n = frame.length;
    }
  }
  if (Run.stopped) {
    Stack.top = mark; // while signs were decided, so that they are not all known
    return;
  }
  if (n === 0) {
    if (!Run.enumerating) count(1, depth);
    else if (depth >= Run.claimDepth) emit(polygon, frame);
    else if (claim(Run.subtrees++)) {
      emit(polygon, frame);
      finish(polygon);
    }
    Stack.top = mark;
    return;
  }
  if (!Run.enumerating && n <= LEAF_LINES && frame.lowest === last) {
    const regions = leaf(list, n, polygon);
    if (regions > 0) {
      count(regions, depth);
      Stack.top = mark;
      return;
    }
  }
  const line = lineAt(list, choose(list, n, polygon));
  const corners = polygon.corners;
  const signs = allocate(<usize>corners);
  for (let i = 0; i < corners; i++) store<i8>(signs + i, <i8>signAt(line, polygon, i));
  if (Run.stopped) {
    Stack.top = mark;
    return;
  }
  const above = newPolygon(corners + 1);
  const below = newPolygon(corners + 1);
  const points = newPoints(2);
  split(polygon, line, signs, above, below, points);
  const neuron = line.id;
  const child = allocate(<usize>n << 2);

  store<u8>(Net.states + neuron, 1);
  walk(above, frame, child, filterWithout(list, n, line, above, child), depth + 1);
  store<u8>(Net.states + neuron, 0);
  walk(below, frame, child, filterWithout(list, n, line, below, child), depth + 1);

  forgetPoint(points);
  forgetPoint(points + 4);
  if (Run.enumerating && !Out.streaming && !Run.stopped) {
    if (depth >= Run.claimDepth) merge(polygon, signs, above, below);
    else joint(signs, corners);
  }
  Stack.top = mark;
}

/** {@link filter} for all lines but the cut itself. */
@inline
function filterWithout(list: usize, n: i32, cut: Line, polygon: Polygon, kept: usize): i32 {
  let k = 0;
  for (let i = 0; i < n; i++) {
    const line = load<u32>(list + (<usize>i << 2));
    store<u32>(kept + (<usize>k << 2), line);
    k += <i32>(line !== <u32>changetype<usize>(cut));
  }
  return filter(kept, n - 1, polygon, kept);
}
