// How things lie in memory. Structs without a garbage collector: each is a pointer into the arena.
// Points are homogeneous: N = d + 1 coordinates, the last one 1 in a box and 0 at infinity.

/** Coordinates of a point. DIMENSION is a constant of the build: one module for each number of inputs. */
export const D: i32 = DIMENSION;
export const N: i32 = D + 1;
/** N rounded up to even: coordinates and coefficients stand in pairs, the one too many is 0. */
export const PADDED: i32 = (N + 1) & ~1;

/** A vertex record; then N coordinates, then `words` words of the rows positive there and `words` of the negative ones. */
@unmanaged
export class Vertex {
  /** No true coordinate is farther away than this. */
  radius: f64;
  /** Slots of the facets it lies on. */
  facets: u64;
  /** The same for all copies of one point. */
  id: u32;
  refined: u32;
}

/**
 * The pre-activation of a neuron on the present cell: N coefficients, then the coefficients of the unstable neurons of
 * the layers below in ascending order.
 */
@unmanaged
export class Row {
  /** How far the row may be from the true pre-activation, anywhere in the cell. */
  error: f64;
  /** `error` plus the rounding of evaluating a row without columns. */
  tolerance: f64;
  /** Sum of the coefficients' sizes, rounded up. */
  steepness: f64;
}

/** The unstable neurons of one layer on a cell. */
@unmanaged
export class Layer {
  count: i32;
  /** Bytes from one row to the next. */
  stride: i32;
  /** Indices of the neurons, i32. */
  neurons: usize;
  rows: usize;
}

export const VERTEX: usize = 24;
export const MASKS: usize = VERTEX + (<usize>PADDED << 3);
export const ROW: usize = 24;
export const COLUMNS: usize = ROW + (<usize>PADDED << 3);
export const LAYER: usize = 16;

/** Unit roundoff. */
export const U: f64 = 1.1102230246251565e-16;
/** Added wherever a product could have underflowed. */
export const FLOOR: f64 = 1e-290;

/** The relative error of n roundings. */
// @ts-ignore: decorator
@inline
export function gamma(n: i32): f64 {
  return 1.001 * <f64>n * U;
}

// @ts-ignore: decorator
@inline
export function layerOf(frame: usize, l: i32): Layer {
  return changetype<Layer>(frame + 16 + <usize>l * LAYER);
}

/** The lowest layer of a frame with an unstable neuron: its rows have no columns. */
// @ts-ignore: decorator
@inline
export function lowestOf(frame: usize): i32 {
  return load<i32>(frame);
}

// @ts-ignore: decorator
@inline
export function rowOf(layer: Layer, i: i32): usize {
  return layer.rows + <usize>i * <usize>layer.stride;
}

// @ts-ignore: decorator
@inline
export function neuronOf(layer: Layer, i: i32): i32 {
  return load<i32>(layer.neurons + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
export function coefficient(row: usize, k: i32): f64 {
  return load<f64>(row + (<usize>k << 3), ROW);
}

// @ts-ignore: decorator
@inline
export function coordinate(vertex: usize, k: i32): f64 {
  return load<f64>(vertex + (<usize>k << 3), VERTEX);
}

// @ts-ignore: decorator
@inline
export function vertexAt(list: usize, i: i32): usize {
  return load<usize>(list + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
export function positive(vertex: usize, word: i32): u64 {
  return load<u64>(vertex + MASKS + (<usize>word << 3));
}

/** The product of PADDED numbers at p with as many at q. */
// @ts-ignore: decorator
@inline
export function dot(p: usize, q: usize): f64 {
  let sum = f64x2.mul(v128.load(p), v128.load(q));
  if (PADDED > 2) sum = f64x2.add(sum, f64x2.mul(v128.load(p, 16), v128.load(q, 16)));
  if (PADDED > 4) sum = f64x2.add(sum, f64x2.mul(v128.load(p, 32), v128.load(q, 32)));
  if (PADDED > 6) sum = f64x2.add(sum, f64x2.mul(v128.load(p, 48), v128.load(q, 48)));
  if (PADDED > 8) sum = f64x2.add(sum, f64x2.mul(v128.load(p, 64), v128.load(q, 64)));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
