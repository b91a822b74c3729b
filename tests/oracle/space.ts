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

export interface SpaceCounts {
  activationRegions: number;
  cellsAfterEachLayer: number[];
  /** Pairs of cells with a common facet; this and the next two are -1 where maps were not asked for. */
  adjacentPairs: number;
  linearComponents: number;
  distinctMaps: number;
}

interface Leaf {
  corners: Corner[];
  map: string;
}

/**
 * Cells that share a facet, found by its exact corners. That every facet inside belongs to exactly two cells, corner for
 * corner, is checked and not assumed.
 */
function neighbours(leaves: Leaf[], dimension: number): [number, number][] {
  if (dimension > 3) throw new RangeError("the oracle finds facets by their corners in up to 3 dimensions");
  const facets = new Map<string, number[]>();
  for (const [cell, { corners }] of leaves.entries()) {
    for (const f of new Set(corners.flatMap((corner) => [...corner.facets]))) {
      if (f < 2 * dimension) continue; // the box itself
      const own = corners.filter((corner) => corner.facets.has(f));
      if (own.length < dimension) continue; // touched in less than a facet
      const key = own
        .map(({ p }) => p.join(","))
        .sort()
        .join(";");
      const cells = facets.get(key);
      if (cells) cells.push(cell);
      else facets.set(key, [cell]);
    }
  }
  return [...facets.values()].map((cells) => {
    if (cells.length !== 2) throw new Error(`a facet belongs to ${cells.length} cells`);
    return [cells[0], cells[1]];
  });
}

/**
 * Cells of the first 1, 2, ... ReLU layers on a box of any dimension; slow, for small networks.
 *
 * @param maps also merge neighbours with equal output maps (keeps all cells; up to 3 dimensions)
 */
export function countSpace(
  net: network.ReluNetwork,
  domain: { lo: readonly number[]; hi: readonly number[] },
  maps = false,
): SpaceCounts {
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
    (_, l) => maps || net.layers[l].activation === "relu" || l < net.layers.length - 1,
  );
  const leaves: Leaf[] = [];
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
    if (l === layers.length) {
      const zero = new Array<bigint>(dimension + 1).fill(0n);
      if (maps) leaves.push({ corners, map: values.map((row) => (row ?? zero).join(",")).join(";") });
      return;
    }
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
  const activationRegions = cellsAfterEachLayer.at(-1) ?? 1;
  if (!maps)
    return {
      activationRegions,
      cellsAfterEachLayer,
      adjacentPairs: -1,
      linearComponents: -1,
      distinctMaps: -1,
    };
  const parent = leaves.map((_, i) => i);
  const find = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]];
    return i;
  };
  const pairs = neighbours(leaves, dimension);
  for (const [i, j] of pairs) if (leaves[i].map === leaves[j].map) parent[find(i)] = find(j);
  return {
    activationRegions,
    cellsAfterEachLayer,
    adjacentPairs: pairs.length,
    linearComponents: parent.filter((p, i) => p === i).length,
    distinctMaps: new Set(leaves.map(({ map }) => map)).size,
  };
}
