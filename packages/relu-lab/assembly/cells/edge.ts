// New vertices: where a row vanishes on an edge, and which pairs of vertices are edges.
import { alloc } from "./arena";
import { MASKS, PADDED, U, VERTEX, Vertex, positive, vertexAt } from "./layout";
import { doubt, signAt, valueAt } from "./sign";
import { diameter, nextId, table, tableNeurons, tableStride, words } from "./state";

/** The vertex where `row` vanishes between u and w, on `facets`; rows that change sign between u and w are evaluated. */
export function between(row: usize, own: i32, u: usize, w: usize, facets: u64): usize {
  const size = MASKS + (<usize>words << 4);
  const at = alloc(size);
  const v = changetype<Vertex>(at);
  const p = abs(valueAt(row, u));
  const q = abs(valueAt(row, w));
  const e = max(doubt(row, u), doubt(row, w));
  const known = p + q > 4 * e;
  const t = known ? p / (p + q) : 0.5;
  const tt = f64x2.splat(t);
  let reaches = f64x2.splat(0);
  let sizes = f64x2.splat(0);
  for (let k: usize = 0; k < <usize>PADDED << 3; k += 16) {
    const a = v128.load(u + k, VERTEX);
    const b = v128.load(w + k, VERTEX);
    const way = f64x2.sub(b, a);
    v128.store(at + k, f64x2.add(a, f64x2.mul(tt, way)), VERTEX);
    reaches = f64x2.pmax(reaches, f64x2.abs(way));
    sizes = f64x2.pmax(sizes, f64x2.pmax(f64x2.abs(a), f64x2.abs(b)));
  }
  const reach = max(f64x2.extract_lane(reaches, 0), f64x2.extract_lane(reaches, 1));
  const largest = max(f64x2.extract_lane(sizes, 0), f64x2.extract_lane(sizes, 1));
  const r = max(changetype<Vertex>(u).radius, changetype<Vertex>(w).radius);
  const radius = known
    ? (r + (e / (p + q - 2 * e) + 8 * U) * (reach + 2 * r) + 8 * U * largest) * (1 + 1e-14) + 1e-290
    : diameter;
  v.radius = min(radius, diameter);
  v.facets = facets;
  v.id = nextId++;
  v.refined = 0;
  const half = <usize>words << 3;
  for (let i: usize = 0; i < half; i += 8) {
    const up = load<u64>(u + MASKS + i);
    const un = load<u64>(u + MASKS + half + i);
    const wp = load<u64>(w + MASKS + i);
    const wn = load<u64>(w + MASKS + half + i);
    let plus = (up | wp) & ~(un | wn);
    let minus = (un | wn) & ~(up | wp);
    let open = (up & wn) | (un & wp);
    if (own >> 6 == <i32>(i >> 3)) open &= ~(<u64>1 << (own & 63));
    while (open) {
      const bit = ctz(open);
      open &= open - 1;
      const j = <usize>((i << 3) + <usize>bit);
      const sign = signAt(table + j * tableStride, load<i32>(tableNeurons + (j << 2)), at);
      if (sign > 0) plus |= <u64>1 << bit;
      else if (sign < 0) minus |= <u64>1 << bit;
    }
    store<u64>(at + MASKS + i, plus);
    store<u64>(at + MASKS + half + i, minus);
  }
  return at;
}

/** One word a slot: which of up to 64 minus vertices lie on it. */
const holders: usize = memory.data(512, 16);

/**
 * Appends to `to` the new vertices of a k-dimensional cell (n vertices) on the row; `minus` and `plus` list its vertices
 * on either side. Returns how many. A simple cell has every vertex on exactly k facets.
 */
export function crossings(
  row: usize, own: i32, k: i32, simple: bool, list: usize, n: i32, plus: usize, pluses: i32, minus: usize, minuses: i32,
  extra: u64, to: usize,
): i32 {
  let made = 0;
  if (k == 1 || !simple) {
    for (let i = 0; i < pluses; i++) {
      const u = vertexAt(plus, i);
      for (let j = 0; j < minuses; j++) {
        const w = vertexAt(minus, j);
        const common = changetype<Vertex>(u).facets & changetype<Vertex>(w).facets;
        if (<i32>popcnt(common) < k - 1) continue;
        let adjacent = true;
        for (let c = 0; c < n && adjacent; c++) {
          const third = vertexAt(list, c);
          if (third != u && third != w && (changetype<Vertex>(third).facets & common) == common) adjacent = false;
        }
        if (!adjacent) continue;
        store<usize>(to + (<usize>made << 2), between(row, own, u, w, common | extra));
        made++;
      }
    }
    return made;
  }
  for (let base = 0; base < minuses; base += 64) {
    const many = min(64, minuses - base);
    let all: u64 = 0;
    for (let j = 0; j < many; j++) {
      let facets = changetype<Vertex>(vertexAt(minus, base + j)).facets;
      const bit = <u64>1 << j;
      while (facets) {
        const at = holders + (<usize>ctz(facets) << 3);
        facets &= facets - 1;
        // A slot seen for the first time in this block starts anew.
        if (!(all & (<u64>1 << ((at - holders) >> 3)))) {
          store<u64>(at, 0);
          all |= <u64>1 << ((at - holders) >> 3);
        }
        store<u64>(at, load<u64>(at) | bit);
      }
    }
    const full: u64 = many == 64 ? ~(<u64>0) : (<u64>1 << many) - 1;
    for (let i = 0; i < pluses; i++) {
      const u = vertexAt(plus, i);
      const own2 = changetype<Vertex>(u).facets;
      // Minus vertices on all, and on all but one, of the facets seen so far.
      let every = full;
      let butOne: u64 = 0;
      let facets = own2;
      while (facets) {
        const slot = ctz(facets);
        facets &= facets - 1;
        const held = all & (<u64>1 << slot) ? load<u64>(holders + (<usize>slot << 3)) : 0;
        butOne = (butOne & held) | (every & ~held);
        every &= held;
        if (!(every | butOne)) break;
      }
      let found = butOne | every;
      while (found) {
        const w = vertexAt(minus, base + <i32>ctz(found));
        found &= found - 1;
        const common = own2 & changetype<Vertex>(w).facets;
        store<usize>(to + (<usize>made << 2), between(row, own, u, w, common | extra));
        made++;
      }
    }
  }
  return made;
}

// @ts-ignore: decorator
@inline
export function signBit(vertex: usize, row: i32): i32 {
  const word = row >> 6;
  const bit = <u64>1 << (row & 63);
  if (positive(vertex, word) & bit) return 1;
  return positive(vertex, words + word) & bit ? -1 : 0;
}
