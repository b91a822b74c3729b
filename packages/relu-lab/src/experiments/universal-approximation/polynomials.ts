import { absoluteValue, fitOneLayer, minimax } from "../../approximation";
import { generator } from "../../random";
import type { CurveRow } from "./staircases";

/** The best polynomial for |x| of one degree. */
export interface PolynomialRow {
  degree: number;
  /** no polynomial of this degree comes closer */
  lower: number;
  /** and this one comes as close */
  upper: number;
  alternations: number;
}

/**
 * Best uniform errors of polynomials for |x| on [-1, 1], with the proof by alternation.
 *
 * @param config largest degree, up to 40
 * @returns a row a degree, from 0
 */
export function polynomialFloor(config: { largest: number }): PolynomialRow[] {
  return Array.from({ length: config.largest + 1 }, (_, degree) => {
    const { lower, upper, alternation } = minimax(Math.abs, degree);
    return { degree, lower, upper, alternations: alternation.length };
  });
}

/**
 * Graphs of |x|, of its best parabola, and of the least-squares parabola that wide layers of squares end up with.
 *
 * @param config number of points a graph (default 201) and seed of the layer
 * @returns a row a point
 */
export function parabolaCurves(config: { seed: number; points?: number }): CurveRow[] {
  const points = config.points ?? 201;
  const layer = fitOneLayer(absoluteValue, "square", 64, generator(config.seed)).network;
  const best = minimax(Math.abs, 2).polynomial;
  const curves: [string, number, (x: number) => number][] = [
    ["|x|", 2, Math.abs],
    ["64 units t², least squares", 64, (x) => layer.at(x)],
    ["best parabola, x² + 1/8", 3, best],
  ];
  return curves.flatMap(([name, neurons, f]) =>
    Array.from({ length: points }, (_, i) => -1 + (2 * i) / (points - 1)).map((x) => ({
      name,
      neurons,
      x,
      y: f(x),
    })),
  );
}
