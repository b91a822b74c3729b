import {
  minimalForm,
  minimalNetwork,
  networkToPwl,
  pwlToNetwork,
  pwlValue,
  type PiecewiseLinear,
} from "../../approximation";
import { generator } from "../../random";

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
