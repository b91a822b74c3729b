import type { EngineExports } from "./engine";
import { Growing } from "./growing";

/** What is kept of the blocks of region records that the engine hands over. */
export class RegionRecords {
  readonly areas = new Growing<Float64Array>(Float64Array);
  readonly hashes = new Growing<Uint32Array>(Uint32Array);
  readonly firstEdges = new Growing<Uint32Array>(Uint32Array);
  readonly patterns = new Growing<Uint32Array>(Uint32Array);
  readonly maps = new Growing<Float64Array>(Float64Array);
  readonly mapErrors = new Growing<Float64Array>(Float64Array);

  constructor(
    private readonly patternWords: number,
    private readonly outputs: number,
  ) {}

  /** Copies `count` records at byte `at`; their layout is that of assembly/regions/emit.ts. */
  take(exports: EngineExports, at: number, count: number): void {
    const { patternWords, outputs } = this;
    const bytes = exports.regionBytes();
    const buffer = exports.memory.buffer;
    const doubles = new Float64Array(buffer, at, (count * bytes) / 8);
    const words = new Uint32Array(buffer, at, (count * bytes) / 4);
    const first = this.areas.length;
    const areas = this.areas.extend(count);
    const hashes = this.hashes.extend(4 * count);
    const edges = this.firstEdges.extend(count);
    const patterns = this.patterns.extend(patternWords * count);
    const maps = this.maps.extend(3 * outputs * count);
    const errors = this.mapErrors.extend(outputs * count);
    const mapsAt = 4 + ((patternWords + 1) >> 1);
    for (let i = 0; i < count; i++) {
      const d = (i * bytes) / 8;
      const w = (i * bytes) / 4;
      const r = first + i;
      areas[r] = doubles[d];
      for (let k = 0; k < 4; k++) hashes[4 * r + k] = words[w + 2 + k];
      edges[r] = words[w + 6];
      for (let k = 0; k < patternWords; k++) patterns[r * patternWords + k] = words[w + 8 + k];
      for (let k = 0; k < outputs; k++) {
        const from = d + mapsAt + 4 * k;
        const to = 3 * (r * outputs + k);
        maps[to] = doubles[from];
        maps[to + 1] = doubles[from + 1];
        maps[to + 2] = doubles[from + 2];
        errors[r * outputs + k] = doubles[from + 3];
      }
    }
  }
}

/** Half-edges in arrays of their own. */
export interface HalfEdges {
  readonly vertices: Float64Array;
  readonly edgeNeurons: Int32Array;
  readonly twins: Int32Array;
  readonly regionsOfEdges: Uint32Array;
}

/** Copies the engine's half-edges (32 bytes each: x, y, label, next, twin, region). */
export function halfEdges(exports: EngineExports): HalfEdges {
  const count = exports.edgeCount();
  const buffer = exports.memory.buffer;
  const at = exports.edgesPointer();
  const doubles = new Float64Array(buffer, at, 4 * count);
  const words = new Int32Array(buffer, at, 8 * count);
  const vertices = new Float64Array(2 * count);
  const edgeNeurons = new Int32Array(count);
  const twins = new Int32Array(count);
  const regionsOfEdges = new Uint32Array(count);
  for (let e = 0; e < count; e++) {
    vertices[2 * e] = doubles[4 * e];
    vertices[2 * e + 1] = doubles[4 * e + 1];
    edgeNeurons[e] = words[8 * e + 4];
    twins[e] = words[8 * e + 6];
    regionsOfEdges[e] = words[8 * e + 7];
  }
  return { vertices, edgeNeurons, twins, regionsOfEdges };
}
