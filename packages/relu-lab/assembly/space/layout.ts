// How things lie in memory. Structs without a garbage collector: each is a pointer into the arena.
// u = 2^-53 throughout; "radius" and "error" always mean proven upper bounds.

/**
 * The pre-activation of one neuron on the present cell,
 *   a x + b y + c z + d + sum over columns q of coefficient_q relu(z_q);
 * the columns are the unstable neurons of lower layers in ascending order, their coefficients follow the struct.
 */
@unmanaged
export class Row {
  a: f64;
  b: f64;
  c: f64;
  d: f64;
  /** How far the row may be from the true pre-activation, anywhere in the cell. */
  error: f64;
  /** `error` plus the rounding of evaluating a row without columns. */
  tolerance: f64;
  /** |a| + |b| + |c|, rounded up. */
  steepness: f64;
  /** 1 / (a^2 + b^2 + c^2): only chooses a cut. */
  inverseSquare: f64;
}

/** A face of the box or the boundary of a neuron that was cut on the way to the present cell. */
@unmanaged
export class Plane {
  a: f64;
  b: f64;
  c: f64;
  d: f64;
  tolerance: f64;
  /** Length of (a, b, c), rounded up. */
  norm: f64;
  /** The neuron, or -1 - k for face k of the box. */
  neuron: i32;
  /** Planes of one class are the same plane, exactly. */
  kind: i32;
}

/**
 * A convex polyhedron. Then follow x, y, z and the radius of every vertex (four arrays, each padded to an even length
 * by repeating the last vertex) and the vertices' labels.
 * A label is three planes that meet in the vertex, an edge is its two ends and the planes of the two facets beside it:
 * four 16-bit numbers in 64 bits, planes as indices into the stack of planes.
 */
@unmanaged
export class Polyhedron {
  vertices: i32;
  edges: i32;
  /** Number of vertices rounded up to even. */
  capacity: i32;
  /** The edges, somewhere else. */
  edgeList: usize;
  /** Largest radius of a vertex. */
  radius: f64;
  padding: f64;
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

/** The folded network on a cell; its layers follow. */
@unmanaged
export class Frame {
  /** The lowest layer with an unstable neuron: its rows have no columns. -1 before the first fold. */
  lowest: i32;
  /** A number of its own for every cell of the layers below `lowest`. */
  epoch: u32;
}

/** Unit roundoff. */
export const U: f64 = 1.1102230246251565e-16;
/** Added wherever a product could have underflowed: far above 2^-1074 times any number of operations. */
export const FLOOR: f64 = 1e-290;

/** gamma_n = 1.001 n u: the relative error of n roundings. */
// @ts-ignore: decorator
@inline
export function gamma(n: i32): f64 {
  return 1.001 * <f64>n * U;
}

// @ts-ignore: decorator
@inline
export function layerOf(frame: Frame, l: i32): Layer {
  return changetype<Layer>(changetype<usize>(frame) + 16 + <usize>l * offsetof<Layer>());
}

// @ts-ignore: decorator
@inline
export function rowOf(layer: Layer, i: i32): Row {
  return changetype<Row>(layer.rows + <usize>i * <usize>layer.stride);
}

// @ts-ignore: decorator
@inline
export function neuronOf(layer: Layer, i: i32): i32 {
  return load<i32>(layer.neurons + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
export function xs(p: Polyhedron): usize {
  return changetype<usize>(p) + offsetof<Polyhedron>();
}

/** Bytes from the x to the y of a vertex, and so on to its radius. */
// @ts-ignore: decorator
@inline
export function pitch(p: Polyhedron): usize {
  return <usize>p.capacity << 3;
}

// @ts-ignore: decorator
@inline
export function labels(p: Polyhedron): usize {
  return xs(p) + pitch(p) * 4;
}
