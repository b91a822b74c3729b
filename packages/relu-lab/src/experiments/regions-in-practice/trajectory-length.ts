import { heNetwork } from "../../network";
import type { Generator } from "../../random";
import type { Experiment } from "../../results";

/** Random networks along whose input a circle runs. */
export interface TrajectoryConfiguration {
  readonly widths: readonly number[];
  readonly depths: readonly number[];
  /** Weights have this variance divided by the number of inputs; 2 is He's. */
  readonly variances: readonly number[];
  /** Points of the circle. */
  readonly points: number;
}

/** How much longer a curve is when it leaves a random network. */
export interface TrajectoryRow {
  readonly width: number;
  readonly depth: number;
  readonly variance: number;
  readonly trial: number;
  /** Length behind the network divided by that before it, the readout scaled so that 1 means "kept". */
  readonly ratio: number;
}

const inputs = 8;

/**
 * Length of a circle's image under random networks without biases, divided by the circle's own.
 *
 * The circle lies in R^8, all hidden layers have one width w, and a readout of variance 1 / w has w outputs; the
 * factor sqrt(8 / w) takes out the change of dimension, so that under He's variance 2 the expected square is 1.
 */
function trajectoryTrial(
  { widths, depths, variances, points }: TrajectoryConfiguration,
  trial: number,
  random: Generator,
): TrajectoryRow[] {
  const circle = new Float64Array((points + 1) * inputs);
  for (let p = 0; p <= points; p++) {
    const angle = (2 * Math.PI * (p % points)) / points;
    circle[p * inputs] = Math.cos(angle);
    circle[p * inputs + 1] = Math.sin(angle);
  }
  const before = pathLength(circle, inputs);
  return widths.flatMap((width) =>
    depths.flatMap((depth) => {
      const sizes = [inputs, ...new Array<number>(depth + 1).fill(width)];
      const network = heNetwork(sizes, random.split(`${width} x ${depth}`));
      const after = pathLength(network.forwardBatch(circle), width);
      return variances.map((variance): TrajectoryRow => {
        // Without biases ReLU networks scale: He's weights (and a readout of variance 2 / w) serve every variance.
        const scale = Math.sqrt(variance / 2) ** depth * Math.sqrt(1 / 2) * Math.sqrt(inputs / width);
        return { width, depth, variance, trial, ratio: (scale * after) / before };
      });
    }),
  );
}

function pathLength(points: Float64Array, dimension: number): number {
  let total = 0;
  for (let at = dimension; at < points.length; at += dimension) {
    let square = 0;
    for (let i = 0; i < dimension; i++) square += (points[at + i] - points[at + i - dimension]) ** 2;
    total += Math.sqrt(square);
  }
  return total;
}

/**
 * Trajectory length through random networks (Raghu et al. 2017; Hanin, Jeong, Rolnick 2022).
 *
 * @example
 * await results.run(experiments.trajectoryLength, { widths: [16, 256], depths: [1, 4, 16], variances: [2], points: 200 }, { trials: 10 });
 */
export const trajectoryLength: Experiment<TrajectoryConfiguration, TrajectoryRow> = {
  name: "trajectory-length",
  version: "1",
  module: __filename,
  trial: trajectoryTrial,
};
