// One dimension in rationals: intervals with rational ends, split at every zero of every neuron, layer by layer.
import type { network } from "relu-lab";
import { applyLayer, halvings, integerLayers, signOf, toInteger, type Row } from "./integers";

interface Fraction {
  n: bigint;
  d: bigint; // > 0
}

interface Interval {
  left: Fraction;
  right: Fraction;
  rows: (Row | null)[];
}

export interface LineCounts {
  intervals: number;
  pieces: number;
  laps: number;
  flats: number;
  distinctMaps: number;
  cellsAfterEachLayer: number[];
  /** Ends of the activation intervals, rounded. */
  knots: number[];
}

const at = (row: Row, { n, d }: Fraction) => signOf(row[0] * n + row[1] * d);
const less = (a: Fraction, b: Fraction) => a.n * b.d < b.n * a.d;
const toNumber = ({ n, d }: Fraction) => Number((n << 80n) / d) / 2 ** 80;

function splitAtZeros(interval: Interval, rows: Row[]): Interval[] {
  const zeros: Fraction[] = [];
  for (const row of rows) {
    if (at(row, interval.left) * at(row, interval.right) < 0) {
      zeros.push(row[0] > 0n ? { n: -row[1], d: row[0] } : { n: row[1], d: -row[0] });
    }
  }
  zeros.sort((a, b) => (less(a, b) ? -1 : less(b, a) ? 1 : 0));
  const ends = [interval.left];
  for (const zero of [...zeros, interval.right]) if (less(ends[ends.length - 1], zero)) ends.push(zero);
  return ends.slice(1).map((right, i) => ({
    left: ends[i],
    right,
    rows: rows.map((row) => (at(row, ends[i]) + at(row, right) > 0 ? row : null)),
  }));
}

/** Exact counts along p + t d, t in [0, 1] (given as from and to: d = to - from without rounding). */
export function countLine(
  net: network.ReluNetwork,
  from: readonly number[],
  to: readonly number[],
): LineCounts {
  let shift = 0;
  for (const v of [...from, ...to]) shift = Math.max(shift, halvings(v));
  const start = from.map((p, i): Row => {
    const c = toInteger(p, shift);
    return [toInteger(to[i], shift) - c, c];
  });
  let intervals: Interval[] = [{ left: { n: 0n, d: 1n }, right: { n: 1n, d: 1n }, rows: start }];
  const cellsAfterEachLayer: number[] = [];
  for (const layer of integerLayers(net, shift)) {
    intervals = intervals.flatMap((interval) => {
      const rows = applyLayer(layer, interval.rows, 1);
      return layer.relu ? splitAtZeros(interval, rows) : [{ ...interval, rows }];
    });
    if (layer.relu) cellsAfterEachLayer.push(intervals.length);
  }
  const slopes = intervals.map(({ rows }) => rows.map((row) => row?.[0] ?? 0n));
  const pieces = slopes.filter((s, i) => i === 0 || s.some((v, o) => v !== slopes[i - 1][o]));
  const first = pieces.map((s) => s[0]).filter((v, i, all) => i === 0 || v !== all[i - 1]);
  const directions = first.map(signOf).filter((s) => s !== 0);
  return {
    intervals: intervals.length,
    pieces: pieces.length,
    laps: directions.filter((s, i) => i === 0 || s !== directions[i - 1]).length,
    flats: first.filter((v) => v === 0n).length,
    distinctMaps: new Set(
      intervals.map(({ rows }) => rows.map((row) => (row ?? [0n, 0n]).join(",")).join(";")),
    ).size,
    cellsAfterEachLayer,
    knots: [...intervals.map(({ left }) => toNumber(left)), 1],
  };
}
