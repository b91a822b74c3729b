import type { WalkCount } from "../walk/count";
import type { WalkOptions } from "../walk/options";

/** A box of the plane, in the plane's own coordinates. */
export interface BoxDomain {
  readonly lo: ArrayLike<number>;
  readonly hi: ArrayLike<number>;
}

/** A convex polygon of the plane: flat x, y, in either orientation. */
export interface PolygonDomain {
  readonly polygon: ArrayLike<number>;
}

/**
 * A bounded plane through n-dimensional input: the points origin + s u + t v, with (s, t) in a box or a polygon.
 * The plane is the one of exactly these doubles; `origin`, `u` and `v` have `network.inputs` numbers each.
 */
export interface SliceDomain {
  readonly origin: ArrayLike<number>;
  readonly directions: readonly [u: ArrayLike<number>, v: ArrayLike<number>];
  /** The box of (s, t). */
  readonly bounds?: BoxDomain;
  /** A convex polygon of (s, t), flat, instead of `bounds`. */
  readonly polygon?: ArrayLike<number>;
}

/** Where regions are looked for: a box or a convex polygon of 2-D input, or a plane through n-D input. */
export type PlaneDomain = BoxDomain | PolygonDomain | SliceDomain;

/** How to walk. */
export type PlaneOptions = WalkOptions;

/** What {@link countPlane} finds. */
export type PlaneCount = WalkCount;

/** Some regions, handed to a visitor; the arrays are laid out as in {@link PlaneRegions}. */
export interface RegionBlock {
  readonly count: number;
  readonly vertices: Float64Array;
  readonly offsets: Uint32Array;
  readonly edgeNeurons: Int32Array;
  readonly areas: Float64Array;
  readonly patternWords: number;
  readonly patterns: Uint32Array;
  readonly patternHash: Uint32Array;
  readonly maps: Float64Array;
  readonly outputs: number;
  readonly layerOfNeuron: Uint16Array;
}

/** What to keep of each region, beside its polygon. */
export interface EnumerateOptions extends PlaneOptions {
  /** Stop when the regions would take about this much memory (in MiB), with a partial result. */
  readonly maximumMemory?: number;
  /** The affine map of every output on every region, and with it linear regions (default true). */
  readonly maps?: boolean;
  /** Merge regions into linear regions (default: as `maps`). */
  readonly linear?: boolean;
}

/**
 * Every activation region of a network on a plane, in flat arrays. Region r has the corners (and edges)
 * `offsets[r]` to `offsets[r + 1] - 1`, anticlockwise; edge e runs from corner e to the next one of its region.
 */
export interface PlaneRegions extends PlaneCount {
  /** Number of regions: the same as `regions`. */
  readonly count: number;
  /** x, y of each corner. */
  readonly vertices: Float64Array;
  /** First corner of each region, and at the end their number. */
  readonly offsets: Uint32Array;
  readonly areas: Float64Array;
  /** For each edge the hidden neuron (0 .. N-1, layer by layer) that vanishes on it; -1 - k for the domain's edge k. */
  readonly edgeNeurons: Int32Array;
  /** For each edge the same edge as seen from its neighbour; -1 at the domain's border, and where a limit cut the walk short. */
  readonly twins: Int32Array;
  /** For each edge the region it belongs to. */
  readonly regionsOfEdges: Uint32Array;
  /** Words of 32 bits in a pattern. */
  readonly patternWords: number;
  /** `patternWords` words a region: bit n % 32 of word floor(n / 32) is 1 where neuron n is active. */
  readonly patterns: Uint32Array;
  /** 128 bits a region, as four words. Equal patterns have equal hashes. */
  readonly patternHash: Uint32Array;
  /** 3 numbers an output and region: output k of region r is m0 x + m1 y + m2, with m0 at 3 (r outputs + k). */
  readonly maps: Float64Array;
  /** For each map a bound on the error of its values on its own region. */
  readonly mapErrors: Float64Array;
  /** Number of outputs; 0 when maps were not asked for. */
  readonly outputs: number;
  /** The layer of each hidden neuron: 1 for the first. */
  readonly layerOfNeuron: Uint16Array;
  /** For each region the linear region it belongs to (0, 1, ...); empty when not asked for. */
  readonly linearRegion: Uint32Array;
  /** Number of linear regions: regions merged across edges on whose two sides the output map is the same. */
  readonly linearRegions: number;
  /** Number of different output maps; counted when it is first read, which on large deep networks takes seconds. */
  readonly distinctMaps: number;
}

/** What merging regions into linear regions needs of them. */
export type MergeInput = Pick<
  PlaneRegions,
  | "count"
  | "vertices"
  | "offsets"
  | "twins"
  | "regionsOfEdges"
  | "patterns"
  | "patternWords"
  | "maps"
  | "mapErrors"
  | "outputs"
  | "areas"
>;
