// A convex polygon, anticlockwise, and the lines of its edges.
import { allocate, ETA, exactSign, Net, Run } from "./state";

// A line (48 bytes): the affine function a x + b y + c of a neuron or of an edge of the domain.
export const LINE_ERROR: usize = 24; // bounds |a x + b y + c, as computed, - true value| on the cell
export const LINE_INVERSE: usize = 32; // 1 / (a^2 + b^2)
export const LINE_ID: usize = 40; // the neuron, or -1 - k for edge k of the domain
export const LINE_BYTES: usize = 48;

// A polygon: the number of corners, the largest radius, then the corners (40 bytes each).
export const CORNERS: usize = 16;
export const CORNER_BYTES: usize = 40;
const Y: usize = 8;
const RADIUS: usize = 16; // the true corner is within this of (x, y), in each coordinate
const LINE: usize = 24; // the line of the edge that leaves this corner
export const HEAD: usize = 28; // first and last half-edge along this edge, when enumerating
export const TAIL: usize = 32;

@inline
export function corner(polygon: usize, i: i32): usize {
  return polygon + CORNERS + <usize>i * CORNER_BYTES;
}

@inline
export function setCorner(at: usize, x: f64, y: f64, radius: f64, line: usize): void {
  store<f64>(at, x);
  store<f64>(at, y, Y);
  store<f64>(at, radius, RADIUS);
  store<u32>(at, <u32>line, LINE);
}

@inline
export function edgeLine(at: usize): usize {
  return <usize>load<u32>(at, LINE);
}

/** The sign of a line at corner `i`, when double arithmetic is certain of it; 2 when not. */
@inline
function quickSign(line: usize, at: usize): i32 {
  const a = load<f64>(line);
  const b = load<f64>(line, 8);
  const z = a * load<f64>(at) + (b * load<f64>(at, Y) + load<f64>(line, 16));
  const tolerance = Net.certified
    ? load<f64>(line, LINE_ERROR) + (Math.abs(a) + Math.abs(b)) * load<f64>(at, RADIUS)
    : 0;
  if (z > tolerance) return 1;
  if (z < -tolerance) return -1;
  return Net.certified ? 2 : 0;
}

@inline
function sameLine(neuron: i32, other: i32): bool {
  return (
    other >= 0 &&
    load<i32>(Net.classes + (<usize>neuron << 2)) === load<i32>(Net.classes + (<usize>other << 2))
  );
}

function decide(line: usize, polygon: usize, i: i32): i32 {
  const previous = i === 0 ? load<i32>(polygon) - 1 : i - 1;
  const neuron = load<i32>(line, LINE_ID);
  const first = load<i32>(edgeLine(corner(polygon, previous)), LINE_ID);
  const second = load<i32>(edgeLine(corner(polygon, i)), LINE_ID);
  // A corner on the line of a multiple of the row is a zero, without arithmetic.
  if (sameLine(neuron, first) || sameLine(neuron, second)) {
    vanishes = false;
    return 0;
  }
  Run.fallbacks++;
  const sign = exactSign(neuron, first, second);
  vanishes = sign === VANISHES;
  return vanishes ? 0 : sign;
}

/** What exactSign answers for a row that is zero everywhere, and whether it did so last. */
const VANISHES: i32 = 2;
let vanishes: bool = false;

/** The sign of a line at corner `i`, certain. */
export function signAt(line: usize, polygon: usize, i: i32): i32 {
  const quick = quickSign(line, corner(polygon, i));
  return quick === 2 ? decide(line, polygon, i) : quick;
}

/** Corner by corner: 2 when the line has corners strictly on both sides, else 1 for on and 0 for off. */
export function classify(line: usize, polygon: usize): i32 {
  const n = load<i32>(polygon);
  let above = false;
  let below = false;
  let unknown = false;
  for (let i = 0; i < n; i++) {
    const sign = quickSign(line, corner(polygon, i));
    if (sign === 2) unknown = true;
    else if (sign > 0) above = true;
    else if (sign < 0) below = true;
  }
  if (above && below) return 2;
  if (unknown) {
    for (let i = 0; i < n; i++) {
      if (quickSign(line, corner(polygon, i)) !== 2) continue;
      const sign = decide(line, polygon, i);
      if (vanishes) return 0;
      if (sign > 0) above = true;
      else if (sign < 0) below = true;
      if (above && below) return 2;
    }
  }
  return above ? 1 : 0;
}

/** How far the true meeting point of two lines may be from (x, y), in each coordinate. */
export function radiusAt(x: f64, y: f64, first: usize, second: usize): f64 {
  const a1 = load<f64>(first);
  const b1 = load<f64>(first, 8);
  const a2 = load<f64>(second);
  const b2 = load<f64>(second, 8);
  const e1 = Math.abs(a1 * x + (b1 * y + load<f64>(first, 16))) + load<f64>(first, LINE_ERROR);
  const e2 = Math.abs(a2 * x + (b2 * y + load<f64>(second, 16))) + load<f64>(second, LINE_ERROR);
  const p = a1 * b2;
  const q = a2 * b1;
  const determinant = Math.abs(p - q) - (1e-15 * (Math.abs(p) + Math.abs(q)) + ETA);
  if (!(determinant > 0)) return Net.diameter;
  const dx = Math.abs(b2) * e1 + Math.abs(b1) * e2;
  const dy = Math.abs(a2) * e1 + Math.abs(a1) * e2;
  const radius = (Math.max(dx, dy) / determinant) * (1 + 1e-14) + 1e-22;
  return radius < Net.diameter ? radius : Net.diameter;
}

/** Finishes a polygon whose corners were written from `corner(polygon, 0)` on. */
@inline
export function closePolygon(polygon: usize, n: i32): void {
  let largest: f64 = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, load<f64>(corner(polygon, i), RADIUS));
  store<i32>(polygon, n);
  store<f64>(polygon, largest, 8);
}

/** Room for a polygon of n corners on the stack. */
@inline
export function newPolygon(n: i32): usize {
  return allocate(CORNERS + <usize>n * CORNER_BYTES);
}

/** Coordinate `axis` (0 or 1) of the point where the lines of two neurons meet, rounded once. */
@external("env", "place")
declare function place(first: i32, second: i32, axis: i32): f64;

/** Corners that doubles place worse than this are placed by integers: in sizes of the domain, and in lengths of the edge. */
const VAGUE: f64 = 1e-9;
const VAGUE_ON_EDGE: f64 = 1e-3;

/** Cuts a polygon by a line. `signs` (one byte a corner) are the line's; the parts go to `above` and `below`. */
export function split(polygon: usize, line: usize, signs: usize, above: usize, below: usize): void {
  const n = load<i32>(polygon);
  const a = load<f64>(line);
  const b = load<f64>(line, 8);
  const c = load<f64>(line, 16);
  let up = corner(above, 0);
  let down = corner(below, 0);
  for (let i = 0; i < n; i++) {
    const at = corner(polygon, i);
    const j = i + 1 === n ? 0 : i + 1;
    const here = <i32>load<i8>(signs + i);
    const next = <i32>load<i8>(signs + j);
    const edge = edgeLine(at);
    const x = load<f64>(at);
    const y = load<f64>(at, Y);
    const radius = load<f64>(at, RADIUS);
    // Behind a corner on the line, the edge that goes out is the new line only if the next corner lies beyond it.
    if (here >= 0) {
      setCorner(up, x, y, radius, here === 0 && next < 0 ? line : edge);
      up += CORNER_BYTES;
    }
    if (here <= 0) {
      setCorner(down, x, y, radius, here === 0 && next > 0 ? line : edge);
      down += CORNER_BYTES;
    }
    if (here * next < 0) {
      const to = corner(polygon, j);
      const x1 = load<f64>(to);
      const y1 = load<f64>(to, Y);
      const z0 = a * x + (b * y + c);
      const z1 = a * x1 + (b * y1 + c);
      let t = z0 / (z0 - z1);
      if (!(t >= 0 && t <= 1)) t = 0.5; // signs decided exactly may disagree with the computed values
      let xc = x + t * (x1 - x);
      let yc = y + t * (y1 - y);
      let r = radiusAt(xc, yc, line, edge);
      if (
        r > VAGUE * Net.diameter &&
        r > VAGUE_ON_EDGE * (Math.abs(x1 - x) + Math.abs(y1 - y)) &&
        Net.certified
      ) {
        // Between lines an ulp apart rounding cuts an edge anywhere, and the neighbours' shapes with it. (In deep
        // networks radii grow with every layer: there a corner is vague only when its edge is as short.)
        const first = load<i32>(line, LINE_ID);
        const second = load<i32>(edge, LINE_ID);
        xc = place(first, second, 0);
        yc = place(first, second, 1);
        r = 4.5e-16 * Math.max(Math.abs(xc), Math.abs(yc)) + 1e-22;
      }
      setCorner(up, xc, yc, r, here > 0 ? line : edge);
      setCorner(down, xc, yc, r, here > 0 ? edge : line);
      up += CORNER_BYTES;
      down += CORNER_BYTES;
    }
  }
  closePolygon(above, <i32>((up - corner(above, 0)) / CORNER_BYTES));
  closePolygon(below, <i32>((down - corner(below, 0)) / CORNER_BYTES));
}
