import type { Studies } from "../results";

/** Each experiment's studies, loaded when they are asked for: some reach TensorFlow.js or need a data set. */
const registered: Record<string, () => Promise<Studies>> = {
  relearning: async () => (await import("./relearning/experiment.js")).relearningStudies,
  perturbation: async () => (await import("./sawtooth/experiment.js")).perturbationStudies,
  "anti-regularisation": async () =>
    (await import("./anti-regularisation/experiment.js")).antiRegularisationStudies,
  "critical-orbit-hinge": async () => (await import("./anti-regularisation/hinge.js")).hingeStudies,
  "regions-in-practice": async () => (await import("./regions-in-practice/experiment.js")).practiceStudies,
  "depth-graded": async () => (await import("./exponential-regime/depth-graded.js")).depthGradedStudies,
  "frontier-curriculum": async () => (await import("./exponential-regime/frontier.js")).frontierStudies,
  "plane-mirrors": async () => (await import("./exponential-regime/plane.js")).planeStudies,
  "tent-fits": async () => (await import("./exponential-regime/tents.js")).tentStudies,
  "unknown-levels": async () => (await import("./exponential-regime/unknown-levels.js")).unknownStudies,
  "low-pass": async () => (await import("./exponential-regime/low-pass.js")).lowPassStudies,
};

/** The experiments that `npm run sweep` knows. */
export const experimentNames: readonly string[] = Object.keys(registered);

/**
 * The studies of an experiment by name.
 *
 * @param name one of {@link experimentNames}
 * @returns its studies by name, the usual one first
 * @throws RangeError when there is no such experiment
 */
export async function studiesOf(name: string): Promise<Studies> {
  const load = Object.hasOwn(registered, name) ? registered[name] : undefined;
  if (!load)
    throw new RangeError(`there is no experiment "${name}": there are ${experimentNames.join(", ")}`);
  return load();
}
