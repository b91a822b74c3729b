import { staircase, staircaseBound, staircaseLipschitz, supError, type Target } from "../../approximation";

/** The error of one staircase. */
export interface StaircaseRow {
  target: string;
  neurons: number;
  steps: "smooth (c = 4)" | "hard (c = 10⁶)";
  /** sup |f - F| over 20,001 points */
  error: number;
  /** an upper bound of sup |f - F| over all points: the grid's certificate, or the theorem's where that is smaller */
  upper: number;
  /** the theorem's bound */
  bound: number;
}

/**
 * Errors of staircases of sigmoids, smooth and hard, against their width.
 *
 * @param config targets on [0, 1] and numbers of neurons
 * @returns a row a target, steepness and width
 * @example
 * staircaseErrors({ targets: [approximation.sine], widths: [10, 20] })[0].error; // 0.07096
 */
export function staircaseErrors(config: {
  targets: readonly Target[];
  widths: readonly number[];
}): StaircaseRow[] {
  const kinds = [
    ["smooth (c = 4)", 4],
    ["hard (c = 10⁶)", 1e6],
  ] as const;
  return config.targets.flatMap((target) =>
    kinds.flatMap(([steps, steepness]) =>
      config.widths.map((neurons) => {
        const network = staircase(target.f, neurons, steepness);
        const bound = staircaseBound(target.modulus, neurons, steepness);
        const lipschitz = staircaseLipschitz(target.modulus(1 / neurons), neurons, steepness);
        const error = supError(target.f, (x) => network.at(x), {
          modulus: (h) => target.modulus(h) + lipschitz * h,
        });
        return {
          target: target.name,
          neurons,
          steps,
          error: error.sup,
          upper: Math.min(error.upper, bound),
          bound,
        };
      }),
    ),
  );
}

/** A point of an approximant's graph. */
export interface CurveRow {
  name: string;
  neurons: number;
  x: number;
  y: number;
}

/**
 * Graphs of staircases of several widths, and of their target.
 *
 * @param config the target on [0, 1], numbers of neurons, steepness (default 4) and points a graph (default 161)
 * @returns a row a point; the target stands beside every width, so that a filter by width keeps it
 */
export function staircaseCurves(config: {
  target: Target;
  widths: readonly number[];
  steepness?: number;
  points?: number;
}): CurveRow[] {
  const { target, widths, steepness = 4, points = 161 } = config;
  const abscissae = Array.from({ length: points }, (_, i) => i / (points - 1));
  return widths.flatMap((neurons) => {
    const network = staircase(target.f, neurons, steepness);
    return abscissae.flatMap((x) => [
      { name: target.name, neurons, x, y: target.f(x) },
      { name: "staircase", neurons, x, y: network.at(x) },
    ]);
  });
}

/**
 * The exponent p of error = constant * width^p, by least squares on logarithms.
 *
 * @param rows pairs of a width and an error, all positive, at least two different widths
 * @returns the slope on log-log axes
 * @throws RangeError when fewer than two rows are given
 */
export function convergenceRate(rows: readonly { neurons: number; error: number }[]): number {
  if (rows.length < 2)
    throw new RangeError(`convergenceRate: ${rows.length} rows; a slope needs two at least`);
  const points = rows.map(({ neurons, error }) => [Math.log(neurons), Math.log(error)] as const);
  const mean = (k: 0 | 1) => points.reduce((sum, p) => sum + p[k], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}
