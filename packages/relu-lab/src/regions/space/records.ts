import { Growing } from "../walk/growing";
import type { Batch, SpaceWalk } from "./engine";
import type { SpaceShapes } from "./types";

/** What one walker kept of its regions. Its subtrees are parts of the whole, to be put in order by number. */
export interface Kept {
  readonly volumes: Float64Array;
  readonly patterns: Uint32Array;
  /** Corners and edges of every region. */
  readonly counts: Int32Array;
  readonly vertices: Float64Array;
  readonly edges: Int32Array;
  /** Numbers of the subtrees, and the first region of each. */
  readonly subtrees: readonly number[];
  readonly starts: readonly number[];
}

/** Collects the batches of one walker. */
export class Records {
  private readonly volumes = new Growing<Float64Array>(Float64Array);
  private readonly patterns = new Growing<Uint32Array>(Uint32Array);
  private readonly counts = new Growing<Int32Array>(Int32Array);
  private readonly vertices = new Growing<Float64Array>(Float64Array);
  private readonly edges = new Growing<Int32Array>(Int32Array);
  private readonly subtrees: number[] = [];
  private readonly starts: number[] = [];

  take(batch: Batch): void {
    append(this.volumes, batch.volumes);
    append(this.patterns, batch.patterns);
    append(this.counts, batch.counts);
    append(this.vertices, batch.vertices);
    append(this.edges, batch.edges);
  }

  /** Subtree number `subtree` begins after the batches so far and `buffered` more regions. */
  begin(subtree: number, buffered: number): void {
    this.subtrees.push(subtree);
    this.starts.push(this.volumes.length + buffered);
  }

  finish(): Kept {
    return {
      volumes: this.volumes.finish(),
      patterns: this.patterns.finish(),
      counts: this.counts.finish(),
      vertices: this.vertices.finish(),
      edges: this.edges.finish(),
      subtrees: this.subtrees,
      starts: this.starts,
    };
  }
}

type Numbers = Float64Array | Uint32Array | Int32Array;

function append<T extends Numbers>(to: Growing<T>, values: T): void {
  const first = to.length;
  to.extend(values.length).set(values, first);
}

/** Prefix sums of every second number: where each region's corners (0) or edges (1) begin. */
function offsetsOf(counts: Int32Array, which: number): Uint32Array {
  const offsets = new Uint32Array(counts.length / 2 + 1);
  for (let r = 0; r + 1 < offsets.length; r++) offsets[r + 1] = offsets[r] + counts[2 * r + which];
  return offsets;
}

interface Part {
  readonly kept: Kept;
  readonly subtree: number;
  readonly from: number;
  readonly to: number;
}

/** All walkers' regions in the order of one walker. */
export function mergeKept(
  walk: SpaceWalk,
  all: readonly Kept[],
  patternWords: number,
): { volumes: Float64Array; patterns: Uint32Array; shapes?: SpaceShapes } {
  const parts = all.flatMap((kept) =>
    kept.subtrees.map((subtree, i): Part => ({
      kept,
      subtree,
      from: kept.starts[i],
      to: kept.starts[i + 1] ?? kept.volumes.length,
    })),
  );
  parts.sort((p, q) => p.subtree - q.subtree);
  const offsets = new Map(all.map((kept) => [kept, [0, 1].map((which) => offsetsOf(kept.counts, which))]));
  const regions = all.reduce((sum, kept) => sum + kept.volumes.length, 0);
  const gather = <T extends Numbers>(
    to: T,
    from: (kept: Kept) => T,
    place: (kept: Kept, region: number) => number,
  ): T => {
    let at = 0;
    for (const { kept, from: first, to: end } of parts) {
      const values = from(kept).subarray(place(kept, first), place(kept, end));
      to.set(values, at);
      at += values.length;
    }
    return to;
  };
  const merged = {
    volumes: gather(
      new Float64Array(regions),
      (kept) => kept.volumes,
      (_, r) => r,
    ),
    patterns: gather(
      new Uint32Array(regions * patternWords),
      (kept) => kept.patterns,
      (_, r) => r * patternWords,
    ),
  };
  if (!walk.shapes) return merged;
  const total = (of: (kept: Kept) => Numbers): number => all.reduce((sum, kept) => sum + of(kept).length, 0);
  const placeOf =
    (which: number, width: number) =>
    (kept: Kept, region: number): number =>
      width * ((offsets.get(kept)?.[which] ?? [])[region] ?? 0);
  const counts = gather(
    new Int32Array(2 * regions),
    (kept) => kept.counts,
    (_, r) => 2 * r,
  );
  return {
    ...merged,
    shapes: {
      vertices: gather(
        new Float64Array(total((kept) => kept.vertices)),
        (kept) => kept.vertices,
        placeOf(0, 3),
      ),
      vertexOffsets: offsetsOf(counts, 0),
      edges: gather(new Int32Array(total((kept) => kept.edges)), (kept) => kept.edges, placeOf(1, 4)),
      edgeOffsets: offsetsOf(counts, 1),
    },
  };
}
