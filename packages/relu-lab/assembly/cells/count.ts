// Cells of the last layer by deletion and restriction: 1 + for each row, the cells of its hyperplane that the rows before
// it make. Nothing is split.
import { alloc, mark, release } from "./arena";
import { crossings, signBit } from "./edge";
import { MASKS, U, Vertex, vertexAt } from "./layout";
import { refine } from "./refine";
import { doubt, meets, valueAt } from "./sign";
import { SECTIONS, certified, sections, setPlane, table, tableNeurons, tableStride, words } from "./state";

export function isSimple(list: usize, n: i32, k: i32): bool {
  for (let i = 0; i < n; i++) if (<i32>popcnt(changetype<Vertex>(vertexAt(list, i)).facets) != k) return false;
  return true;
}

// @ts-ignore: decorator
@inline
function rowAt(j: i32): usize {
  return table + <usize>j * tableStride;
}

// @ts-ignore: decorator
@inline
function neuronAt(j: i32): i32 {
  return load<i32>(tableNeurons + (<usize>j << 2));
}

/** The cells of a k-dimensional cell whose crossing rows are those of `mask`. */
export function countCell(list: usize, n: i32, k: i32, mask: usize): f64 {
  if (k == 1) return 1 + <f64>points(vertexAt(list, 0), vertexAt(list, 1), mask);
  let total: f64 = 1;
  const simple = isSimple(list, n, k);
  for (let word = 0; word < words; word++) {
    let left = load<u64>(mask + (<usize>word << 3));
    while (left) {
      const i = (word << 6) + <i32>ctz(left);
      left &= left - 1;
      total += term(list, n, k, mask, i, simple);
    }
  }
  return total;
}

/** What row i of `mask` adds: the cells of its section, or none when a row before it has the same one. */
export function term(list: usize, n: i32, k: i32, mask: usize, i: i32, simple: bool): f64 {
  const before = mark();
  const plus = alloc(<usize>n << 2);
  const minus = alloc(<usize>n << 2);
  let pluses = 0;
  let minuses = 0;
  for (let v = 0; v < n; v++) {
    const vertex = vertexAt(list, v);
    const sign = signBit(vertex, i);
    if (sign > 0) store<usize>(plus + (<usize>(pluses++) << 2), vertex);
    else if (sign < 0) store<usize>(minus + (<usize>(minuses++) << 2), vertex);
  }
  const zeros = n - pluses - minuses;
  const section = alloc(<usize>(zeros + pluses * minuses) << 2);
  let size = 0;
  if (zeros) {
    for (let v = 0; v < n; v++) {
      const vertex = vertexAt(list, v);
      if (!signBit(vertex, i)) store<usize>(section + (<usize>(size++) << 2), vertex);
    }
  }
  setPlane(SECTIONS + sections, neuronAt(i), rowAt(i));
  const outer = sections;
  // A new vertex lies in the section: what is asked about it may use the hyperplane.
  sections = outer + 1;
  size += crossings(
    rowAt(i), i, k, simple, list, n, plus, pluses, minus, minuses, 0, section + (<usize>zeros << 2),
  );
  const inner = alloc(<usize>words << 3);
  const half = <usize>words << 3;
  let some: u64 = 0;
  let same: u64 = 0;
  for (let word = 0; word <= i >> 6; word++) {
    const at = <usize>word << 3;
    let earlier = load<u64>(mask + at);
    if (word == i >> 6) earlier &= (<u64>1 << (i & 63)) - 1;
    let p: u64 = 0;
    let q: u64 = 0;
    for (let v = 0; v < size; v++) {
      const vertex = vertexAt(section, v) + MASKS + at;
      p |= load<u64>(vertex);
      q |= load<u64>(vertex + half);
    }
    same |= earlier & ~(p | q);
    some |= earlier & p & q;
    store<u64>(inner + at, earlier & p & q);
  }
  for (let word = (i >> 6) + 1; word < words; word++) store<u64>(inner + (<usize>word << 3), 0);
  const found = same ? 0 : some ? countCell(section, size, k - 1, inner) : 1;
  sections = outer;
  release(before);
  return found;
}

/** In how many points the rows of `mask` meet the segment from u to w, which all of them cross. */
function points(u: usize, w: usize, mask: usize): i32 {
  const before = mark();
  let rows = 0;
  for (let word = 0; word < words; word++) rows += <i32>popcnt(load<u64>(mask + (<usize>word << 3)));
  if (rows == 1) return 1;
  const at = alloc(<usize>rows << 3);
  let widest: f64 = 0;
  let n: usize = 0;
  for (let word = 0; word < words; word++) {
    let left = load<u64>(mask + (<usize>word << 3));
    while (left) {
      const row = rowAt((word << 6) + <i32>ctz(left));
      left &= left - 1;
      const t = parameter(row, u, w);
      widest = max(widest, uncertainty);
      let to = at + (n << 3);
      while (to > at && load<f64>(to - 8) > t) {
        store<f64>(to, load<f64>(to - 8));
        to -= 8;
      }
      store<f64>(to, t);
      n++;
    }
  }
  let apart = true;
  for (let i: usize = 1; i < n; i++) {
    if (load<f64>(at + (i << 3)) - load<f64>(at + (i << 3) - 8) <= 2 * widest) apart = false;
  }
  if (!certified) {
    apart = true;
    for (let i: usize = 1; i < n; i++) if (load<f64>(at + (i << 3)) == load<f64>(at + (i << 3) - 8)) rows--;
  }
  const found = apart ? rows : distinctPoints(u, w, mask, rows);
  release(before);
  return found;
}

/** Bounds how far the parameter just computed is from the true one. */
let uncertainty: f64 = 0;

/** Where a row vanishes on the way from u (0) to w (1). */
// @ts-ignore: decorator
@inline
function parameter(row: usize, u: usize, w: usize): f64 {
  const p = abs(valueAt(row, u));
  const q = abs(valueAt(row, w));
  const e = max(doubt(row, u), doubt(row, w));
  if (!(p + q > 4 * e)) {
    uncertainty = 1;
    return 0.5;
  }
  uncertainty = e / (p + q - 2 * e) * (1 + 1e-14) + 8 * U;
  return p / (p + q);
}

/** As `points`, row by row: two that may meet are asked exactly. */
function distinctPoints(u: usize, w: usize, mask: usize, rows: i32): i32 {
  // From, to, the row; the first of every point.
  const list = alloc(<usize>rows * 24);
  const facets = changetype<Vertex>(u).facets & changetype<Vertex>(w).facets;
  refine(u);
  refine(w);
  let distinct = 0;
  for (let word = 0; word < words; word++) {
    let left = load<u64>(mask + (<usize>word << 3));
    while (left) {
      const j = (word << 6) + <i32>ctz(left);
      left &= left - 1;
      const t = parameter(rowAt(j), u, w);
      const low = t - uncertainty;
      const high = t + uncertainty;
      let fresh = true;
      for (let i = 0; i < distinct && fresh; i++) {
        const other = list + <usize>i * 24;
        if (load<f64>(other, 8) < low || load<f64>(other) > high) continue;
        if (meets(facets, neuronAt(load<i32>(other, 16)), neuronAt(j))) fresh = false;
      }
      if (!fresh) continue;
      const own = list + <usize>distinct * 24;
      store<f64>(own, low);
      store<f64>(own, high, 8);
      store<i32>(own, j, 16);
      distinct++;
    }
  }
  return distinct;
}
