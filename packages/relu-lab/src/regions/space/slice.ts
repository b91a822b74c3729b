import type { SpaceRegions, SpaceShapes } from "./types";

/** A plane through three-dimensional input: the points origin + s u + t v. */
export interface SpacePlane {
  readonly origin: ArrayLike<number>;
  readonly directions: readonly [u: ArrayLike<number>, v: ArrayLike<number>];
}

/** Where a plane cuts the regions of a box: convex polygons in flat arrays. */
export interface SpaceSlice {
  /** Number of polygons. */
  readonly count: number;
  /** For each polygon the region it is cut from. */
  readonly regions: Uint32Array;
  /** s, t of each corner, anticlockwise in (s, t). */
  readonly vertices: Float64Array;
  /** First corner of each polygon, and at the end their number. */
  readonly offsets: Uint32Array;
  /** For each edge (from its corner to the next) the hidden neuron that vanishes on it, or -1 - k for the box's face k. */
  readonly edgeNeurons: Int32Array;
  /** Area of each polygon in the plane, in input units. */
  readonly areas: Float64Array;
}

type Vector = readonly [number, number, number];

const dot = (p: Vector, q: Vector): number => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];

const cross = (p: Vector, q: Vector): Vector => [
  p[1] * q[2] - p[2] * q[1],
  p[2] * q[0] - p[0] * q[2],
  p[0] * q[1] - p[1] * q[0],
];

function vector(values: ArrayLike<number>, name: string): Vector {
  const bad = Array.from(values ?? []).findIndex((value) => !Number.isFinite(value));
  if (values?.length !== 3 || bad >= 0) {
    throw new RangeError(
      `plane.${name} is [${Array.from(values ?? []).join(", ")}]: 3 finite numbers are needed`,
    );
  }
  return [values[0], values[1], values[2]];
}

/** A corner of a polygon, with the facets it lies on: two, or more where the plane meets the region's own corner. */
interface Corner {
  readonly s: number;
  readonly t: number;
  readonly facets: readonly number[];
}

/** Corners closer than this to the plane, or to each other, in units of the box's size, are on it, or the same. */
const CLOSE = 1e-12;

/** The cutter of one plane: coordinates and signed heights, in input units. */
class Cutter {
  private readonly normal: Vector;
  private readonly toS: Vector;
  private readonly toT: Vector;
  /** Area of the parallelogram of the two directions. */
  readonly unit: number;

  constructor(
    private readonly origin: Vector,
    u: Vector,
    v: Vector,
  ) {
    const normal = cross(u, v);
    const length = Math.sqrt(dot(normal, normal));
    if (!(length > 1e-12 * Math.sqrt(dot(u, u) * dot(v, v)))) {
      throw new RangeError(`plane.directions [${u.join(", ")}] and [${v.join(", ")}] do not span a plane`);
    }
    const square = length * length;
    this.unit = length;
    this.normal = normal.map((value) => value / length) as unknown as Vector;
    // The dual basis: s = toS . (p - origin), t = toT . (p - origin).
    this.toS = cross(v, normal).map((value) => value / square) as unknown as Vector;
    this.toT = cross(normal, u).map((value) => value / square) as unknown as Vector;
  }

  private from(x: number, y: number, z: number): Vector {
    return [x - this.origin[0], y - this.origin[1], z - this.origin[2]];
  }

  height(x: number, y: number, z: number): number {
    return dot(this.normal, this.from(x, y, z));
  }

  corner(x: number, y: number, z: number, facets: readonly [number, number]): Corner {
    const p = this.from(x, y, z);
    return { s: dot(this.toS, p), t: dot(this.toT, p), facets };
  }
}

/** Corners of one region's polygon, in no order; none when the plane misses or only touches it from below. */
function cornersOf(shapes: SpaceShapes, region: number, cutter: Cutter, close: number): Corner[] {
  const { vertices, vertexOffsets, edges, edgeOffsets } = shapes;
  const first = vertexOffsets[region];
  const heights: number[] = [];
  let above = false;
  let below = false;
  for (let v = first; v < vertexOffsets[region + 1]; v++) {
    const height = cutter.height(vertices[3 * v], vertices[3 * v + 1], vertices[3 * v + 2]);
    // What lies on the plane is above it, so that a plane along facets cuts the regions on one side of them only.
    heights.push(Math.abs(height) <= close ? 0 : height);
    if (height >= -close) above = true;
    else below = true;
  }
  if (!above || !below) return [];
  const corners: Corner[] = [];
  for (let e = edgeOffsets[region]; e < edgeOffsets[region + 1]; e++) {
    const [a, b] = [edges[4 * e], edges[4 * e + 1]];
    if (heights[a] >= 0 === heights[b] >= 0) continue;
    const t = heights[a] / (heights[a] - heights[b]);
    const [p, q] = [3 * (first + a), 3 * (first + b)];
    const along = (k: number): number => vertices[p + k] + t * (vertices[q + k] - vertices[p + k]);
    corners.push(cutter.corner(along(0), along(1), along(2), [edges[4 * e + 2], edges[4 * e + 3]]));
  }
  return corners;
}

/** The corners anticlockwise, without repetitions. */
function ordered(corners: Corner[], close: number): Corner[] {
  const s = corners.reduce((sum, corner) => sum + corner.s, 0) / corners.length;
  const t = corners.reduce((sum, corner) => sum + corner.t, 0) / corners.length;
  const angles = new Map(corners.map((corner) => [corner, Math.atan2(corner.t - t, corner.s - s)]));
  const round = [...corners].sort((p, q) => (angles.get(p) as number) - (angles.get(q) as number));
  const same = (p: Corner, q: Corner): boolean =>
    Math.abs(p.s - q.s) <= close && Math.abs(p.t - q.t) <= close;
  return round.flatMap((corner, i) => {
    const at = (k: number): Corner => round[(i + k) % round.length];
    if (same(corner, at(round.length - 1))) return [];
    const facets = [...corner.facets];
    for (let k = 1; k < round.length && same(at(k), at(k - 1)); k++) facets.push(...at(k).facets);
    return [{ ...corner, facets }];
  });
}

function areaOf(polygon: readonly Corner[]): number {
  let twice = 0;
  const { s, t } = polygon[0];
  for (let i = 1; i + 1 < polygon.length; i++) {
    const [p, q] = [polygon[i], polygon[i + 1]];
    twice += (p.s - s) * (q.t - t) - (p.t - t) * (q.s - s);
  }
  return twice / 2;
}

/** The facet that two neighbouring corners share; where rounding hides it, one of the first's. */
function between(p: Corner, q: Corner): number {
  return p.facets.find((facet) => q.facets.includes(facet)) ?? p.facets[0];
}

/**
 * Cuts the regions of a box by a plane: convex polygons that fill the plane's part of the box.
 *
 * Computed in doubles from the regions' corners; a plane along facets gets the polygons of the regions on one side.
 * For an exact count on a plane, count the network's regions on that plane itself.
 *
 * @param result regions with `shapes`
 * @param plane origin and two directions, in input units
 * @returns polygons in the plane's coordinates (s, t), each with its region
 * @throws RangeError when the regions have no shapes, or the directions span no plane
 * @example
 * const regions = await space(network, box, { shapes: true });
 * const { count, areas } = sliceSpace(regions, { origin: [0, 0, 0.2], directions: [[1, 0, 0], [0, 1, 0]] });
 */
export function sliceSpace(result: SpaceRegions, plane: SpacePlane): SpaceSlice {
  const { shapes } = result;
  if (!shapes)
    throw new RangeError("sliceSpace: the regions have no shapes; find them with { shapes: true }");
  const [u, v] = [
    vector(plane.directions?.[0], "directions[0]"),
    vector(plane.directions?.[1], "directions[1]"),
  ];
  const cutter = new Cutter(vector(plane.origin, "origin"), u, v);
  let size = 0;
  for (const value of shapes.vertices) size = Math.max(size, Math.abs(value));
  const close = CLOSE * size;
  const closeInPlane = close / Math.sqrt(Math.min(dot(u, u), dot(v, v)));
  const regions: number[] = [];
  const vertices: number[] = [];
  const offsets: number[] = [0];
  const edgeNeurons: number[] = [];
  const areas: number[] = [];
  for (let r = 0; r < result.count; r++) {
    const corners = cornersOf(shapes, r, cutter, close);
    if (corners.length < 3) continue;
    const polygon = ordered(corners, closeInPlane);
    if (polygon.length < 3) continue;
    regions.push(r);
    areas.push(areaOf(polygon) * cutter.unit);
    polygon.forEach((corner, i) => {
      vertices.push(corner.s, corner.t);
      edgeNeurons.push(between(corner, polygon[(i + 1) % polygon.length]));
    });
    offsets.push(vertices.length / 2);
  }
  return {
    count: regions.length,
    regions: Uint32Array.from(regions),
    vertices: Float64Array.from(vertices),
    offsets: Uint32Array.from(offsets),
    edgeNeurons: Int32Array.from(edgeNeurons),
    areas: Float64Array.from(areas),
  };
}
