export * from "./depth-and-polynomials";
export * from "./fundamentals";
export * from "./function-rows";
export * from "./learned-approximation";
export * from "./learning-curves";
export * from "./region-bounds";
export * from "./region-counts";
export * from "./sawtooth-pieces";
export * from "./universal-approximation";
export * from "./three-digits";
export * from "./inset-polygon";
export * from "./registry";
export {
  criticalOrbitTest,
  labelReadings,
  layerPoints,
  perturbationLabels,
  perturbationPoints,
  perturbationSummary,
  tolerancePoints,
  type CriticalOrbitRow,
  type LabelReading,
  type PerturbationSummary,
} from "./perturbation";
export {
  distanceToSawtooth,
  perturbationTrial,
  type PerturbationPoint,
  type PerturbationRow,
} from "./perturbation-trial";
export * from "./exponential-regime";
export { groupRows, successRate, summary, type Rate, type Summary } from "./statistics";
export {
  equalNetworks,
  fewProbes,
  paperNetworks,
  paperProbes,
  readOutEpochs,
  regionsInPractice,
  stepsPerEpoch,
  type PracticeConfiguration,
  type PracticeRow,
} from "./regions-in-practice";
export {
  drawProbes,
  measure,
  type PracticeMeasures,
  type ProbeNumbers,
  type Probes,
} from "./regions-in-practice-probes";
export * from "./anti-regularisation";
export * from "./anti-regularisation-summary";
export * from "./critical-orbit-hinge";
export * from "./anti-regularisation-digits";
export * from "./anti-regularisation-pictures";
export * from "./anti-regularisation-training";
export { countLine, countSquare } from "./whole-space";
export { trainWithReadOuts, type ReadOut, type ReadOutOptions } from "./train-with-read-outs";
export { perturbationExperiment } from "./perturbation-experiment";
export * from "./relearning";
export * from "./relearning-summary";
export {
  trainOnSawtooth,
  type RelearningOptimiser,
  type SawtoothReadOut,
  type SawtoothStart,
  type SawtoothTraining,
} from "./relearning-training";
export * from "./regions-in-practice-summary";
export * from "./trajectory-length";
