import type { Experiment, Study } from "../../results";
import { perturbationLabels as labels, perturbationPoints } from "./perturbation";
import { perturbationTrial, type PerturbationPoint, type PerturbationRow } from "./trial";

/** {@link perturbationTrial} for the result store and for sweeps: one noise a trial, at every point. */
export const perturbationExperiment: Experiment<
  { readonly points: readonly PerturbationPoint[] },
  PerturbationRow
> = {
  name: "perturbation",
  version: "1",
  module: __filename,
  trial: ({ points }, index, random) => perturbationTrial(points, index, random),
};

const study = (about: string, points: readonly PerturbationPoint[]): Study => ({
  about,
  experiment: perturbationExperiment,
  configuration: { points },
  trials: 1000,
  seed: 0,
});

/** The perturbation experiment's studies. */
export const perturbationStudies = {
  deviation: study(
    "Six mirror maps, the presentation's labels read as standard deviations.",
    perturbationPoints({ n: [6], deviations: labels }),
  ),
  variance: study(
    "Six mirror maps, the presentation's labels read as variances.",
    perturbationPoints({ n: [6], deviations: labels.map(Math.sqrt) }),
  ),
  depth: study(
    "Two to ten mirror maps at two variances.",
    perturbationPoints({ n: [2, 3, 4, 5, 6, 7, 8, 9, 10], deviations: [0.01, 0.05].map(Math.sqrt) }),
  ),
};
