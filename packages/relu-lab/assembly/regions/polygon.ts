// A convex polygon, anticlockwise, and the lines of its edges.
import { Corner, corner, Line, nextCorner, Polygon } from "./layout";
import { knownSign, learnSign } from "./points";
import { allocate, ETA, exactSign, Net, Run } from "./state";

@inline
export function setCorner(at: Corner, x: f64, y: f64, radius: f64, line: Line, point: usize): void {
  at.point = point;
  at.x = x;
  at.y = y;
  at.radius = radius;
  at.line = line;
}

/** The sign of a line at corner `i`, when double arithmetic is certain of it; 2 when not. */
@inline
function quickSign(line: Line, at: Corner): i32 {
  const a = line.a;
  const b = line.b;
  const z = a * at.x + (b * at.y + line.c);
  const tolerance = Net.certified ? line.error + (Math.abs(a) + Math.abs(b)) * at.radius : 0;
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

function decide(line: Line, polygon: Polygon, i: i32): i32 {
  const previous = i === 0 ? polygon.corners - 1 : i - 1;
  const neuron = line.id;
  const first = corner(polygon, previous).line.id;
  const second = corner(polygon, i).line.id;
  // A corner on the line of a multiple of the row is a zero, without arithmetic.
  if (sameLine(neuron, first) || sameLine(neuron, second)) {
    vanishes = false;
    return 0;
  }
  const known = knownSign(corner(polygon, i), neuron);
  if (known !== 0) {
    vanishes = false;
    return known - 2;
  }
  Run.fallbacks++;
  const answer = exactSign(neuron, first, second);
  if (answer === STOP) {
    Run.stopped = true;
    return 0;
  }
  vanishes = answer === VANISHES;
  const sign = vanishes ? 0 : answer;
  learnSign(corner(polygon, i), neuron, sign);
  return sign;
}

/** What exactSign answers for a row that is zero everywhere, and whether it did so last. */
const VANISHES: i32 = 2;
let vanishes: bool = false;
/** What it answers when the walk is to stop. */
const STOP: i32 = 3;

/** The sign of a line at corner `i`, certain. */
export function signAt(line: Line, polygon: Polygon, i: i32): i32 {
  const quick = quickSign(line, corner(polygon, i));
  return quick === 2 ? decide(line, polygon, i) : quick;
}

/** Corner by corner: 2 when the line has corners strictly on both sides, else 1 for on and 0 for off. */
export function classify(line: Line, polygon: Polygon): i32 {
  const n = polygon.corners;
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
export function radiusAt(x: f64, y: f64, first: Line, second: Line): f64 {
  const a1 = first.a;
  const b1 = first.b;
  const a2 = second.a;
  const b2 = second.b;
  const e1 = Math.abs(a1 * x + (b1 * y + first.c)) + first.error;
  const e2 = Math.abs(a2 * x + (b2 * y + second.c)) + second.error;
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
export function closePolygon(polygon: Polygon, n: i32): void {
  let largest: f64 = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, corner(polygon, i).radius);
  polygon.corners = n;
  polygon.radius = largest;
}

/** Room for a polygon of n corners on the stack. */
@inline
export function newPolygon(n: i32): Polygon {
  return changetype<Polygon>(allocate(offsetof<Polygon>() + <usize>n * offsetof<Corner>()));
}

/** Coordinate `axis` (0 or 1) of the point where the lines of two neurons meet, rounded once. */
@external("env", "place")
declare function place(first: i32, second: i32, axis: i32): f64;

/** Corners that doubles place worse than this are placed by integers: in sizes of the domain, and in lengths of the edge. */
const VAGUE: f64 = 1e-9;
const VAGUE_ON_EDGE: f64 = 1e-3;

/** How many corners were written up to `end`. */
@inline
function between(polygon: Polygon, end: Corner): i32 {
  return <i32>((changetype<usize>(end) - changetype<usize>(corner(polygon, 0))) / offsetof<Corner>());
}

/**
 * Cuts a polygon by a line. `signs` (one byte a corner) are the line's; the parts go to `above` and `below`; `points`: the
 * places (newPoints) of the two corners that are new at most.
 */
export function split(
  polygon: Polygon,
  line: Line,
  signs: usize,
  above: Polygon,
  below: Polygon,
  points: usize,
): void {
  const n = polygon.corners;
  const a = line.a;
  const b = line.b;
  const c = line.c;
  let up = corner(above, 0);
  let down = corner(below, 0);
  for (let i = 0; i < n; i++) {
    const at = corner(polygon, i);
    const j = i + 1 === n ? 0 : i + 1;
    const here = <i32>load<i8>(signs + i);
    const next = <i32>load<i8>(signs + j);
    const edge = at.line;
    const x = at.x;
    const y = at.y;
    const radius = at.radius;
    // Behind a corner on the line, the edge that goes out is the new line only if the next corner lies beyond it.
    if (here >= 0) {
      setCorner(up, x, y, radius, here === 0 && next < 0 ? line : edge, at.point);
      up = nextCorner(up);
    }
    if (here <= 0) {
      setCorner(down, x, y, radius, here === 0 && next > 0 ? line : edge, at.point);
      down = nextCorner(down);
    }
    if (here * next < 0) {
      const to = corner(polygon, j);
      const x1 = to.x;
      const y1 = to.y;
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
        const first = line.id;
        const second = edge.id;
        xc = place(first, second, 0);
        yc = place(first, second, 1);
        r = 4.5e-16 * Math.max(Math.abs(xc), Math.abs(yc)) + 1e-22;
      }
      setCorner(up, xc, yc, r, here > 0 ? line : edge, points);
      setCorner(down, xc, yc, r, here > 0 ? edge : line, points);
      points += 4;
      up = nextCorner(up);
      down = nextCorner(down);
    }
  }
  closePolygon(above, between(above, up));
  closePolygon(below, between(below, down));
}
