// Two dimensions in rationals: convex polygons whose corners are cross products of integer lines, split neuron by neuron.
import type { network } from "relu-lab";
import {
  applyLayer,
  gcd,
  halvings,
  integerLayers,
  signOf,
  toInteger,
  type IntegerLayer,
  type Row,
} from "./integers";

/** Where to count: a box of two inputs, a box of a plane c + s u + t v, or a convex polygon (counter-clockwise). */
export type PlaneDomain =
  | { type: "box"; lo: readonly number[]; hi: readonly number[] }
  | {
      type: "slice";
      c: readonly number[];
      u: readonly number[];
      v: readonly number[];
      lo: readonly number[];
      hi: readonly number[];
    }
  | { type: "polygon"; points: readonly (readonly [number, number])[] };

export interface PlaneCounts {
  activationRegions: number;
  /** Neighbours with the same output map merged; -1 where maps were not asked for. */
  linearComponents: number;
  distinctMaps: number;
  cellsAfterEachLayer: number[];
}

/** One side of a polygon: its line a x + b y + c = 0, and its first corner in homogeneous coordinates (w > 0). */
interface Side {
  line: Row;
  corner: Row;
}

type Polygon = Side[];

interface Leaf {
  polygon: Polygon;
  map: string;
}

function meet(p: Row, q: Row): Row {
  const corner = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
  return corner[2] < 0n ? corner.map((v) => -v) : corner;
}

const at = (row: Row, p: Row) => signOf(row[0] * p[0] + row[1] * p[1] + row[2] * p[2]);

/** The part of the polygon where side * row >= 0, given the row's signs at the corners. */
function half(polygon: Polygon, signs: number[], row: Row, side: number): Polygon {
  const result: Polygon = [];
  for (let i = 0; i < polygon.length; i++) {
    const here = signs[i] * side;
    const next = signs[(i + 1) % polygon.length] * side;
    if (here > 0) result.push(polygon[i]);
    if (here === 0) result.push(next > 0 ? polygon[i] : { line: row, corner: polygon[i].corner });
    if (here * next < 0) {
      const corner = meet(polygon[i].line, row);
      result.push({ line: here > 0 ? row : polygon[i].line, corner });
    }
  }
  return result;
}

/** Calls visit for each cell of the rows' arrangement inside the polygon, with the rows that are positive there. */
function arrangement(polygon: Polygon, rows: Row[], visit: (polygon: Polygon, on: boolean[]) => void): void {
  const on: boolean[] = new Array<boolean>(rows.length).fill(false);
  const walk = (piece: Polygon, open: number[]): void => {
    const crossing: number[] = [];
    let cut: number[] | null = null;
    for (const j of open) {
      const signs = piece.map(({ corner }) => at(rows[j], corner));
      const positive = signs.some((s) => s > 0);
      if (positive && signs.some((s) => s < 0)) {
        crossing.push(j);
        cut ??= signs;
      } else {
        on[j] = positive;
      }
    }
    if (cut === null) return visit(piece, on.slice());
    const [first, ...rest] = crossing;
    on[first] = true;
    walk(half(piece, cut, rows[first], 1), rest);
    on[first] = false;
    walk(half(piece, cut, rows[first], -1), rest);
  };
  walk(
    polygon,
    rows.map((_, j) => j),
  );
}

function start(domain: PlaneDomain): { polygon: Polygon; inputs: Row[]; shift: number } {
  const points =
    domain.type === "polygon"
      ? domain.points
      : [
          [domain.lo[0], domain.lo[1]],
          [domain.hi[0], domain.lo[1]],
          [domain.hi[0], domain.hi[1]],
          [domain.lo[0], domain.hi[1]],
        ];
  let fine = 0; // parameters are measured in units of 2^-fine
  for (const v of points.flat()) fine = Math.max(fine, halvings(v));
  const corners = points.map(([x, y]): Row => [toInteger(x, fine), toInteger(y, fine), 1n << BigInt(fine)]);
  const polygon = corners.map((corner, i) => ({
    line: meet(corner, corners[(i + 1) % corners.length]),
    corner,
  }));
  // Homogeneous corners (x, y, w): the affine function a x + b y + c of true coordinates is (a, b, c) . corner / w.
  if (domain.type !== "slice") {
    return {
      polygon,
      inputs: [
        [1n, 0n, 0n],
        [0n, 1n, 0n],
      ],
      shift: 0,
    };
  }
  let shift = 0;
  for (const v of [...domain.c, ...domain.u, ...domain.v]) shift = Math.max(shift, halvings(v));
  const inputs = domain.c.map((c, i): Row => [domain.u[i], domain.v[i], c].map((v) => toInteger(v, shift)));
  return { polygon, inputs, shift };
}

/**
 * Exact counts of a network on a plane domain.
 *
 * @param maps also merge neighbours with equal output maps (keeps all cells)
 */
export function countPlane(net: network.ReluNetwork, domain: PlaneDomain, maps = true): PlaneCounts {
  const { polygon, inputs, shift } = start(domain);
  const layers = integerLayers(net, shift);
  const cells = layers.map(() => 0);
  const leaves: Leaf[] = [];
  const descend = (piece: Polygon, values: (Row | null)[], l: number): void => {
    if (l === layers.length) {
      if (maps)
        leaves.push({ polygon: piece, map: values.map((row) => row?.join(",") ?? "0,0,0").join(";") });
      return;
    }
    const layer: IntegerLayer = layers[l];
    const isOutput = l === layers.length - 1 && !layer.relu;
    if (isOutput && !maps) return;
    const rows = applyLayer(layer, values, 2);
    if (!layer.relu) return descend(piece, rows, l + 1);
    arrangement(piece, rows, (cell, on) => {
      cells[l]++;
      descend(
        cell,
        rows.map((row, j) => (on[j] ? row : null)),
        l + 1,
      );
    });
  };
  descend(polygon, inputs, 0);
  const cellsAfterEachLayer = cells.filter((_, l) => layers[l].relu);
  return {
    activationRegions: cellsAfterEachLayer.at(-1) ?? 1,
    linearComponents: maps ? components(leaves) : -1,
    distinctMaps: maps ? new Set(leaves.map(({ map }) => map)).size : -1,
    cellsAfterEachLayer,
  };
}

/** Number of classes when cells with the same map that share a piece of a line are united. */
function components(leaves: Leaf[]): number {
  const parent = leaves.map((_, i) => i);
  const find = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]];
    return i;
  };
  let count = leaves.length;
  for (const [i, j] of neighbours(leaves.map(({ polygon }) => polygon))) {
    if (leaves[i].map !== leaves[j].map) continue;
    const [a, b] = [find(i), find(j)];
    if (a !== b) count--;
    parent[a] = b;
  }
  return count;
}

interface Stretch {
  cell: number;
  begin: Row;
  end: Row;
}

/** Pairs of polygons whose sides overlap in more than a point: found line by line, by rational order along the line. */
function* neighbours(polygons: Polygon[]): Generator<[number, number]> {
  const keys = new Map<Row, { key: string; axis: 0 | 1 }>();
  const lines = new Map<string, { axis: 0 | 1; sides: [Stretch[], Stretch[]] }>();
  const canonical = (line: Row) => {
    let known = keys.get(line);
    if (!known) {
      const g =
        gcd(gcd(line[0], line[1]), line[2]) * (line[0] < 0n || (line[0] === 0n && line[1] < 0n) ? -1n : 1n);
      known = { key: line.map((v) => (v / g).toString(36)).join(","), axis: line[1] !== 0n ? 0 : 1 };
      keys.set(line, known);
    }
    return known;
  };
  for (const [cell, polygon] of polygons.entries()) {
    for (const [i, { line, corner }] of polygon.entries()) {
      const { key, axis } = canonical(line);
      const next = polygon[(i + 1) % polygon.length].corner;
      // All polygons run the same way round, so the two sides of a line are run through in opposite directions.
      const forwards = corner[axis] * next[2] < next[axis] * corner[2];
      let entry = lines.get(key);
      if (!entry) lines.set(key, (entry = { axis, sides: [[], []] }));
      entry.sides[forwards ? 0 : 1].push({
        cell,
        begin: forwards ? corner : next,
        end: forwards ? next : corner,
      });
    }
  }
  for (const { axis, sides } of lines.values()) {
    const compare = (p: Row, q: Row) => signOf(p[axis] * q[2] - q[axis] * p[2]);
    for (const side of sides) side.sort((a, b) => compare(a.begin, b.begin));
    const [one, other] = sides;
    for (let i = 0, j = 0; i < one.length && j < other.length;) {
      if (compare(one[i].begin, other[j].end) < 0 && compare(other[j].begin, one[i].end) < 0) {
        yield [one[i].cell, other[j].cell];
      }
      if (compare(one[i].end, other[j].end) < 0) i++;
      else j++;
    }
  }
}
