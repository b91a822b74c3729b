// Activation regions by their patterns: which signs of the neurons have a point in common, decided by linear programs in
// integers. No polytope, no corner: nothing in common with the engines or with space.ts.
import type { network } from "relu-lab";
import { applyLayer, halvings, integerLayers, toInteger, type Row } from "./integers";

/**
 * Is there a point at which all the rows are positive? By Gordan exactly when no convex combination of them is zero,
 * which the first phase of a simplex method seeks: integers over one common denominator (Edmonds), Bland's rule.
 */
export function havePoint(rows: readonly Row[]): boolean {
  const width = rows[0].length;
  // Equations sum_j lambda_j row_j = 0 and sum_j lambda_j = 1, an artificial variable in each; only that of the last one
  // is not 0 at first. Column `rows.length` is the right side; the last line is the cost: what the artificials add up to.
  const lines = Array.from({ length: width + 1 }, (_, i) => [
    ...rows.map((row) => (i < width ? row[i] : 1n)),
    i < width ? 0n : 1n,
  ]);
  const cost = lines[0].map((_, j) => lines.reduce((sum, line) => sum + line[j], 0n));
  const basis = lines.map((_, i) => rows.length + i);
  let denominator = 1n;
  for (;;) {
    if (cost[rows.length] === 0n) return false;
    const entering = rows.findIndex((_, j) => cost[j] > 0n);
    if (entering < 0) return true;
    let leaving = -1;
    for (const [i, line] of lines.entries()) {
      if (line[entering] <= 0n) continue;
      if (leaving >= 0) {
        const best = lines[leaving];
        const difference = line[rows.length] * best[entering] - best[rows.length] * line[entering];
        if (difference > 0n || (difference === 0n && basis[i] > basis[leaving])) continue;
      }
      leaving = i;
    }
    if (leaving < 0) throw new Error("the sum of the variables is 1: they cannot be unbounded");
    const own = lines[leaving];
    const pivot = own[entering];
    for (const line of [...lines, cost]) {
      if (line === own) continue;
      const factor = line[entering];
      for (let j = 0; j <= rows.length; j++) line[j] = (line[j] * pivot - own[j] * factor) / denominator;
    }
    denominator = pivot;
    basis[leaving] = entering;
  }
}

/**
 * Cells of the first 1, 2, ... ReLU layers in a box or, without one, on the whole space; slow, for small networks.
 */
export function countPatterns(
  net: network.ReluNetwork,
  box?: { lo: readonly number[]; hi: readonly number[] },
): number[] {
  const d = net.inputs;
  const unit = (k: number, value = 1n): Row =>
    Array.from({ length: d + 1 }, (_, i) => (i === k ? value : 0n));
  let fine = 0;
  for (const v of box ? [...box.lo, ...box.hi] : []) fine = Math.max(fine, halvings(v));
  const inside: Row[] = [unit(d)];
  for (let k = 0; box && k < d; k++) {
    const above = unit(k, 1n << BigInt(fine));
    const below = unit(k, -1n << BigInt(fine));
    above[d] = -toInteger(box.lo[k], fine);
    below[d] = toInteger(box.hi[k], fine);
    inside.push(above, below);
  }
  const layers = integerLayers(net, 0);
  const cells: number[] = layers.map(() => 0);
  const walk = (known: readonly Row[], inputs: readonly (Row | null)[], l: number): void => {
    if (l === layers.length) return;
    const rows = applyLayer(layers[l], [...inputs], d);
    if (!layers[l].relu) return walk(known, rows, l + 1);
    const choose = (constraints: readonly Row[], on: readonly boolean[]): void => {
      if (on.length === rows.length) {
        cells[l]++;
        return walk(
          constraints,
          rows.map((row, j) => (on[j] ? row : null)),
          l + 1,
        );
      }
      const row = rows[on.length];
      const positive = havePoint([...constraints, row]);
      const opposite = row.map((value) => -value);
      const negative = havePoint([...constraints, opposite]);
      // A side that has every point of the cell adds nothing to it.
      if (positive) choose(negative ? [...constraints, row] : constraints, [...on, true]);
      if (negative || !positive) choose(positive ? [...constraints, opposite] : constraints, [...on, false]);
    };
    choose(known, []);
  };
  walk(
    inside,
    Array.from({ length: d }, (_, k) => unit(k)),
    0,
  );
  return cells.filter((_, l) => layers[l].relu);
}
