import { createHash } from "node:crypto";
import { chartMessage } from "@relu-lab/notebook";
import type { RegionPolygons } from "@relu-lab/notebook";

/** Lines a x + b y + c = 0 with binary fractions, so that the regions are the same on every machine. */
export const lines = [
  [1, 0.5, 0.125],
  [-0.5, 1, 0.25],
  [0.75, -1, 0.25],
  [1, 1, -0.625],
  [0.25, 1, 0.5],
  [-1, 0.125, 0.375],
];

type Corner = [number, number];

function side(polygon: Corner[], [a, b, c]: number[], sign: number): Corner[] {
  const kept: Corner[] = [];
  polygon.forEach((p, i) => {
    const q = polygon[(i + 1) % polygon.length];
    const [zp, zq] = [p, q].map(([x, y]) => sign * (a * x + b * y + c));
    if (zp >= 0) kept.push(p);
    if (zp * zq < 0)
      kept.push([p[0] + (zp / (zp - zq)) * (q[0] - p[0]), p[1] + (zp / (zp - zq)) * (q[1] - p[1])]);
  });
  return kept;
}

/**
 * The regions of the one-layer network f = sum of (-1)^n relu(line n) on [-1, 1]^2, made by cutting, without the engine.
 * Neurons 0 to 2 are called layer 1, the others layer 2.
 */
export function tiling(): Required<RegionPolygons> {
  let cells: { polygon: Corner[]; pattern: number }[] = [
    {
      polygon: [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ],
      pattern: 0,
    },
  ];
  lines.forEach((line, n) => {
    cells = cells
      .flatMap(({ polygon, pattern }) => [
        { polygon: side(polygon, line, 1), pattern: pattern | (1 << n) },
        { polygon: side(polygon, line, -1), pattern },
      ])
      .filter(({ polygon }) => polygon.length > 2);
  });
  const vertices: number[] = [];
  const edgeNeurons: number[] = [];
  const offsets = [0];
  for (const { polygon } of cells) {
    polygon.forEach((p, i) => {
      vertices.push(...p);
      const q = polygon[(i + 1) % polygon.length];
      const middle = [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];
      edgeNeurons.push(lines.findIndex(([a, b, c]) => Math.abs(a * middle[0] + b * middle[1] + c) < 1e-12));
    });
    offsets.push(vertices.length / 2);
  }
  return {
    vertices: Float64Array.from(vertices),
    offsets: Uint32Array.from(offsets),
    edgeNeurons: Int32Array.from(edgeNeurons),
    layerOfNeuron: Uint16Array.from(lines, (_, n) => (n < 3 ? 1 : 2)),
    patternHash: Uint32Array.from(
      cells.flatMap(({ pattern }) => [Math.imul(pattern + 1, 0x9e3779b1) >>> 0, 0, 0, 0]),
    ),
    outputs: 1,
    maps: Float64Array.from(
      cells.flatMap(({ pattern }) =>
        [0, 1, 2].map((k) =>
          lines.reduce((sum, l, n) => sum + ((pattern >> n) & 1 ? (n % 2 ? -1 : 1) * l[k] : 0), 0),
        ),
      ),
    ),
  };
}

/** The PNG of a specification. */
export function png(spec: object): Buffer {
  return Buffer.from(String(chartMessage(spec).data["image/png"]), "base64");
}

/** First 16 digits of the SHA-256 of a specification's PNG: the stored picture. */
export function pictureDigest(spec: object): string {
  return createHash("sha256").update(png(spec)).digest("hex").slice(0, 16);
}
