// The layout that an engine with chunks filled by hand tells: not the real one's, so that what reads it must ask.
import type { EngineExports } from "../../../../packages/relu-lab/src/regions/plane/engine";

const EDGE_SHIFT = 15;
/** Half-edges a chunk. */
export const EDGES = 1 << EDGE_SHIFT;
/** Where a chunk has its labels, regions, twins and nexts, behind x and y; and its bytes. */
export const [LABELS, REGIONS, TWINS, NEXTS, EDGE_CHUNK_BYTES] = [16, 20, 24, 28, 32].map((b) => b * EDGES);
export const DOUBTFUL = -5;

/** What {@link EngineExports} say of it; `starts`: where a chunk of regions has areas, hashes, first edges, patterns, maps, errors. */
export function layoutOf(starts: readonly number[], shift: number): Partial<EngineExports> {
  return {
    EDGE_SHIFT: { value: EDGE_SHIFT },
    LABELS: { value: LABELS },
    REGIONS: { value: REGIONS },
    TWINS: { value: TWINS },
    NEXTS: { value: NEXTS },
    DOUBTFUL: { value: DOUBTFUL },
    regionShift: () => shift,
    hashesAt: () => starts[1],
    firstsAt: () => starts[2],
    patternsAt: () => starts[3],
    mapsAt: () => starts[4],
    errorsAt: () => starts[5],
  };
}
