// Which half-edges are twins: lists of them along a polygon's sides, joined and paired where its parts meet.
import { flush, NEXTS, Out, REGIONS, TWINS, wordAt } from "./chunks";
import { Corner, corner, Polygon } from "./layout";
import { Run, Stack } from "./state";

/** A cut above the claimed subtrees: one sign (i8) a corner. Its two parts have been walked, here or elsewhere. */
// @ts-ignore: a decorator
@external("env", "joint")
export declare function joint(signs: usize, corners: i32): void;

/** A claimed subtree is done. For each side of its polygon: the number of half-edges along it, and these (i32). */
// @ts-ignore: a decorator
@external("env", "finished")
declare function finished(sides: usize, words: i32): void;

/** In NEXTS, of an edge that has its twin: the maps on its two sides may be the same. */
export const DOUBTFUL: i32 = -2;

/** Whether the maps of the regions on the two sides of an edge surely differ: by their gradients. */
function surelyDiffer(e: i32, twin: i32): bool {
  const shift = Out.regionShift;
  const mask = (1 << shift) - 1;
  const r = load<i32>(wordAt(e, REGIONS));
  const q = load<i32>(wordAt(twin, REGIONS));
  const chunkR = <usize>load<u32>(Out.regionTable + (<usize>(r >> shift) << 2));
  const chunkQ = <usize>load<u32>(Out.regionTable + (<usize>(q >> shift) << 2));
  const atR = <usize>(r & mask) * <usize>Out.maps;
  const atQ = <usize>(q & mask) * <usize>Out.maps;
  for (let k: usize = 0; k < <usize>Out.maps; k++) {
    const tolerance =
      load<f64>(chunkR + Out.gradients + ((atR + k) << 3)) + load<f64>(chunkQ + Out.gradients + ((atQ + k) << 3));
    const mapR = chunkR + Out.mapsAt + (atR + k) * 24;
    const mapQ = chunkQ + Out.mapsAt + (atQ + k) * 24;
    const difference = f64x2.abs(f64x2.sub(v128.load(mapR), v128.load(mapQ)));
    if (v128.any_true(f64x2.gt(difference, f64x2.splat(tolerance * 1.0001)))) return true;
  }
  return false;
}

/**
 * Hands over a claimed subtree, with what along its border it has to be joined by; when streaming, all that it has left.
 * Its room serves the next one.
 */
export function finish(polygon: Polygon): void {
  if (Out.streaming) flush();
  const base = Stack.top;
  let top = base;
  if (!Out.streaming && !Run.stopped) {
    const n = polygon.corners;
    for (let i = 0; i < n; i++) {
      const at = corner(polygon, i);
      const tail = at.tail;
      const count = top;
      top += 4;
      for (let e = at.head; ; e = load<i32>(wordAt(e, NEXTS))) {
        if (top + 8 > Stack.end) unreachable();
        store<i32>(top, e);
        top += 4;
        if (e === tail) break;
      }
      store<i32>(count, <i32>((top - count) >> 2) - 1);
    }
  }
  finished(base, <i32>((top - base) >> 2));
  Out.handedOver = Run.regions;
  Out.edgeCount = 0;
}

@inline
function setList(at: Corner, head: i32, tail: i32): void {
  at.head = head;
  at.tail = tail;
}

function joinLists(at: Corner, first: Corner, second: Corner): void {
  store<i32>(wordAt(first.tail, NEXTS), second.head);
  setList(at, first.head, second.tail);
}

/** Pairs the half-edges on the two sides of a chord: one side forwards, the other backwards. */
function zip(above: Corner, below: Corner): void {
  const base = Stack.top;
  let top = base;
  for (let e = below.head; ; e = load<i32>(wordAt(e, NEXTS))) {
    if (top + 4 > Stack.end) unreachable();
    store<i32>(top, e);
    top += 4;
    if (e === below.tail) break;
  }
  for (let e = above.head; ;) {
    if (top === base) {
      Out.mismatches++;
      return;
    }
    top -= 4;
    const twin = load<i32>(top);
    const next = load<i32>(wordAt(e, NEXTS));
    store<i32>(wordAt(e, TWINS), twin);
    store<i32>(wordAt(twin, TWINS), e);
    if (Out.comparing && !surelyDiffer(e, twin)) store<i32>(wordAt(min(e, twin), NEXTS), DOUBTFUL);
    if (e === above.tail) break;
    e = next;
  }
  if (top !== base) Out.mismatches++;
}

/** After both parts of a polygon are done: joins their lists along its edges, and zips the chord between them. */
export function merge(polygon: Polygon, signs: usize, above: Polygon, below: Polygon): void {
  const n = polygon.corners;
  let up = 0;
  let down = 0;
  let chordAbove = changetype<Corner>(0);
  let chordBelow = changetype<Corner>(0);
  for (let i = 0; i < n; i++) {
    const at = corner(polygon, i);
    const here = <i32>load<i8>(signs + i);
    const next = <i32>load<i8>(signs + (i + 1 === n ? 0 : i + 1));
    let part = changetype<Corner>(0);
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
      setList(at, part.head, part.tail);
    } else if (here > 0) {
      part = corner(above, up++);
      if (next < 0) {
        chordAbove = corner(above, up++);
        joinLists(at, part, corner(below, down++));
      } else setList(at, part.head, part.tail);
    } else {
      part = corner(below, down++);
      if (next > 0) {
        chordBelow = corner(below, down++);
        joinLists(at, part, corner(above, up++));
      } else setList(at, part.head, part.tail);
    }
  }
  zip(chordAbove, chordBelow);
}
