// Bounds a row over a polygon.
import { Column, Corner, corner, cornersEnd, Line, Polygon } from "./layout";
import { classify } from "./polygon";
import { ETA, Net, U } from "./state";

/** The row at hand, bounded: within `rho` of an affine function, in [low, high] on the polygon. */
export class Bounded {
  static a: f64 = 0;
  static b: f64 = 0;
  static c: f64 = 0;
  static rho: f64 = 0;
  /** Its size, for rounding errors. */
  static size: f64 = 0;
  static low: f64 = 0;
  static high: f64 = 0;
}

// Two rows at a time, bounded: the first's numbers in the first lane, 16 bytes each.
export const PAIR_A: usize = memory.data(112, 16);
export const PAIR_B: usize = PAIR_A + 16;
export const PAIR_C: usize = PAIR_A + 32;
export const PAIR_RHO: usize = PAIR_A + 48;
/** Their sizes, for rounding errors. */
export const PAIR_SIZE: usize = PAIR_A + 64;
export const PAIR_LOW: usize = PAIR_A + 80;
export const PAIR_HIGH: usize = PAIR_A + 96;

/** The polygon's bounding box. */
class Box {
  static x: f64 = 0;
  static y: f64 = 0;
  static halfX: f64 = 0;
  static halfY: f64 = 0;
}

export function boundingBox(polygon: Polygon): void {
  let at = changetype<usize>(corner(polygon, 0));
  const end = cornersEnd(polygon);
  let x0 = changetype<Corner>(at).x;
  let y0 = changetype<Corner>(at).y;
  let x1 = x0;
  let y1 = y0;
  for (at += offsetof<Corner>(); at < end; at += offsetof<Corner>()) {
    const x = changetype<Corner>(at).x;
    const y = changetype<Corner>(at).y;
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x);
    y0 = Math.min(y0, y);
    y1 = Math.max(y1, y);
  }
  Box.x = 0.5 * (x0 + x1);
  Box.y = 0.5 * (y0 + y1);
  // Rounded outwards; the corners' own radii are added with the tolerance.
  Box.halfX = 0.5 * (x1 - x0) + 4 * U * Net.X;
  Box.halfY = 0.5 * (y1 - y0) + 4 * U * Net.Y;
}

/** The range over the polygon of an affine function within `tolerance`, from its corners. */
export function range(a: f64, b: f64, c: f64, tolerance: f64, polygon: Polygon): void {
  let at = changetype<usize>(corner(polygon, 0));
  const end = cornersEnd(polygon);
  let smallest = f64.MAX_VALUE;
  let largest = -f64.MAX_VALUE;
  for (; at < end; at += offsetof<Corner>()) {
    const z = a * changetype<Corner>(at).x + (b * changetype<Corner>(at).y + c);
    smallest = Math.min(smallest, z);
    largest = Math.max(largest, z);
  }
  Bounded.low = smallest - tolerance;
  Bounded.high = largest + tolerance;
}

/**
 * Where the activation of the row at hand lies: writes a, b, c of an affine function, its distance from it, and the
 * activation's largest size, `step` bytes apart.
 */
@inline
export function relax(at: usize, step: usize, slope: f64, gammaK: f64): void {
  let s = (Bounded.high - slope * Bounded.low) / (Bounded.high - Bounded.low);
  s = Math.min(1, Math.max(slope, s));
  const e = 0.5 * Math.max((s - slope) * -Bounded.low, (1 - s) * Bounded.high) * (1 + 8 * U) + ETA;
  const size = s * (Math.abs(Bounded.a) * Net.X + Math.abs(Bounded.b) * Net.Y + Math.abs(Bounded.c)) + e;
  store<f64>(at, s * Bounded.a);
  store<f64>(at + step, s * Bounded.b);
  store<f64>(at + 2 * step, s * Bounded.c + e);
  store<f64>(at + 3 * step, (e + s * Bounded.rho + gammaK * size) * (1 + 8 * U));
  store<f64>(at + 4 * step, Math.max(Bounded.high, -slope * Bounded.low));
}

/** State of a line whose terms are absorbed, from the polygon's box, its corners, and exactly if need be: 2 is unstable. */
@inline
export function lineState(to: Line, a: f64, b: f64, c: f64, error: f64, corners: f64, polygon: Polygon, neuron: i32): i32 {
  const absA = Math.abs(a);
  const absB = Math.abs(b);
  const tolerance = Net.certified ? error + (absA + absB) * corners : 0;
  const z = a * Box.x + (b * Box.y + c);
  const reach = absA * Box.halfX + absB * Box.halfY + tolerance + 4 * U * (absA * Net.X + absB * Net.Y + Math.abs(c));
  if (z > reach) return 1;
  if (z < -reach) return 0;
  let at = changetype<usize>(corner(polygon, 0));
  const end = cornersEnd(polygon);
  let smallest = f64.MAX_VALUE;
  let largest = -f64.MAX_VALUE;
  for (; at < end; at += offsetof<Corner>()) {
    const value = a * changetype<Corner>(at).x + (b * changetype<Corner>(at).y + c);
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
  }
  Bounded.low = smallest - tolerance;
  Bounded.high = largest + tolerance;
  if (smallest > tolerance) return 1;
  if (largest < -tolerance) return 0;
  if (smallest < -tolerance && largest > tolerance) return 2;
  to.id = neuron;
  return classify(to, polygon);
}

/** State of the row at hand, whose `error` is in rho, from the polygon's box and corners; 2 when it may take both signs. */
@inline
export function rowState(gammaK: f64, corners: f64, polygon: Polygon): i32 {
  const absA = Math.abs(Bounded.a);
  const absB = Math.abs(Bounded.b);
  const evaluation = gammaK * (absA * Net.X + absB * Net.Y + Math.abs(Bounded.c));
  const tolerance = Bounded.rho + evaluation + (absA + absB) * corners;
  const z = Bounded.a * Box.x + (Bounded.b * Box.y + Bounded.c);
  const reach = absA * Box.halfX + absB * Box.halfY + tolerance;
  if (z > reach) return 1;
  if (z < -reach) return 0;
  range(Bounded.a, Bounded.b, Bounded.c, tolerance, polygon);
  if (Bounded.low > 0) return 1;
  if (Bounded.high < 0) return 0;
  return 2;
}

/**
 * States of two functions that are within `rho` of a x + b y + c, from the polygon's corners: bits 0 and 1 tell that the
 * first and the second is positive, bits 2 and 3 that it is negative. Their ranges go to PAIR_LOW and PAIR_HIGH.
 */
@inline
export function pairStates(a: v128, b: v128, c: v128, rho: v128, gammaK: f64, corners: f64, polygon: Polygon): i32 {
  const absA = f64x2.abs(a);
  const absB = f64x2.abs(b);
  const size = f64x2.add(
    f64x2.add(f64x2.mul(absA, f64x2.splat(Net.X)), f64x2.mul(absB, f64x2.splat(Net.Y))),
    f64x2.abs(c),
  );
  const tolerance = f64x2.add(
    f64x2.add(rho, f64x2.mul(size, f64x2.splat(gammaK))),
    f64x2.mul(f64x2.add(absA, absB), f64x2.splat(corners)),
  );
  let at = changetype<usize>(corner(polygon, 0));
  const end = cornersEnd(polygon);
  let low = f64x2.add(f64x2.mul(a, v128.load64_splat(at)), f64x2.add(f64x2.mul(b, v128.load64_splat(at, offsetof<Corner>("y"))), c));
  let high = low;
  for (at += offsetof<Corner>(); at < end; at += offsetof<Corner>()) {
    const z = f64x2.add(f64x2.mul(a, v128.load64_splat(at)), f64x2.add(f64x2.mul(b, v128.load64_splat(at, offsetof<Corner>("y"))), c));
    low = f64x2.pmin(low, z);
    high = f64x2.pmax(high, z);
  }
  low = f64x2.sub(low, tolerance);
  high = f64x2.add(high, tolerance);
  v128.store(PAIR_LOW, low);
  v128.store(PAIR_HIGH, high);
  const zero = f64x2.splat(0);
  return i64x2.bitmask(f64x2.gt(low, zero)) | (i64x2.bitmask(f64x2.lt(high, zero)) << 2);
}
