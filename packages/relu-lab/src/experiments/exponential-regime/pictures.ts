import type { ReluNetwork } from "../../network";
import { generator } from "../../random";
import { segment } from "../../regions";
import { sawtoothValue } from "../../sawtooth";
import { tent, trainFrontier } from "../../training";
import { frontierCurriculum, type FrontierPoint } from "./frontier";

/**
 * The network of one trial of the frontier curriculum: the very one that `results.run` counts.
 *
 * @param point its setting
 * @param trial its number
 * @param seed the run's seed
 * @returns null when the training diverged
 */
export async function frontierNetwork(
  point: FrontierPoint,
  trial: number,
  seed: number | string,
): Promise<ReluNetwork | null> {
  const random = generator(seed).split(frontierCurriculum.name).split(trial).split(point.n);
  const [{ network }] = await trainFrontier([random], {
    ...point,
    without: point.without ?? undefined,
    workers: 1,
  });
  return network;
}

/** One knot of a function and the length of the piece that begins there. */
export interface KnotRow {
  readonly network: string;
  readonly x: number;
  readonly length: number;
}

/**
 * Where the pieces of functions on [0, 1] begin and how long they are.
 *
 * @param functions names and networks of one variable
 * @param shortest pieces shorter than this are left out
 */
export function knotRows(
  functions: readonly { readonly name: string; readonly network: ReluNetwork }[],
  shortest = 1e-9,
): KnotRow[] {
  return functions.flatMap(({ name, network }) => {
    const { knots } = segment(network, [0], [1]);
    return Array.from(knots.subarray(0, -1), (x, k) => ({
      network: name,
      x,
      length: knots[k + 1] - x,
    })).filter(({ length }) => length >= shortest);
  });
}

/** The error of s_n when its first fold stands at c. */
export interface LandscapeRow {
  readonly fold: number;
  readonly loss: string;
  readonly error: number;
}

/**
 * What the two losses say about one fold: the error against the place of the first fold, all others being exact.
 *
 * Level l is then s_(l-1)(T_c(x)). Of the final error, the mean square of level n, nothing but a slit of width about 2^-n
 * leads to the right place; the graded sum of all levels is a funnel.
 *
 * @param n levels
 * @param folds where the first fold is put
 * @returns a row a fold and loss; errors relative to the largest of their loss
 */
export function foldLandscape(n: number, folds: readonly number[]): LandscapeRow[] {
  const points = 16 * 2 ** n;
  const losses: Record<string, (level: number) => number> = {
    "final loss": (level) => (level === n ? 1 : 0),
    "all levels, weights 4^-l": (level) => 4 ** -level,
  };
  const errors = folds.map((c) =>
    Array.from({ length: n }, (_, l) => {
      let sum = 0;
      for (let i = 0; i < points; i++) {
        const x = (i + 0.5) / points;
        const u = Math.min(1, Math.max(0, tent(c, x)));
        sum += (sawtoothValue(l, u) - sawtoothValue(l + 1, x)) ** 2;
      }
      return sum / points;
    }),
  );
  return Object.entries(losses).flatMap(([loss, weight]) => {
    const values = errors.map((levels) => levels.reduce((sum, error, l) => sum + weight(l + 1) * error, 0));
    const most = Math.max(...values);
    return folds.map((fold, i) => ({ fold, loss, error: values[i] / most }));
  });
}
