import {
  absoluteValue,
  fitOneLayer,
  minimax,
  minimalForm,
  minimalNetwork,
  networkToPwl,
  pwlToNetwork,
  pwlValue,
  staircase,
  staircaseBound,
  staircaseLipschitz,
  supError,
  yarotskyError,
  yarotskySquare,
  type PiecewiseLinear,
  type SmoothActivation,
  type Target,
} from "../approximation";
import { generator } from "../random";
import { segment } from "../regions";
import { summary } from "./statistics";

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

/** Least-squares fits of |x| by one activation and width, over several draws of the units. */
export interface OneLayerRow {
  activation: SmoothActivation;
  neurons: number;
  /** median, least and largest sup error over the draws */
  error: number;
  best: number;
  worst: number;
  /** the largest certified upper bound over the draws */
  upper: number;
  rank: number;
  trials: number;
}

/**
 * How well one hidden layer of random units reaches |x| on [-1, 1], by activation and width.
 *
 * @param config activations, widths, number of draws and seed; target default |x|
 * @returns a row an activation and width
 */
export function oneLayerErrors(config: {
  activations: readonly SmoothActivation[];
  widths: readonly number[];
  trials: number;
  seed: number;
  target?: Target;
}): OneLayerRow[] {
  const { activations, widths, trials, seed, target = absoluteValue } = config;
  return activations.flatMap((activation) =>
    widths.map((neurons) => {
      const fits = Array.from({ length: trials }, (_, trial) =>
        fitOneLayer(
          target,
          activation,
          neurons,
          generator(seed).split(activation).split(neurons).split(trial),
        ),
      );
      const errors = fits.map((fit) => fit.sup);
      return {
        activation,
        neurons,
        error: summary(errors).median,
        best: Math.min(...errors),
        worst: Math.max(...errors),
        upper: Math.max(...fits.map((fit) => fit.upper)),
        rank: Math.max(...fits.map((fit) => fit.rank)),
        trials,
      };
    }),
  );
}

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

/** One of Yarotsky's networks for x^2. */
export interface YarotskyRow {
  layers: number;
  neurons: number;
  pieces: number;
  /** sup error over a grid that holds all knots and midpoints, computed without rounding */
  error: number;
  theory: number;
  /** the least error with as many neurons in one hidden layer: x^2 by N + 1 chords that may lie on both sides */
  oneLayer: number;
}

/**
 * Errors of Yarotsky's networks for x^2 on [0, 1].
 *
 * One hidden layer of N neurons has at most N + 1 pieces; on a piece of length h no affine function comes closer to x^2
 * than h^2 / 8, so the best is 1 / (8 (N + 1)^2), with equal pieces.
 *
 * @param config largest number of hidden layers, up to 12
 * @returns a row a depth
 */
export function yarotskyErrors(config: { largest: number }): YarotskyRow[] {
  return Array.from({ length: config.largest }, (_, i) => {
    const network = yarotskySquare(i + 1);
    const { sup } = supError(
      (x) => x * x,
      (x) => network.forward([x])[0],
      { points: 2 ** (i + 3) + 1 },
    );
    return {
      layers: i + 1,
      neurons: network.neurons,
      pieces: segment(network, [0], [1]).pieces,
      error: sup,
      theory: yarotskyError(i + 1),
      oneLayer: 1 / (8 * (network.neurons + 1) ** 2),
    };
  });
}

/** A random piecewise-linear function that went to a network and back. */
export interface RoundTripRow {
  knots: number;
  neurons: number;
  minimalNeurons: number;
  knotsFound: number;
  /** largest distance of a knot from the one found, relative to the interval */
  knotError: number;
  /** largest difference of values, relative to the largest value */
  valueError: number;
}

/**
 * Random piecewise-linear functions, made networks and read back by the exact segment counter.
 *
 * @param config number of functions, most knots (1 to 20) and seed
 * @returns a row a function; knots are uniform in [-1, 1], values normal
 */
export function pwlRoundTrips(config: { trials: number; mostKnots: number; seed: number }): RoundTripRow[] {
  return Array.from({ length: config.trials }, (_, trial) => {
    const random = generator(config.seed).split("round trip").split(trial);
    const count = 1 + random.integer(config.mostKnots);
    const pwl: PiecewiseLinear = {
      knots: Array.from({ length: count }, () => 2 * random.uniform() - 1).sort((a, b) => a - b),
      values: Array.from({ length: count }, () => random.normal()),
      leftSlope: random.normal(),
      rightSlope: random.normal(),
    };
    const network = pwlToNetwork(pwl);
    const found = minimalForm(networkToPwl(network, -2, 2), 1e-9);
    const scale = Math.max(...pwl.values.map(Math.abs));
    const abscissae = Array.from({ length: 401 }, (_, i) => -2 + i / 100);
    return {
      knots: count,
      neurons: network.neurons,
      minimalNeurons: count <= 14 ? minimalNetwork(pwl).neurons : Number.NaN,
      knotsFound: found.knots.length,
      knotError:
        found.knots.length === count
          ? Math.max(...pwl.knots.map((t, i) => Math.abs(t - found.knots[i]))) / 4
          : Infinity,
      valueError: Math.max(...abscissae.map((x) => Math.abs(pwlValue(pwl, x) - pwlValue(found, x)))) / scale,
    };
  });
}
