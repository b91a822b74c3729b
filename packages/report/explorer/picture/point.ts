import type { PlaneRegions } from "relu-lab/regions/plane";
import type { PointedAt } from "./types";

/** Distance of a point from an edge. */
function distance(x: number, y: number, [x0, y0, x1, y1]: PointedAt["edge"]): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(x0 + t * dx - x, y0 + t * dy - y);
}

/** All that is known of a region, and of its edge nearest to a point. */
export function pointedAt(regions: PlaneRegions, region: number, x: number, y: number): PointedAt {
  const { offsets, vertices, edgeNeurons, layerOfNeuron, patterns, patternWords, areas, maps, outputs } =
    regions;
  const [first, end] = [offsets[region], offsets[region + 1]];
  let [nearest, neuron]: [PointedAt["edge"], number] = [[0, 0, 0, 0], -1];
  for (let i = first, least = Infinity; i < end; i++) {
    const j = i + 1 < end ? i + 1 : first;
    const edge = [vertices[2 * i], vertices[2 * i + 1], vertices[2 * j], vertices[2 * j + 1]] as const;
    const away = distance(x, y, edge);
    if (away < least) [least, nearest, neuron] = [away, edge, edgeNeurons[i]];
  }
  const pattern: boolean[][] = [];
  layerOfNeuron.forEach((layer, n) => {
    const on = (patterns[region * patternWords + (n >> 5)] >>> (n & 31)) & 1;
    (pattern[layer - 1] ??= []).push(on === 1);
  });
  const before = pattern.slice(0, neuron < 0 ? 0 : layerOfNeuron[neuron] - 1).flat().length;
  const map = (k: number) => maps.subarray(3 * (region * outputs + k), 3 * (region * outputs + k) + 3);
  return {
    region,
    pattern,
    area: areas[region],
    gradient: [map(0)[0], map(0)[1]],
    outputs: Array.from({ length: outputs }, (_, k) => map(k)[0] * x + map(k)[1] * y + map(k)[2]),
    separating: neuron < 0 ? null : { layer: layerOfNeuron[neuron], neuron: neuron - before + 1 },
    corners: [...vertices.subarray(2 * first, 2 * end)],
    edge: nearest,
    point: [x, y],
  };
}
