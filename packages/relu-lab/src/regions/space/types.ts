import type { WalkCount } from "../walk/count";
import type { WalkOptions } from "../walk/options";

/** A box of three-dimensional input: its lowest and highest corner. */
export interface SpaceBox {
  readonly lo: ArrayLike<number>;
  readonly hi: ArrayLike<number>;
}

/** How to walk: as on a plane. */
export type SpaceOptions = WalkOptions;

/** What {@link countSpace} finds. */
export type SpaceCount = WalkCount;

/** What to keep of each region. */
export interface SpaceEnumerateOptions extends SpaceOptions {
  /** Keep every region's corners and edges (default false): needed for {@link sliceSpace}. */
  readonly shapes?: boolean;
  /** Find which regions share a facet (default: as `linear`). */
  readonly neighbours?: boolean;
  /** Merge regions into linear regions (default false). */
  readonly linear?: boolean;
}

/** Which regions of {@link SpaceRegions} share a facet: one entry a facet between two regions. */
export interface SpaceNeighbours {
  /** Two regions an entry, the smaller number first. */
  readonly pairs: Uint32Array;
  /** The neuron whose boundary made the facet. Neurons that vanish on it as well switch there too. */
  readonly neurons: Int32Array;
}

/** The polyhedra of {@link SpaceRegions}, in flat arrays. */
export interface SpaceShapes {
  /** x, y, z of each corner. */
  readonly vertices: Float64Array;
  /** First corner of each region, and at the end their number. */
  readonly vertexOffsets: Uint32Array;
  /**
   * 4 numbers an edge: its two corners (counted within the region) and the two facets it lies between, each as the
   * hidden neuron that vanishes on it, or -1 - k for the box's face k (x, y, z lowest and highest: 0 to 5).
   */
  readonly edges: Int32Array;
  /** First edge of each region, and at the end their number. */
  readonly edgeOffsets: Uint32Array;
}

/** Every activation region of a network in a box, in flat arrays. The order does not depend on the number of workers. */
export interface SpaceRegions extends SpaceCount {
  /** Number of regions: the same as `regions`. */
  readonly count: number;
  readonly volumes: Float64Array;
  /** Words of 32 bits in a pattern. */
  readonly patternWords: number;
  /** `patternWords` words a region: bit n % 32 of word n / 32 is 1 where hidden neuron n is active. */
  readonly patterns: Uint32Array;
  /** Undefined unless asked for. */
  readonly shapes?: SpaceShapes;
  /** Undefined unless asked for. */
  readonly neighbours?: SpaceNeighbours;
  /** For each region the linear region it belongs to (0, 1, ...); undefined unless asked for. */
  readonly linearRegion?: Uint32Array;
  /** Regions merged across facets on whose two sides the output map is the same; undefined unless asked for. */
  readonly linearRegions?: number;
  /** Number of different output maps, counted when it is first read; undefined unless `linear` was asked for. */
  readonly distinctMaps?: number;
}
