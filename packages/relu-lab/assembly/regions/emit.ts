// Writes a region: its half-edges, area, pattern and maps.
import {
  addChunk,
  EDGE_CHUNK_BYTES,
  edgeChunkOf,
  EDGE_MASK,
  EDGE_SHIFT,
  flush,
  LABELS,
  NEXTS,
  Out,
  REGIONS,
  TWINS,
} from "./chunks";
import { corner, Frame, Polygon } from "./layout";
import { writeMaps } from "./maps";
import { writePattern } from "./pattern";
import { Run, U } from "./state";

/** Writes the region of a polygon on which every neuron is decided. */
export function emit(polygon: Polygon, frame: Frame): void {
  const n = polygon.corners;
  const slot = <i32>(Run.regions - Out.handedOver);
  const shift = Out.regionShift;
  while (Out.edgeCount + n > Out.edgeChunks << EDGE_SHIFT) {
    if (!addChunk(Out.edgeTable, Out.edgeChunks, EDGE_CHUNK_BYTES)) return;
    Out.edgeChunks++;
  }
  if (slot >> shift === Out.regionChunks) {
    if (!addChunk(Out.regionTable, Out.regionChunks, Out.regionBytes << shift)) return;
    Out.regionChunks++;
  }
  const first = Out.edgeCount;
  const x0 = corner(polygon, 0).x;
  const y0 = corner(polygon, 0).y;
  let area: f64 = 0;
  let px: f64 = 0;
  let py: f64 = 0;
  let reach: f64 = 0;
  for (let i = 0; i < n; i++) {
    const at = corner(polygon, i);
    const e = first + i;
    const chunk = edgeChunkOf(e);
    const x = at.x;
    const y = at.y;
    v128.store(chunk + (<usize>(e & EDGE_MASK) << 4), v128.load(changetype<usize>(at)));
    const words = chunk + (<usize>(e & EDGE_MASK) << 2);
    store<i32>(words, at.line.id, LABELS);
    store<i32>(words, -1, NEXTS);
    store<i32>(words, -1, TWINS);
    store<i32>(words, slot, REGIONS);
    at.head = e;
    at.tail = e;
    area += px * (y - y0) - py * (x - x0);
    px = x - x0;
    py = y - y0;
    reach = Math.max(reach, Math.abs(px) + Math.abs(py));
  }
  area *= 0.5;
  Out.edgeCount = first + n;
  const chunk = <usize>load<u32>(Out.regionTable + (<usize>(slot >> shift) << 2));
  const at = <usize>(slot & ((1 << shift) - 1));
  store<f64>(chunk + (at << 3), area);
  store<i32>(chunk + Out.firsts + (at << 2), first);
  writePattern(chunk + Out.patterns + at * Out.patternBytes, chunk + Out.hashes + (at << 4), Out.patternBytes);
  if (Out.maps > 0) {
    // The true polygon's diameter and area, from corners within r of it and rounded sums (exactness.md).
    const r = polygon.radius;
    const diameter = 2 * reach + 4 * r;
    const slack = <f64>n * (6 * r + 16 * <f64>n * U * diameter) * diameter;
    const perWidth = area > slack ? (2.001 * diameter) / (area - slack) : Infinity;
    const k = at * <usize>Out.maps;
    writeMaps(
      chunk + Out.mapsAt + k * 24,
      chunk + Out.errors + (k << 3),
      chunk + Out.gradients + (k << 3),
      frame,
      perWidth,
    );
  }
  Run.regions++;
  if (Out.streaming && slot + 1 === 1 << shift) flush();
}
