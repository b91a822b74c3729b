import { ReluNetwork } from "../../network";
import { DisjointSets } from "../maps/disjoint-sets";
import { cornerPoints } from "./corners";
import { planeSync } from "./enumerate";
import { chains } from "./polylines";
import type { PlaneDomain, PlaneOptions, PlaneRegions } from "./types";

/** A connected piece of the decision boundary. */
export interface DecisionLine {
  /** Flat x, y. */
  readonly points: Float64Array;
  /** The last point is the first one again. */
  readonly closed: boolean;
  /** Numbers of the two sides in {@link DecisionBoundary.winners}; the smaller first. */
  readonly sides: readonly [number, number];
}

/** Where the class with the largest output changes, on a plane. */
export interface DecisionBoundary {
  readonly lines: readonly DecisionLine[];
  /**
   * The sets of classes that are largest somewhere: one class, or several where their outputs are equal on a whole
   * region. In ascending order of their first appearance; each ascending.
   */
  readonly winners: readonly (readonly number[])[];
  /** For each cell of `cells` the number of its winners. */
  readonly winnersOfCells: Uint16Array;
  /** Area of each set of winners. */
  readonly areas: Float64Array;
  /** Connected pieces of the plane with one set of winners. */
  readonly decisionRegions: number;
  /** Activation regions of the network itself. */
  readonly regions: number;
  /** The cells on which the network is affine and the order of all outputs is constant: regions cut by the differences. */
  readonly cells: PlaneRegions;
  readonly certified: boolean;
}

/** The network with one more hidden layer: every difference of two outputs, in both directions. */
function withDifferences(network: ReluNetwork): ReluNetwork {
  const k = network.outputs;
  const rows: number[][] = [];
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++)
      if (i !== j) rows.push(Array.from({ length: k }, (_, c) => (c === i ? 1 : c === j ? -1 : 0)));
  return ReluNetwork.of([
    ...network.sparseSpecs(),
    { W: rows, b: new Float64Array(rows.length), activation: "relu" },
    { W: [new Array<number>(rows.length).fill(0)], b: [0], activation: "linear" },
  ]);
}

/** The classes of a cell that no other exceeds; `first` is the number of the neuron output 0 minus output 1. */
function winnersOf(
  { patterns, patternWords }: PlaneRegions,
  cell: number,
  first: number,
  k: number,
): number[] {
  const exceeds = (i: number, j: number): boolean => {
    const n = first + i * (k - 1) + (j < i ? j : j - 1);
    return ((patterns[cell * patternWords + (n >>> 5)] >>> (n & 31)) & 1) !== 0;
  };
  const classes = Array.from({ length: k }, (_, i) => i);
  return classes.filter((i) => !classes.some((j) => j !== i && exceeds(j, i)));
}

/**
 * The decision boundary of a classifier on a plane: where the largest outputs are equal.
 *
 * The differences of the outputs become one more hidden layer with weights 1 and -1, which no rounding touches, and the
 * region engine cuts by them: every sign is decided as certainly as those of the network's own neurons. Outputs that
 * are equal on whole regions are a set of winners of their own.
 *
 * @param network a network of two outputs (classes) or more
 * @param domain a box `{ lo, hi }`, a convex polygon, or a bounded plane through input space
 * @param options `certified`, `maximumRegions`, `onProgress`
 * @returns polylines, the winners of every cell, areas and counts
 * @throws RangeError when there are fewer than two outputs, or what is wrong with the domain
 * @example
 * const { lines, areas } = decisionBoundary(classifier, { lo: [-1, -1], hi: [1, 1] });
 */
export function decisionBoundary(
  network: ReluNetwork,
  domain: PlaneDomain,
  options: PlaneOptions = {},
): DecisionBoundary {
  const k = network.outputs;
  if (k < 2) {
    throw new RangeError(`decisionBoundary: the network has ${k} output; two classes or more are needed`);
  }
  const cells = planeSync(withDifferences(network), domain, { ...options, maps: false });
  const first = network.layers.reduce((sum, { outputs }) => sum + outputs, 0);
  const winners: number[][] = [];
  const numbers = new Map<string, number>();
  const winnersOfCells = Uint16Array.from({ length: cells.count }, (_, cell) => {
    const own = winnersOf(cells, cell, first, k);
    const key = own.join();
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = winners.push(own) - 1));
    return number;
  });
  const areas = new Float64Array(winners.length);
  cells.areas.forEach((area, cell) => (areas[winnersOfCells[cell]] += area));
  const { lines, decisionRegions } = trace(cells, winnersOfCells);
  // Layers without a ReLU have no cells of their own; the last entry is that of the differences.
  const after = cells.cellsAfterEachLayer;
  const regions = after.length > 1 ? after[after.length - 2] : 1;
  return {
    lines,
    winners,
    winnersOfCells,
    areas,
    decisionRegions,
    regions,
    cells,
    certified: cells.certified,
  };
}

/** Joins the edges between cells of different winners to polylines, and counts the pieces they bound. */
function trace(
  cells: PlaneRegions,
  winners: Uint16Array,
): { lines: DecisionLine[]; decisionRegions: number } {
  const { twins, regionsOfEdges, offsets, vertices } = cells;
  const { pointOf, points } = cornerPoints(cells);
  const sets = new DisjointSets(cells.count);
  const edgeAt = new Int32Array(points);
  const bySides = new Map<string, { sides: [number, number]; edges: number[] }>();
  for (let e = 0; e < twins.length; e++) {
    edgeAt[pointOf[e]] = e;
    if (twins[e] < e) continue;
    const [p, q] = [regionsOfEdges[e], regionsOfEdges[twins[e]]];
    if (winners[p] === winners[q]) {
      sets.unite(p, q);
      continue;
    }
    const sides: [number, number] = [Math.min(winners[p], winners[q]), Math.max(winners[p], winners[q])];
    const known = bySides.get(sides.join());
    if (known) known.edges.push(e);
    else bySides.set(sides.join(), { sides, edges: [e] });
  }
  const end = (e: number): number => {
    const region = regionsOfEdges[e];
    return pointOf[e + 1 === offsets[region + 1] ? offsets[region] : e + 1];
  };
  const lines: DecisionLine[] = [];
  for (const { sides, edges } of bySides.values()) {
    for (const path of chains(edges, pointOf, end)) {
      lines.push({
        points: Float64Array.from(
          path.flatMap((point) => [vertices[2 * edgeAt[point]], vertices[2 * edgeAt[point] + 1]]),
        ),
        closed: path.length > 2 && path[0] === path[path.length - 1],
        sides,
      });
    }
  }
  return { lines, decisionRegions: sets.count };
}
