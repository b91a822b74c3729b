export * from "./depth-and-polynomials";
export * from "./fundamentals";
export * from "./function-rows";
export * from "./learned-approximation";
export * from "./learning-curves";
export * from "./region-counts";
export * from "./sawtooth-pieces";
export * from "./universal-approximation";
export * from "./three-digits";
export * from "./inset-polygon";
export * from "./registry";
export { type RunOptions } from "./in-lanes";
export {
  criticalOrbitTest,
  layerPoints,
  perturbation,
  perturbationPoints,
  perturbationSummary,
  type CriticalOrbitRow,
  type PerturbationConfiguration,
  type PerturbationSummary,
} from "./perturbation";
export {
  distanceToSawtooth,
  perturbationTrial,
  type PerturbationPoint,
  type PerturbationRow,
} from "./perturbation-trial";
export { groupRows, summary, type Summary } from "./statistics";
export { perturbationExperiment } from "./perturbation-experiment";
export * from "./relearning";
export * from "./relearning-summary";
export { SawtoothTraining, type RelearningOptimiser } from "./relearning-training";
