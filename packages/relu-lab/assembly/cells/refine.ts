// Brings a vertex nearer to where its hyperplanes truly meet: one Newton step, and the radius that its residuals prove.
import { N, ROW, U, VERTEX, Vertex, coefficient, coordinate } from "./layout";
import { SECTIONS, diameter, height, heightError, planeRows, sections } from "./state";

/** The matrix of d independent hyperplanes and the height, [A | I], then [I | B] with B near the inverse. */
const WIDE: i32 = 2 * N;
const system: usize = memory.data(<i32>((N * WIDE) << 3), 16);
const matrix: usize = memory.data(<i32>((N * N) << 3), 16);
const reduced: usize = memory.data(<i32>((N * N) << 3), 16);
const chosen: usize = memory.data(<i32>((N + 1) << 2), 16);
const pivots: usize = memory.data(<i32>((N + 1) << 2), 16);
const residual: usize = memory.data(<i32>((N + 1) << 3), 16);
const moved: usize = memory.data(<i32>((N + 1) << 3), 16);

// @ts-ignore: decorator
@inline
function entry(at: usize, width: i32, i: i32, k: i32): usize {
  return at + (<usize>(i * width + k) << 3);
}

let taken: i32 = 0;

/** Takes a row when it is well independent of those taken. Any choice is sound: the residuals decide. */
function take(row: usize): void {
  const own = entry(reduced, N, taken, 0);
  let before: f64 = 0;
  for (let k = 0; k < N; k++) {
    const a = load<f64>(row + (<usize>k << 3));
    store<f64>(own + (<usize>k << 3), a);
    before = max(before, abs(a));
  }
  for (let i = 0; i < taken; i++) {
    const p = load<i32>(pivots + (<usize>i << 2));
    const f = load<f64>(own + (<usize>p << 3)) / load<f64>(entry(reduced, N, i, p));
    if (f == 0) continue;
    for (let k = 0; k < N; k++) {
      store<f64>(own + (<usize>k << 3), load<f64>(own + (<usize>k << 3)) - f * load<f64>(entry(reduced, N, i, k)));
    }
    store<f64>(own + (<usize>p << 3), 0);
  }
  let best = 0;
  let after: f64 = 0;
  for (let k = 0; k < N; k++) {
    const size = abs(load<f64>(own + (<usize>k << 3)));
    if (size > after) {
      after = size;
      best = k;
    }
  }
  if (!(after > 1e-10 * before)) return;
  store<i32>(pivots + (<usize>taken << 2), best);
  memory.copy(entry(matrix, N, taken, 0), row, <usize>N << 3);
  taken++;
}

function choose(vertex: usize): bool {
  taken = 0;
  take(height);
  for (let i = 0; i < sections && taken < N; i++) {
    const row = load<usize>(planeRows + (<usize>(SECTIONS + i) << 2));
    const before = taken;
    take(row + ROW);
    if (taken > before) store<usize>(chosen + (<usize>before << 2), row);
  }
  let bits = changetype<Vertex>(vertex).facets;
  while (bits && taken < N) {
    const row = load<usize>(planeRows + (<usize>ctz(bits) << 2));
    bits &= bits - 1;
    const before = taken;
    take(row + ROW);
    if (taken > before) store<usize>(chosen + (<usize>before << 2), row);
  }
  return taken == N;
}

/** Writes the inverse of `matrix` into the right half of `system` (Gauss and Jordan). */
function invert(): bool {
  for (let i = 0; i < N; i++) {
    memory.copy(entry(system, WIDE, i, 0), entry(matrix, N, i, 0), <usize>N << 3);
    for (let k = 0; k < N; k++) store<f64>(entry(system, WIDE, i, N + k), i == k ? 1 : 0);
  }
  for (let c = 0; c < N; c++) {
    let best = c;
    for (let i = c + 1; i < N; i++) {
      if (abs(load<f64>(entry(system, WIDE, i, c))) > abs(load<f64>(entry(system, WIDE, best, c)))) best = i;
    }
    const pivot = load<f64>(entry(system, WIDE, best, c));
    if (pivot == 0) return false;
    for (let k = 0; k < WIDE; k++) {
      const a = load<f64>(entry(system, WIDE, best, k));
      store<f64>(entry(system, WIDE, best, k), load<f64>(entry(system, WIDE, c, k)));
      store<f64>(entry(system, WIDE, c, k), a / pivot);
    }
    for (let i = 0; i < N; i++) {
      const f = load<f64>(entry(system, WIDE, i, c));
      if (i == c || f == 0) continue;
      for (let k = 0; k < WIDE; k++) {
        const at = entry(system, WIDE, i, k);
        store<f64>(at, load<f64>(at) - f * load<f64>(entry(system, WIDE, c, k)));
      }
    }
  }
  return true;
}

/** How far |I - B A| is from certain to be below a half, in the greatest row sum; rounding included. */
function defect(): f64 {
  let worst: f64 = 0;
  for (let i = 0; i < N; i++) {
    let sum: f64 = 0;
    for (let k = 0; k < N; k++) {
      let value: f64 = i == k ? 1 : 0;
      let size: f64 = value;
      for (let q = 0; q < N; q++) {
        const term = load<f64>(entry(system, WIDE, i, N + q)) * load<f64>(entry(matrix, N, q, k));
        value -= term;
        size += abs(term);
      }
      sum += abs(value) + 2 * <f64>(N + 4) * U * size;
    }
    worst = max(worst, sum);
  }
  return worst * (1 + 1e-12);
}

/** Value of equation i at the N coordinates of `moved`; the second result bounds the value and all that is uncertain. */
let uncertain: f64 = 0;
function evaluate(i: i32): f64 {
  let value: f64 = i == 0 ? -1 : 0;
  let size: f64 = abs(value);
  for (let k = 0; k < N; k++) {
    const term = load<f64>(entry(matrix, N, i, k)) * load<f64>(moved + (<usize>k << 3));
    value += term;
    size += abs(term);
  }
  const error = i == 0 ? heightError : load<f64>(load<usize>(chosen + (<usize>i << 2)));
  uncertain = (abs(value) + error) * (1 + 1e-12) + 2 * <f64>(N + 4) * U * size + 1e-290;
  return value;
}

/** One Newton step; the vertex stays as it is where that brings it no nearer. Asked once a vertex. */
export function refine(vertex: usize): void {
  const v = changetype<Vertex>(vertex);
  if (v.refined) return;
  v.refined = 1;
  if (!choose(vertex) || !invert()) return;
  const norm = defect();
  if (!(norm < 0.5)) return;
  for (let k = 0; k < N; k++) store<f64>(moved + (<usize>k << 3), coordinate(vertex, k));
  for (let i = 0; i < N; i++) store<f64>(residual + (<usize>i << 3), evaluate(i));
  for (let k = 0; k < N; k++) {
    let change: f64 = 0;
    for (let i = 0; i < N; i++) {
      change += load<f64>(entry(system, WIDE, k, N + i)) * load<f64>(residual + (<usize>i << 3));
    }
    const at = moved + (<usize>k << 3);
    store<f64>(at, load<f64>(at) - change);
  }
  for (let i = 0; i < N; i++) {
    evaluate(i);
    store<f64>(residual + (<usize>i << 3), uncertain);
  }
  let radius: f64 = 0;
  for (let k = 0; k < N; k++) {
    let sum: f64 = 0;
    for (let i = 0; i < N; i++) {
      sum += abs(load<f64>(entry(system, WIDE, k, N + i))) * load<f64>(residual + (<usize>i << 3));
    }
    radius = max(radius, sum);
  }
  radius = (radius / (1 - norm)) * (1 + 1e-12) + 1e-290;
  if (!(radius < v.radius) || !(radius <= 1e-3 * diameter)) return;
  v.radius = radius;
  memory.copy(vertex + VERTEX, moved, <usize>N << 3);
}
