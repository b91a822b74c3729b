import { absoluteValue, fitOneLayer, type SmoothActivation, type Target } from "../../approximation";
import { generator } from "../../random";
import { summary } from "../rows/statistics";

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
