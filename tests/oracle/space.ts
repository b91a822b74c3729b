// Any dimension in rationals: polytopes as corners with the facets they lie on (double description), split neuron by neuron.
import type { network } from "relu-lab";
import { applyLayer, gcd, halvings, integerLayers, toInteger, type Row } from "./integers";

interface Corner {
  /** Homogeneous coordinates, the last one positive, without a common factor. */
  p: Row;
  facets: Set<number>;
}

const value = (row: Row, p: Row) => row.reduce((sum, v, i) => sum + v * p[i], 0n);

function primitive(p: Row): Row {
  const g = p.reduce(gcd);
  return p.map((v) => v / g);
}

/** Are two corners joined by an edge? Exactly when no third one lies on all the facets they share (Fukuda, Prodon 1996). */
function joined(corners: Corner[], a: Corner, b: Corner, dimension: number): boolean {
  const common = [...a.facets].filter((f) => b.facets.has(f));
  if (common.length < dimension - 1) return false;
  return !corners.some((c) => c !== a && c !== b && common.every((f) => c.facets.has(f)));
}

function cut(corners: Corner[], values: bigint[], facet: number, dimension: number): [Corner[], Corner[]] {
  const positive: Corner[] = [];
  const negative: Corner[] = [];
  for (const [i, corner] of corners.entries()) {
    if (values[i] > 0n) positive.push(corner);
    else if (values[i] < 0n) negative.push(corner);
    else {
      const facets = new Set(corner.facets).add(facet);
      positive.push({ p: corner.p, facets });
      negative.push({ p: corner.p, facets: new Set(facets) });
    }
  }
  for (const [i, a] of corners.entries()) {
    if (values[i] <= 0n) continue;
    for (const [j, b] of corners.entries()) {
      if (values[j] >= 0n || !joined(corners, a, b, dimension)) continue;
      const p = primitive(a.p.map((v, k) => v * -values[j] + b.p[k] * values[i]));
      const facets = [...a.facets].filter((f) => b.facets.has(f)).concat(facet);
      positive.push({ p, facets: new Set(facets) });
      negative.push({ p, facets: new Set(facets) });
    }
  }
  return [positive, negative];
}

/** Cells of the first 1, 2, ... ReLU layers on a box of any dimension; slow, for small networks. */
export function countSpace(
  net: network.ReluNetwork,
  domain: { lo: readonly number[]; hi: readonly number[] },
): { activationRegions: number; cellsAfterEachLayer: number[] } {
  const { lo, hi } = domain;
  const dimension = lo.length;
  let fine = 0;
  for (const v of [...lo, ...hi]) fine = Math.max(fine, halvings(v));
  const box: Corner[] = Array.from({ length: 2 ** dimension }, (_, i) => ({
    p: primitive([...lo.map((v, k) => toInteger((i >> k) & 1 ? hi[k] : v, fine)), 1n << BigInt(fine)]),
    facets: new Set(lo.map((_v, k) => 2 * k + ((i >> k) & 1))),
  }));
  const inputs = lo.map((_, k): Row => Array.from({ length: dimension + 1 }, (_v, i) => (i === k ? 1n : 0n)));
  const layers = integerLayers(net, 0).filter(
    (_, l) => net.layers[l].activation === "relu" || l < net.layers.length - 1,
  );
  const cells = layers.map(() => 0);
  let facets = 2 * dimension;
  const walk = (corners: Corner[], rows: Row[], on: boolean[], open: number[], l: number): void => {
    const crossing: number[] = [];
    let chosen: bigint[] | null = null;
    for (const j of open) {
      const values = corners.map(({ p }) => value(rows[j], p));
      const positive = values.some((v) => v > 0n);
      if (positive && values.some((v) => v < 0n)) {
        crossing.push(j);
        chosen ??= values;
      } else on[j] = positive;
    }
    if (chosen === null) {
      cells[l]++;
      return descend(
        corners,
        rows.map((row, j) => (on[j] ? row : null)),
        l + 1,
      );
    }
    const [first, ...rest] = crossing;
    const [positive, negative] = cut(corners, chosen, facets++, dimension);
    on[first] = true;
    walk(positive, rows, on, rest, l);
    on[first] = false;
    walk(negative, rows, on, rest, l);
  };
  const descend = (corners: Corner[], values: (Row | null)[], l: number): void => {
    if (l === layers.length) return;
    const rows = applyLayer(layers[l], values, dimension);
    if (!layers[l].relu) return descend(corners, rows, l + 1);
    walk(
      corners,
      rows,
      new Array<boolean>(rows.length).fill(false),
      rows.map((_, j) => j),
      l,
    );
  };
  descend(box, inputs, 0);
  const cellsAfterEachLayer = cells.filter((_, l) => layers[l].relu);
  return { activationRegions: cellsAfterEachLayer.at(-1) ?? 1, cellsAfterEachLayer };
}
