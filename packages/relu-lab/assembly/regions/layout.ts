// How things lie in memory. Structs without a garbage collector: each is a pointer into the stack or the scratch space.
// "radius" and "error" always mean proven upper bounds (exactness.md).
// Alike in the kernel of regions in space (../space/layout.ts).

/** The affine function a x + b y + c of a neuron, or of an edge of the domain. */
@unmanaged
export class Line {
  a: f64;
  b: f64;
  c: f64;
  /** Bounds |a x + b y + c, as computed, - true value| on the cell. */
  error: f64;
  /** 1 / (a^2 + b^2). */
  inverse: f64;
  /** The neuron, or -1 - k for edge k of the domain. */
  id: i32;
  unused: i32;
}

/** A corner of a polygon, and the edge that leaves it. */
@unmanaged
export class Corner {
  x: f64;
  y: f64;
  /** The true corner is within this of (x, y), in each coordinate. */
  radius: f64;
  line: Line;
  /** First and last half-edge along this edge, when enumerating. */
  head: i32;
  tail: i32;
  /** i32, shared by the corner's copies: its number (points.ts), 0 as long as no neuron is known to be zero there. */
  point: usize;
}

/** A convex polygon; its corners follow, anticlockwise. */
@unmanaged
export class Polygon {
  corners: i32;
  unused: i32;
  /** The largest of the corners' radii. */
  radius: f64;
}

/** What is unstable on a node of the walk; a {@link Layer} for each layer follows. */
@unmanaged
export class Frame {
  /** The lowest layer with an unstable neuron, and how many it has. */
  lowest: i32;
  length: i32;
  /** Pointers (u32) to their lines. */
  list: usize;
  unused: i32;
}

/** The rows of a layer above the lowest one. */
@unmanaged
export class Layer {
  count: i32;
  /** The rows; in a sparse network, pointers (u32) to rows of their own lengths. */
  rows: usize;
  /** Bytes a row. */
  stride: usize;
  /** i32 a row: its neuron. */
  ids: usize;
}

/**
 * a x + b y + c + sum over columns q of coefficient_q relu(z_q): the pre-activation of a neuron above the lowest layer. The
 * columns are the unstable neurons of the layers from the lowest one on; their coefficients follow, and then a Bound.
 */
@unmanaged
export class Row {
  a: f64;
  b: f64;
  c: f64;
  error: f64;
}

/** Where a row was folded last, it is within rho of a x + b y + c. */
@unmanaged
export class Bound {
  a: f64;
  b: f64;
  c: f64;
  rho: f64;
}

/** A row of a sparse network: `count` times an {@link Entry} follow. */
@unmanaged
export class SparseRow {
  a: f64;
  b: f64;
  c: f64;
  error: f64;
  count: i32;
  /** NOT_NEGATIVE, NOT_POSITIVE, both or neither. */
  signs: i32;
}

@unmanaged
export class Entry {
  value: f64;
  column: u32;
  unused: i32;
}

/** What a row has absorbed (its constant included) is a sum of terms >= 0, or of terms <= 0; both when there are none. */
export const NOT_NEGATIVE: i32 = 1;
export const NOT_POSITIVE: i32 = 2;

/** A column that is absorbed in a fold. */
@unmanaged
export class Absorbed {
  /** Its offset in an old row. */
  offset: u32;
  /** Its row; the fourth number is what a row inherits that absorbs it. */
  row: Row;
  /** Bytes of that row's coefficients. */
  length: u32;
  /** How many columns make a step from here on. */
  step: u32;
  slope: f64;
  error: f64;
  size: f64;
}

/** Likewise in a sparse network. */
@unmanaged
export class SparseAbsorbed {
  row: SparseRow;
  /** The signs that a row inherits which absorbs it with a weight > 0. */
  signs: i32;
  slope: f64;
  error: f64;
  size: f64;
}

/** An unstable column's activation is within `radius` of a x + b y + c, and at most `largest`. */
@unmanaged
export class Column {
  a: f64;
  b: f64;
  c: f64;
  radius: f64;
  largest: f64;
}

/** An end of a chord, and how far the true one may be, in each coordinate. */
@unmanaged
export class End {
  x: f64;
  y: f64;
  radius: f64;
}

@inline
export function lineAt(list: usize, i: i32): Line {
  return changetype<Line>(<usize>load<u32>(list + (<usize>i << 2)));
}

@inline
export function corner(polygon: Polygon, i: i32): Corner {
  return changetype<Corner>(changetype<usize>(polygon) + offsetof<Polygon>() + <usize>i * offsetof<Corner>());
}

@inline
export function nextCorner(at: Corner): Corner {
  return changetype<Corner>(changetype<usize>(at) + offsetof<Corner>());
}

/** The byte behind a polygon's last corner, for loops over them. */
@inline
export function cornersEnd(polygon: Polygon): usize {
  return changetype<usize>(corner(polygon, polygon.corners));
}

@inline
export function layerOf(frame: Frame, l: i32): Layer {
  return changetype<Layer>(changetype<usize>(frame) + offsetof<Frame>() + <usize>l * offsetof<Layer>());
}

@inline
export function sparseRowAt(rows: usize, j: i32): SparseRow {
  return changetype<SparseRow>(<usize>load<u32>(rows + (<usize>j << 2)));
}

/** The first entry of a row, as a place; entry by entry up to {@link entriesEnd}. */
@inline
export function entriesOf(row: SparseRow): usize {
  return changetype<usize>(row) + offsetof<SparseRow>();
}

@inline
export function entriesEnd(row: SparseRow): usize {
  return entriesOf(row) + <usize>row.count * offsetof<Entry>();
}
