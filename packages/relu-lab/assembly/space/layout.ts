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

/** On which side of a cut a vertex lies. */
export const MINUS: u8 = 0;
export const PLUS: u8 = 1;
export const ZERO: u8 = 2;

/** What the two halves share: the polygon where the plane meets the polyhedron, and who lies where. */
@unmanaged
export class Cut {
  /** Index of the cutting plane on the stack. */
  plane: i32;
  /** 0 when no vertex lies on the plane. */
  degenerate: i32;
  /** MINUS, PLUS or ZERO of every vertex of the polyhedron, one byte each. */
  signs: usize;
  /** All ones for a vertex at PLUS, zero otherwise: 64 bits a vertex. */
  masks: usize;
  /** u16 for every vertex: its number among those of its own sign. */
  numbers: usize;
  /** How many vertices lie at PLUS and at MINUS. In a half, the polygon's vertices follow after its own. */
  plusCount: i32;
  minusCount: i32;
  /** The edges of the two halves. */
  plusEdges: usize;
  minusEdges: usize;
  plusEdgeCount: i32;
  minusEdgeCount: i32;
  /** The polygon's vertices: x, y, z, radius (arrays `pitch` bytes apart, padded to even) and labels. */
  count: i32;
  capacity: i32;
  pitch: usize;
  points: usize;
  labels: usize;
  radius: f64;
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

// @ts-ignore: decorator
@inline
export function signOf(cut: Cut, vertex: usize): u8 {
  return load<u8>(cut.signs + vertex);
}

// @ts-ignore: decorator
@inline
export function numberOf(cut: Cut, vertex: usize): u64 {
  return load<u16>(cut.numbers + (vertex << 1));
}
